"""What a report is made of: plain frozen data, every string already inert.

The HTML and the Markdown are two renderings of the same `View`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.records import Outcome
from harness.store import Run

GLYPHS: dict[Outcome, str] = {"pass": "✓", "fail": "✗", "inconclusive": "?", "skip": "–"}
ORDER: tuple[Outcome, ...] = ("fail", "inconclusive", "pass", "skip")  # what needs a look first


@dataclass(frozen=True, slots=True)
class Column:
    """One target, side by side with the others. ``letter`` names it in charts and tables."""

    letter: str
    index: int
    label: str
    model: str
    url: str
    dialect: str
    tally: str  # how the verdicts about suites came out
    runs: Mapping[str, Run]  # by suite


@dataclass(frozen=True, slots=True)
class Line:
    """One verdict about a suite: the words, and the sentence that decided it."""

    letter: str
    index: int
    label: str
    name: str
    outcome: Outcome | None  # None: this target was not asked
    reason: str
    counts: str = ""  # how the suite's cases came out


@dataclass(frozen=True, slots=True)
class Score:
    """What every target got in one suite."""

    suite: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; ``outcome`` gives it a glyph and a tint, ``link`` an anchor below."""

    text: str
    outcome: Outcome | None = None
    link: str = ""
    numeric: bool = False
    code: bool = False  # an identifier: one width, one line


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption. The first cell of a row is its head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparability:
    """What may be compared with what. ``sentences`` say it; the tables show why."""

    sentences: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    comparable: Mapping[str, bool] = field(default_factory=dict)  # by suite


@dataclass(frozen=True, slots=True)
class Dot:
    """A point with its interval."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: its label (a column's letter, or ``control``) and its points."""

    label: str
    index: int
    dots: tuple[Dot, ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as data. ``kind`` is one that `harness.report.charts` can draw."""

    kind: str
    key: str  # unique in the report; ids inside the drawing start with it
    title: str
    description: str  # names the numbers, for those who do not see the drawing
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    hint: str = ""  # how to read it, when the axes do not say it
    categories: tuple[str, ...] = ()
    x_log: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A failed question with its evidence."""

    anchor: str
    title: str
    letter: str
    outcome: Outcome
    reason: str
    rule: str = ""  # what is asked, and where that comes from
    expected: str = ""
    got: str = ""
    repeat: str = ""  # a command that shows it again


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report below the verdicts."""

    anchor: str
    title: str
    lead: str
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Warn:
    """Something that a reader has to know before trusting a number, and what to do about it."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a report says."""

    title: str
    measured: str
    machine: str
    columns: tuple[Column, ...]
    scores: tuple[Score, ...]
    comparability: Comparability
    sections: tuple[Section, ...]
    warnings: tuple[Warn, ...]
    provenance: Table
    runs: Table
    commands: tuple[str, ...]
