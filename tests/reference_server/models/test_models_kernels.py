from __future__ import annotations

import mlx.nn as nn
import pytest

from reference_server.blas import mx
from reference_server.errors import ModelNotLoaded
from reference_server.models.kernels import EmulatedLinear, emulate_metal, parts_for, product
from reference_server.models.load import load_model


def test_the_classes_are_those_of_the_kernels():
    classes = [parts_for(rows) for rows in range(1, 40)]
    borders = [rows for rows in range(2, 40) if classes[rows - 1] != classes[rows - 2]]
    assert borders == [2, 6, 16]


def row_of(rows, x, weight):
    """The first row's product among ``rows`` equal ones."""
    return product(mx.broadcast_to(x, (rows, 1, x.shape[-1])), weight)[0, 0].tolist()


def test_rows_of_one_class_have_the_same_bits_and_of_others_not():
    mx.random.seed(3)
    x, weight = mx.random.normal((1, 1, 160)), mx.random.normal((64, 160))
    found = {rows: row_of(rows, x, weight) for rows in (1, 2, 5, 6, 15, 16, 32)}
    assert found[2] == found[5]
    assert found[6] == found[15]
    assert found[16] == found[32]
    assert len({tuple(found[rows]) for rows in (1, 2, 6, 16)}) == 4
    exact = (x @ weight.T)[0, 0]
    for row in found.values():
        assert mx.abs(mx.array(row) - exact).max() < 0.05 * mx.abs(exact).max()


def test_a_bias_is_added_once():
    layer = nn.Linear(8, 4)
    x = mx.ones((3, 8))
    assert mx.allclose(EmulatedLinear(layer)(x), layer(x), atol=0.05)


def test_every_layer_of_a_model_is_replaced():
    model = load_model(None, emulate_kernels=True)
    left = [type(one) for _, one in model.model.named_modules() if type(one) is nn.Linear]
    assert not left
    assert type(model.model.model.embed_tokens).__name__ == "EmulatedEmbedding"
    assert model.kernels == "emulated as on Metal"
    assert load_model(None).kernels == "native"


def test_quantised_models_are_refused_by_name():
    with pytest.raises(ModelNotLoaded, match="--emulate-kernels"):
        emulate_metal(load_model("embedded-4bit").model)
