"""Divergence: the same prompts alone, alone again, and all at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.records import Case, Measurement, Verdict
from harness.suite import Context, Options
from suites.divergence import judge, plan
from suites.divergence.arms import measure_group, measure_temperature


@dataclass(frozen=True)
class Divergence:
    """The suite. A server that is not repeatable when idle is not blamed for its batches."""

    name: str = plan.SUITE
    version: str = "1"
    summary: str = "Whether load changes answers: serial, serial again, concurrent, compared"
    turn: int = 20

    def cases(self, options: Options) -> Sequence[Case]:
        """The precondition, then the groups of prompts."""
        return plan.plan(options.profile)

    def duration_s(self, cases: Sequence[Case]) -> float:
        """Tokens to be asked over the rates of a small model on two cores."""
        return plan.duration_s(cases)

    async def measure(self, case: Case, repeat: int, context: Context) -> Measurement:
        """All arms of one group, or the precondition."""
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        clock = time.perf_counter()
        take = measure_temperature if case.id == plan.TEMPERATURE else measure_group
        values, exchanges = await take(case, context)
        duration_s = time.perf_counter() - clock
        return Measurement(case.id, repeat, started, duration_s, values, exchanges)

    def judge(self, cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
        """One verdict a case, and the one over all prompts."""
        return judge.judge(cases, measurements)


SUITE = Divergence()
