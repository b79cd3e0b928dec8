"""What a person sees on the terminal: progress on stderr, results on stdout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from harness.errors import HarnessError
from harness.reach import Choice, Reached
from harness.records import Case, Json, Measurement, Verdict
from harness.runner import Finished, Outcomes
from harness.session import Plan

GLYPHS = {"pass": "✓", "fail": "✗", "inconclusive": "?", "skip": "–"}
STYLES = {"pass": "green", "fail": "bold red", "inconclusive": "yellow", "skip": "dim"}


class Terminal:
    """Shows a run as it goes on. Implements ``harness.runner.Display``."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.err = Console(stderr=True, quiet=quiet)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[now]}"),
            console=self.err,
            disable=quiet,
        )
        self._task = self._progress.add_task("", total=None, visible=False, now="")

    def estimate(self, plans: Sequence[Plan], targets: int) -> None:
        """One line before the start: what will be asked and how long it may take."""
        seconds = sum(plan.estimate_s for plan in plans) * targets
        cases = sum(len(plan.selected) for plan in plans)
        self.err.print(
            f"{len(plans)} suite(s), {cases} case(s), {targets} target(s): "
            f"about {_duration(seconds)}. Ctrl-C keeps what was measured."
        )

    def starting(self, choice: Choice) -> None:
        """A target is being started or looked for."""
        verb = "Looking for" if choice.base_url else "Starting"
        self.err.print(f"{verb} [bold]{escape(choice.label)}[/bold] …")

    def begin(self, plan: Plan, reached: Reached) -> None:
        """A suite begins: a new line of progress."""
        total = sum(case.repeats for case in plan.selected)
        self._progress.start()
        self._task = self._progress.add_task(
            f"{reached.target.backend:<10} {plan.suite.name:<13}", total=total, now=""
        )

    def measured(self, case: Case, repeat: int, measurement: Measurement) -> None:
        """One repetition more."""
        trouble = f" {measurement.error}" if measurement.error else ""
        self._progress.update(self._task, advance=1, now=escape(f"{case.id}{trouble}")[:60])

    def finished(self, finished: Finished) -> None:
        """The run is sealed: say in one line what came of it."""
        self._progress.update(self._task, now="")
        self._progress.stop()
        for verdict in suite_verdicts(finished.verdicts):
            self.err.print(f"  {_marked(verdict)}")
        self._progress.remove_task(self._task)

    def close(self) -> None:
        """Leave the terminal as it was, also after an error in the middle."""
        self._progress.stop()


def suite_verdicts(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts that speak for a suite, not for one case."""
    return [verdict for verdict in verdicts if verdict.case_id is None]


def _marked(verdict: Verdict) -> str:
    style, glyph = STYLES[verdict.outcome], GLYPHS[verdict.outcome]
    return f"[{style}]{glyph} {escape(verdict.name)}[/{style}]: {escape(verdict.reason)}"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def summary(outcomes: Outcomes, report: Path | None) -> Table:
    """The table that a run ends with."""
    table = Table(title="Verdicts", title_justify="left", expand=False)
    for column in ("target", "suite", "verdict", "why"):
        table.add_column(column, overflow="fold")
    for run in outcomes.runs:
        for verdict in suite_verdicts(run.verdicts):
            style, glyph = STYLES[verdict.outcome], GLYPHS[verdict.outcome]
            table.add_row(
                escape(run.target.backend),
                escape(verdict.name),
                f"[{style}]{glyph} {verdict.outcome}[/{style}]",
                escape(verdict.reason),
            )
    if report:
        table.caption = f"report: {report}"
        table.caption_justify = "left"
    return table


def document(outcomes: Outcomes, report: Path | None) -> str:
    """The one JSON document of ``--json``: runs with verdicts and the outcome of each case."""
    runs: list[Json] = [
        {
            "run_id": run.run_id,
            "suite": run.suite,
            "target": {
                "base_url": run.target.base_url,
                "model": run.target.model,
                "dialect": run.target.dialect,
                "backend": run.target.backend,
            },
            "path": str(run.path),
            "outcome": run.outcome,
            "verdicts": [_verdict(verdict) for verdict in suite_verdicts(run.verdicts)],
            "cases": run.cases,
        }
        for run in outcomes.runs
    ]
    errors = [_error(error) for error in outcomes.errors]
    body = {"runs": runs, "errors": errors, "report": str(report) if report else None}
    return json.dumps(body, indent=2, ensure_ascii=False)


def failure(error: HarnessError, *, command: str) -> str:
    """The document of ``--json`` for a command that ended before it had anything else to say."""
    if command == "run":
        return document(Outcomes([], [error]), None)
    return json.dumps({"errors": [_error(error)]}, indent=2, ensure_ascii=False)


def _error(error: HarnessError) -> dict[str, Json]:
    return {"error": error.sentence, "remedy": error.remedy}


def _verdict(verdict: Verdict) -> dict[str, Json]:
    return {
        "name": verdict.name,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "estimate": asdict(verdict.estimate) if verdict.estimate else None,
    }
