"""Calls in tags: a name, and one untyped text for each argument.

A value ends where its end tag is followed by what may come next, so that the tag inside a value is
only text.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from reference_server.tool_formats.format import Block, Call, Parts
from reference_server.tool_formats.offered import Offered, arguments
from reference_server.tool_formats.scanners import Quote, Until
from reference_server.tool_formats.walk import walked


class Tags:
    """The tags of one format.

    ``call`` and ``parameter`` are patterns of opening tags with the groups ``name`` and ``key``;
    ``parameter`` may have ``type``, which the model itself gives the value. ``opening`` is how
    every opening tag of a parameter begins, ``value`` that of its value if it has one of its own.
    ``end`` is a pattern, too; where it is empty, a call ends with its block. With ``newlines`` one
    newline at each end of a value is markup. ``types`` translates what stands for ``type``;
    ``wrapper`` may stand around a value.
    """

    def __init__(
        self,
        *,
        call: str,
        parameter: str,
        opening: str,
        value_end: str,
        end: str,
        close: str,
        value: str = "",
        newlines: bool = False,
        types: Mapping[str, str] | None = None,
        wrapper: re.Pattern[str] | None = None,
    ) -> None:
        self._call = re.compile(call, re.DOTALL)
        self._parameter = re.compile(r"\s*" + parameter, re.DOTALL)
        following = rf"(?=\s*(?:{re.escape(opening)}|{end or re.escape(close)}))"
        over = end or r"\Z"
        last = rf"(?=\s*(?:{re.escape(opening)}|{over}))"
        self._value_end = re.compile(f"(?P<end>{re.escape(value_end)}){last}")
        self._end = re.compile(r"\s*" + over)
        self._close = close
        self._newlines = newlines
        self._types = types or {}
        self._wrapper = wrapper
        # A value that is never closed must not swallow the next call.
        unclosed = rf"|(?={end}\s*{re.escape(close)})" if end else ""
        rest = re.compile(f"(?P<end>{re.escape(value_end)}{following}{unclosed})")
        # Its end is looked for anew each time: what has to follow may be of any length.
        self._quotes = (Quote(value or opening, rest, sys.maxsize),)

    def block(self, opening: str, *, at_end: bool = False) -> Block:
        """A block of such calls, which begins with ``opening``."""
        return Block(opening, self.scanner, self.parse, close=self._close, at_end=at_end)

    def scanner(self) -> Until:
        """Finds the end of a block of such calls."""
        return Until(self._close, self._quotes)

    def parse(self, body: str, offered: Offered) -> Parts | None:
        """The calls of a block, with the types of the tools' schemas."""
        return walked(body, self._call, lambda text, at: self._read(text, at, offered))

    def _read(self, body: str, at: int, offered: Offered) -> tuple[Call, int] | None:
        head = self._call.match(body, at)
        if head is None:
            return None
        name, position = head["name"].strip(), head.end()
        members: dict[str, str] = {}
        while (end := self._end.match(body, position)) is None:
            opened = self._parameter.match(body, position)
            closed = self._value_end.search(body, opened.end()) if opened is not None else None
            if opened is None or closed is None:
                return None
            written = self._trimmed(body[opened.end() : closed.start()])
            kind = opened.groupdict().get("type")
            key = opened["key"].strip()
            members[key] = offered.json(name, key, written, self._types.get(kind or "", kind))
            position = closed.end()
        return Call(name, arguments(members)), end.end()

    def _trimmed(self, written: str) -> str:
        wrapped = self._wrapper.fullmatch(written) if self._wrapper is not None else None
        if wrapped is not None:
            return wrapped[1]
        return written.removeprefix("\n").removesuffix("\n") if self._newlines else written
