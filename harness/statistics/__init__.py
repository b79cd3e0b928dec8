"""Estimates with intervals: arrays in, ``Estimate`` out. No I/O."""

from harness.statistics.anytime import beta_mixture
from harness.statistics.bootstrap import bootstrap_mean
from harness.statistics.intervals import clopper_pearson, mean_t, settle_n, wilson
from harness.statistics.permutation import excess_p
from harness.statistics.quantiles import quantile
from harness.statistics.repeats import intraclass
from harness.statistics.survival import Survival, survival

__all__ = [
    "Survival", "beta_mixture", "bootstrap_mean", "clopper_pearson", "excess_p", "intraclass",
    "mean_t", "quantile", "settle_n", "survival", "wilson",
]  # fmt: skip
