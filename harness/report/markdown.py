"""The report as GitHub Markdown: the same view without charts, for ``$GITHUB_STEP_SUMMARY``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.report.parts import GLYPHS, Cell, Finding, Score, Section, Table, View
from harness.report.sections.common import WORDS
from harness.report.text import sentence

# GitHub refuses a step's summary above 1 MiB (documented limit of workflow commands); this leaves
# room for other steps that write to the same file.
LIMIT_BYTES = 900_000
LONG_TABLE = 40  # rows; of a longer table only those that did not pass are listed, and it says so
EVIDENCE_CHARS = 500  # of one finding; the whole is in the HTML and in the run's records


def document(view: View) -> str:
    """The whole document, cut at a line with a sentence when it would not fit."""
    parts = [
        f"# {_plain(view.title)}",
        f"Measured {_plain(view.measured)} on {_plain(view.machine)}.",
        _targets(view),
        "## Verdicts",
        *(_score(score) for score in view.scores),
        "## What may be compared",
        "\n".join(f"- {_plain(said)}" for said in view.comparability.sentences),
        *(_table(table) for table in view.comparability.tables),
        *(part for section in view.sections for part in _section(section)),
        "## Warnings and notes",
        "\n".join(f"- **{_plain(w.where)}**: {_plain(w.text)}" for w in view.warnings)
        or "None was recorded.",
        "## Provenance",
        _table(view.runs),
        _table(view.provenance),
        *_commands(view.commands),
    ]
    return _fit("\n\n".join(part for part in parts if part) + "\n")


def _targets(view: View) -> str:
    return "\n".join(
        f"- **{c.letter}** {_plain(c.label)}: {_plain(c.model)}, {c.dialect}, {_plain(c.url)}"
        for c in view.columns
    )


def _score(score: Score) -> str:
    lines = [f"### {_plain(score.title)}", ""]
    for line in score.lines:
        mark = f"{GLYPHS[line.outcome]} {WORDS[line.outcome]}" if line.outcome else "not measured"
        what = f" {_plain(line.name)}" if line.name != score.suite else ""
        tail = f" ({line.counts})" if line.counts else ""
        lines.append(f"- **{line.letter} {mark}**{what}: {_plain(line.reason)}{tail}")
    return "\n".join(lines)


def _section(section: Section) -> Iterable[str]:
    yield f"## {_plain(section.title)}"
    yield _plain(section.lead)
    for table in section.tables:
        yield _table(table)
    if section.findings:
        yield "### What failed"
        yield "\n".join(_finding(finding) for finding in section.findings)


def _finding(finding: Finding) -> str:
    told = [f"- **{finding.letter} {_plain(finding.title)}**: {_plain(finding.reason)}"]
    for label, text in (("expected", finding.expected), ("got", finding.got)):
        if text:
            told.append(f"  - {label}: {_plain(sentence(text, EVIDENCE_CHARS))}")
    return "\n".join(told)


def _table(table: Table) -> str:
    rows, note = table.rows, table.note
    judged = any(cell.outcome for row in rows for cell in row)  # else the rows are facts: all stay
    if judged and len(rows) > LONG_TABLE:
        rows = tuple(r for r in rows if any(c.outcome in ("fail", "inconclusive") for c in r))
        note = f"{len(rows)} of {len(table.rows)} rows: those that did not pass. {note}".strip()
    align = ["---:" if row.numeric else "---" for row in table.rows[0]] if table.rows else []
    lines = [
        f"**{_plain(table.caption)}**",
        "",
        f"| {' | '.join(_plain(head) for head in table.head)} |",
        f"| {' | '.join(align or ['---'] * len(table.head))} |",
        *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows),
    ]
    return "\n".join(lines) + (f"\n\n{_plain(note)}" if note else "")


def _cell(cell: Cell) -> str:
    glyph = f"{GLYPHS[cell.outcome]} " if cell.outcome else ""
    return glyph + _plain(cell.text)


def _commands(commands: Iterable[str]) -> Iterable[str]:
    for command in commands:
        # A fence longer than any run of backticks inside cannot be closed from inside.
        longest = max((len(run) for run in re.findall(r"`+", command)), default=0)
        fence = "`" * max(3, longest + 1)
        yield f"{fence}\n{command}\n{fence}"


def _plain(text: str) -> str:
    """Text that Markdown and HTML take literally, on one line; ``@`` and URLs link to nobody."""
    text = " ".join(text.split())
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*_{}\[\]#|~!$])", r"\\\1", text)
    return text.replace("@", "&#64;").replace("://", "&#58;//")


def _fit(text: str) -> str:
    if len(text.encode()) <= LIMIT_BYTES:
        return text
    kept = text.encode()[:LIMIT_BYTES].decode(errors="ignore")
    kept = kept[: kept.rindex("\n")]
    return f"{kept}\n\nCut here: the whole is in the HTML report.\n"
