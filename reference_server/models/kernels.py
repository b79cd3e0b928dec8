"""An emulation of Metal's matrix kernels: row counts of another class sum in another order.

A laboratory for judges of batch divergence on machines without Metal. A product ``x @ w.T`` is
split along the summed axis into as many parts as the row count's class says, each part is rounded
to bfloat16, as the intermediate sums of 16-bit models are, and the parts are added. So a request's
tokens do depend on how many others are beside it, by the rule that is written here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import mlx.nn as nn
from mlx.utils import tree_map_with_path

from reference_server.blas import mx
from reference_server.errors import ModelNotLoaded

# The greatest row count of a class, and the parts that its sums are split into. The borders are
# those of MLX's dense 16-bit kernels from generation 15 on, M3 and later (mlx/backend/metal,
# matmul.cpp): gemv for one row, gemv_wide with 32 lanes up to 5 and with 16 up to 15, steel above.
# The numbers of parts are ours: only that they differ matters.
CLASSES = ((1, 1), (5, 2), (15, 4))
STEEL_PARTS = 8

# What ``LoadedModel.kernels`` says.
NATIVE, AS_ON_METAL = "native", "emulated as on Metal"


def parts_for(rows: int) -> int:
    """Into how many parts a product of so many rows is split."""
    return next((parts for most, parts in CLASSES if rows <= most), STEEL_PARTS)


def product(x: mx.array, weight: mx.array) -> mx.array:
    """``x @ weight.T`` for x (..., inner) and weight (outer, inner), by the class of x's rows."""
    inner = x.shape[-1]
    parts = parts_for(x.size // inner)
    borders = [inner * at // parts for at in range(parts + 1)]
    total = mx.zeros((), x.dtype)
    for low, high in itertools.pairwise(borders):
        part = x[..., low:high] @ weight[:, low:high].T
        total = total + part.astype(mx.bfloat16).astype(x.dtype)
    return total


class EmulatedLinear(nn.Module):  # type: ignore[misc]  # MLX ships no types
    """A linear layer whose product is ``product``."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.weight = layer.weight
        if "bias" in layer:
            self.bias = layer.bias

    def __call__(self, x: mx.array) -> mx.array:
        """x: (..., inner)."""
        made = product(x, self.weight)
        return made + self.bias if "bias" in self else made


class EmulatedEmbedding(nn.Embedding):  # type: ignore[misc]  # MLX ships no types
    """An embedding that, as the head of a model, is ``product``."""

    def __init__(self, layer: nn.Embedding) -> None:
        super().__init__(1, 1)
        self.weight = layer.weight

    def as_linear(self, x: mx.array) -> mx.array:
        """x: (..., hidden) -> (..., vocabulary)."""
        return product(x, self.weight)


EMULATED: dict[type, Callable[[Any], nn.Module]] = {
    nn.Linear: EmulatedLinear,
    nn.Embedding: EmulatedEmbedding,
}


def emulate_metal(model: Any) -> None:  # noqa: ANN401 - mlx-lm's models share no base class
    """Replace a model's linear layers and its embedding, in place.

    Raises:
        ModelNotLoaded: it has no plain linear layer (quantised ones have kernels of other classes).
    """
    replaced = 0

    def other(path: str, module: Any) -> Any:  # noqa: ANN401 - any layer
        nonlocal replaced
        made = EMULATED.get(type(module))
        replaced += made is not None and type(module) is nn.Linear
        return made(module) if made else module

    leaves = tree_map_with_path(other, model.leaf_modules(), is_leaf=nn.Module.is_module)
    if not replaced:
        raise ModelNotLoaded("--emulate-kernels needs a model with linear layers, not quantised.")
    model.update_modules(leaves)
