"""Where a block ends: at a marker or a closing bracket that stands outside quoted text.

Each scanner remembers how far it has looked, so that text in small pieces costs no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """Text inside which nothing else counts: from ``open`` to the group ``end`` of ``rest``.

    ``rest`` may match other things first, that are to be stepped over, such as escapes. ``overlap``
    is how many characters at the end of a text may be the beginning of a match.
    """

    open: str
    rest: re.Pattern[str]
    overlap: int


# A raw newline ends a string as well: it must be escaped, so the quote before it opened none.
JSON = (Quote('"', re.compile(r'\\.|(?P<end>["\n])', re.DOTALL), 1),)
PYTHON = (*JSON, Quote("'", re.compile(r"\\.|(?P<end>['\n])", re.DOTALL), 1))


def delimited(by: str) -> tuple[Quote, ...]:
    """Strings between two of the same marker, without escapes."""
    return (Quote(by, re.compile(f"(?P<end>{re.escape(by)})"), len(by) - 1),)


class Outside:
    """Finds markers outside of quoted text."""

    def __init__(self, markers: tuple[str, ...], quotes: tuple[Quote, ...], start: int = 0) -> None:
        openings = {quote.open: quote for quote in quotes}
        words = sorted((*markers, *openings), key=len, reverse=True)
        self._token = re.compile("|".join(map(re.escape, words)))
        self._overlap = len(words[0]) - 1
        self._openings = openings
        self._quote: Quote | None = None
        self._at = start

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """The markers that have come since the last call; text only ever grows."""
        while self._step_out(text):
            match = self._token.search(text, self._at)
            if match is None:
                self._at = max(self._at, len(text) - self._overlap)
                return
            self._at = match.end()
            self._quote = self._openings.get(match.group())
            if self._quote is None:
                yield match

    def _step_out(self, text: str) -> bool:
        """Go behind the quoted text that is open here; False when its end has not come."""
        while self._quote is not None:
            match = self._quote.rest.search(text, self._at)
            if match is None:
                self._at = max(self._at, len(text) - self._quote.overlap)
                return False
            self._at = match.end()
            if match["end"] is not None:
                self._quote = None
        return True


class Until:
    """Ends a block behind its end marker."""

    def __init__(self, close: str, quotes: tuple[Quote, ...] = JSON, *, start: int = 0) -> None:
        self._outside = Outside((close,), quotes, start)

    def feed(self, text: str) -> int | None:
        """The block's length."""
        match = next(self._outside.found(text), None)
        return match.end() if match else None


class Balanced:
    """Ends a block where its brackets are closed.

    ``head`` is what may stand before the first bracket; anything else makes no block. Further
    values belong to the block where ``joint`` matches up to their bracket.
    """

    def __init__(
        self,
        start: int,
        *,
        head: str = r"\s*",
        joint: str | None = None,
        quotes: tuple[Quote, ...] = JSON,
    ) -> None:
        self._start = start
        self._head = re.compile(head)
        self._joint = re.compile(joint) if joint is not None else None
        self._outside = Outside(tuple("[]{}()"), quotes, start)
        self._depth = 0
        self._end: int | None = None

    def feed(self, text: str) -> int | None:
        """The block's length; 0 when no bracket comes where one must."""
        if self._stop(self._head, text, self._start) == "other":
            return 0
        while True:
            if self._end is not None:
                following = self._stop(self._joint, text, self._end) if self._joint else "other"
                if following == "nothing":
                    return None
                if following == "other":
                    return self._end
                self._end = None
            self._end = self._balance(text)
            if self._end is None:
                return None

    @staticmethod
    def _stop(pattern: re.Pattern[str], text: str, start: int) -> str:
        """What follows a match: a ``bracket``, ``nothing`` yet, or something ``other``."""
        match = pattern.match(text, start)
        end = match.end() if match else start
        if end == len(text):
            return "nothing"
        return "bracket" if text[end] in "[{(" else "other"

    def _balance(self, text: str) -> int | None:
        """Where the brackets close next."""
        for match in self._outside.found(text):
            self._depth += 1 if match.group() in "[{(" else -1
            if self._depth <= 0:
                self._depth = 0
                return match.end()
        return None
