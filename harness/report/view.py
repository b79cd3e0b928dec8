"""Runs in, the plain data of a report out: what stands where, side by side, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.errors import UsageError
from harness.report.columns import TITLES, make_columns, rank
from harness.report.comparison import compare
from harness.report.parts import Column, Line, Score, Section, View
from harness.report.sections import contract, divergence, other, throughput, tools
from harness.report.sections.common import case_verdicts, counts, suite_verdicts
from harness.report.sources import (
    Checked,
    check,
    machine,
    make_sources,
    make_warnings,
    provenance,
    span,
)
from harness.report.text import block, name, sentence
from harness.store import Run

Check = Callable[[Run], Checked]


def view(runs: Sequence[Run], *, checked: Check = check) -> View:
    """The report's content.

    Raises:
        UsageError: there is no run, or there are more targets than letters.
    """
    if not runs:
        raise UsageError(
            "There is no run to report on.",
            remedy="Name runs by path, id or glob, or measure with `harness run` first.",
        )
    kept, replaced = _current(sorted(runs, key=_began))
    columns = make_columns(kept)
    comparability = compare(columns)
    comparable = comparability.comparable.get("throughput", False)
    checks = {run.run_id: checked(run) for run in kept}
    return View(
        title=_title(columns),
        measured=span(kept),
        machine=machine(columns),
        columns=columns,
        scores=tuple(_score(suite, columns) for suite in _suites(columns)),
        comparability=comparability,
        sections=tuple(_sections(columns, comparable=comparable)),
        warnings=tuple(make_warnings(columns, checks, replaced)),
        provenance=provenance(columns),
        runs=make_sources(columns, checks),
        commands=tuple(dict.fromkeys(c for run in kept if (c := block(run.header.get("command"))))),
    )


def _began(run: Run) -> tuple[str, str]:
    return str(run.header.get("started_at") or ""), run.run_id


def _current(runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
    # Ids begin with their time: nothing supersedes a later run, so two runs cannot drop each other.
    superseded = {
        old: run.run_id
        for run in runs
        if isinstance(old := run.header.get("supersedes"), str) and old < run.run_id
    }
    kept = [run for run in runs if run.run_id not in superseded]
    told = [
        f"{run.run_id} is left out: {superseded[run.run_id]} supersedes it."
        for run in runs
        if run.run_id in superseded
    ]
    return kept, told


def _suites(columns: Sequence[Column]) -> list[str]:
    return sorted({suite for column in columns for suite in column.runs}, key=rank)


def _title(columns: Sequence[Column]) -> str:
    shown = ", ".join(column.label for column in columns[:3])
    more = f" and {len(columns) - 3} more" if len(columns) > 3 else ""
    return f"{shown}{more}"


def _score(suite: str, columns: Sequence[Column]) -> Score:
    lines = [line for column in columns for line in _lines(suite, column)]
    return Score(name(suite), TITLES.get(suite, name(suite)), tuple(lines))


def _lines(suite: str, column: Column) -> list[Line]:
    who = (column.letter, column.index, column.label)
    run = column.runs.get(suite)
    if run is None:
        return [Line(*who, name(suite), None, "This suite was not run.")]
    verdicts = suite_verdicts(run)
    told = counts(case_verdicts(run))
    if not verdicts:
        return [Line(*who, name(suite), None, "No verdict is recorded.", told)]
    last = len(verdicts) - 1  # the cases are counted once, below the suite's last verdict
    return [
        Line(*who, name(v.name), v.outcome, sentence(v.reason), told if i == last else "")
        for i, v in enumerate(verdicts)
    ]


def _sections(columns: Sequence[Column], *, comparable: bool) -> list[Section]:
    found = [
        *throughput.sections(columns, comparable=comparable),
        *divergence.sections(columns),
        *contract.sections(columns),
        *tools.sections(columns),
    ]
    for suite in _suites(columns):
        if suite not in TITLES:
            found += other.sections(columns, suite)
    return found
