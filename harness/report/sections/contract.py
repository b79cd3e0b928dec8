"""The contract suite: rule by target, and the evidence for each rule that was not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harness.records import Verdict
from harness.report.parts import (
    GLYPHS,
    ORDER,
    Cell,
    Chart,
    Column,
    Dot,
    Finding,
    Section,
    Series,
    Table,
)
from harness.report.sections.common import (
    WORDS,
    case_verdicts,
    detail,
    figure,
    text,
    undecided,
    with_suite,
)
from harness.report.text import anchor, block, name, sentence
from harness.store import Run

SUITE = "contract"
SEVERITIES = ("MUST", "SHOULD", "MAY")  # RFC 2119
MISSING = Cell("not asked")


def sections(columns: Sequence[Column]) -> list[Section]:
    """One section, or none when no target was asked."""
    asked = with_suite(columns, SUITE)
    if not asked:
        return []
    chart = _chart(asked)
    return [
        Section(
            "contract",
            "API contract",
            "What clients rely on, rule by rule. A rule that a server refuses clearly is skipped, "
            "not failed; a SHOULD that is not kept is shown and does not fail the suite.",
            charts=(chart,) if chart else (),
            tables=(_counts(asked), *_matrices(asked), *undecided(asked)),
            findings=tuple(_findings(asked)),
        )
    ]


def _severity(verdict: Verdict) -> str:
    found = str(detail(verdict).get("severity") or "").upper()
    return found if found in SEVERITIES else "unstated"


def _rules(asked: Sequence[tuple[Column, Run]]) -> dict[str, Verdict]:
    rules: dict[str, Verdict] = {}
    for _, run in asked:
        for verdict in case_verdicts(run):
            rules.setdefault(verdict.case_id or verdict.name, verdict)
    return dict(sorted(rules.items()))  # they were asked in an order that spares the server


def _counts(asked: Sequence[tuple[Column, Run]]) -> Table:
    rows = []
    for column, run in asked:
        cases = case_verdicts(run)
        for severity in (*SEVERITIES, "unstated"):
            found = Counter(v.outcome for v in cases if _severity(v) == severity)
            if found:
                cells = (figure(str(found[outcome])) for outcome in ORDER)
                rows.append((text(column.letter), text(severity), *cells))
    head = ("Target", "Severity", *(WORDS[outcome].capitalize() for outcome in ORDER))
    return Table("Rules by severity and outcome", head, tuple(rows))


def _matrices(asked: Sequence[tuple[Column, Run]]) -> list[Table]:
    """One table for each family of rules: what stands before the hyphen."""
    rules = _rules(asked)
    families = dict.fromkeys(rule.split("-")[0] for rule in rules)
    head = ("Rule", *(column.letter for column, _ in asked), "Severity", "What it asks")
    return [
        Table(
            f"Rules {name(family)}",
            head,
            tuple(
                _row(rule, first, asked)
                for rule, first in rules.items()
                if rule.split("-")[0] == family
            ),
        )
        for family in families
    ]


def _row(rule: str, first: Verdict, asked: Sequence[tuple[Column, Run]]) -> tuple[Cell, ...]:
    said = text(detail(first).get("rule") or "not recorded")
    cells = (_cell(rule, *one) for one in asked)
    return (text(rule), *cells, text(_severity(first)), said)


def _cell(rule: str, column: Column, run: Run) -> Cell:
    verdict = next((v for v in case_verdicts(run) if (v.case_id or v.name) == rule), None)
    if verdict is None:
        return MISSING
    said = name(detail(verdict).get("finding") or WORDS[verdict.outcome])
    link = _anchor(rule, column) if verdict.outcome == "fail" else ""
    return Cell(said, verdict.outcome, link)


def _anchor(rule: str, column: Column) -> str:
    return anchor(f"{column.letter}-{rule}")


def _findings(asked: Sequence[tuple[Column, Run]]) -> list[Finding]:
    found = []
    for column, run in asked:
        failed = [v for v in case_verdicts(run) if v.outcome == "fail"]
        for verdict in sorted(failed, key=lambda v: (*SEVERITIES, "unstated").index(_severity(v))):
            told = detail(verdict)
            found.append(
                Finding(
                    anchor=_anchor(verdict.case_id or verdict.name, column),
                    title=name(f"{verdict.case_id} · {_severity(verdict)}"),
                    letter=column.letter,
                    outcome=verdict.outcome,
                    reason=sentence(verdict.reason),
                    rule=_cited(verdict),
                    expected=block(told.get("expected")),
                    got=block(told.get("got")),
                    repeat=block(told.get("curl")),
                )
            )
    return found


def _cited(verdict: Verdict) -> str:
    told = detail(verdict)
    rule, source = sentence(told.get("rule")), sentence(told.get("source"))
    return f"{rule} ({source})" if rule and source else rule


def _chart(asked: Sequence[tuple[Column, Run]]) -> Chart | None:
    bars: list[tuple[str, Counter[str]]] = []
    for column, run in asked:
        for severity in SEVERITIES:
            found = Counter(v.outcome for v in case_verdicts(run) if _severity(v) == severity)
            if found:
                bars.append((f"{column.letter}  {severity}", Counter(found)))
    if not bars:
        return None
    series = tuple(
        Series(
            f"{GLYPHS[outcome]} {WORDS[outcome]}",
            ORDER.index(outcome),
            tuple(Dot(i, found[outcome], 0, 0) for i, (_, found) in enumerate(bars)),
        )
        for outcome in ORDER
    )
    told = "; ".join(
        f"{label}: " + ", ".join(f"{found[o]} {WORDS[o]}" for o in ORDER if found[o])
        for label, found in bars
    )
    return Chart(
        "counts",
        "severity",
        "Rules by outcome",
        f"Number of rules by target, severity and outcome. {told}.",
        "rules",
        "",
        series,
        hint="by target and severity",
        categories=tuple(label for label, _ in bars),
    )
