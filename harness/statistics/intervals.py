"""Intervals for proportions and means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean

import numpy as np
from scipy import special

from harness.records import Estimate


def clopper_pearson(k: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """k successes of n: the exact interval, never narrower than stated (Clopper & Pearson, 1934).

    Raises:
        ValueError: unless 0 <= k <= n, n >= 1 and 0 < confidence < 1.
    """
    check_counts(k, n)
    tail = (1 - checked_confidence(confidence)) / 2
    low = 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(special.betaincinv(k + 1, n - k, 1 - tail))
    return Estimate(k / n, low, high, n, "clopper-pearson", "proportion", confidence)


def wilson(k: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """k successes of n: the score interval, right on average (Wilson, 1927).

    Raises:
        ValueError: unless 0 <= k <= n, n >= 1 and 0 < confidence < 1.
    """
    check_counts(k, n)
    z = NormalDist().inv_cdf((1 + checked_confidence(confidence)) / 2)
    share, z2 = k / n, z * z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At k = 0 and k = n the bound is exactly 0 or 1; only rounding says otherwise.
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if k == n else min(1.0, centre + half)
    return Estimate(share, low, high, n, "wilson", "proportion", confidence)


def mean_t(values: Sequence[float], *, unit: str = "", confidence: float = 0.95) -> Estimate:
    """The mean of independent values with Student's t interval.

    Equal values give a zero width: ``method`` then says that no spread was seen.

    Raises:
        ValueError: fewer than 2 values, or one that is not finite.
    """
    sample = checked_values(values, at_least=2)
    n, mean = len(sample), fmean(sample)
    error = float(np.std(sample, ddof=1)) / math.sqrt(n)
    half = float(special.stdtrit(n - 1, (1 + checked_confidence(confidence)) / 2)) * error
    method = "t" if min(sample) < max(sample) else f"t (no spread in {n} values)"
    return Estimate(mean, mean - half, mean + half, n, method, unit, confidence)


def settle_n(threshold: float, *, confidence: float = 0.95) -> int:
    """How many units, all passing, lift Clopper-Pearson's lower bound above a threshold.

    With k = n the bound is ``(alpha / 2) ** (1 / n)``.

    Raises:
        ValueError: unless 0 < threshold < 1 and 0 < confidence < 1.
    """
    if not 0 < threshold < 1:
        raise ValueError(f"threshold must lie between 0 and 1, not {threshold}")
    tail = (1 - checked_confidence(confidence)) / 2
    n = max(1, math.floor(math.log(tail) / math.log(threshold)))
    while clopper_pearson(n, n, confidence=confidence).low <= threshold:
        n += 1
    return n


def checked_values(values: Sequence[float], *, at_least: int) -> list[float]:
    """The values as floats.

    Raises:
        ValueError: too few, or one that is not finite.
    """
    sample = [float(value) for value in values]
    if len(sample) < at_least:
        raise ValueError(f"needs at least {at_least} values, not {len(sample)}")
    if not all(math.isfinite(value) for value in sample):
        raise ValueError("all values must be finite numbers")
    return sample


def checked_confidence(confidence: float) -> float:
    """The confidence, unless it is no probability.

    Raises:
        ValueError: it does not lie between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    return confidence


def check_counts(k: int, n: int) -> None:
    """Refuse counts that are none.

    Raises:
        ValueError: unless 0 <= k <= n and n >= 1.
    """
    if n < 1 or not 0 <= k <= n:
        raise ValueError(f"needs 0 <= k <= n and n >= 1, not k = {k}, n = {n}")
