"""What the next token of one request may be: the state of its grammar, and masks over logits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from llguidance import LLMatcher
from llguidance.numpy import fill_next_token_bitmask
from numpy.typing import NDArray

from reference_server.blas import mx
from reference_server.errors import BadRequest

BITS = 32  # of a word of a mask


@dataclass(frozen=True, eq=False, slots=True)
class Grammar:
    """A compiled grammar. ``matcher`` is at its start and stays there: requests use copies.

    A mask has ``words`` words, one bit a token. ``field`` is the request's field that asked for it.
    """

    matcher: LLMatcher
    words: int
    field: str


class Constraint:
    """How far one request has come in its grammar. Belongs to the engine's thread.

    Once the grammar is satisfied and nothing can follow, only the model's end tokens are left.
    """

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._mask: NDArray[np.int32] = np.full((1, grammar.words), -1, np.int32)
        self.begin(())

    def begin(self, tokens: Sequence[int]) -> None:
        """Start again, behind ``tokens`` of an answer that goes on."""
        self._matcher = self._grammar.matcher.deep_copy()
        self._scripted = True
        if tokens:
            self._matcher.consume_tokens(list(tokens))

    def saw(self, token: int) -> None:
        """Go on behind a token that was chosen."""
        self._matcher.consume_token(token)

    def mask(self) -> NDArray[np.int32]:
        """The tokens that may come next, as bits of words; all of them after a failure."""
        if not self._matcher.is_error():
            fill_next_token_bitmask(self._matcher, self._mask)
        if self._matcher.is_error():
            self._mask.fill(-1)
        mask: NDArray[np.int32] = self._mask[0]
        return mask

    def plays(self, token: int) -> bool:
        """Whether a script's token may come, by the last mask; no more of it after the first no."""
        word, bit = divmod(token, BITS)
        self._scripted &= word < self._grammar.words and bool(self._mask[0, word] >> bit & 1)
        return self._scripted

    @property
    def failure(self) -> BadRequest | None:
        """Why the grammar cannot be followed any further: a step of it is beyond its limits."""
        if not self._matcher.is_error():
            return None
        field = self._grammar.field
        sentence = f"{field} takes too much work a token to be followed; simplify its schema."
        return BadRequest(field, sentence)


def masked(logits: mx.array, rows: Sequence[tuple[int, Constraint]]) -> mx.array:
    """``logits`` (width, vocabulary) where tokens that a row's constraint excludes have -inf.

    ``rows`` are pairs of a row's index and its constraint; all other rows keep their bits. Ids
    beyond the tokenizer's are excluded.
    """
    words = np.stack([constraint.mask() for _, constraint in rows]).view(np.uint32)
    bits = (mx.array(words)[:, :, None] >> mx.arange(BITS, dtype=mx.uint32)) & 1
    allowed = bits.reshape(len(rows), -1)[:, : logits.shape[-1]] == 1
    beyond = logits.shape[-1] - allowed.shape[-1]
    if beyond:
        allowed = mx.pad(allowed, [(0, 0), (0, beyond)])
    index = mx.array([row for row, _ in rows])
    result = mx.array(logits)
    result[index] = mx.where(allowed, logits[index], -mx.inf)
    return result
