import math
import statistics

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from harness.statistics import bootstrap_mean, clopper_pearson, mean_t, settle_n, wilson

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=25)


def covered(hits: int, draws: int, at_least: float) -> bool:
    """True unless so few hits have a probability under 1e-4 when the coverage is ``at_least``."""
    return stats.binomtest(hits, draws, at_least, alternative="less").pvalue > 1e-4


def percent(estimate) -> tuple[float, float]:
    return round(100 * estimate.low, 1), round(100 * estimate.high, 1)


def test_golden_numbers():
    assert percent(wilson(9, 9)) == (70.1, 100.0)
    assert percent(clopper_pearson(8, 10)) == (44.4, 97.5)
    assert percent(clopper_pearson(6, 10)) == (26.2, 87.8)
    assert percent(clopper_pearson(9, 9)) == (66.4, 100.0)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 9), (3, 9), (9, 9), (50, 60), (1, 1000)])
def test_against_scipy(k, n, confidence):
    for ours, name in ((clopper_pearson, "exact"), (wilson, "wilson")):
        theirs = stats.binomtest(k, n).proportion_ci(confidence, method=name)
        estimate = ours(k, n, confidence=confidence)
        assert (estimate.low, estimate.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
        assert (estimate.value, estimate.n, estimate.confidence) == (k / n, n, confidence)


@settings(max_examples=100, deadline=None)
@given(COUNTS, st.floats(0.5, 0.999))
def test_proportions_stay_in_order_and_never_have_no_width(counts, confidence):
    for interval in (clopper_pearson, wilson):
        one = interval(*counts, confidence=confidence)
        assert 0 <= one.low <= one.value <= one.high <= 1
        assert one.low < one.high


@settings(max_examples=100, deadline=None)
@given(COUNTS)
def test_one_more_success_raises_both_bounds(counts):
    k, n = counts
    assume(k < n)
    for interval in (clopper_pearson, wilson):
        less, more = interval(k, n), interval(k + 1, n)
        assert less.low <= more.low
        assert less.high <= more.high


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_failures_mirror_successes(counts):
    k, n = counts
    for interval in (clopper_pearson, wilson):
        one, mirrored = interval(k, n), interval(n - k, n)
        assert one.low == pytest.approx(1 - mirrored.high, abs=1e-9)


@pytest.mark.parametrize(("n", "p"), [(10, 0.9), (25, 0.5), (60, 0.98)])
def test_coverage_of_proportions_is_exact(n, p):
    """Summed over all outcomes: no simulation needed."""
    weight = stats.binom.pmf(range(n + 1), n, p)
    for interval, floor in ((clopper_pearson, 0.95), (wilson, 0.90)):
        intervals = [interval(k, n) for k in range(n + 1)]
        held = sum(w for one, w in zip(intervals, weight, strict=True) if one.low <= p <= one.high)
        assert held >= floor
    # The negative control: the interval of twice the tail must not reach 95 % everywhere.
    narrow = [clopper_pearson(k, n, confidence=0.6) for k in range(n + 1)]
    held = sum(w for one, w in zip(narrow, weight, strict=True) if one.low <= p <= one.high)
    assert held < 0.95


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (0, 0)])
def test_impossible_counts_are_refused(k, n):
    for interval in (clopper_pearson, wilson):
        with pytest.raises(ValueError, match="0 <= k <= n"):
            interval(k, n)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_impossible_confidence_is_refused(confidence):
    for call in (
        lambda: clopper_pearson(1, 2, confidence=confidence),
        lambda: wilson(1, 2, confidence=confidence),
        lambda: mean_t([1, 2], confidence=confidence),
        lambda: settle_n(0.9, confidence=confidence),
        lambda: bootstrap_mean([1, 1], confidence=confidence),
        lambda: bootstrap_mean([0, 1], confidence=confidence),
    ):
        with pytest.raises(ValueError, match="confidence"):
            call()


def test_mean_t_against_scipy():
    values = [3.0, 4.5, 2.0, 8.0]
    theirs = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    one = mean_t(values, unit="s")
    assert (one.low, one.high) == pytest.approx((theirs.low, theirs.high))
    assert (one.value, one.n, one.method, one.unit) == (statistics.mean(values), 4, "t", "s")


def test_mean_t_says_when_it_saw_no_spread():
    assert mean_t([2.0, 2.0, 2.0]).method == "t (no spread in 3 values)"


@pytest.mark.parametrize("values", [[], [1.0], [1.0, math.nan], [1.0, math.inf]])
def test_mean_t_refuses(values):
    with pytest.raises(ValueError, match=r"at least 2|finite"):
        mean_t(values)


def test_coverage_of_mean_t():
    rng = np.random.default_rng(1)
    samples = rng.normal(5, 2, (400, 6))
    hits = sum(one.low <= 5 <= one.high for one in map(mean_t, samples.tolist()))
    assert covered(hits, 400, 0.95)
    narrow = [mean_t(sample, confidence=0.8) for sample in samples.tolist()]
    assert not covered(sum(one.low <= 5 <= one.high for one in narrow), 400, 0.95)


def test_bootstrap_golden_numbers():
    """Agreement by prompt of a published run whose own interval had no width (97.857 %)."""
    agreement = [0.9643, 1, 1, 1, 1, 1, 1, 0.8214, 1, 1]
    one = bootstrap_mean(agreement)
    assert one.value == pytest.approx(0.97857)
    assert one.low == pytest.approx(0.911, abs=0.005)
    assert one.high == 1.0
    assert (one.n, one.method) == (10, "bca bootstrap, 10000 draws")


def test_bootstrap_is_reproducible_and_the_seed_matters():
    values = list(np.random.default_rng(3).uniform(size=12))
    first, again = bootstrap_mean(values, draws=500), bootstrap_mean(values, draws=500)
    assert first == again
    assert bootstrap_mean(values, draws=500, seed=1) != first


@settings(max_examples=60, deadline=None)
@given(SHARES)
def test_bootstrap_stays_in_order_and_never_has_no_width(values):
    one = bootstrap_mean(values, draws=200)
    assert -1e-12 <= one.low <= one.value <= one.high <= 1 + 1e-12
    assert one.low < one.high


@pytest.mark.parametrize("value", [0.0, 0.4, 1.0])
def test_equal_values_get_an_exact_bound(value):
    one = bootstrap_mean([value] * 20)
    share = clopper_pearson(20, 20).low
    assert one.method == "exact bound, 20 equal values"
    assert one.low == pytest.approx(share * value)
    assert one.high == pytest.approx(share * value + 1 - share)
    wider = bootstrap_mean([value] * 10)
    assert wider.high - wider.low > one.high - one.low


def test_equal_values_need_bounds_when_they_are_no_shares():
    with pytest.raises(ValueError, match="bounds"):
        bootstrap_mean([5.0, 5.0])
    one = bootstrap_mean([5.0, 5.0], bounds=(0, 10))
    assert one.low < 5 < one.high
    assert bootstrap_mean([5.0, 6.0, 7.5]).low < 6.2


@pytest.mark.parametrize(
    ("values", "bounds"), [([], None), ([math.nan], None), ([0.5, 1.5], (0.0, 1.0))]
)
def test_bootstrap_refuses(values, bounds):
    with pytest.raises(ValueError, match=r"at least 1|finite|bounds"):
        bootstrap_mean(values, bounds=bounds)


def test_coverage_of_the_bootstrap():
    """BCa under-covers a little at n = 30; 90 % is what is asked, 80 % intervals must miss it."""
    rng = np.random.default_rng(7)
    samples = rng.beta(8, 2, (150, 30)).tolist()
    wide = [bootstrap_mean(sample, draws=600, seed=1) for sample in samples]
    assert covered(sum(one.low <= 0.8 <= one.high for one in wide), 150, 0.90)
    narrow = [bootstrap_mean(sample, draws=600, confidence=0.6) for sample in samples]
    assert not covered(sum(one.low <= 0.8 <= one.high for one in narrow), 150, 0.90)


@pytest.mark.parametrize(("threshold", "n"), [(0.9, 36), (0.95, 72), (0.99, 368)])
def test_settle_n(threshold, n):
    assert settle_n(threshold) == n
    assert clopper_pearson(n, n).low > threshold >= clopper_pearson(n - 1, n - 1).low


@settings(max_examples=60, deadline=None)
@given(st.floats(0.001, 0.99))
def test_settle_n_is_the_smallest(threshold):
    n = settle_n(threshold)
    assert clopper_pearson(n, n).low > threshold
    assert n == 1 or clopper_pearson(n - 1, n - 1).low <= threshold


@pytest.mark.parametrize("threshold", [0, 1, 1.5, -0.1])
def test_settle_n_refuses(threshold):
    with pytest.raises(ValueError, match="threshold"):
        settle_n(threshold)
