"""The numbers of an untrained network, so made that what it says is endless, varied text.

The same numbers on every machine: a tensor is the raw stream of a PCG64, which numpy promises not
to change (NEP 19), seeded by the network's seed and the tensor's name, cut into integers of 16 bits
and scaled by one float32 multiplication, which IEEE 754 rounds the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float32]]
# The upper halves of float32: numpy has no bfloat16.
Halves: TypeAlias = np.ndarray[Any, np.dtype[np.uint16]]

# One channel of the hidden state that is the same for every token: embeddings start it at this, and
# no block writes to it. It is what lets the head, which has no bias, rule tokens out.
CONSTANT = 1.0

# The ruled-out tokens' weight on that channel. The last norm brings the channel to about 0.15, so
# their logit is near -300 where the others' are within 6 of 0: at temperature 2 their probability
# is 0 in float32.
RULED_OUT = -2048.0

# How far all blocks together outweigh the token's own embedding. Were it small, the next token
# would depend on the last one alone and greedy text run into cycles; measured with 10 layers: text
# is varied from 3 to 14.
GAIN = 7.0

# The weight of each query's norm: how sharply a token attends to a few others. Measured: at 1 a
# third of greedy text repeats itself, at 2 up to 3 % of 3,000 tokens, at 3 less than 1 %.
SHARPNESS = 3.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A Qwen3 network without its vocabulary."""

    layers: int
    hidden: int
    inner: int
    heads: int
    key_heads: int
    head: int = 64


def tensors(shape: Shape, seed: int, spoken: Mask) -> Iterator[tuple[str, Floats]]:
    """Every tensor under its Hugging Face name, each made when it is asked for.

    Tokens outside of ``spoken``, a mask over the vocabulary, are ruled out.
    """
    vocabulary = len(spoken)
    name = "model.embed_tokens.weight"
    embeddings = uniform(seed, name, vocabulary, shape.hidden, math.sqrt(shape.hidden))
    embeddings[:, 0] = CONSTANT
    yield name, embeddings
    for layer in range(shape.layers):
        yield from _layer(f"model.layers.{layer}.", shape, seed)
    yield "model.norm.weight", np.ones(shape.hidden, np.float32)
    name = "lm_head.weight"
    head = uniform(seed, name, vocabulary, shape.hidden)
    head[~spoken] = 0
    head[~spoken, 0] = RULED_OUT
    yield name, head


def _layer(prefix: str, shape: Shape, seed: int) -> Iterator[tuple[str, Floats]]:
    queries, keys = shape.heads * shape.head, shape.key_heads * shape.head
    reading = {
        "self_attn.q_proj": queries,
        "self_attn.k_proj": keys,
        "self_attn.v_proj": keys,
        "mlp.gate_proj": shape.inner,
        "mlp.up_proj": shape.inner,
    }
    writing = {"self_attn.o_proj": queries, "mlp.down_proj": shape.inner}
    norms = {
        "self_attn.q_norm": np.full(shape.head, SHARPNESS, np.float32),
        "self_attn.k_norm": np.ones(shape.head, np.float32),
        "input_layernorm": np.ones(shape.hidden, np.float32),
        "post_attention_layernorm": np.ones(shape.hidden, np.float32),
    }
    for part, rows in reading.items():
        name = f"{prefix}{part}.weight"
        yield name, uniform(seed, name, rows, shape.hidden)
    for part, columns in writing.items():
        name = f"{prefix}{part}.weight"
        # Divided among the layers, so that a deep network's text is as varied as a shallow one's.
        written = uniform(seed, name, shape.hidden, columns, GAIN / math.sqrt(shape.layers))
        written[0] = 0  # the constant channel
        yield name, written
    for part, weight in norms.items():
        yield f"{prefix}{part}.weight", weight


def uniform(seed: int, name: str, rows: int, columns: int, scale: float = 1.0) -> Floats:
    """Uniform numbers with mean 0 and variance ``scale² / columns``."""
    count = rows * columns
    stream = np.random.PCG64(np.random.SeedSequence([seed, *name.encode()]))
    integers = stream.random_raw(math.ceil(count / 4)).astype("<u8", copy=False).view("<i2")
    numbers = integers[:count].astype(np.float32)
    numbers += np.float32(0.5)  # the middle of each step; exact, as are all integers of 16 bits
    numbers *= np.float32(scale * 2.0**-15 * math.sqrt(3.0 / columns))
    return numbers.reshape(rows, columns)


def halved(numbers: Floats) -> Halves:
    """The bits of the nearest bfloat16 of each number, ties to even. For finite numbers."""
    bits = numbers.view(np.uint32)
    return np.asarray((bits + (0x7FFF + ((bits >> 16) & 1))) >> 16, np.uint16)
