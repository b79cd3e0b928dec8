"""`pytest suites/`: each case of a suite is a test item, its verdict the last one.

Measures through the same Session as the command line and writes the same records. Without
``--base-url`` it starts the reference server, as ``harness run`` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from harness.errors import HarnessError, StoreError, TargetDied, TargetError, UsageError
from harness.reach import Choice, Reached, reach
from harness.records import Case, Profile, RunOutcome, Verdict
from harness.runner import loop_factory
from harness.session import Plan, Session, make_plan
from harness.suite import Options, Suite, find

if TYPE_CHECKING:
    from _pytest._code.code import ExceptionInfo, TerminalRepr

_STATE = pytest.StashKey["Measuring"]()
_PROFILES = ("quick", "standard", "full")
_WORSE = ("pass", "skip", "inconclusive", "fail")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Options of the suites; ``--base-url`` is left to pytest-base-url where that is installed."""
    group = parser.getgroup("harness", "measuring LLM servers")
    if not pluginmanager.hasplugin("base_url"):
        group.addoption("--base-url", help="a server that runs, e.g. http://127.0.0.1:8000/v1")
    group.addoption("--model", help="the model id that requests name")
    group.addoption("--backend", default="reference", help="the server to start without --base-url")
    group.addoption("--dialect", default="openai", choices=("openai", "anthropic"))
    group.addoption("--api-key-env", help="the environment variable that holds the API key")
    group.addoption("--profile", default="quick", choices=_PROFILES)
    group.addoption("--results", default="results", help="where runs are written")


def pytest_configure(config: pytest.Config) -> None:
    """Make the place in which a run keeps its target and its sessions."""
    config.stash[_STATE] = Measuring(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """``suite.py`` of an installed suite becomes a collector of its cases."""
    if file_path.name != "suite.py" or file_path.parent.parent.name != "suites":
        return None
    return SuiteFile.from_parent(parent, path=file_path)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the suites by their turns, and note which cases -k and friends have left.

    A part of a plan proves nothing about all of it.
    """
    items.sort(key=lambda item: item.turn if isinstance(item, SuiteItem) else 0)
    measuring = config.stash[_STATE]
    for item in items:
        if isinstance(item, CaseItem):
            measuring.select(item.suite_name, item.case)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Seal what is still open (Ctrl-C, -x) and stop the server."""
    session.config.stash[_STATE].close()


class Measuring:
    """The one target and the open session of a pytest run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._runner: asyncio.Runner | None = None
        self._stack = AsyncExitStack()
        self._reached: Reached | None = None
        self._failure: TargetError | None = None
        self._selected: dict[str, list[Case]] = {}
        self._open: dict[str, Session] = {}

    def select(self, suite: str, case: Case) -> None:
        """This case will be measured, unless pytest stops before."""
        self._selected.setdefault(suite, []).append(case)

    def plan(self, suite: str) -> Plan:
        """The whole plan of a suite in the profile that was asked for."""
        profile = cast("Profile", self._config.getoption("--profile"))
        plan = make_plan(find(suite), Options(profile=profile))
        selected = tuple(self._selected.get(suite, plan.cases))
        return Plan(plan.suite, plan.options, plan.cases, selected)

    def measure(self, suite: str, case: Case) -> Verdict:
        """Measure a case once; asked again (a re-run), give the recorded answer."""
        session = self._session(suite)
        done = {measurement.case_id for measurement in session.measurements}
        if case.id not in done:
            self._run(session, case)
        verdicts = [v for v in session.judge() if v.case_id == case.id]
        return verdicts[0]

    def _run(self, session: Session, case: Case) -> None:
        if self._runner is None:
            raise TargetDied("The server stopped answering in an earlier case.")
        try:
            self._runner.run(session.run_case(case))
        except TargetError as error:
            self._failure = error
            self.seal(session.plan.suite.name, "failed", error.sentence)
            raise
        except StoreError:
            session.abort()
            self._open.pop(session.plan.suite.name, None)
            raise

    def _session(self, suite: str) -> Session:
        if self._failure:
            raise self._failure
        if hasattr(self._config, "workerinput"):  # a worker of pytest-xdist
            raise UsageError(
                "Suites measure time, and workers would disturb each other.",
                remedy="Run them without pytest-xdist: -n 0.",
            )
        if suite not in self._open:
            results = Path(self._config.getoption("--results"))
            self._open[suite] = Session(
                self.plan(suite), self._reach(), results, command="pytest suites/"
            )
        return self._open[suite]

    def _reach(self) -> Reached:
        if self._reached is None:
            self._runner = asyncio.Runner(loop_factory=loop_factory)
            option = self._config.getoption
            choice = Choice(
                backend=option("--backend"),
                base_url=option("--base-url"),
                model=option("--model"),
                dialect=option("--dialect"),
                api_key_env=option("--api-key-env"),
            )
            try:
                self._reached = self._runner.run(self._stack.enter_async_context(reach(choice)))
            except TargetError as error:
                self._failure = error
                raise
        return self._reached

    def seal(self, suite: str, outcome: RunOutcome = "complete", reason: str = "") -> list[Verdict]:
        """The suite's verdicts; its run is sealed with them."""
        session = self._open.pop(suite, None)
        return session.finish(outcome, reason) if session else []

    def close(self) -> None:
        """Seal open runs as interrupted and stop the server, if one was started."""
        for suite in list(self._open):
            self.seal(suite, "interrupted", "pytest ended before the suite's last case.")
        if self._runner is not None:
            self._runner.run(self._stack.aclose())
            self._runner.close()
            self._runner = None


class NotPassed(Exception):
    """A verdict that is not a pass, shown as its sentence instead of a traceback."""


class SuiteFile(pytest.File):
    """A suite: one item a case, the verdict last."""

    def collect(self) -> Iterator[pytest.Item]:
        """Items in the order of the plan."""
        name = self.path.parent.name
        try:
            plan = self.config.stash[_STATE].plan(name)
        except UsageError as error:
            raise self.CollectError(str(error)) from error
        for case in plan.cases:
            yield CaseItem.from_parent(self, name=case.id, suite=plan.suite, case=case)
        yield VerdictItem.from_parent(self, name="verdict", suite=plan.suite)


class SuiteItem(pytest.Item):
    """What cases and verdicts have in common."""

    def __init__(self, *, suite: Suite, **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]  # pytest builds nodes by keyword
        self.suite_name = suite.name
        self.turn = suite.turn

    @property
    def measuring(self) -> Measuring:
        """The run that this item belongs to."""
        return self.config.stash[_STATE]

    def repr_failure(
        self, excinfo: ExceptionInfo[BaseException], style: object = None
    ) -> str | TerminalRepr:
        """One sentence: a server's fault is not a fault of Python code."""
        if isinstance(excinfo.value, (NotPassed, HarnessError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where pytest says the item is."""
        return self.path, None, f"{self.suite_name}: {self.name}"


class CaseItem(SuiteItem):
    """One case: passes, fails or is skipped as its verdict says."""

    def __init__(self, *, suite: Suite, case: Case, **arguments: object) -> None:
        super().__init__(suite=suite, **arguments)
        self.case = case

    def runtest(self) -> None:
        """Measure, record, and report the verdict on this case."""
        report(self.measuring.measure(self.suite_name, self.case))


class VerdictItem(SuiteItem):
    """The suite's verdicts, from all its cases; seals the run."""

    def runtest(self) -> None:
        """Judge and seal; anything but a pass of every verdict is told."""
        verdicts = [v for v in self.measuring.seal(self.suite_name) if v.case_id is None]
        if not verdicts:
            pytest.skip("no case of this suite was measured")
        report(max(verdicts, key=lambda verdict: _WORSE.index(verdict.outcome)))


def report(verdict: Verdict) -> None:
    """A verdict as pytest knows it.

    A failed SHOULD is shown as xfail: told, but it does not turn a build red, just as it does not
    decide the suite's own verdict. Everything undecided is a skip with its reason.
    """
    if verdict.outcome == "fail" and verdict.detail.get("severity", "MUST") != "MUST":
        pytest.xfail(f"{verdict.detail['severity']}: {verdict.reason}")
    if verdict.outcome == "fail":
        raise NotPassed(f"{verdict.name}: {verdict.reason}")
    if verdict.outcome != "pass":
        pytest.skip(f"{verdict.outcome}: {verdict.reason}")
