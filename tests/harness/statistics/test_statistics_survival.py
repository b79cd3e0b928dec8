from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.statistics import clopper_pearson, survival


def test_an_example_by_hand():
    """Five answers: differences at 5 and 9, ends at 7, 9 and 12."""
    found = survival([5, 7, 9, 9, 12], [True, False, True, False, False])
    assert found.times == (0, 5, 7, 9, 12)
    assert found.shares == pytest.approx((1, 4 / 5, 4 / 5, 4 / 5 * 2 / 3, 4 / 5 * 2 / 3))
    assert (found.n, found.events) == (5, 2)
    # Greenwood at 5: variance 1 / (5 * 4); log-log: 0.8 ** exp(1.96 * sqrt(0.05) / -log(0.8)).
    assert found.lows[1] == pytest.approx(0.2038, abs=1e-4)
    assert found.highs[1] == pytest.approx(0.9692, abs=1e-4)


def test_where_nothing_differs_the_bound_is_that_of_the_answers_left():
    found = survival([10] * 30 + [20] * 10, [False] * 40)
    assert set(found.shares) == {1.0}
    assert found.lows[1] == pytest.approx(clopper_pearson(40, 40).low)
    assert found.lows[2] == pytest.approx(clopper_pearson(10, 10).low)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=60))
def test_a_curve_never_rises_and_lies_in_its_band(answers):
    found = survival([time for time, _ in answers], [event for _, event in answers])
    assert list(found.shares) == sorted(found.shares, reverse=True)
    for share, low, high in zip(found.shares, found.lows, found.highs, strict=True):
        assert 0 <= low <= share + 1e-12
        assert share - 1e-12 <= high <= 1


@pytest.mark.parametrize(("times", "events"), [([], []), ([1], []), ([-1], [True])])
def test_what_is_no_sample_is_refused(times, events):
    with pytest.raises(ValueError, match="as many events as times"):
        survival(times, events)
