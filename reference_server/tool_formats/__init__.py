"""How models write tool calls: one file a format, told apart from text in one place."""
