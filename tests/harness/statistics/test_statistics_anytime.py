from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.statistics import beta_mixture, clopper_pearson


@given(st.integers(20, 400), st.data())
def test_the_observed_share_lies_within_and_the_price_is_paid(n, data):
    k = data.draw(st.integers(0, n))
    found, fixed = beta_mixture(k, n), clopper_pearson(k, n)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low > fixed.high - fixed.low - 1e-9


def test_88_prompts_without_a_difference_settle_95_percent():
    assert beta_mixture(87, 87).low < 0.95 < beta_mixture(88, 88).low


def test_a_bad_server_is_found_after_a_handful():
    assert beta_mixture(4, 8).high < 0.95


def ever_wrong(bounds, share, runs=200, longest=160, every=4):
    """In how many of the runs some look at the data excludes the true share."""
    draws = np.random.default_rng(11).random((runs, longest)) < share
    counts = draws.cumsum(1)
    looks = range(every, longest + 1, every)
    known = {}
    wrong = 0
    for run in counts:
        for n in looks:
            k = int(run[n - 1])
            low, high = known.setdefault((k, n), (bounds(k, n).low, bounds(k, n).high))
            if not low <= share <= high:
                wrong += 1
                break
    return wrong / runs


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_looking_often_is_paid_for_and_a_fixed_interval_does_not_hold(share):
    # 200 runs: a rate of 0.05 gives 0.1 or more once in a thousand.
    assert ever_wrong(beta_mixture, share) < 0.1
    assert ever_wrong(clopper_pearson, share) > 0.1


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 4), (5, 4)])
def test_counts_that_are_none_are_refused(k, n):
    with pytest.raises(ValueError, match="needs 0 <= k <= n"):
        beta_mixture(k, n)
