"""The HTTP side of the reference server: OpenAI's and Anthropic's routes over one service."""
