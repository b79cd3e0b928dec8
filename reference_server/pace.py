"""When the tokens of one answer came."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Pace:
    """Times on the monotonic clock, in seconds; ``on_gap`` hears of every gap between two tokens.

    They are those of arrival in the event loop: a client that reads slowly changes none of them.
    """

    started: float = field(default_factory=time.monotonic)
    first: float | None = None
    last: float | None = None
    on_gap: Callable[[float], None] | None = None

    def token(self) -> None:
        """A token is here."""
        now = time.monotonic()
        if self.last is None:
            self.first = now
        elif self.on_gap is not None:
            self.on_gap(now - self.last)
        self.last = now
