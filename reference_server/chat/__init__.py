"""Between text and tokens: templates, detokenising, stop strings, reasoning and tool calls."""
