"""Kaplan-Meier: the share that is still the same after so many tokens, with a band."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.statistics.intervals import checked_confidence, clopper_pearson


@dataclass(frozen=True, slots=True)
class Survival:
    """Steps: from ``times[i]`` on the share is ``shares[i]``, within ``lows[i]`` and ``highs[i]``.

    ``n`` answers; ``events`` of them differed, the others ended first and are censored there.
    """

    times: tuple[float, ...]
    shares: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    n: int
    events: int


def survival(
    times: Sequence[float], events: Sequence[bool], *, confidence: float = 0.95
) -> Survival:
    """The product-limit estimate (Kaplan & Meier, 1958) with pointwise log-log intervals.

    ``times`` are positions of the first difference where ``events`` is true, else lengths. The
    variance is Greenwood's, transformed by log(-log) so that the band stays within 0 and 1
    (Kalbfleisch & Prentice, 1980). Where nothing has differed yet that variance is zero: the lower
    bound is then Clopper-Pearson's for the answers that got so far.

    Raises:
        ValueError: no times, one below zero, or another number of events.
    """
    from scipy import stats  # here: it takes a second to import, and measuring never needs it

    at, seen = np.asarray(times, float), np.asarray(events, bool)
    if not len(at) or len(at) != len(seen) or not (at >= 0).all():
        raise ValueError("needs as many events as times, one at least, and none below zero")
    curve: Any = stats.ecdf(stats.CensoredData.right_censored(at, ~seen)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no band where nothing differed: see below
        band = curve.confidence_interval(checked_confidence(confidence), method="log-log")
    rows = [(0.0, 1.0, 1.0, 1.0)]
    for i, step in enumerate(curve.quantiles):
        share = float(curve.probabilities[i])
        low, high = float(band.low.probabilities[i]), float(band.high.probabilities[i])
        if not 0 < share < 1:  # no spread to be seen: exact bounds
            left = int((at >= step).sum())
            exact = clopper_pearson(round(share * left), left, confidence=confidence)
            low, high = exact.low, exact.high
        rows.append((float(step), share, low, high))
    columns = tuple(zip(*rows, strict=True))
    return Survival(columns[0], columns[1], columns[2], columns[3], len(at), int(seen.sum()))
