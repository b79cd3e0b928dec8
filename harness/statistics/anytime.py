"""A confidence sequence: bounds that hold at every sample size at once.

Whoever looks after every batch of prompts and stops when an interval of fixed n clears a threshold
is wrong more often than the interval says. These bounds may be looked at as often as one likes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import optimize, special

from harness.records import Estimate
from harness.statistics.intervals import check_counts, checked_confidence

# Where the mixture expects the share: near one, as a server without divergence has it, or anywhere.
# Beta(20, 1/2) costs 16 prompts more than a fixed sample of 72 when all of them agree; the uniform
# half lets a bad server be found after a handful. Any prior is valid; these decide only how soon.
PRIORS = ((20.0, 0.5), (1.0, 1.0))


def beta_mixture(k: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """k successes of n so far: the set of shares that a bet against them has not refuted.

    The likelihood under a mixture of Beta priors over that under a share p is a martingale when p
    is true, so it exceeds ``1 / alpha`` at any time with probability alpha at most (Ville, 1939;
    Robbins, 1970; Howard et al., 2021, "Time-uniform, nonparametric, nonasymptotic confidence
    sequences", proposition 7).

    Raises:
        ValueError: unless 0 <= k <= n, n >= 1 and 0 < confidence < 1.
    """
    check_counts(k, n)
    alpha = 1 - checked_confidence(confidence)
    ways = [
        special.betaln(a + k, b + n - k) - special.betaln(a, b) - math.log(len(PRIORS))
        for a, b in PRIORS
    ]
    limit = float(special.logsumexp(ways)) + math.log(alpha)

    def left(p: float) -> float:
        """Above zero where p is not refuted."""
        return float(special.xlogy(k, p) + special.xlog1py(n - k, -p)) - limit

    share = k / n
    low = 0.0 if k == 0 else _root(left, 0.0, share)
    high = 1.0 if k == n else _root(left, share, 1.0)
    return Estimate(share, low, high, n, "beta-mixture sequence", "proportion", confidence)


def _root(left: Callable[[float], float], low: float, high: float) -> float:
    """Where it crosses zero between a refuted end and the observed share, which never is."""
    edge = 1e-12  # of the open interval: log(0)
    return float(optimize.brentq(left, max(low, edge), min(high, 1 - edge)))
