"""From a generation's tokens to the pieces of an answer.

tokens → text → reasoning → tool calls → stop strings. Stop strings apply to the answer's text, not
to reasoning or tool calls.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from reference_server.chat.detokenizer import Detokenizer
from reference_server.chat.pieces import Piece, Reasoning, Text, ToolCallPiece
from reference_server.chat.stops import StopMatcher
from reference_server.reasoning_formats.format import Splitter
from reference_server.tool_formats.format import Call
from reference_server.tool_formats.splitter import ToolSplitter

FinishReason: TypeAlias = Literal["stop", "length", "tool_calls"]


class Answer:
    """Takes tokens, gives pieces. A splitter that is None is not applied.

    ``finish_reason`` is set once the answer is over: by a stop string, or by ``finish``.
    ``reasoning_tokens`` counts those inside thoughts, the marks around them not.
    """

    def __init__(
        self,
        detokenizer: Detokenizer,
        stops: StopMatcher,
        *,
        reasoning: Splitter | None = None,
        tools: ToolSplitter | None = None,
    ) -> None:
        self._detokenizer = detokenizer
        self._stops = stops
        self._reasoning = reasoning
        self._tools = tools
        self.finish_reason: FinishReason | None = None
        self.reasoning_tokens = 0

    @property
    def stop_sequence(self) -> str | None:
        """The stop string that ended the answer."""
        return self._stops.matched if self.finish_reason == "stop" else None

    @property
    def removed_calls(self) -> list[Call]:
        """Calls that repeated earlier ones and were taken out."""
        return self._tools.removed if self._tools is not None else []

    def push(self, token: int) -> list[Piece]:
        """The pieces that are certain with this token."""
        thinking = self._thinking
        pieces = self._text(self._detokenizer.push(token))
        self.reasoning_tokens += thinking and self._thinking
        if self._stops.matched is not None:
            self._over(truncated=False)
        return pieces

    def finish(self, *, truncated: bool) -> list[Piece]:
        """The rest at the end; ``truncated`` when the token limit and not the model ended it."""
        pieces = self._text(self._detokenizer.flush())
        if self._reasoning is not None:
            pieces += self._split(self._reasoning.flush())
        if self._tools is not None:
            pieces += self._stopped(self._tools.flush())
        rest = self._stops.flush()
        if rest:
            pieces.append(Text(rest))
        self._over(truncated=truncated)
        return pieces

    @property
    def _thinking(self) -> bool:
        return self._reasoning is not None and self._reasoning.thinking

    def _over(self, *, truncated: bool) -> None:
        if truncated and self._stops.matched is None:
            self.finish_reason = "length"
        elif self._tools is not None and self._tools.calls:
            self.finish_reason = "tool_calls"
        else:
            self.finish_reason = "stop"

    def _text(self, text: str) -> list[Piece]:
        if not text:
            return []
        return self._split([Text(text)] if self._reasoning is None else self._reasoning.push(text))

    def _split(self, parts: Iterable[Reasoning | Text]) -> list[Piece]:
        pieces: list[Piece] = []
        for part in parts:
            if isinstance(part, Reasoning):
                pieces.append(part)
            else:
                pieces += self._stopped(
                    [part] if self._tools is None else self._tools.push(part.text)
                )
        return pieces

    def _stopped(self, parts: Iterable[Text | ToolCallPiece]) -> list[Piece]:
        pieces: list[Piece] = []
        for part in parts:
            # What comes before a call cannot become a stop string across it.
            stops = self._stops
            text = stops.push(part.text) if isinstance(part, Text) else stops.flush()
            if text:
                pieces.append(Text(text))
            if self._stops.matched is not None:
                break
            if isinstance(part, ToolCallPiece):
                pieces.append(part)
        return pieces
