"""Responses that are kept in memory: for ``previous_response_id`` and to be read again.

The least recently used ones are forgotten first; all are when the process ends.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

# A day of one user's requests, and of larger ones what a few dozen long conversations take.
MAX_RESPONSES = 1024
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A response as JSON, and the items that it answers as JSON, oldest first.

    ``output`` are the items of its answer. Items are shared with the responses before and after it.
    """

    resource: bytes
    input: tuple[bytes, ...]
    output: tuple[bytes, ...]
    continues: bool  # whether it has an answer that a conversation can go on from

    @property
    def nbytes(self) -> int:
        """What it takes; items that others share count again."""
        return len(self.resource) + sum(map(len, self.input)) + sum(map(len, self.output))


class ResponseStore:
    """The most recently used responses, by id."""

    def __init__(self, count: int = MAX_RESPONSES, nbytes: int = MAX_BYTES) -> None:
        self._count = count
        self._limit = nbytes
        self._stored: OrderedDict[str, Stored] = OrderedDict()
        self.nbytes = 0

    def __len__(self) -> int:
        return len(self._stored)

    def get(self, name: str) -> Stored | None:
        """The response of that id, which is used by it; None if it is not there (any more)."""
        if name in self._stored:
            self._stored.move_to_end(name)
        return self._stored.get(name)

    def put(self, name: str, stored: Stored) -> None:
        """Keep a response. One that is larger than all the room there is is not kept."""
        self.remove(name)
        self._stored[name] = stored
        self.nbytes += stored.nbytes
        while len(self._stored) > self._count or self.nbytes > self._limit:
            _, oldest = self._stored.popitem(last=False)
            self.nbytes -= oldest.nbytes

    def remove(self, name: str) -> bool:
        """Forget a response; whether it was there."""
        stored = self._stored.pop(name, None)
        if stored is not None:
            self.nbytes -= stored.nbytes
        return stored is not None
