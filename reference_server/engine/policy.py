"""How wide a step is, and what that promises: as it comes, or the same bits at any load.

Matrix products of different row counts take different kernels, which sum in different orders. A
request's logits are bit-equal at any load when all its steps are computed by kernels of one class,
its prompt enters in the same runs, and nothing else of the batch reaches its row. Which row counts
are one class is found by trying, at the start, on this machine and with this model's own shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from reference_server.blas import mx
from reference_server.engine.forward import Forward
from reference_server.engine.slab import GROWTH, Slab, rounded
from reference_server.errors import ServerError

Batching: TypeAlias = Literal["adaptive", "invariant", "serial"]

# In invariant mode prompts enter in runs that begin at multiples of this, whoever else enters:
# the same tokens always meet the same shapes. Prefixes are reused in whole runs only.
RUN = 256

# Attention looks at a class of lengths, so that a step's shapes, for which it is compiled, change
# seldom. Steps of an eighth of the length waste a sixteenth of the work on average.
SEEN_STEPS = ((128, 16), (256, 32), (512, 64))
LONG_STEP = 128

# Where rows are compared: within a run, behind one, and behind the first growth of the slab.
LENGTHS = (20, 150, 300)


class NotInvariant(ServerError):
    """Invariant batching cannot be had for this model on this machine."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Rows of a step, ``least`` at least and ``most`` at most; ``run`` tokens enter at a time.

    ``run`` None: prompts enter as the step's budget divides, several together.
    """

    name: Literal["adaptive", "invariant"]
    most: int
    least: int = 1
    run: int | None = None

    def width(self, rows: int) -> int:
        """The number of rows that are computed for so many: 1, 2, and multiples of 4."""
        wide = rows if rows <= 2 else rounded(rows, 4)
        return min(max(wide, self.least), self.most)

    def widths(self) -> list[int]:
        """All numbers of rows that occur."""
        return sorted({self.width(rows) for rows in range(1, self.most + 1)})


def invariant(forward: Forward, most: int) -> Policy:
    """The policy with the least width whose steps are bit-equal to all wider ones, up to ``most``.

    Raises:
        NotInvariant: a row's place or the padding behind it matters, or a lone width is all there
            is.
    """
    widths = Policy("adaptive", most).widths()
    expected = {length: _bits(forward, most, length, seen_class(length + 1)) for length in LENGTHS}
    for length in LENGTHS:
        if _bits(forward, most, length, seen_class(length + 1) + GROWTH) != expected[length]:
            raise NotInvariant(
                f"invariant batching: the padding behind {length} tokens changes a row's bits"
            )
    alike = [most]
    for width in reversed(widths[:-1]):
        if any(_bits(forward, width, n, seen_class(n + 1)) != expected[n] for n in LENGTHS):
            break
        alike.insert(0, width)
    return Policy("invariant", most, alike[0], RUN)


def _bits(forward: Forward, width: int, length: int, seen: int) -> bytes:
    """The bits of a row's logits after ``length`` tokens, computed ``width`` times side by side.

    Raises:
        NotInvariant: the rows, which are all the same request, differ.
    """
    slab = Slab(forward.layers)
    slab.reserve(width, max(seen, length + 1))
    forward.prefill(slab, 0, 0, [1 + at * 37 % 97 for at in range(length)])
    for slot in range(1, width):
        slab.move(0, slot, length)
    mx.eval(slab.arrays)
    logits = forward.step(slab, mx.array([1] * width), mx.array([length] * width), seen)
    rows = [bits_of(row) for row in logits]
    if len(set(rows)) > 1:
        raise NotInvariant(f"invariant batching: a row's place among {width} changes its bits")
    return rows[0]


def bits_of(row: mx.array) -> bytes:
    """The bytes of an array as they are in memory."""
    return bytes(memoryview(mx.contiguous(row.view(mx.uint8))))  # type: ignore[arg-type] # MLX


def seen_class(length: int) -> int:
    """How many tokens attention looks at for the first ``length`` of a slot."""
    step = next((step for limit, step in SEEN_STEPS if length <= limit), LONG_STEP)
    return rounded(length, step)
