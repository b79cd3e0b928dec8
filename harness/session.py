"""Measure, record, judge: the only place that does it, whichever front end asks.

A front end makes a plan, opens a session on a target that was reached, runs the cases one by one
and finishes. Each measurement is on disk before the next case starts.
"""

from __future__ import annotations

import asyncio
import fnmatch
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from harness import provenance
from harness.errors import HarnessError, TargetDied, UsageError
from harness.reach import Reached
from harness.records import Case, Json, Measurement, RunOutcome, Verdict
from harness.store import RunLog
from harness.suite import Context, Options, Suite

REVIVAL_S = 2.0  # a server that is merely busy accepts a connection within this time


@dataclass(frozen=True, slots=True)
class Plan:
    """The cases that a profile asks of a suite, and those of them that the user selected."""

    suite: Suite
    options: Options
    cases: tuple[Case, ...]
    selected: tuple[Case, ...]

    @property
    def estimate_s(self) -> float:
        """How long the selected cases will take, roughly."""
        return self.suite.duration_s(self.selected)

    @property
    def partial(self) -> bool:
        """Whether the user left cases out."""
        return len(self.selected) < len(self.cases)


def make_plan(suite: Suite, options: Options, globs: Sequence[str] = ()) -> Plan:
    """The suite's cases for these options; ``globs`` over case ids select some of them."""
    cases = tuple(suite.cases(options))
    chosen = tuple(
        case for case in cases if not globs or any(fnmatch.fnmatch(case.id, g) for g in globs)
    )
    return Plan(suite, options, cases, chosen)


def make_plans(suites: Sequence[Suite], options: Options, globs: Sequence[str] = ()) -> list[Plan]:
    """The plans that have something to measure.

    Raises:
        UsageError: a glob matches no case of any suite.
    """
    plans = [make_plan(suite, options, globs) for suite in suites]
    for pattern in globs:
        if not any(fnmatch.fnmatch(case.id, pattern) for plan in plans for case in plan.cases):
            known = ", ".join(case.id for plan in plans for case in plan.cases[:5])
            raise UsageError(
                f"No case matches {pattern!r}.",
                remedy=f"Cases are called {known} …; `harness cases SUITE` lists them all.",
            )
    return [plan for plan in plans if plan.selected]


class Observer(Protocol):
    """Who wants to know how a session gets on: a progress display, a test."""

    def measured(self, case: Case, repeat: int, measurement: Measurement) -> None:
        """One repetition is done and recorded."""
        ...


class Session:
    """One suite on one target: one run file."""

    def __init__(
        self,
        plan: Plan,
        reached: Reached,
        results: Path,
        *,
        command: str = "",
        observer: Observer | None = None,
    ) -> None:
        self.plan = plan
        self.measurements: list[Measurement] = []
        self._reached = reached
        self._observer = observer
        self._log = RunLog.create(
            results,
            _header(plan, reached, command),
            suite=plan.suite.name,
            secrets=reached.secrets,
        )
        self._context = Context(
            target=reached.target,
            client=reached.client,
            options=plan.options,
            note=self._log.note,
            restart=reached.restart,
        )

    @property
    def run_id(self) -> str:
        """The id of the run that is being written."""
        return self._log.run_id

    @property
    def path(self) -> Path:
        """The folder of the run that is being written."""
        return self._log.path

    async def run_case(self, case: Case) -> list[Measurement]:
        """All repetitions of one case, each recorded before the next begins.

        Raises:
            TargetDied: the server does not answer any more; what was measured is recorded.
            StoreError: a record could not be written.
        """
        taken = []
        for repeat in range(case.repeats):
            measurement = await self._measure(case, repeat)
            taken.append(measurement)
            self.measurements.append(measurement)
            self._log.measurement(measurement)
            if self._observer:
                self._observer.measured(case, repeat, measurement)
            if await self._dead(measurement):
                self._log.flush()
                raise TargetDied(
                    f"The server at {self._reached.target.base_url} stopped answering "
                    f"during {case.id}.",
                    remedy=self._look_at(),
                )
        self._log.flush()
        return taken

    def _look_at(self) -> str:
        """For the terminal only: a server's output may hold paths, which no record is to hold."""
        if self._reached.last_words is None:
            return "What was measured is kept; look at the server's log."
        words = self._reached.last_words() or "(none)"
        return f"What was measured is kept. The server's last words: {words}"

    async def _measure(self, case: Case, repeat: int) -> Measurement:
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        clock = time.perf_counter()
        try:
            return await self.plan.suite.measure(case, repeat, self._context)
        except HarnessError as error:
            sentence = str(error)
        except Exception as error:  # noqa: BLE001 - the one boundary: a suite's defect must not lose the run
            sentence = f"The suite itself failed: {type(error).__name__}: {error}"
        elapsed = time.perf_counter() - clock
        return Measurement(case.id, repeat, started, elapsed, error=sentence)

    async def _dead(self, measurement: Measurement) -> bool:
        if measurement.values.get("target_dead"):
            return True
        broken = measurement.error is not None or any(
            exchange.error in ("connect", "reset") for exchange in measurement.exchanges
        )
        if not broken:
            return False
        deadline = time.monotonic() + REVIVAL_S
        while time.monotonic() < deadline:
            if await self._reached.client.reachable():
                return False
            await asyncio.sleep(0.1)
        return True

    def finish(self, outcome: RunOutcome = "complete", reason: str = "") -> list[Verdict]:
        """Judge what was measured, record the verdicts and seal the run.

        Raises:
            StoreError: the verdicts or the seal could not be written.
        """
        if reason:
            self._log.note(reason, kind="ended")
        verdicts = self.judge(outcome)
        for verdict in verdicts:
            self._log.verdict(verdict)
        self._log.seal(outcome)
        return verdicts

    def judge(self, outcome: RunOutcome = "complete") -> list[Verdict]:
        """The suite's verdicts; none about the suite passes on a part of the plan."""
        if not self.measurements:
            return [_nothing_measured(self.plan.suite.name)]
        verdicts = self.plan.suite.judge(self.plan.selected, self.measurements)
        measured = {measurement.case_id for measurement in self.measurements}
        if outcome == "complete" and len(measured) == len(self.plan.cases):
            return verdicts
        told = f"only {len(measured)} of {len(self.plan.cases)} cases were measured"
        return [_limited(verdict, told) for verdict in verdicts]

    def abort(self) -> None:
        """Close the file without a seal: the run stays readable and counts as interrupted."""
        self._log.close()


def _limited(verdict: Verdict, told: str) -> Verdict:
    if verdict.case_id is not None or verdict.outcome != "pass":
        return verdict
    return replace(verdict, outcome="inconclusive", reason=f"{told}; {verdict.reason}")


def _nothing_measured(suite: str) -> Verdict:
    return Verdict(suite, "inconclusive", "no case was measured")


def _header(plan: Plan, reached: Reached, command: str) -> dict[str, Json]:
    cases: list[Json] = [
        {"id": case.id, "repeats": case.repeats, "parameters": dict(case.parameters)}
        for case in plan.selected
    ]
    header: dict[str, Json] = {
        "suite_version": plan.suite.version,
        "profile": plan.options.profile,
        "options": dict(plan.options.settings),
        "plan": cases,
        "plan_hash": provenance.hashed(cases),
        "planned_cases": len(plan.cases),
        "estimate_s": round(plan.estimate_s, 1),
        "command": command,
        "target": {
            "base_url": reached.target.base_url,
            "model": reached.target.model,
            "dialect": reached.target.dialect,
            "backend": reached.target.backend,
        },
        "provenance": provenance.collect(server=reached.server, model_path=reached.model_path),
    }
    header["identity"] = provenance.identity({"suite": plan.suite.name, **header})
    header["identity_hash"] = provenance.hashed(header["identity"])
    return header


def exit_code(verdicts: Sequence[Verdict]) -> int:
    """0 when the suites' verdicts passed, 1 when one failed, 3 when some stayed open.

    A skip (does not apply to this server) is no open question, unless there is nothing else.
    """
    outcomes = {verdict.outcome for verdict in verdicts if verdict.case_id is None}
    if "fail" in outcomes:
        return 1
    return 0 if "pass" in outcomes and "inconclusive" not in outcomes else 3
