"""Contract: the rules that clients rely on, asked one by one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.records import Case, Measurement, Verdict
from harness.suite import Context, Options
from suites.contract import verdicts
from suites.contract.checks import BY_ID, CHECKS
from suites.contract.runner import run

# Reference server, embedded model, two cores: 0.035 when idle, 0.13 when others use the cores.
SECONDS_A_CASE = 0.13


@dataclass(frozen=True)
class Contract:
    """The suite. It fails on MUST rules; what a server refuses clearly is no failure."""

    name: str = verdicts.NAME
    version: str = "1"
    summary: str = "Rules of the OpenAI and Anthropic APIs, each with source, severity and evidence"
    turn: int = 90

    def cases(self, options: Options) -> Sequence[Case]:
        """All rules, harmless ones first; profiles differ in the samples that a check takes."""
        return [check.case(self.name) for check in CHECKS]

    def duration_s(self, cases: Sequence[Case]) -> float:
        """A rough estimate for a small model."""
        return SECONDS_A_CASE * len(cases)

    async def measure(self, case: Case, repeat: int, context: Context) -> Measurement:
        """Ask one rule; after an adversarial request the server must still answer."""
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        clock = time.perf_counter()
        values, exchanges = await run(BY_ID[case.id], context)
        elapsed = time.perf_counter() - clock
        return Measurement(case.id, repeat, started, elapsed, values, exchanges)

    def judge(self, cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
        """One verdict a rule, and the suite's."""
        return verdicts.judge(cases, measurements)


SUITE = Contract()
