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
# The loop is one thread, a single-server queue: from 80 % busy on the mean wait exceeds four
# service times (M/M/1: rho / (1 - rho)), so the client's own queue shows in the answers.
CPU_BOUND = 0.80


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The client's own state during a window.

    ``loop_lag_p99_s`` is the maximum when there were fewer than 100 samples.
    ``client_cpu_share`` is the share of one core that the loop's thread used. ``client_limited``
    is the sentence that forbids ranking these numbers, or None.
    """

    loop_lag_p99_s: float
    client_cpu_share: float
    client_limited: str | None


def assess(lags_s: list[float], cpu_share: float) -> SelfCheck:
    """The judgement on measured lags and CPU share. Pure."""
    enough = len(lags_s) >= 100
    lag_s = quantile(lags_s, 0.99) if enough else max(lags_s, default=0.0)
    reasons = []
    if lag_s > LAG_BOUND_S:
        bound_ms = LAG_BOUND_S * 1e3
        reasons.append(f"its event loop was {lag_s * 1e3:.1f} ms late (bound {bound_ms:.0f} ms)")
    if cpu_share > CPU_BOUND:
        reasons.append(f"it used {cpu_share:.0%} of its core (bound {CPU_BOUND:.0%})")
    limited = f"The client was the limit: {' and '.join(reasons)}." if reasons else None
    return SelfCheck(lag_s, cpu_share, limited)


class SelfChecker:
    """Samples the running event loop between enter and exit; then ``result`` is set."""

    def __init__(self) -> None:
        self.result: SelfCheck | None = None
        self._lags_s: list[float] = []
        self._task: asyncio.Task[None] | None = None
        self._cpu_s = 0.0
        self._wall_ns = 0

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
            self._task.cancel()
            await asyncio.wait([self._task])
        self.result = assess(self._lags_s, share)

    async def _sample(self) -> None:
        while True:
            slept_ns = perf_counter_ns()  # not loop.time(): uvloop's has a resolution of 1 ms
            await asyncio.sleep(INTERVAL_S)
            slept_s = (perf_counter_ns() - slept_ns) / 1e9
            self._lags_s.append(max(0.0, slept_s - INTERVAL_S))
