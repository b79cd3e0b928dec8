"""What other threads tell the engine: newcomers, work, cancellations, the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from reference_server.engine.sequence import Sequence
from reference_server.engine.work import Work
from reference_server.errors import Overloaded, Unavailable


@dataclass(frozen=True, slots=True)
class News:
    """What came in: newcomers, work in steps, those who want to leave, and things to do."""

    new: list[Sequence] = field(default_factory=list)
    works: list[Work[Any]] = field(default_factory=list)
    cancelled: list[Sequence] = field(default_factory=list)
    tasks: list[Callable[[], None]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.works or self.cancelled or self.tasks)


class Inbox:
    """Bounded and thread-safe. ``open`` counts who and what is in and not yet ``done``."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._changed = threading.Condition()
        self._news = News()
        self._closed: str | None = None
        self._abort = False
        self.open = 0

    def put(self, newcomer: Sequence | Work[Any]) -> None:
        """Hand in a newcomer, or work in steps, which takes a place as a newcomer does.

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
            if isinstance(newcomer, Work):
                self._news.works.append(newcomer)
            else:
                self._news.new.append(newcomer)
            self._changed.notify()

    def cancel(self, sequence: Sequence) -> None:
        """Ask for a sequence's row back; harmless when it has ended."""
        with self._changed:
            self._news.cancelled.append(sequence)
            self._changed.notify()

    def ask(self, task: Callable[[], None]) -> None:
        """Have something done on the engine's thread between two steps; it must not raise.

        Raises:
            Unavailable: the inbox is closed.
        """
        with self._changed:
            if self._closed is not None:
                raise Unavailable(self._closed)
            self._news.tasks.append(task)
            self._changed.notify()

    def done(self, count: int = 1) -> None:
        """Say that so many of them have ended."""
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
                self._changed.wait_for(lambda: self._news or self._closed is not None)
            news, self._news = self._news, News()
            return news

    @property
    def closed(self) -> str | None:
        """Why nobody gets in any more, or None."""
        return self._closed

    @property
    def aborted(self) -> bool:
        """Whether those who are in are to be ended now."""
        return self._abort
