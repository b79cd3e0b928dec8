"""Estimates with intervals: arrays in, ``Estimate`` out. No I/O."""

from harness.statistics.bootstrap import bootstrap_mean
from harness.statistics.intervals import clopper_pearson, mean_t, settle_n, wilson
from harness.statistics.quantiles import quantile

__all__ = ["bootstrap_mean", "clopper_pearson", "mean_t", "quantile", "settle_n", "wilson"]
