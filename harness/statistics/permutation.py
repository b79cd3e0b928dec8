"""Whether two arms differ by more than their own repeats do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def excess_p(
    units: Sequence[tuple[Sequence[Sequence[float]], int]], *, draws: int = 10_000, seed: int = 0
) -> tuple[float, float]:
    """The agreement that is lost between two arms, and the chance of losing that much by luck.

    Each unit is a matrix of pairwise agreements of all its answers, those of the first arm before
    the others, and how many are the first arm's. The statistic of a unit is the mean agreement
    within arms less that between them; it is averaged over units. Under no difference the labels of
    a unit's answers may be exchanged: p counts the draws that reach what was seen, the seen one
    among them (Phipson & Smyth, 2010), so it is never 0.

    Raises:
        ValueError: no units, or one whose arms have not two answers each.
    """
    if not units:
        raise ValueError("needs one unit at least")
    rng = np.random.default_rng(seed)
    seen, drawn = 0.0, np.zeros(draws)
    for matrix, first in units:
        table = np.asarray(matrix, float)
        size = len(table)
        if not 2 <= first <= size - 2:
            raise ValueError("each arm needs two answers at least")
        labels = np.zeros((draws + 1, size), bool)
        labels[0, :first] = True
        orders = rng.permuted(np.tile(np.arange(size), (draws, 1)), axis=1)
        labels[1:] = orders < first
        found = _lost(table, labels)
        seen += found[0]
        drawn += found[1:]
    reached = int((drawn >= seen - 1e-12).sum())  # equal sums in another order
    return seen / len(units), (reached + 1) / (draws + 1)


def _lost(table: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Of each row of labels (draws, answers): agreement within the arms less that between them."""
    np.fill_diagonal(table, 0.0)
    one, other = labels.astype(float), (~labels).astype(float)
    m, n = one.sum(1), other.sum(1)
    inside = ((one @ table) * one).sum(1) / (m * (m - 1))
    outside = ((other @ table) * other).sum(1) / (n * (n - 1))
    between = ((one @ table) * other).sum(1) / (m * n)
    result: np.ndarray = (inside + outside) / 2 - between
    return result
