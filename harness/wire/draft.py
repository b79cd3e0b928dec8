"""An answer while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from harness.records import Exchange, Json
from harness.wire.ask import Answer, TokenEvent, ToolCall, Usage
from harness.wire.problem import excerpt

Kind = Literal["content", "reasoning", "tool"]


@dataclass(slots=True)
class CallDraft:
    """A tool call whose arguments may still grow."""

    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class Draft:
    """Collects an answer piece by piece; keeps the first fault."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    calls: dict[int, CallDraft] = field(default_factory=dict)
    finish_reason: str | None = None
    usage: Usage | None = None
    events: list[TokenEvent] = field(default_factory=list)
    problem: str | None = None
    reported: bool = False  # the problem is the server's own error event

    def add(self, kind: Kind, text: Json, at_ns: int | None) -> None:
        """Output of one kind; ``at_ns`` is None outside streams."""
        if text is None or text == "":
            return
        if not isinstance(text, str):
            self.fault(f"The {kind} is not a text but {excerpt(text)}.")
            return
        if kind == "content":
            self.text.append(text)
        elif kind == "reasoning":
            self.reasoning.append(text)
        if at_ns is not None:
            self.events.append(TokenEvent(at_ns, kind, text))

    def fault(self, sentence: str) -> None:
        """What is not well-formed; only the first is kept."""
        self.problem = self.problem or sentence

    def report(self, message: str) -> None:
        """An error event: the server's own account of what went wrong."""
        self.reported = self.reported or self.problem is None
        self.fault(f"The server reported an error inside the stream: {message.rstrip('.')}.")

    def count(self, prompt: Json, completion: Json) -> None:
        """Token counts as stated."""
        if _is_count(prompt) and _is_count(completion):
            self.usage = Usage(prompt, completion)
        else:
            counts = f"{excerpt(prompt)} and {excerpt(completion)}"
            self.fault(f"The usage does not hold two token counts but {counts}.")

    def answer(self, exchange: Exchange) -> Answer:
        """The finished answer."""
        calls = (self.calls[index] for index in sorted(self.calls))
        return Answer(
            text="".join(self.text),
            reasoning="".join(self.reasoning),
            tool_calls=tuple(ToolCall(call.id, call.name, call.arguments) for call in calls),
            finish_reason=self.finish_reason,
            usage=self.usage,
            events=tuple(self.events),
            problem=self.problem,
            status=exchange.status,
        )


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
