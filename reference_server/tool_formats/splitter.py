"""Tells tool calls from the text of an answer that arrives in pieces."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from reference_server.chat.markers import held_length
from reference_server.chat.pieces import Text, ToolCallPiece
from reference_server.tool_formats.format import Block, Call, Parts, Scanner, ToolFormat
from reference_server.tool_formats.offered import Offered

Piece: TypeAlias = Text | ToolCallPiece

logger = logging.getLogger("reference_server")


class ToolSplitter:
    """Tells calls from text in an answer that arrives in pieces; how it is cut changes nothing.

    A call comes out whole, once it is known to be one: what is none after all (bad JSON, no name,
    never closed) comes out as the text that it is, markers included. Blank space that touches
    nothing but calls and the ends of the answer belongs to the markup and is dropped.

    ``tools`` are those of the request, whose schemas give types to untyped arguments. With
    ``dedupe`` a call that repeats an earlier one, name and arguments, goes to ``removed`` instead.
    """

    def __init__(
        self, form: ToolFormat, tools: Sequence[Mapping[str, Any]] = (), *, dedupe: bool = False
    ) -> None:
        self._blocks = [block for block in form.blocks if not block.lead]
        self._leads = [block for block in form.blocks if block.lead]
        self._offered = Offered(tools)
        self._dedupe = dedupe
        self._held = ""
        self._block: Block | None = None  # the one that the held text starts with
        self._scanner: Scanner | None = None
        self._blank = ""  # blank space whose fate the next text or call decides
        self._spoken = False  # whether text was given since the last call
        self._ids: set[str] = set()
        self._seen: set[tuple[str, str]] = set()
        self.calls = 0
        self.removed: list[Call] = []

    def push(self, text: str) -> list[Piece]:
        """The pieces that are certain with this text."""
        self._held += text
        pieces: list[Piece] = []
        while self._advance(pieces):
            pass
        return _joined(pieces)

    def flush(self) -> list[Piece]:
        """The rest at the end: a call that was never closed is text."""
        pieces: list[Piece] = []
        while self._held:
            if not self._end(pieces):
                self._text(self._held, pieces)
                break
            while self._advance(pieces):
                pass
        if self._blank and not self.calls:
            pieces.append(Text(self._blank))
        self._held = self._blank = ""
        return _joined(pieces)

    def _advance(self, pieces: list[Piece]) -> bool:
        """Take one step; False when more text is needed."""
        if self._block is None or self._scanner is None:
            return self._open(pieces)
        end = self._scanner.feed(self._held)
        if end is None:
            return False
        if end == 0:  # no block: its marker is text
            self._give(max(1, len(self._block.open)), pieces)
        else:
            self._settle(end, pieces)
        return True

    def _open(self, pieces: list[Piece]) -> bool:
        """Give the text before the next marker; False when none has come."""
        if not self._spoken and self._leads:
            rest = self._held.lstrip()
            self._text(self._held[: len(self._held) - len(rest)], pieces)
            self._held = rest
            lead = next((block for block in self._leads if rest.startswith(block.open)), None)
            if rest and lead is not None:
                self._begin(lead)
                return True
            if any(block.open.startswith(rest) for block in self._leads):
                return False
        at, block = self._first()
        if block is not None:
            self._begin(block)
        self._text(self._held[:at], pieces)
        self._held = self._held[at:]
        return block is not None

    def _first(self) -> tuple[int, Block | None]:
        """Where the first marker is, and whose; else how much text is certain to hold none."""
        found = [(at, b) for b in self._blocks if (at := self._held.find(b.open)) >= 0]
        if found:
            return min(found, key=lambda pair: pair[0])
        partial = max((held_length(self._held, b.open) for b in self._blocks), default=0)
        return len(self._held) - partial, None

    def _begin(self, block: Block) -> None:
        self._block, self._scanner = block, block.scanner()

    def _settle(self, end: int, pieces: list[Piece]) -> None:
        """Take the block at the start of the held text: as its parts, or as text.

        ``end`` is where the block says it ends. When no call is in it, quotes that do not pair may
        have hidden an earlier end, so the first end marker is tried as well.
        """
        block = self._block
        if block is None:
            return
        first = self._first_close(block) or end
        for cut in (end, first):
            parts = block.parts(self._held[:cut], self._offered)
            if parts is not None:
                self._take(parts, pieces)
                self._held = self._held[cut:]
                self._block = None
                return
        self._give(first, pieces)

    def _end(self, pieces: list[Piece]) -> bool:
        """At the end of the answer, take what can be taken; False when the rest is text."""
        block = self._block
        if block is None:
            return False
        parts = block.parts(self._held, self._offered) if block.at_end else None
        if parts is not None:
            self._take(parts, pieces)
            self._held, self._block = "", None
            return True
        first = self._first_close(block)
        if not first:
            return False
        self._settle(first, pieces)
        return True

    def _first_close(self, block: Block) -> int:
        """Where the first end marker ends, whatever quotes say; 0 when there is none."""
        at = self._held.find(block.close, len(block.open)) if block.close else -1
        return at + len(block.close) if at >= 0 else 0

    def _give(self, length: int, pieces: list[Piece]) -> None:
        """Give the start of the held text as text."""
        self._text(self._held[:length], pieces)
        self._held, self._block = self._held[length:], None

    def _take(self, parts: Parts, pieces: list[Piece]) -> None:
        for part in parts:
            if isinstance(part, Call):
                self._call(part, pieces)
            else:
                self._text(part, pieces)

    def _text(self, text: str, pieces: list[Piece]) -> None:
        if not text:
            return
        body = (self._blank + text) if not self._spoken else text
        if not self._spoken and not body.strip():
            self._blank = body
            return
        self._blank = ""
        self._spoken = True
        pieces.append(Text(body))

    def _call(self, call: Call, pieces: list[Piece]) -> None:
        self._blank, self._spoken = "", False
        said = (call.name, _canonical(call.arguments)) if self._dedupe else None
        if said is not None and said in self._seen:
            self.removed.append(call)
            logger.warning("removed an exact duplicate of a call of the tool %s", call.name)
            return
        if said is not None:
            self._seen.add(said)
        fresh = call.id is None or call.id in self._ids
        identity = f"call_{uuid.uuid4().hex[:24]}" if fresh or call.id is None else call.id
        self._ids.add(identity)
        pieces.append(ToolCallPiece(self.calls, identity, call.name, call.arguments))
        self.calls += 1


def _canonical(arguments: str) -> str:
    """The same text for arguments that differ in the order of members or in blank space only."""
    read = json.loads(arguments, parse_int=_number, parse_float=_number)
    return json.dumps(read, sort_keys=True)


def _number(text: str) -> dict[str, str]:
    return {"number": text}


def _joined(pieces: list[Piece]) -> list[Piece]:
    """The same with neighbouring texts made one."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, Text) and isinstance(last, Text):
            joined[-1] = Text(last.text + piece.text)
        else:
            joined.append(piece)
    return joined
