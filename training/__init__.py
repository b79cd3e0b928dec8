"""How the embedded model is made: a grammar of conversations, and a network that learns it."""
