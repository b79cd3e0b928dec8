"""What changes a row's logits before a token is chosen: penalties and biases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reference_server.blas import mx
from reference_server.engine.sequence import Sampling


class Edits:
    """The penalties and biases of one request, which remember what it has said.

    Biases come first, as in vLLM. Presence and frequency count the tokens that were generated, as
    OpenAI's API documents it (logit - count * frequency - (count > 0) * presence). The repetition
    penalty divides positive logits of tokens of the prompt and the answer, and multiplies negative
    ones (Keskar et al. 2019, section 4.1, as in Hugging Face's generate and vLLM).

    Counts live on the device: the token that was just launched is not known to the host yet.
    """

    def __init__(
        self,
        sampling: Sampling,
        prompt: Sequence[int],
        generated: Sequence[int],
        vocabulary: int,
    ) -> None:
        self._sampling = sampling
        counts = np.bincount(np.asarray(generated, np.int64), minlength=vocabulary)
        self._counts = mx.array(counts.astype(np.float32))
        asked = np.zeros(vocabulary, bool)
        asked[np.asarray(prompt, np.int64)] = True
        self._asked = mx.array(asked)
        bias = np.zeros(vocabulary, np.float32)
        for token, value in sampling.logit_bias:
            bias[token] = value
        self._bias = mx.array(bias)

    def apply(self, logits: mx.array) -> mx.array:
        """Edited logits (vocabulary,) in float32."""
        one, scores = self._sampling, logits.astype(mx.float32) + self._bias
        said = self._counts > 0
        if one.repetition_penalty != 1:
            weaker = mx.where(
                scores > 0, scores / one.repetition_penalty, scores * one.repetition_penalty
            )
            scores = mx.where(said | self._asked, weaker, scores)
        return scores - self._counts * one.frequency_penalty - said * one.presence_penalty

    def saw(self, token: mx.array) -> None:
        """Count a token, given as an array of shape ()."""
        self._counts = self._counts.at[token].add(1.0)


def edits_for(
    sampling: Sampling, prompt: Sequence[int], generated: Sequence[int], vocabulary: int
) -> Edits | None:
    """The edits that a request asks for, if any."""
    if not edits_wanted(sampling):
        return None
    return Edits(sampling, prompt, generated, vocabulary)


def edits_wanted(sampling: Sampling) -> bool:
    """Whether a request asks for any."""
    return bool(
        sampling.presence_penalty
        or sampling.frequency_penalty
        or sampling.repetition_penalty != 1
        or sampling.logit_bias
    )


def without(logits: mx.array, forbidden: Sequence[tuple[int, int]]) -> mx.array:
    """``logits`` (rows, vocabulary) in which these pairs of row and token cannot be chosen."""
    if not forbidden:
        return logits
    left = mx.array(logits)
    for row, token in forbidden:
        left[row, token] = -mx.inf
    return left
