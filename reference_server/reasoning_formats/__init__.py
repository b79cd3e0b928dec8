"""How models write down what they think: one file a kind of markup, one table of formats."""
