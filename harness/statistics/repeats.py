"""What repeats of the same units are worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.statistics.intervals import checked_values


def intraclass(units: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The intraclass correlation of repeats, and how many independent values all are worth.

    ``units`` holds the repeats of each unit, the same number of each. One-way analysis of variance
    (Donner & Koval, 1980), cut to 0 to 1; the effective number is ``n k / (1 + (k - 1) icc)``
    (Kish, 1965). Repeats that never differ have a correlation of 1 and add nothing.

    Raises:
        ValueError: fewer than two units or repeats, or unequal numbers of repeats.
    """
    rows = [checked_values(unit, at_least=2) for unit in units]
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < 2 or any(len(row) != k for row in rows):
        raise ValueError("needs two units at least, each with the same number of repeats")
    table = np.asarray(rows)
    between = k * float(np.var(table.mean(axis=1), ddof=1))
    within = float(np.mean(np.var(table, axis=1, ddof=1)))
    spread = between + (k - 1) * within
    icc = 1.0 if spread == 0 else min(1.0, max(0.0, (between - within) / spread))
    return icc, n * k / (1 + (k - 1) * icc)
