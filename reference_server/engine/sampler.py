"""Choosing the next token: likeliest, drawn, or scripted, for a whole batch at once.

A drawn token depends on the request's own seed and its position alone: never on neighbours, nor on
how often a step had to be repeated. One uniform number a token is mixed from both on the host, and
inverts the cumulative distribution on the device.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from reference_server.blas import mx
from reference_server.engine.sequence import Sampling

Sampler: TypeAlias = Callable[[mx.array], mx.array]

# Below this the division overflows float32, and the draw is the likeliest token anyway.
MIN_TEMPERATURE = 1e-4

WORD = 2**64
# Of a word, the bits of a uniform number. With 23, u * x < x for every float32 x > 0; with 24 the
# product can round up to x, which no cumulative sum exceeds.
UNIFORM_BITS = 23


def greedy(logprobs: mx.array) -> mx.array:
    """The likeliest token. One object for all: a batch that shares it is one call of MLX."""
    return mx.argmax(logprobs, axis=-1)


class RowSampler:
    """The sampler of one request, called once a position with its logits (1, vocabulary)."""

    def __init__(self, sampling: Sampling, position: int, end: int) -> None:
        self._sampling = sampling
        self._position = position
        self._end = end

    def __call__(self, logprobs: mx.array) -> mx.array:
        """The token at this position (1,), and on to the next one."""
        at, self._position = self._position, self._position + 1
        forced = scripted(self._sampling, at, self._end)
        if forced is not None:
            return mx.array([forced] * logprobs.shape[0], dtype=mx.uint32)
        return choose(logprobs, [(self._sampling, at)])


def sampler_for(sampling: Sampling, position: int, end: int) -> Sampler:
    """The sampler of a request whose next token is at ``position``."""
    if sampling.script is None and sampling.temperature == 0:
        return greedy
    return RowSampler(sampling, position, end)


def scripted(sampling: Sampling, position: int, end: int) -> int | None:
    """The token that a script has at this position, its end included; None without a script."""
    if sampling.script is None:
        return None
    return sampling.script[position] if position < len(sampling.script) else end


def choose(logits: mx.array, rows: Sequence[tuple[Sampling, int] | None]) -> mx.array:
    """A token for each row of ``logits`` (rows, vocabulary), as that row's sampling says.

    ``rows`` gives each row's sampling and position; None, and temperature 0, take the likeliest.
    """
    best = mx.argmax(logits, axis=-1)
    drawn = [row is not None and row[0].temperature > 0 for row in rows]
    if not any(drawn):
        return best
    asked = [row if row is not None else (Sampling(), 0) for row in rows]
    found = _draw(logits, [one for one, _ in asked], [uniform(one.seed, at) for one, at in asked])
    return found if all(drawn) else mx.where(mx.array(drawn), found, best)


def _draw(logits: mx.array, asked: Sequence[Sampling], uniforms: Sequence[float]) -> mx.array:
    """One draw a row. Temperature comes first and the cuts after it, as in vLLM."""
    scores = logits.astype(mx.float32)
    scores = scores - scores.max(axis=-1, keepdims=True)
    scores = scores / _column([max(one.temperature, MIN_TEMPERATURE) for one in asked])
    if any(one.top_p < 1 or one.top_k or one.min_p for one in asked):
        scores = mx.where(scores < lowest(scores, asked), -mx.inf, scores)
    mass = mx.cumsum(mx.exp(scores), axis=-1)
    return mx.argmax(mass > _column(uniforms) * mass[..., -1:], axis=-1)


def lowest(scores: mx.array, asked: Sequence[Sampling]) -> mx.array:
    """The least score (rows, 1) that each row's cuts keep, of scores whose greatest is 0.

    ``top_k``: that of the k-th likeliest token. ``min_p``: this share of the likeliest token's
    probability (Nguyen et al. 2024). ``top_p``, of what those two leave, as in vLLM: tokens stay
    while those above them have less than this mass (Holtzman et al. 2020, section 3.1). The
    likeliest token always stays.
    """
    vocabulary = scores.shape[-1]
    ordered = mx.sort(scores, axis=-1)
    top = ordered[..., -1:]
    places = [vocabulary - min(one.top_k or vocabulary, vocabulary) for one in asked]
    by_rank = mx.take_along_axis(ordered, mx.array(places)[:, None], axis=-1)
    by_share = mx.log(_column([min(one.min_p, 1.0) for one in asked]))
    first = mx.minimum(mx.maximum(by_rank, by_share), top)
    left = mx.where(ordered < first, -mx.inf, ordered)
    above = mx.cumsum(mx.softmax(left, axis=-1), axis=-1, reverse=True, inclusive=False)
    nucleus = above < _column([one.top_p for one in asked])
    by_mass = mx.where(nucleus, left, mx.inf).min(axis=-1, keepdims=True)
    return mx.minimum(mx.maximum(first, by_mass), top)


def _column(values: Sequence[float]) -> mx.array:
    return mx.array(list(values), dtype=mx.float32)[:, None]


def uniform(seed: int, position: int) -> float:
    """A number in [0, 1) for a position in a seed's stream."""
    return (mixed(seed, position) >> (64 - UNIFORM_BITS)) / (1 << UNIFORM_BITS)


def mixed(seed: int, position: int) -> int:
    """A 64-bit word for a position in a seed's stream (SplitMix64, Steele et al. 2014)."""
    word = (seed + (position + 1) * 0x9E3779B97F4A7C15) % WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) % WORD
    return word ^ (word >> 31)
