"""Bytes on the wire: the measuring HTTP client, server-sent events, and the dialects."""

from harness.records import Dialect
from harness.wire import anthropic, openai
from harness.wire.ask import Answer, Ask, DialectModule, TokenEvent, ToolCall, Usage
from harness.wire.client import Client
from harness.wire.probe import TargetFacts, check_target
from harness.wire.sse import SseEvent, SseReader, read_sse

__all__ = [
    "Answer",
    "Ask",
    "Client",
    "DialectModule",
    "SseEvent",
    "SseReader",
    "TargetFacts",
    "TokenEvent",
    "ToolCall",
    "Usage",
    "check_target",
    "dialect_for",
    "read_sse",
]


def dialect_for(name: Dialect) -> DialectModule:
    """The module that speaks a dialect: ``request(client, ask)`` and ``read(exchange)``."""
    modules: dict[Dialect, DialectModule] = {"openai": openai, "anthropic": anthropic}
    return modules[name]
