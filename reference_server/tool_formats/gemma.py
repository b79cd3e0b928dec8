"""Gemma: ``call:f{city:<escape>SF<escape>}``, FunctionGemma's and Gemma 4's marks.

Format: https://ai.google.dev/gemma/docs/functiongemma/formatting-and-best-practices. Keys are bare,
strings stand between two of the same mark, everything else is JSON.
"""

from __future__ import annotations

import json
import re
from functools import partial

from reference_server.tool_formats.format import Block, Call, Parts, ToolFormat
from reference_server.tool_formats.offered import Offered, arguments
from reference_server.tool_formats.scanners import Until, delimited
from reference_server.tool_formats.walk import walked

CALL = re.compile(r"call:(?P<name>[^\s{}:,]+)\s*(?=\{)")
BARE = re.compile(r"[^,{}\[\]]*")


class NoValue(ValueError):
    """The text is in another form."""


class Reader:
    """Reads one value after the other into JSON text."""

    def __init__(self, text: str, position: int, quote: str, name: str, offered: Offered) -> None:
        self._text, self.position, self._quote = text, position, quote
        self._name, self._offered = name, offered

    def value(self, key: str = "") -> str:
        """The JSON text of the value here.

        Raises:
            NoValue: there is none.
            RecursionError: it is nested too deeply.
        """
        if self._took("{"):
            return arguments(dict(self._pairs()))
        if self._took("["):
            return "[" + ", ".join(self._items()) + "]"
        if self._took(self._quote):
            return json.dumps(self._until(self._quote), ensure_ascii=False)
        match = BARE.match(self._text, self.position)
        if match is None or not match.group().strip():
            raise NoValue
        self.position = match.end()
        return self._offered.json(self._name, key, match.group().strip())

    def _pairs(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        while not self._took("}"):
            if pairs:
                self._need(",")
            key = self._until(self._quote) if self._took(self._quote) else None
            if key is None:
                key = self._until(":").strip()
            else:
                self._need(":")
            pairs.append((key, self.value(key)))
        return pairs

    def _items(self) -> list[str]:
        items: list[str] = []
        while not self._took("]"):
            if items:
                self._need(",")
            items.append(self.value())
        return items

    def _took(self, mark: str) -> bool:
        while self.position < len(self._text) and self._text[self.position].isspace():
            self.position += 1
        if not self._text.startswith(mark, self.position):
            return False
        self.position += len(mark)
        return True

    def _need(self, mark: str) -> None:
        if not self._took(mark):
            raise NoValue

    def _until(self, mark: str) -> str:
        end = self._text.find(mark, self.position)
        if end < 0:
            raise NoValue
        found = self._text[self.position : end]
        self.position = end + len(mark)
        return found


def _parse(quote: str, body: str, offered: Offered) -> Parts | None:
    def read(text: str, at: int) -> tuple[Call, int] | None:
        head = CALL.match(text, at)
        if head is None:
            return None
        reader = Reader(text, head.end(), quote, head["name"], offered)
        try:
            return Call(head["name"], reader.value()), reader.position
        except (NoValue, RecursionError):
            return None

    return walked(body, CALL, read)


def _gemma(name: str, models: str, opening: str, close: str, quote: str) -> ToolFormat:
    scanner = partial(Until, close, delimited(quote))
    block = Block(opening, scanner, partial(_parse, quote), close=close, at_end=True)
    return ToolFormat(name, models, (block,), frozenset({opening, close, quote}))


FUNCTION_GEMMA = _gemma(
    "function_gemma", "FunctionGemma", "<start_function_call>", "<end_function_call>", "<escape>"
)
GEMMA4 = _gemma("gemma4", "Gemma 4", "<|tool_call>", "<tool_call|>", '<|"|>')
