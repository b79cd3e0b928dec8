"""Measure, record, judge: what is on disk after every way in which a run can end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from harness import store
from harness.errors import TargetDied, UsageError
from harness.reach import Reached
from harness.records import Case, Measurement, Target, Verdict
from harness.session import Session, exit_code, make_plans
from harness.suite import Context, Options
from harness.wire import Client

TARGET = Target("http://127.0.0.1:9/v1", "m")  # port 9 (discard): nothing listens there
SERVER = {"name": "fake", "version": "1", "command": "none", "url": TARGET.base_url}


def nothing(case: Case, repeat: int) -> None:
    """A question that goes well."""


@dataclass(frozen=True)
class Questions:
    """A suite of three cases; ``ask`` may raise or mark the target dead."""

    ask: Callable[[Case, int], None] = nothing
    dead_at: str | None = None
    name: str = "questions"
    version: str = "1"
    summary: str = "for tests"
    turn: int = 0
    asked: list[str] = field(default_factory=list)

    def cases(self, options: Options) -> Sequence[Case]:
        return [Case(f"q-{n}", self.name, f"question {n}", {"n": n}, repeats=n) for n in (1, 2, 3)]

    def duration_s(self, cases: Sequence[Case]) -> float:
        return float(len(cases))

    async def measure(self, case: Case, repeat: int, context: Context) -> Measurement:
        self.asked.append(case.id)
        self.ask(case, repeat)
        values = {"n": repeat, "target_dead": True} if case.id == self.dead_at else {"n": repeat}
        return Measurement(case.id, repeat, "2026-01-01T00:00:00Z", 0.0, values)

    def judge(self, cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
        outcomes = {m.case_id: "fail" if m.error else "pass" for m in measurements}
        told = [Verdict(c, o, "as measured", case_id=c) for c, o in outcomes.items()]  # type: ignore[arg-type]
        worst = "fail" if "fail" in outcomes.values() else "pass"
        return [*told, Verdict("questions", worst, f"{len(measurements)} measured")]


def run(
    suite: Questions, results: Path, globs: Sequence[str] = ()
) -> tuple[Session, list[Verdict]]:
    plan = make_plans([suite], Options(), globs)[0]

    async def everything() -> tuple[Session, list[Verdict]]:
        async with Client(TARGET) as client:
            session = Session(plan, Reached(TARGET, client, SERVER), results, command="test")
            try:
                for case in plan.selected:
                    await session.run_case(case)
            except TargetDied as error:
                return session, session.finish("failed", str(error))
            return session, session.finish()

    return asyncio.run(everything())


def test_every_repetition_is_recorded_and_the_run_is_sealed(tmp_path: Path) -> None:
    session, verdicts = run(Questions(), tmp_path)
    read = store.read(session.path)
    assert [(m.case_id, m.repeat) for m in read.measurements] == [
        ("q-1", 0), ("q-2", 0), ("q-2", 1), ("q-3", 0), ("q-3", 1), ("q-3", 2),
    ]  # fmt: skip
    assert read.outcome == "complete"
    assert read.measurements == tuple(session.measurements)
    assert [v.outcome for v in verdicts] == [v.outcome for v in read.verdicts] == ["pass"] * 4
    assert exit_code(verdicts) == 0
    assert store.verify(session.path) == []


def test_a_selection_cannot_pass_for_the_whole(tmp_path: Path) -> None:
    _, verdicts = run(Questions(), tmp_path, ["q-1", "q-2"])
    suite = verdicts[-1]
    assert suite.outcome == "inconclusive"
    assert "only 2 of 3 cases" in suite.reason
    assert [v.outcome for v in verdicts[:-1]] == ["pass", "pass"]
    assert exit_code(verdicts) == 3


def test_a_selection_that_fails_stays_failed(tmp_path: Path) -> None:
    def wrong(case: Case, repeat: int) -> None:
        raise ValueError("a defect of the suite")

    _, verdicts = run(Questions(wrong), tmp_path, ["q-1"])
    assert verdicts[-1].outcome == "fail"
    assert exit_code(verdicts) == 1


def test_a_defect_in_one_case_does_not_lose_the_others(tmp_path: Path) -> None:
    def wrong(case: Case, repeat: int) -> None:
        if case.id == "q-2":
            raise KeyError("choices")

    session, _ = run(Questions(wrong), tmp_path)
    # nothing listens at the target, so the broken case ends the run; what went before is kept
    read = store.read(session.path)
    assert [m.case_id for m in read.measurements] == ["q-1", "q-2"]
    assert "KeyError" in (read.measurements[1].error or "")
    assert read.outcome == "failed"


def test_a_dead_target_ends_the_run_and_keeps_what_was_measured(tmp_path: Path) -> None:
    suite = Questions(dead_at="q-2")
    session, verdicts = run(suite, tmp_path)
    read = store.read(session.path)
    assert suite.asked == ["q-1", "q-2"]
    assert len(read.measurements) == 2
    assert read.outcome == "failed"
    assert verdicts[-1].outcome == "inconclusive"
    assert any("stopped answering during q-2" in str(note) for note in read.notes)


@pytest.mark.parametrize(
    ("last_words", "told"), [(None, "look at the server's log"), (lambda: "Boom.", "words: Boom.")]
)
def test_a_server_that_was_started_here_is_quoted(
    tmp_path: Path, last_words: Callable[[], str] | None, told: str
) -> None:
    suite = Questions(dead_at="q-1")
    plan = make_plans([suite], Options())[0]

    async def everything() -> None:
        async with Client(TARGET) as client:
            reached = Reached(TARGET, client, SERVER, last_words=last_words)
            session = Session(plan, reached, tmp_path)
            try:
                await session.run_case(plan.selected[0])
            finally:
                session.abort()

    with pytest.raises(TargetDied) as died:
        asyncio.run(everything())
    assert told in died.value.remedy


def test_a_glob_that_matches_nothing_is_named() -> None:
    with pytest.raises(UsageError, match="No case matches 'x-9'"):
        make_plans([Questions()], Options(), ["q-1", "x-9"])


def test_exit_codes_follow_the_suites_verdicts_alone() -> None:
    passed = Verdict("s", "pass", "")
    case = Verdict("c", "fail", "", case_id="c")
    assert exit_code([passed, case]) == 0
    assert exit_code([passed, replace(case, case_id=None)]) == 1
    assert exit_code([passed, replace(passed, outcome="inconclusive")]) == 3
    assert exit_code([passed, replace(passed, outcome="skip")]) == 0


def test_a_skip_alone_proves_nothing() -> None:
    skipped, passed = Verdict("a", "skip", ""), Verdict("b", "pass", "")
    assert exit_code([skipped]) == 3
    assert exit_code([skipped, passed]) == 0
