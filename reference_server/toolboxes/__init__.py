"""Toolboxes: MCP servers whose tools are offered to the model and run when a client asks."""
