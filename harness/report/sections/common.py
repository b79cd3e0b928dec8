"""What every section needs: a run's verdicts, its raw values, cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from harness.records import Json, Outcome, Verdict
from harness.report.parts import ORDER, Cell, Column, Table
from harness.report.text import sentence
from harness.store import Run

WORDS: dict[Outcome, str] = {
    "pass": "passed",
    "fail": "failed",
    "inconclusive": "inconclusive",
    "skip": "skipped",
}


def suite_verdicts(run: Run) -> list[Verdict]:
    """The verdicts that speak for the suite."""
    return [verdict for verdict in run.verdicts if verdict.case_id is None]


def case_verdicts(run: Run | None) -> list[Verdict]:
    """The verdicts about single cases, in the order in which they were given."""
    return [v for v in run.verdicts if v.case_id is not None] if run else []


def counts(verdicts: Sequence[Verdict]) -> str:
    """How many cases came out how: ``3 failed, 61 passed``."""
    found = Counter(verdict.outcome for verdict in verdicts)
    return ", ".join(f"{found[o]} {WORDS[o]}" for o in ORDER if found[o])


def detail(verdict: Verdict | None) -> Mapping[str, Json]:
    """The verdict's detail; empty when there is none or it is no mapping."""
    found = verdict.detail if verdict else None
    return found if isinstance(found, Mapping) else {}


def values(run: Run | None, case_id: str, key: str) -> list[Json]:
    """One raw value from each repetition of a case that has it."""
    if run is None:
        return []
    taken = [m for m in run.measurements if m.case_id == case_id]
    return [m.values[key] for m in taken if key in m.values]


def with_suite(columns: Sequence[Column], suite: str) -> list[tuple[Column, Run]]:
    """The columns that ran the suite, with that run."""
    return [(column, column.runs[suite]) for column in columns if suite in column.runs]


def text(value: object, outcome: Outcome | None = None, link: str = "") -> Cell:
    """A cell with words."""
    return Cell(sentence(value), outcome, link)


def figure(value: str, outcome: Outcome | None = None) -> Cell:
    """A cell with a formatted number."""
    return Cell(value, outcome, numeric=True)


def undecided(asked: Sequence[tuple[Column, Run]]) -> list[Table]:
    """Why cases were skipped or stayed open, each reason once; no table when all were decided."""
    cases: dict[tuple[str, str, Outcome, str], list[str]] = {}
    for column, run in asked:
        for verdict in case_verdicts(run):
            if verdict.outcome in ("inconclusive", "skip"):
                said = str(detail(verdict).get("finding") or WORDS[verdict.outcome])
                key = (column.letter, said, verdict.outcome, verdict.reason)
                cases.setdefault(key, []).append(verdict.case_id or verdict.name)
    rows = tuple(
        (text(", ".join(ids)), text(letter), text(said, outcome), text(reason))
        for (letter, said, outcome, reason), ids in cases.items()
    )
    if not rows:
        return []
    return [Table("Not decided, and why", ("Cases", "Target", "Outcome", "Reason"), rows)]
