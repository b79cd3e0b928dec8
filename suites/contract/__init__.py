"""What clients rely on in an OpenAI- or Anthropic-compatible API, rule by rule."""
