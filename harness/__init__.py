"""The instrument: drives LLM servers, records what they did, judges it, reports it."""

__version__ = "0.1.0"
