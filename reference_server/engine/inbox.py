"""What other threads tell the engine: newcomers, cancellations, the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from reference_server.engine.sequence import Sequence
from reference_server.errors import Overloaded, Unavailable


@dataclass(frozen=True, slots=True)
class News:
    """What came in: newcomers, those who want to leave, and things to do."""

    new: list[Sequence]
    cancelled: list[Sequence]
    tasks: list[Callable[[], None]]


class Inbox:
    """Bounded and thread-safe. ``open`` counts the sequences that are in and not yet ``done``."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._changed = threading.Condition()
        self._new: list[Sequence] = []
        self._cancelled: list[Sequence] = []
        self._tasks: list[Callable[[], None]] = []
        self._closed: str | None = None
        self._abort = False
        self.open = 0

    def put(self, sequence: Sequence) -> None:
        """Hand in a newcomer.

        Raises:
            Overloaded: as many are in as fit.
            Unavailable: the inbox is closed.
        """
        with self._changed:
            if self._closed is not None:
                raise Unavailable(self._closed)
            if self.open >= self._capacity:
                raise Overloaded(
                    f"All {self._capacity} places, running and waiting, are taken. Try again later."
                )
            self.open += 1
            self._new.append(sequence)
            self._changed.notify()

    def cancel(self, sequence: Sequence) -> None:
        """Ask for a sequence's row back; harmless when it has ended."""
        with self._changed:
            self._cancelled.append(sequence)
            self._changed.notify()

    def ask(self, task: Callable[[], None]) -> None:
        """Have something done on the engine's thread between two steps; it must not raise.

        Raises:
            Unavailable: the inbox is closed.
        """
        with self._changed:
            if self._closed is not None:
                raise Unavailable(self._closed)
            self._tasks.append(task)
            self._changed.notify()

    def done(self, count: int = 1) -> None:
        """Say that sequences have ended."""
        with self._changed:
            self.open -= count

    def close(self, reason: str, *, abort: bool = False) -> None:
        """Let nobody in any more; ``abort`` also ends those who are in. The first reason stays."""
        with self._changed:
            self._closed = self._closed or reason
            self._abort |= abort
            self._changed.notify()

    def take(self, *, wait: bool) -> News:
        """What came in since the last call; ``wait`` for news or the end."""
        with self._changed:
            if wait:
                self._changed.wait_for(
                    lambda: self._new or self._cancelled or self._tasks or self._closed is not None
                )
            news = News(self._new, self._cancelled, self._tasks)
            self._new, self._cancelled, self._tasks = [], [], []
            return news

    @property
    def closed(self) -> str | None:
        """Why nobody gets in any more, or None."""
        return self._closed

    @property
    def aborted(self) -> bool:
        """Whether those who are in are to be ended now."""
        return self._abort
