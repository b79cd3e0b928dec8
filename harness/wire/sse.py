"""Server-sent events from bytes, as the WHATWG HTML standard defines them (section 9.2.6).

Pure and incremental: bytes may be split anywhere, inside a line end or a UTF-8 sequence too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.records import Chunk

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SseEvent:
    """One dispatched event. ``at_ns`` is the stamp of the chunk that brought its blank line."""

    at_ns: int
    data: str
    event: str = "message"
    id: str = ""


class SseReader:
    """Feeds on chunks, gives events.

    ``invalid_utf8`` counts lines that were not UTF-8 (decoded with U+FFFD), ``comments`` counts
    comment lines (servers use them to keep connections alive).
    """

    def __init__(self) -> None:
        self.invalid_utf8 = 0
        self.comments = 0
        self._parts: list[bytes] = []  # of a line that has not ended
        self._after_cr = False
        self._first_line = True
        self._data: list[str] = []
        self._event = ""
        self._id = ""

    @property
    def unfinished(self) -> bool:
        """True when bytes or fields wait for a line end or blank line that never came."""
        return bool(self._data) or any(self._parts)

    def feed(self, at_ns: int, data: bytes) -> list[SseEvent]:
        """The events that these bytes complete."""
        if self._after_cr and data:
            data = data.removeprefix(b"\n")  # the second half of a CRLF that was split
            self._after_cr = False
        if b"\n" not in data and b"\r" not in data:
            if data:
                self._parts.append(data)
            return []
        self._parts.append(data)
        lines = b"".join(self._parts).splitlines(keepends=True)  # bytes: CRLF, LF and CR only
        self._parts.clear()
        if not lines[-1].endswith((b"\n", b"\r")):
            self._parts.append(lines.pop())
        elif lines[-1].endswith(b"\r"):
            self._after_cr = True
        events: list[SseEvent] = []
        for line in lines:
            self._line(at_ns, line.rstrip(b"\r\n"), events)
        return events

    def _line(self, at_ns: int, raw: bytes, events: list[SseEvent]) -> None:
        if self._first_line:
            raw, self._first_line = raw.removeprefix(_BOM), False
        if not raw:
            if self._data:
                event = self._event or "message"
                events.append(SseEvent(at_ns, "\n".join(self._data), event, self._id))
            self._data, self._event = [], ""
            return
        name, _, value = self._decode(raw).partition(":")
        value = value.removeprefix(" ")
        if not name:
            self.comments += 1
        elif name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self.invalid_utf8 += 1
            return raw.decode(errors="replace")


def read_sse(chunks: Iterable[Chunk]) -> list[SseEvent]:
    """All events of a body; an event without its blank line is dropped, as the standard says."""
    reader = SseReader()
    return [event for chunk in chunks for event in reader.feed(chunk.at_ns, chunk.data)]
