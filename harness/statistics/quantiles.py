"""Quantiles that refuse what the sample cannot show."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from harness.statistics.intervals import checked_values

# Between the quartiles a single value is already an answer; outside, a quantile is about a tail.
_TAIL = 0.25


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile, linear between order statistics (Hyndman & Fan, 1996, type 7).

    A tail quantile needs one value expected beyond it: 100 for p99, 10 for p90.

    Raises:
        ValueError: too few values, one that is not finite, or q outside (0, 1).
    """
    if not 0 < q < 1:
        raise ValueError(f"q must lie between 0 and 1, not {q}")
    tail = min(q, 1 - q)
    # The small term keeps 1 / (1 - 0.9) = 10.000000000000002 from asking for 11.
    at_least = 1 if tail >= _TAIL else math.ceil(1 / tail - 1e-6)
    if len(values) < at_least:
        raise ValueError(
            f"the {q:g}-quantile needs at least {at_least} values, not {len(values)}: "
            "with fewer it would be the largest or smallest one"
        )
    return float(np.quantile(checked_values(values, at_least=1), q))
