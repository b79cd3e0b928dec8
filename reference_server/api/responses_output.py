"""The output of a response while it is made: its items, and the events that tell of each step.

A piece of a generation opens an item or continues the open one. Thoughts become items of type
``reasoning``, text a ``message`` with one part, each call a ``function_call``. Events come without
their ``sequence_number``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from reference_server.api.responses_items import Status, fresh_id
from reference_server.service import Piece, Text, ToolCallPiece

Event: TypeAlias = dict[str, Any]
Entry: TypeAlias = dict[str, Any]  # the log-probability of one token


@dataclass(frozen=True, slots=True)
class _Kind:
    """What an item made of text looks like: the names of its parts and events."""

    prefix: str
    item: dict[str, Any]
    part: dict[str, Any]
    event: str
    logprobs: bool

    def part_of(self, text: str, logprobs: list[Entry]) -> dict[str, Any]:
        """The part with its text."""
        return {**self.part, "text": text, **self.noted(logprobs)}

    def noted(self, logprobs: list[Entry]) -> dict[str, Any]:
        """The log-probabilities, where there is a place for them."""
        return {"logprobs": logprobs} if self.logprobs else {}


MESSAGE = _Kind(
    "msg",
    {"type": "message", "role": "assistant"},
    {"type": "output_text", "annotations": []},
    "response.output_text",
    logprobs=True,
)
REASONING = _Kind(
    "rs",
    {"type": "reasoning", "summary": []},
    {"type": "reasoning_text"},
    "response.reasoning_text",
    logprobs=False,
)


class _TextItem:
    """An item that text is being added to."""

    def __init__(self, kind: _Kind, index: int) -> None:
        self.kind = kind
        self._id = fresh_id(kind.prefix)
        self._index = index
        self._texts: list[str] = []
        self._logprobs: list[Entry] = []

    def whole(self, status: Status) -> dict[str, Any]:
        """The item with everything so far."""
        return self._item(status, [self._part()])

    def opened(self) -> list[Event]:
        """The events of its beginning."""
        return [
            _item_event("added", self._index, self._item("in_progress", [])),
            self._event("response.content_part.added", part=self.kind.part_of("", [])),
        ]

    def added(self, text: str, logprobs: list[Entry]) -> Event:
        """Take more text; the event of it."""
        self._texts.append(text)
        self._logprobs += logprobs
        return self._event(f"{self.kind.event}.delta", delta=text, **self.kind.noted(logprobs))

    def closed(self, status: Status) -> list[Event]:
        """The events of its end."""
        noted = self.kind.noted(self._logprobs)
        return [
            self._event(f"{self.kind.event}.done", text="".join(self._texts), **noted),
            self._event("response.content_part.done", part=self._part()),
            _item_event("done", self._index, self.whole(status)),
        ]

    def _item(self, status: Status, content: list[dict[str, Any]]) -> dict[str, Any]:
        return {"id": self._id, **self.kind.item, "status": status, "content": content}

    def _part(self) -> dict[str, Any]:
        return self.kind.part_of("".join(self._texts), self._logprobs)

    def _event(self, name: str, **content: Any) -> Event:  # noqa: ANN401 - values of JSON
        place = {"item_id": self._id, "output_index": self._index, "content_index": 0}
        return {"type": name, **place, **content}


class Output:
    """All items, in their order."""

    def __init__(self) -> None:
        self._done: list[dict[str, Any]] = []
        self._open: _TextItem | None = None

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items so far; the open one is incomplete."""
        return self._done + ([self._open.whole("incomplete")] if self._open is not None else [])

    def push(self, piece: Piece, logprobs: list[Entry]) -> list[Event]:
        """The events of a piece; ``logprobs`` belong to the tokens that brought it."""
        if isinstance(piece, ToolCallPiece):
            return self._close("completed") + self._call(piece)
        item, events = self._current(MESSAGE if isinstance(piece, Text) else REASONING)
        return [*events, item.added(piece.text, logprobs)]

    def finish(self, *, cut: bool) -> list[Event]:
        """The events of the end; an answer without any item gets an empty message.

        ``cut`` says that the token limit ended it: then the open item is incomplete.
        """
        begun = [] if self.items else self._current(MESSAGE)[1]
        return begun + self._close("incomplete" if cut else "completed")

    def _current(self, kind: _Kind) -> tuple[_TextItem, list[Event]]:
        """The open item, which is of that kind, and the events of its beginning if it is new."""
        if self._open is not None and self._open.kind is kind:
            return self._open, []
        closed = self._close("completed")
        item = self._open = _TextItem(kind, len(self._done))
        return item, closed + item.opened()

    def _close(self, status: Status) -> list[Event]:
        if self._open is None:
            return []
        events = self._open.closed(status)
        self._done.append(self._open.whole(status))
        self._open = None
        return events

    def _call(self, piece: ToolCallPiece) -> list[Event]:
        index = len(self._done)
        item = {
            "id": fresh_id("fc"),
            "type": "function_call",
            "status": "completed",
            "call_id": piece.id,
            "name": piece.name,
            "arguments": piece.arguments,
        }
        self._done.append(item)
        place = {"item_id": item["id"], "output_index": index}
        name = "response.function_call_arguments"
        done = {"name": piece.name, "arguments": piece.arguments}
        return [
            _item_event("added", index, {**item, "status": "in_progress", "arguments": ""}),
            {"type": f"{name}.delta", **place, "delta": piece.arguments},
            {"type": f"{name}.done", **place, **done},
            _item_event("done", index, item),
        ]


def _item_event(step: str, index: int, item: dict[str, Any]) -> Event:
    return {"type": f"response.output_item.{step}", "output_index": index, "item": item}
