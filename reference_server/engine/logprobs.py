"""Log-probabilities of chosen tokens, computed for the rows that ask and for nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from reference_server.blas import mx
from reference_server.engine.sequence import TokenLogprobs


@dataclass(frozen=True, slots=True)
class Pending:
    """Log-probabilities on their way: of ``slots``, the chosen token's and the likeliest ones'.

    Shapes (asked,), (asked, most) and (asked, most).
    """

    slots: tuple[int, ...]
    counts: tuple[int, ...]
    chosen: mx.array
    tokens: mx.array
    values: mx.array

    @property
    def arrays(self) -> list[mx.array]:
        """What is to be computed."""
        return [self.chosen, self.tokens, self.values]

    def read(self) -> dict[int, TokenLogprobs]:
        """Of each slot, what it asked for; waits until it is computed."""
        chosen = cast("list[float]", self.chosen.tolist())
        tokens = cast("list[list[int]]", self.tokens.tolist())
        values = cast("list[list[float]]", self.values.tolist())
        found = {}
        for at, (slot, count) in enumerate(zip(self.slots, self.counts, strict=True)):
            pairs = zip(tokens[at], values[at], strict=True)
            best = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
            found[slot] = TokenLogprobs(chosen[at], tuple(best[:count]))
        return found


def logprobs_of(
    logits: mx.array, chosen: mx.array, slots: Sequence[int], counts: Sequence[int]
) -> Pending:
    """Of the rows ``slots`` of ``logits`` (rows, vocabulary), with ``chosen`` (rows,) tokens.

    They are the model's own, before temperature, penalties, biases and cuts, as vLLM gives them,
    and before constraints: the likeliest tokens may be ones that the grammar excludes. ``counts``
    says how many of them each row wants, 0 or more.
    """
    rows = mx.array(list(slots))
    scores = logits[rows].astype(mx.float32)
    scores = scores - mx.logsumexp(scores, axis=-1, keepdims=True)
    own = mx.take_along_axis(scores, chosen[rows][:, None], axis=-1)[:, 0]
    most = max(1, *counts) if counts else 1
    best = mx.argpartition(-scores, kth=min(most, scores.shape[-1]) - 1, axis=-1)[:, :most]
    values = mx.take_along_axis(scores, best, axis=-1)
    return Pending(tuple(slots), tuple(counts), own, best, values)
