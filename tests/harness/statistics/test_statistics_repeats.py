from __future__ import annotations

import numpy as np
import pytest

from harness.statistics import excess_p, intraclass


def test_repeats_that_never_differ_add_nothing():
    icc, worth = intraclass([[1] * 5] * 8 + [[0] * 5] * 2)
    assert (icc, worth) == (1.0, 10.0)


def test_independent_repeats_are_worth_their_number():
    table = np.random.default_rng(4).random((400, 5))
    icc, worth = intraclass(table.tolist())
    assert icc < 0.05
    assert worth > 1600


def test_a_known_correlation():
    """A unit's own value plus noise of the same variance: a correlation of one half."""
    rng = np.random.default_rng(5)
    table = rng.normal(size=(2000, 1)) + rng.normal(size=(2000, 4))
    icc, worth = intraclass(table.tolist())
    assert icc == pytest.approx(0.5, abs=0.05)
    assert worth == pytest.approx(8000 / 2.5, rel=0.1)


@pytest.mark.parametrize("units", [[], [[1, 1]], [[1], [0]], [[1, 0], [1, 0, 1]]])
def test_too_little_is_refused(units):
    with pytest.raises(ValueError, match="at least"):
        intraclass(units)


def unit(between, size=4, within=1.0):
    matrix = np.full((size, size), between)
    half = size // 2
    matrix[:half, :half] = matrix[half:, half:] = within
    return matrix.tolist(), half


def test_arms_that_differ_are_told_from_arms_that_do_not():
    lost, p = excess_p([unit(0.6)] * 12, draws=2000)
    assert lost == pytest.approx(0.4)
    assert p == pytest.approx(1 / 2001)
    lost, p = excess_p([unit(1.0)] * 12, draws=2000)
    assert (lost, p) == (0.0, 1.0)


def test_labels_that_mean_nothing_give_even_chances():
    rng, found = np.random.default_rng(6), []
    for seed in range(200):
        units = []
        for _ in range(6):
            matrix = rng.random((6, 6))
            units.append((((matrix + matrix.T) / 2).tolist(), 3))
        found.append(excess_p(units, draws=200, seed=seed)[1])
    # 200 runs: a rate of 0.05 gives above 0.11 once in a thousand.
    assert np.mean(np.asarray(found) <= 0.05) < 0.11
    assert 0.4 < np.mean(found) < 0.6


@pytest.mark.parametrize("units", [[], [([[1.0]], 1)], [(np.ones((3, 3)).tolist(), 2)]])
def test_arms_without_repeats_are_refused(units):
    with pytest.raises(ValueError, match="at least"):
        excess_p(units)
