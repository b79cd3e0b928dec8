"""Stop strings, matched on text: exact cut, nothing given that may still become part of one."""

from __future__ import annotations

from collections.abc import Sequence


class StopMatcher:
    """Finds the stop string that starts first in a text that arrives in pieces.

    How the text is cut into pieces changes nothing. ``matched`` is the stop string that ended the
    text; from then on nothing more comes out. Of two that start at the same place the shorter
    one wins, being complete first.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = sorted(stops, key=len)
        self._held = ""
        self.matched: str | None = None

    def push(self, text: str) -> str:
        """The text that no stop string can reach any more."""
        if self.matched is not None:
            return ""
        self._held += text
        start, stop = self._first()
        safe = self._possible(start)
        if stop is not None and safe == start:
            self.matched = stop
        given, self._held = self._held[:safe], self._held[safe:]
        return given

    def flush(self) -> str:
        """The rest at the end of the text: a beginning of a stop string is plain text now."""
        if self.matched is not None:
            return ""
        start, self.matched = self._first()
        given, self._held = self._held[:start], ""
        return given

    def _first(self) -> tuple[int, str | None]:
        """Where the first complete stop string starts, and which; the text's length without one."""
        found = [(at, s) for s in self._stops if (at := self._held.find(s)) >= 0]
        return min(found, key=lambda match: match[0]) if found else (len(self._held), None)

    def _possible(self, limit: int) -> int:
        """The first place before ``limit`` from where a stop string may still come to be."""
        longest = max((len(stop) for stop in self._stops), default=0)
        for at in range(max(0, len(self._held) - longest + 1), limit):
            rest = self._held[at:]
            if any(len(stop) > len(rest) and stop.startswith(rest) for stop in self._stops):
                return at
        return limit
