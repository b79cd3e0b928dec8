"""Did the client keep up? Loop lag and CPU share while it generated load."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import perf_counter_ns, thread_time
from types import TracebackType
from typing import Self

from harness.statistics import quantile

# Often enough for 100 samples in half a second, seldom enough to cost under 0.2 % of a core.
INTERVAL_S = 0.005
# A stamp can be late by the loop's lag. 20 ms is the gap of a stream at 50 tokens/s: beyond it the
# client can no longer tell two tokens apart.
LAG_BOUND_S = 0.020
# Share of a window in which the loop may be that late. Requests in flight go on meanwhile, only the
# next ones are sent late, so such delays take no more than this share from a rate: about the spread
# between repetitions on a quiet machine. A bound on a quantile instead would let one or two hiccups
# of a shared machine spoil a short window (of 200 samples the p99 is the third largest).
LATE_BOUND = 0.05
# The loop is one thread, a single-server queue: from 80 % busy on the mean wait exceeds four
# service times (M/M/1: rho / (1 - rho)), so the client's own queue shows in the answers.
CPU_BOUND = 0.80


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The client's own state during a window.

    ``loop_lag_p99_s`` is the maximum when there were fewer than 100 samples: times finer than it
    are not the server's. ``client_cpu_share`` is the share of one core that the loop's thread used,
    ``late_share`` that of the window in which the loop was more than ``LAG_BOUND_S`` late.
    ``client_limited`` is the sentence that forbids ranking these numbers, or None.
    """

    loop_lag_p99_s: float
    client_cpu_share: float
    client_limited: str | None
    late_share: float = 0.0


def assess(lags_s: list[float], cpu_share: float, window_s: float) -> SelfCheck:
    """The judgement on measured lags and CPU share. Pure."""
    enough = len(lags_s) >= 100
    lag_s = quantile(lags_s, 0.99) if enough else max(lags_s, default=0.0)
    late_s = sum(lag for lag in lags_s if lag > LAG_BOUND_S)
    late_share = late_s / window_s if window_s > 0 else 0.0
    reasons = []
    if late_share > LATE_BOUND:
        reasons.append(
            f"its event loop was over {LAG_BOUND_S * 1e3:.0f} ms late for {late_share:.0%} of the "
            f"time (bound {LATE_BOUND:.0%})"
        )
    if cpu_share > CPU_BOUND:
        reasons.append(f"it used {cpu_share:.0%} of its core (bound {CPU_BOUND:.0%})")
    limited = f"The client was the limit: {' and '.join(reasons)}." if reasons else None
    return SelfCheck(lag_s, cpu_share, limited, late_share)


class SelfChecker:
    """Samples the running event loop between enter and exit; then ``result`` is set."""

    def __init__(self) -> None:
        self.result: SelfCheck | None = None
        self._lags_s: list[float] = []
        self._task: asyncio.Task[None] | None = None
        self._cpu_s = 0.0
        self._wall_ns = 0
        self._slept_ns = 0

    async def __aenter__(self) -> Self:
        self._cpu_s, self._wall_ns = thread_time(), perf_counter_ns()
        self._task = asyncio.create_task(self._sample())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        wall_s = (perf_counter_ns() - self._wall_ns) / 1e9
        share = (thread_time() - self._cpu_s) / wall_s if wall_s > 0 else 0.0
        if self._task is not None:
            self._lags_s.append(self._lag_s())  # of the sleep that is cut short here
            self._task.cancel()
            await asyncio.wait([self._task])
        self.result = assess(self._lags_s, share, wall_s)

    async def _sample(self) -> None:
        while True:
            self._slept_ns = perf_counter_ns()  # not loop.time(): uvloop's has 1 ms of resolution
            await asyncio.sleep(INTERVAL_S)
            self._lags_s.append(self._lag_s())

    def _lag_s(self) -> float:
        slept_s = (perf_counter_ns() - (self._slept_ns or self._wall_ns)) / 1e9
        return max(0.0, slept_s - INTERVAL_S)
