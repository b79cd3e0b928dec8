"""A suite that this report has no section of its own for: its cases with outcome and reason."""

from __future__ import annotations

from collections.abc import Sequence

from harness.report.parts import Column, Section, Table
from harness.report.sections.common import case_verdicts, text
from harness.report.text import anchor, name


def sections(columns: Sequence[Column], suite: str) -> list[Section]:
    """One section with all cases of all targets that ran the suite."""
    rows = tuple(
        (text(verdict.case_id), text(column.letter), text(verdict.reason, verdict.outcome))
        for column in columns
        for verdict in case_verdicts(column.runs.get(suite))
    )
    if not rows:
        return []
    table = Table("Cases", ("Case", "Target", "Outcome and reason"), rows)
    return [Section(anchor(f"suite-{suite}"), name(suite), "", tables=(table,))]
