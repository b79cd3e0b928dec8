"""Runs plans on targets, one after the other, for the command line."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from harness.errors import HarnessError, StoreError, TargetDied, TargetError
from harness.reach import Choice, Reached, check_choice, reach
from harness.records import Case, Measurement, Outcome, RunOutcome, Target, Verdict
from harness.session import Plan, Session

try:
    import uvloop
except ImportError:  # the `fast` extra is optional
    loop_factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    loop_factory = uvloop.new_event_loop

__all__ = ["Display", "Finished", "Outcomes", "loop_factory", "run_plans"]


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that is on disk, and what came of it."""

    run_id: str
    suite: str
    target: Target
    path: Path
    outcome: RunOutcome
    verdicts: tuple[Verdict, ...]

    @property
    def cases(self) -> dict[str, Outcome]:
        """The outcome of each measured case."""
        return {v.case_id: v.outcome for v in self.verdicts if v.case_id is not None}


@dataclass(slots=True)
class Outcomes:
    """Everything that a command came to: its runs, what went wrong, and the exit code so far."""

    runs: list[Finished]
    errors: list[HarnessError]
    interrupted: bool = False


class Display(Protocol):
    """Who shows the user how it gets on."""

    def starting(self, choice: Choice) -> None:
        """A target is being started or looked for."""
        ...

    def begin(self, plan: Plan, reached: Reached) -> None:
        """A suite begins on a target."""
        ...

    def measured(self, case: Case, repeat: int, measurement: Measurement) -> None:
        """One repetition is done and recorded."""
        ...

    def finished(self, finished: Finished) -> None:
        """A run is sealed."""
        ...


def run_plans(
    choices: Sequence[Choice],
    plans: Sequence[Plan],
    results: Path,
    display: Display,
    command: str = "",
) -> Outcomes:
    """Every plan on every target. A target that fails does not keep the next from its turn.

    When results cannot be written nothing more is measured; what was is among the outcomes.

    Raises:
        UsageError: a choice is incomplete or names an unknown backend; nothing was started.
    """
    for choice in choices:
        check_choice(choice)
    outcomes = Outcomes([], [])

    async def everything() -> None:
        _cancel_on_signals()
        for choice in choices:
            try:
                await _run_target(choice, plans, results, display, command, outcomes.runs.append)
            except TargetError as error:
                outcomes.errors.append(error)
            except StoreError as error:
                outcomes.errors.append(error)
                break

    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(everything())
    except (KeyboardInterrupt, asyncio.CancelledError):
        outcomes.interrupted = True
    return outcomes


def _cancel_on_signals() -> None:
    # A CI job that is cancelled gets SIGTERM, a closed terminal sends SIGHUP: treat them as Ctrl-C,
    # so that runs are sealed and servers stopped. nohup has SIGHUP ignored, and is to stay so.
    task = asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if task is not None and signal.getsignal(number) != signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def _run_target(
    choice: Choice,
    plans: Sequence[Plan],
    results: Path,
    display: Display,
    command: str,
    keep: Callable[[Finished], None],
) -> None:
    display.starting(choice)
    async with reach(choice) as reached:
        for plan in plans:
            display.begin(plan, reached)
            session = Session(plan, reached, results, command=command, observer=display)
            await _run_session(session, plan, reached.target, lambda f: _tell(f, keep, display))


def _tell(finished: Finished, keep: Callable[[Finished], None], display: Display) -> None:
    keep(finished)
    display.finished(finished)


async def _run_session(
    session: Session, plan: Plan, target: Target, keep: Callable[[Finished], None]
) -> None:
    def seal(outcome: RunOutcome, reason: str = "") -> None:
        verdicts = tuple(session.finish(outcome, reason))
        keep(Finished(session.run_id, plan.suite.name, target, session.path, outcome, verdicts))

    try:
        for case in plan.selected:
            await session.run_case(case)
    except (asyncio.CancelledError, KeyboardInterrupt):
        seal("interrupted", "Interrupted by the user.")
        raise
    except TargetDied as error:
        seal("failed", error.sentence)
        raise
    except StoreError:
        session.abort()
        raise
    seal("complete")
