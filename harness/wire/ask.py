"""A question to a model and its answer, whatever the dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from harness.records import Exchange, Json, Request

if TYPE_CHECKING:
    from harness.wire.client import Client


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. ``messages``, ``tools`` and ``tool_choice`` have the OpenAI chat shape.

    ``extra`` is merged into the body last, untranslated, so it can add or replace any field.
    """

    messages: tuple[Mapping[str, Json], ...]
    max_tokens: int = 64
    stream: bool = True
    temperature: float | None = 0.0
    stop: tuple[str, ...] = ()
    tools: tuple[Mapping[str, Json], ...] = ()
    tool_choice: Json = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenEvent:
    """Output as one event brought it, stamped with the chunk that completed the event."""

    at_ns: int
    kind: Literal["content", "reasoning", "tool"]
    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for. ``arguments`` is the raw JSON text, valid or not."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the server states them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a response says, read after it ended.

    ``finish_reason`` is in the dialect's own words. ``problem`` is one sentence when this is not a
    well-formed 2xx answer; what could be read is filled in all the same. ``events`` is empty for an
    answer that was not streamed.
    """

    text: str = ""
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str | None = None
    usage: Usage | None = None
    events: tuple[TokenEvent, ...] = ()
    problem: str | None = None
    status: int | None = None


class DialectModule(Protocol):
    """What ``harness.wire.openai`` and ``harness.wire.anthropic`` both offer."""

    def request(self, client: Client, ask: Ask, model: str | None = None) -> Request:
        """The HTTP request for a question; ``model`` replaces the target's."""
        ...

    def read(self, exchange: Exchange) -> Answer:
        """The answer in an exchange, streamed or not. Never raises for what a server sent."""
        ...

    def models_url(self, client: Client) -> str:
        """Where the server lists its models."""
        ...
