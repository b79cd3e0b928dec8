"""A prompt read by itself: what the model thinks of its tokens, not what it would answer.

Each prompt passes alone, in chunks of fixed size and with a cache of mlx-lm's own, so that the
result has the same bits whatever else the server does; every architecture of mlx-lm's can. A step
is one chunk, and the memory that of one prompt's cache and one chunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from mlx_lm.models.cache import make_prompt_cache

from reference_server.blas import mx
from reference_server.engine.decoder import PREFILL_CHUNK
from reference_server.engine.logprobs import logprobs_of
from reference_server.engine.sequence import TokenLogprobs
from reference_server.engine.work import Steps
from reference_server.errors import BadRequest

# Logits of a chunk are a float32 for each token of the vocabulary, several times over while they
# are sorted: 64 tokens of a vocabulary of 150,000 are 38 MB.
SCORE_CHUNK = 64

Vector = npt.NDArray[np.float32]


def scored(
    model: Any,  # noqa: ANN401 - an mlx-lm model; they share no base class
    prompts: Sequence[Sequence[int]],
    count: int,
) -> Steps[list[list[TokenLogprobs]]]:
    """Of each prompt, the log-probability of every token but the first, given those before it.

    ``count`` of the likeliest tokens come with each.
    """
    found = []
    for tokens in prompts:
        scores: list[TokenLogprobs] = []
        for start, logits in _outputs(model, model, tokens[:-1], SCORE_CHUNK):
            length = logits.shape[0]
            wanted = mx.array(list(tokens[start + 1 : start + 1 + length]))
            read = logprobs_of(logits, wanted, range(length), [count] * length).read()
            scores += [read[place] for place in range(length)]
            yield False
        found.append(scores)
        yield True
    return found


def pooled(
    model: Any,  # noqa: ANN401 - see scored
    prompts: Sequence[Sequence[int]],
    dimensions: int | None = None,
) -> Steps[list[Vector]]:
    """Of each prompt, the mean of its tokens' last hidden states, of length 1 (L2).

    ``dimensions`` keeps the first numbers of the mean only.

    Raises:
        BadRequest: the architecture gives no hidden states, or shorter ones.
    """
    body = _body(model)
    found = []
    for tokens in prompts:
        total: mx.array | None = None
        for _, hidden in _outputs(model, body, tokens, PREFILL_CHUNK):
            part = hidden.astype(mx.float32).sum(axis=0)
            fitting(dimensions, part.size)
            total = part if total is None else total + part
            mx.eval(total)
            yield False
        found.append(unit(np.array(total, dtype=np.float32)[:dimensions]))
        yield True
    return found


def fitting(dimensions: int | None, size: int) -> None:
    """Let through what an embedding of ``size`` numbers can be cut to.

    Raises:
        BadRequest: it is longer.
    """
    if dimensions is not None and dimensions > size:
        sentence = f"dimensions must be at most {size}, the length of this model's embeddings."
        raise BadRequest("dimensions", sentence)


def unit(vector: Vector) -> Vector:
    """The vector with length 1 (L2); a vector of zeros stays what it is."""
    wide = vector.astype(np.float64)
    length = float(np.linalg.norm(wide))
    return (wide / length if length > 0 else wide).astype(np.float32)


def _outputs(
    model: Any,  # noqa: ANN401 - see scored
    part: Any,  # noqa: ANN401 - the model or its body
    tokens: Sequence[int],
    chunk: int,
) -> Iterator[tuple[int, mx.array]]:
    """What ``part`` gives for each chunk of the tokens: its start, and (length, size)."""
    cache = make_prompt_cache(model)
    for start in range(0, len(tokens), chunk):
        given = part(mx.array([list(tokens[start : start + chunk])]), cache=cache)
        mx.eval(given, [layer.state for layer in cache])
        yield start, given[0]


def _body(model: Any) -> Any:  # noqa: ANN401 - see scored
    """The part of a model under its head: most of mlx-lm's classes call it ``model``.

    Raises:
        BadRequest: there is none.
    """
    inner = getattr(model, "language_model", model)
    for name in ("model", "transformer", "backbone"):
        body = getattr(inner, name, None)
        if callable(body):
            return body
    raise BadRequest(
        "model",
        "model: this architecture gives no hidden states. Start the server with --embedding-model.",
    )
