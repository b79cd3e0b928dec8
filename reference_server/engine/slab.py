"""The memory of the slots: keys and values of every layer, index-aligned, grown in steps.

Token j of a request is always at index j of its slot: nothing is padded on the left, and a join or
a leave touches no other slot. The model sees a layer through a view with the interface of mlx-lm's
caches (``offset``, ``make_mask``, ``update_and_fetch``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reference_server.blas import mx

# Slots grow longer by this many tokens, as mlx-lm's caches do: growth copies the whole slab.
GROWTH = 256


def rounded(length: int, step: int) -> int:
    """The least multiple of ``step`` that is not below ``length``."""
    return -(-length // step) * step


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer keeps of one token: ``heads`` keys and values of these sizes."""

    heads: int
    key_size: int
    value_size: int
    dtype: Any

    @property
    def nbytes(self) -> int:
        """Bytes of one token."""
        return int(self.heads * (self.key_size + self.value_size) * self.dtype.size)


class Slab:
    """``rows`` slots of ``capacity`` tokens.

    ``arrays`` are keys and values in turn, layer by layer, each of shape (rows, heads, capacity,
    size). They are replaced, never shared: an update in place needs an array with one owner.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self.rows = 0
        self.capacity = 0
        self.arrays: list[mx.array] = []

    @property
    def token_bytes(self) -> int:
        """Bytes that one token takes in all layers."""
        return sum(layer.nbytes for layer in self.layers)

    @property
    def nbytes(self) -> int:
        """Bytes of all slots, used or not."""
        return self.rows * self.capacity * self.token_bytes

    def reserve(self, rows: int, length: int) -> None:
        """Make room for ``rows`` slots of ``length`` tokens; what is there stays where it is."""
        self._resize(max(self.rows, rows), max(self.capacity, rounded(length, GROWTH)))

    def fit(self, rows: int, length: int) -> None:
        """As ``reserve`` for the longest of all: what is at least twice as long gets shorter.

        Less is kept, so that a slab that grows and shrinks with its requests is seldom copied.
        """
        needed = rounded(length, GROWTH)
        shorter = 2 * needed <= self.capacity
        self._resize(max(self.rows, rows), needed if shorter else max(self.capacity, needed))

    def move(self, source: int, target: int, length: int) -> None:
        """Copy the first ``length`` tokens of one slot into another."""
        for array in self.arrays:
            array[target : target + 1, :, :length] = array[source : source + 1, :, :length]

    def copy(self, source: int, targets: Sequence[int], length: int) -> None:
        """Copy the first ``length`` tokens of one slot into others, read only once."""
        parts, rows = self.read(source, 0, length), mx.array(list(targets))
        mx.eval(parts)  # a slab that waits to be read cannot be updated in place
        for array, part in zip(self.arrays, parts, strict=True):
            array[rows, :, :length] = part

    def write(self, slot: int, start: int, parts: Sequence[mx.array]) -> None:
        """Put keys and values of a run of tokens, (1, heads, tokens, size) each, at ``start``."""
        for array, part in zip(self.arrays, parts, strict=True):
            array[slot : slot + 1, :, start : start + part.shape[2]] = part

    def read(self, slot: int, start: int, end: int) -> list[mx.array]:
        """Copies of keys and values of a run of tokens, as ``write`` takes them."""
        return [mx.contiguous(array[slot : slot + 1, :, start:end]) for array in self.arrays]

    def clear(self) -> None:
        """Give all memory back."""
        self.rows, self.capacity, self.arrays = 0, 0, []

    def _resize(self, rows: int, capacity: int) -> None:
        if (rows, capacity) == (self.rows, self.capacity):
            return
        old, self.arrays = self.arrays, []
        kept = min(capacity, self.capacity)
        for number, (heads, size, dtype) in enumerate(self._shapes()):
            new = mx.zeros((rows, heads, capacity, size), dtype)
            if old:
                new[: self.rows, :, :kept] = old[number][:, :, :kept]
            self.arrays.append(new)
        self.rows, self.capacity = rows, capacity

    def _shapes(self) -> list[tuple[int, int, Any]]:
        return [
            (layer.heads, size, layer.dtype)
            for layer in self.layers
            for size in (layer.key_size, layer.value_size)
        ]


class StepView:
    """One layer while every row gets as many tokens: row i writes from ``offset[i]`` of slot i."""

    def __init__(
        self, keys: mx.array, values: mx.array, offset: mx.array, mask: mx.array, seen: int
    ) -> None:
        self.keys, self.values = keys, values
        self.offset = offset
        self._mask = mask
        self._seen = seen

    def make_mask(self, *_: object, **__: object) -> mx.array:
        """(rows, 1, tokens, seen): what a row has written, up to and with each of its tokens."""
        return self._mask

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Write (rows, heads, tokens, size) and give the first ``seen`` tokens of these slots."""
        width = keys.shape[0]
        rows, places = mx.arange(width)[:, None], self.offset[:, None] + mx.arange(keys.shape[2])
        self.keys[rows, :, places] = keys.swapaxes(1, 2)
        self.values[rows, :, places] = values.swapaxes(1, 2)
        return self.keys[:width, :, : self._seen], self.values[:width, :, : self._seen]


class RunsView:
    """One layer while runs of several requests enter: run i in slot ``slots[i]`` at ``offset[i]``.

    All runs are as long as the longest. What is too much is written behind a request's own tokens
    and overwritten before anything looks at it.
    """

    def __init__(
        self, keys: mx.array, values: mx.array, slots: mx.array, offset: mx.array, mask: mx.array
    ) -> None:
        self.keys, self.values = keys, values
        self.offset = offset
        self._slots = slots
        self._mask = mask

    def make_mask(self, *_: object, **__: object) -> mx.array:
        """(runs, 1, length, seen): each token sees those at its own index and before."""
        return self._mask

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Write (runs, heads, length, size) and give the first ``seen`` tokens of the slots."""
        places = self.offset[:, None] + mx.arange(keys.shape[2])
        rows, seen = self._slots[:, None], self._mask.shape[-1]
        self.keys[rows, :, places] = keys.swapaxes(1, 2)
        self.values[rows, :, places] = values.swapaxes(1, 2)
        return self.keys[self._slots, :, :seen], self.values[self._slots, :, :seen]


class PrefillView:
    """One layer while a run of one request's tokens enters its slot at ``offset``."""

    def __init__(self, keys: mx.array, values: mx.array, slot: int, start: int) -> None:
        self.keys, self.values = keys, values
        self.offset = start
        self._slot = slot

    def make_mask(
        self, length: int, return_array: bool = False, window_size: int | None = None
    ) -> mx.array | str | None:
        """Causal, with the tokens before ``offset`` visible to all."""
        if not return_array:
            return "causal" if length > 1 else None
        ends = mx.arange(self.offset, self.offset + length)
        return mx.arange(self.offset + length)[None] <= ends[:, None]

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Write (1, heads, length, size) and give all tokens of the slot so far."""
        row, end = slice(self._slot, self._slot + 1), self.offset + keys.shape[2]
        self.keys[row, :, self.offset : end] = keys
        self.values[row, :, self.offset : end] = values
        return self.keys[row, :, :end], self.values[row, :, :end]
