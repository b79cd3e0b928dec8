import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.statistics import quantile


@pytest.mark.parametrize(
    ("q", "needed"), [(0.99, 100), (0.9, 10), (0.95, 20), (0.1, 10), (0.01, 100), (0.999, 1000)]
)
def test_a_tail_needs_a_sample_that_shows_it(q, needed):
    values = [float(value) for value in range(needed)]
    assert quantile(values, q) == pytest.approx(float(np.quantile(values, q)))
    with pytest.raises(ValueError, match=f"at least {needed} values, not {needed - 1}"):
        quantile(values[:-1], q)


def test_the_middle_needs_one_value():
    assert quantile([3.0], 0.5) == 3.0
    assert quantile([3.0, 1.0], 0.5) == 2.0
    with pytest.raises(ValueError, match="at least 1"):
        quantile([], 0.5)


@pytest.mark.parametrize("q", [0.0, 1.0, 99, -0.5])
def test_q_lies_between(q):
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile([1.0] * 200, q)


def test_values_are_finite():
    with pytest.raises(ValueError, match="finite"):
        quantile([1.0, math.nan], 0.5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=100, max_size=150))
def test_quantiles_are_monotone_and_inside(values):
    found = [quantile(values, q) for q in (0.01, 0.1, 0.5, 0.9, 0.99)]
    assert found == sorted(found)
    assert min(values) <= found[0]
    assert found[-1] <= max(values)
