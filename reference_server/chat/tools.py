"""Tool calls in the Hermes/Qwen form: ``<tool_call>{"name": …, "arguments": {…}}</tool_call>``.

Format: https://github.com/NousResearch/Hermes-Function-Calling, used by Qwen2.5 and Qwen3.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass

from reference_server.chat.markers import held_length
from reference_server.chat.pieces import Text, ToolCallPiece

OPEN, CLOSE = "<tool_call>", "</tool_call>"

# The next end marker, or a whole JSON string, inside which a marker is only text. A raw newline
# ends a string as well: in JSON it must be escaped, so the quote before it opened none.
TOKEN = re.compile(r'</tool_call>|"(?:[^"\\\n]|\\.|\\\Z)*(?P<close>["\n]|\Z)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """What a call says."""

    name: str
    arguments: str


class ToolSplitter:
    """Tells calls from text in an answer that arrives in pieces; how it is cut changes nothing.

    What is no call after all (bad JSON, no name, never closed) comes out as the text that it is,
    markers included. Blank space that touches nothing but calls and the ends of the answer belongs
    to the markup and is dropped.
    """

    def __init__(self) -> None:
        self._held = ""
        self._scanned = 0  # how far the held body of a call has been searched for its end
        self._blank = ""  # blank space whose fate the next text or call decides
        self._spoken = False  # whether text was given since the last call
        self.calls = 0

    def push(self, text: str) -> list[Text | ToolCallPiece]:
        """The pieces that are certain with this text."""
        self._held += text
        pieces: list[Text | ToolCallPiece] = []
        while self._advance(pieces):
            pass
        return _joined(pieces)

    def flush(self) -> list[Text | ToolCallPiece]:
        """The rest at the end: a call that was never closed is text."""
        pieces: list[Text | ToolCallPiece] = []
        while self._held:
            if not self._held.startswith(OPEN) or CLOSE not in self._held:
                self._text(self._held, pieces)
                break
            self._settle(None, pieces)
            while self._advance(pieces):
                pass
        if self._blank and not self.calls:
            pieces.append(Text(self._blank))
        self._held = self._blank = ""
        return _joined(pieces)

    def _advance(self, pieces: list[Text | ToolCallPiece]) -> bool:
        """Take one step; False when more text is needed."""
        start = self._held.find(OPEN)
        if start != 0:
            certain = start if start > 0 else len(self._held) - held_length(self._held, OPEN)
            self._text(self._held[:certain], pieces)
            self._held = self._held[certain:]
            return start > 0
        end = self._end()
        if end is None:
            return False
        self._settle(end, pieces)
        return True

    def _end(self) -> int | None:
        """Where the call at the start of the held text ends, its end marker included."""
        position = max(self._scanned, len(OPEN))
        while match := TOKEN.search(self._held, position):
            if match.group() == CLOSE:
                return match.end()
            if match["close"] == "":
                return None
            position = self._scanned = match.end()
        return None

    def _settle(self, end: int | None, pieces: list[Text | ToolCallPiece]) -> None:
        """Take the call at the start of the held text, or its first part as text.

        ``end`` is where its JSON says it ends. When that is no call, quotes that do not pair may
        have hidden an earlier end, so the first end marker is tried as well.
        """
        first = self._held.find(CLOSE) + len(CLOSE)
        for cut in (end, first):
            call = parse(self._held[len(OPEN) : cut - len(CLOSE)]) if cut is not None else None
            if call is not None:
                self._call(call, pieces)
                break
        else:
            self._text(self._held[:first], pieces)
        self._held, self._scanned = self._held[cut or first :], 0

    def _text(self, text: str, pieces: list[Text | ToolCallPiece]) -> None:
        if not text:
            return
        body = (self._blank + text) if not self._spoken else text
        if not self._spoken and not body.strip():
            self._blank = body
            return
        self._blank = ""
        self._spoken = True
        pieces.append(Text(body))

    def _call(self, call: Call, pieces: list[Text | ToolCallPiece]) -> None:
        identity = f"call_{uuid.uuid4().hex[:24]}"
        pieces.append(ToolCallPiece(self.calls, identity, call.name, call.arguments))
        self.calls += 1
        self._blank, self._spoken = "", False


def _joined(pieces: list[Text | ToolCallPiece]) -> list[Text | ToolCallPiece]:
    """The same with neighbouring texts made one."""
    joined: list[Text | ToolCallPiece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, Text) and isinstance(last, Text):
            joined[-1] = Text(last.text + piece.text)
        else:
            joined.append(piece)
    return joined


def parse(body: str) -> Call | None:
    """The call that the text between the markers makes, or None when it makes none.

    ``arguments`` keeps the model's own JSON text, so that big numbers and number formats survive.
    Arguments that come as a JSON string of an object are unpacked; absent or null ones are ``{}``.
    """
    members = _members(body)
    if members is None or "name" not in members:
        return None
    name = _value(members["name"])
    raw = members.get("arguments", "{}")
    arguments = _value(raw)
    if isinstance(arguments, str):
        raw, arguments = arguments, _value(arguments)
    if arguments is None and raw == "null":
        raw, arguments = "{}", {}
    if not isinstance(name, str) or not name or not isinstance(arguments, dict):
        return None
    # Raw control characters inside strings are read (models write them) but not passed on.
    text = raw if _is_strict(raw) else _dumped(arguments)
    return Call(name, text) if text is not None else None


def _no_constant(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are not JSON


LENIENT = json.JSONDecoder(strict=False, parse_constant=_no_constant)
STRICT = json.JSONDecoder(strict=True, parse_constant=_no_constant)
BLANK = re.compile(r"[ \t\r\n]*")


def _value(text: str) -> object:
    """The value of a JSON text; None also when it is none.

    A string with half a surrogate pair is none either: the grammar of JSON allows the escape, but
    it stands for no character, and strict readers refuse it (RFC 8259, section 8.2).
    """
    try:
        value: object = LENIENT.decode(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _dumped(value: object) -> str | None:
    """The value as JSON again; None when a number of it was too large to be read."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        return None


def _is_strict(text: str) -> bool:
    try:
        STRICT.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _members(text: str) -> dict[str, str] | None:
    """The members of a JSON object as raw JSON texts, or None when it is no object."""
    members: dict[str, str] = {}
    if not isinstance(_value(text), dict):
        return None
    position = text.index("{") + 1
    while (position := _skip(text, position)) < len(text) and text[position] == '"':
        key, position = LENIENT.raw_decode(text, position)
        start = _skip(text, _skip(text, position) + 1)
        _, end = LENIENT.raw_decode(text, start)
        members[key] = text[start:end]
        position = _skip(text, end) + 1
    return members


def _skip(text: str, position: int) -> int:
    match = BLANK.match(text, position)
    return match.end() if match else position
