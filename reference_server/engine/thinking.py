"""Bounding thoughts: a row that has spent its budget inside one is made to close it.

Which tokens are forced follows from the tokens before them alone, so a repeated step, another
neighbour or another decoder changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThinkingBudget:
    """How many tokens an answer may spend inside thoughts, and how thoughts look as tokens.

    ``opening`` begins a thought (its first token occurs in it once), any of ``closings`` ends it;
    neither is counted. ``forced`` are written, one a step, when the budget is spent; the first
    ``lead`` of them belong to the thought, and are left out where it has no room for them.
    ``opened``: the prompt has begun a thought. ``blank`` are the tokens that may come before the
    thoughts that an answer begins with; None where a thought may begin anywhere.
    """

    limit: int
    opening: tuple[int, ...]
    closings: frozenset[int]
    forced: tuple[int, ...]
    lead: int = 0
    opened: bool = False
    blank: frozenset[int] | None = None


class Spending:
    """How far one row has come with its budget."""

    def __init__(self, budget: ThinkingBudget) -> None:
        self._budget = budget
        self._read = 0  # tokens of the answer that are known here
        self._spent = 0
        self._inside = budget.opened
        self._possible = True  # whether a thought may still begin
        self._matched = 0  # tokens of an opening that the answer ends with
        self._closing: int | None = None  # the position of the first forced token
        self._forced: tuple[int, ...] = ()
        self._closed = False  # whether a thought has ended

    def forced(
        self, position: int, known: Sequence[int], last: Callable[[], int] | None
    ) -> int | None:
        """The token that must be at ``position`` of the answer; None when the model is free.

        ``known`` are the tokens before it, all or all but the last, which ``last`` waits for. It is
        called only where that decides: once for a thought that is cut, as a rule.
        """
        for token in known[self._read : position]:
            self._see(token)
        if last is not None and self._read < position and self._undecided:
            self._see(last())
        if self._read == position:
            self._close_if_due()
        if self._closing is None:
            return None
        at = position - self._closing
        return self._forced[at] if at < len(self._forced) else None

    @property
    def forbidden(self) -> int | None:
        """The token that must not come where ``forced`` has just left the model free.

        A model whose thought was cut likes to begin it anew, time and again.
        """
        ended = self._closing is not None or (self._closed and not self._inside and self._possible)
        opening = self._budget.opening
        return opening[0] if ended and len(opening) == 1 and self._due(0) else None

    def _due(self, more: int) -> bool:
        return self._spent + more + self._budget.lead >= self._budget.limit

    def _close_if_due(self) -> None:
        if self._closing is not None or not self._inside or not self._due(0):
            return
        self._closing = self._read
        room = self._budget.limit - self._spent >= self._budget.lead
        self._forced = self._budget.forced if room else self._budget.forced[self._budget.lead :]
        self._spent += self._budget.lead if room else 0

    @property
    def _undecided(self) -> bool:
        """Whether a token that is not known yet may end a spent thought, or begin one."""
        if self._closing is not None or self.forbidden is not None:
            return False
        if self._inside:
            return self._due(1)
        nearly = self._matched == len(self._budget.opening) - 1
        return self._possible and nearly and self._due(0)

    def _see(self, token: int) -> None:
        self._close_if_due()
        position, self._read = self._read, self._read + 1
        if self._closing is not None:
            if position == self._closing + len(self._forced) - 1:
                self._leave(token)
        elif not self._inside:
            self._outside(token)
        elif token in self._budget.closings:
            self._leave(token)
        else:
            self._spent += 1

    def _outside(self, token: int) -> None:
        if not self._possible:
            return
        opening = self._budget.opening
        expected = token == opening[self._matched]
        self._matched = self._matched + 1 if expected else int(token == opening[0])
        if self._matched == len(opening):
            self._inside, self._matched = True, 0
        elif not self._matched and self._budget.blank is not None:
            self._possible = token in self._budget.blank

    def _leave(self, token: int) -> None:
        self._inside, self._closing, self._closed = False, None, True
        # A closing token may be the first of another opening: gpt-oss's <|channel|>.
        self._matched = int(len(self._budget.opening) > 1 and token == self._budget.opening[0])
