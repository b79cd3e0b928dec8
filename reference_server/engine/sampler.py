"""Choosing the next token: likeliest, drawn, or scripted.

A sampler maps log-probabilities of shape (rows, vocabulary) to tokens of shape (rows,). A drawn
token depends on the request's own seed and its position alone: never on neighbours, nor on how
often a step had to be repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from reference_server.blas import mx
from reference_server.engine.sequence import Sampling

Sampler: TypeAlias = Callable[[mx.array], mx.array]

# Below this the division overflows float32, and the draw is the likeliest token anyway.
MIN_TEMPERATURE = 1e-4

WORD = 2**64


def greedy(logprobs: mx.array) -> mx.array:
    """The likeliest token. One object for all: a batch that shares it is one call of MLX."""
    return mx.argmax(logprobs, axis=-1)


class Drawn:
    """Draws from the tempered distribution, cut to the smallest set with mass ``top_p``.

    Temperature comes first and the cut after it, as in vLLM and Hugging Face's generate.
    """

    def __init__(self, sampling: Sampling, position: int) -> None:
        self._temperature = max(sampling.temperature, MIN_TEMPERATURE)
        self._top_p = sampling.top_p
        self._seed = sampling.seed
        self._position = position

    def __call__(self, logprobs: mx.array) -> mx.array:
        """The token at this position, and on to the next one."""
        key = mx.random.key(mixed(self._seed, self._position))
        self._position += 1
        scores = logprobs.astype(mx.float32)
        scores = (scores - scores.max(axis=-1, keepdims=True)) / self._temperature
        if self._top_p < 1.0:
            scores = nucleus(scores, self._top_p)
        return mx.random.categorical(scores, key=key)


class Scripted:
    """Plays a list of tokens, then the end, whatever the model says."""

    def __init__(self, script: tuple[int, ...], end: int, position: int) -> None:
        self._script = script
        self._end = end
        self._position = position

    def __call__(self, logprobs: mx.array) -> mx.array:
        """The token at this position, and on to the next one."""
        at, self._position = self._position, self._position + 1
        token = self._script[at] if at < len(self._script) else self._end
        return mx.array([token] * logprobs.shape[0], dtype=mx.uint32)


def nucleus(scores: mx.array, top_p: float) -> mx.array:
    """The scores with everything outside the nucleus at -inf (Holtzman et al. 2020, section 3.1).

    A token stays when the tokens above it have less than ``top_p`` of the mass; the first always.
    """
    ordered = mx.sort(scores, axis=-1)
    probabilities = mx.softmax(ordered, axis=-1)
    above = mx.cumsum(probabilities, axis=-1, reverse=True, inclusive=False)
    kept = mx.where(above < top_p, ordered, mx.inf).min(axis=-1, keepdims=True)
    lowest = mx.minimum(kept, ordered[..., -1:])
    return mx.where(scores < lowest, -mx.inf, scores)


def mixed(seed: int, position: int) -> int:
    """A 64-bit word for a position in a seed's stream (SplitMix64, Steele et al. 2014)."""
    word = (seed + (position + 1) * 0x9E3779B97F4A7C15) % WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) % WORD
    return word ^ (word >> 31)


def sampler_for(sampling: Sampling, position: int, end: int) -> Sampler:
    """The sampler of a request whose next token is at ``position``."""
    if sampling.script is not None:
        return Scripted(sampling.script, end, position)
    if sampling.temperature == 0:
        return greedy
    return Drawn(sampling, position)
