"""Who runs next: first come, first served, as many at a time as there are rows."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

from reference_server.engine.sequence import Sequence, State


class Scheduler:
    """The waiting line and the running batch. Lives on the engine's thread.

    After a fault that nobody could be blamed for, everyone who ran becomes a suspect: suspects
    finish one at a time before anyone else runs, so that the one at fault fails by itself.
    """

    def __init__(self, max_batch: int) -> None:
        self._max_batch = max_batch
        self.limit: int | None = None  # fewer rows than there are, for a while
        self._waiting: deque[Sequence] = deque()
        self._suspects: deque[Sequence] = deque()
        self._alone = False
        self.running: list[Sequence] = []

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not (self._waiting or self._suspects or self.running)

    def enqueue(self, sequence: Sequence) -> None:
        """Put a newcomer at the end of the line."""
        self._waiting.append(sequence)

    def admit(self, fits: Callable[[Sequence], bool]) -> Iterator[Sequence]:
        """Those who start now, in the order in which they came; who does not fit holds up the rest.

        Who is alone always starts: what can never fit is refused before it comes here.
        """
        if not self.running:
            self._alone = bool(self._suspects)
        line = self._suspects if self._alone else self._waiting
        width = 1 if self._alone else min(self._max_batch, self.limit or self._max_batch)
        while line and len(self.running) < width:
            if self.running and not fits(line[0]):
                return
            sequence = line.popleft()
            if sequence.admitted is None:
                sequence.admitted = time.monotonic()
            self.running.append(sequence)
            yield sequence

    def release(self, sequence: Sequence) -> bool:
        """Take a sequence out, wherever it is; False when it is not here any more."""
        sequence.state = State.FINISHED
        for line in (self.running, self._waiting, self._suspects):
            if sequence in line:
                line.remove(sequence)
                return True
        return False

    def suspect(self) -> None:
        """Stop everyone who runs: each is to finish alone."""
        for sequence in self.running:
            sequence.state = State.WAITING
        self._suspects.extend(self.running)
        self.running.clear()

    def drain(self) -> list[Sequence]:
        """Take everyone out."""
        everyone = [*self.running, *self._suspects, *self._waiting]
        for sequence in everyone:
            self.release(sequence)
        return everyone
