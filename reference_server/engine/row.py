"""A request in its slot, and a step of many that is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from reference_server.blas import mx
from reference_server.engine.edits import Edits
from reference_server.engine.logprobs import Pending
from reference_server.engine.sequence import Sequence
from reference_server.engine.thinking import Spending


@dataclass(eq=False, slots=True)
class Row:
    """A request in its slot. ``tokens`` are those it came with, ``filled`` how many are entered.

    The last token is entered by the first decode step, which gives the first new one; ``launched``
    counts those steps, and further tokens that they entered. Keys and values of the others are
    copied from ``twin``, a row with the same tokens, once it has them. ``drafted`` is how many
    tokens a draft model has entered in its slot of the same number.
    """

    sequence: Sequence
    slot: int
    tokens: list[int]
    filled: int = 0
    launched: int = 0
    edits: Edits | None = None
    spending: Spending | None = None
    twin: Row | None = None
    gone: bool = False
    drafted: int = 0

    @property
    def missing(self) -> int:
        """Tokens of the prompt that must enter before the first decode step."""
        return len(self.tokens) - 1 - self.filled

    @property
    def made(self) -> int:
        """Tokens of the answer that are there or on their way: the next one's position in it."""
        return len(self.tokens) - len(self.sequence.prompt) + self.launched

    @property
    def wanted(self) -> int:
        """Steps that are still to be launched at most."""
        return self.sequence.max_tokens - self.made

    @property
    def known(self) -> list[int]:
        """All tokens that have been read."""
        return self.sequence.prompt + self.sequence.generated

    @property
    def last(self) -> int:
        """The last token that has been read."""
        return (self.sequence.generated or self.sequence.prompt)[-1]

    @property
    def position(self) -> int:
        """The index in the slot that is written next."""
        return self.filled + self.launched


@dataclass(frozen=True, slots=True)
class Launch:
    """Tokens (width,) that are being computed, and whose they are."""

    tokens: mx.array
    rows: tuple[Row, ...]
    slots: tuple[int, ...]
    logprobs: Pending | None

    def token(self, row: Row) -> int:
        """The token of one of its rows; waits until it is computed."""
        tokens = cast("list[int]", self.tokens.tolist())
        return tokens[self.slots[self.rows.index(row)]]


def whole_length(sequence: Sequence) -> int:
    """Tokens of a sequence that runs to its limit."""
    return len(sequence.prompt) + sequence.max_tokens
