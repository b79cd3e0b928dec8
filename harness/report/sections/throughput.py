"""The throughput suite: tokens per second by concurrency, and what the users waited for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from harness.records import Estimate, Json, Verdict
from harness.report import figures
from harness.report.parts import Cell, Chart, Column, Dot, Section, Series, Table
from harness.report.sections.common import case_verdicts, detail, figure, text, values
from harness.store import Run

SUITE = "throughput"
CURVE_POINTS = 200  # more than a 400-pixel chart can show; keeps the page small
LEAST = {"p50": 1, "p90": 10, "p99": 100}  # samples below which a percentile is not stated


@dataclass(frozen=True, slots=True)
class Metric:
    """A kind of waiting time."""

    key: str
    title: str
    unit: str
    note: str
    counts_failures: bool = False


METRICS = (
    Metric(
        "ttft",
        "Time to first token",
        "share of requests",
        "From the first byte sent to the first token that arrived.",
        counts_failures=True,
    ),
    Metric(
        "itl",
        "Time between tokens",
        "share of gaps",
        "Gaps between successive chunks that carry tokens, all requests together.",
    ),
)


@dataclass(frozen=True, slots=True)
class Level:
    """What one target did at one concurrency."""

    column: Column
    run: Run
    verdict: Verdict
    concurrency: int
    tok_s: Estimate | None

    @property
    def detail(self) -> Mapping[str, Json]:
        """The verdict's numbers."""
        return detail(self.verdict)

    def raw(self, key: str) -> list[float]:
        """The samples of all repetitions pooled."""
        case_id = self.verdict.case_id or ""
        return [x for sample in values(self.run, case_id, key) for x in figures.numbers(sample)]

    @property
    def failures(self) -> int | None:
        """Failed requests of all kinds; None when they were not counted."""
        found = self.detail.get("failures")
        if not isinstance(found, Mapping):
            return None
        return int(sum(figures.numbers(list(found.values()))))


def levels(columns: Sequence[Column]) -> list[Level]:
    """All levels of all targets, by concurrency, then in the columns' order."""
    found = []
    for column in columns:
        run = column.runs.get(SUITE)
        for verdict in case_verdicts(run):
            concurrency = figures.number(detail(verdict).get("concurrency"))
            if run is None or concurrency is None:
                continue
            rate = figures.estimate(detail(verdict).get("tok_s") or verdict.estimate)
            found.append(Level(column, run, verdict, int(concurrency), rate))
    return sorted(found, key=lambda level: (level.concurrency, level.column.index))


def sections(columns: Sequence[Column], *, comparable: bool) -> list[Section]:
    """Throughput, then latency; none when no target was asked."""
    found = levels(columns)
    if not found:
        return []
    return [_throughput(found, columns, comparable=comparable), _latency(found)]


def _throughput(found: list[Level], columns: Sequence[Column], *, comparable: bool) -> Section:
    ratio = comparable and len({level.column.letter for level in found}) > 1
    first = columns[0].letter
    head = ["Concurrency", "Target", "Tokens/s", "95 % interval", "Repeats", "Failed requests"]
    rows = tuple(_rate_row(level, found, ratio=ratio) for level in found)
    note = ""
    if ratio:
        head.append(f"Ratio to {first}")
        note = (
            "Ratios are the bounds that the two intervals allow together (at least 90 % by "
            "Bonferroni). Each server was started once: how much two starts of the same server "
            "differ is not in them, so no target is called faster. None is stated for a level that "
            "did not pass on both sides."
        )
    return Section(
        "throughput",
        "Throughput",
        "Completion tokens of all finished requests over the wall time of the measured window, "
        "closed loop: as many requests in flight as the concurrency says.",
        charts=(_rate_chart(found),) if any(level.tok_s for level in found) else (),
        tables=(Table("Output tokens per second by concurrency", tuple(head), rows, note),),
    )


def _rate_row(level: Level, found: list[Level], *, ratio: bool) -> tuple[Cell, ...]:
    rate = level.tok_s
    failures = level.failures
    cells = [
        figure(str(level.concurrency)),
        text(level.column.letter, level.verdict.outcome),
        figure(figures.short(rate.value if rate else None)),
        figure(figures.interval(rate)),
        figure(str(rate.n) if rate else figures.NOT_MEASURED),
        figure(figures.NOT_MEASURED if failures is None else str(failures)),
    ]
    if ratio:
        cells.append(figure(_ratio(level, found)))
    return tuple(cells)


def _ratio(level: Level, found: list[Level]) -> str:
    base = next((o for o in found if o.concurrency == level.concurrency), level)
    if base is level:
        return "1"
    mine, theirs = level.tok_s, base.tok_s
    decided = level.verdict.outcome == "pass" and base.verdict.outcome == "pass"
    if mine is None or theirs is None or not decided or theirs.low <= 0:
        return "not stated"
    low, high = mine.low / theirs.high, mine.high / theirs.low
    return f"{mine.value / theirs.value:.2f} ({low:.2f} to {high:.2f})"


def _rate_chart(found: list[Level]) -> Chart:
    series = []
    for column in {level.column.letter: level.column for level in found}.values():
        mine = [level for level in found if level.column == column and level.tok_s]
        dots = tuple(
            Dot(level.concurrency, rate.value, rate.low, rate.high)
            for level in mine
            if (rate := level.tok_s)
        )
        series.append(Series(column.letter, column.index, dots))
    told = "; ".join(
        f"{level.column.letter} at {level.concurrency}: {figures.short(level.tok_s.value)}"
        for level in found
        if level.tok_s
    )
    return Chart(
        "lines",
        "rate",
        "Output tokens per second",
        f"Output tokens per second with 95 % intervals. {told}.",
        "requests in flight",
        "tokens/s",
        tuple(series),
        hint="bars: 95 % intervals over repeats",
        categories=tuple(str(c) for c in sorted({level.concurrency for level in found})),
    )


def _latency(found: list[Level]) -> Section:
    at = {c: [x for x in found if x.concurrency == c] for c in {x.concurrency for x in found}}
    charts = [
        chart
        for metric in METRICS
        for concurrency in sorted(at)
        for chart in _curves(at[concurrency], concurrency, metric)
    ]
    head = ("Concurrency", "Target", "p50", "p90", "p99", "Samples", "Failed requests")
    tables = tuple(
        Table(m.title, head, tuple(_quantile_row(level, m.key) for level in found), m.note)
        for m in METRICS
    )
    return Section(
        "latency",
        "Latency",
        "A curve says which share had come by that time. A request that failed never got its "
        "first token, so that curve ends below 100 %.",
        charts=tuple(charts),
        tables=tables,
    )


def _quantile_row(level: Level, key: str) -> tuple[Cell, ...]:
    count = len(level.raw(f"{key}_s"))
    failures = level.failures
    return (
        figure(str(level.concurrency)),
        text(level.column.letter),
        *(figure(_quantile(level, key, p, count)) for p in LEAST),
        figure(f"{count:,}" if count else figures.NOT_MEASURED),
        figure(figures.NOT_MEASURED if failures is None else str(failures)),
    )


def _quantile(level: Level, key: str, p: str, count: int) -> str:
    stated = figures.number(level.detail.get(f"{key}_{p}_s"))
    if stated is None and 0 < count < LEAST[p]:
        return f"n < {LEAST[p]}"
    return figures.duration(stated)


def _curves(at: list[Level], concurrency: int, metric: Metric) -> list[Chart]:
    series, told = [], []
    for level in at:
        sample = level.raw(f"{metric.key}_s")
        if not sample:
            continue
        asked = len(sample) + ((level.failures or 0) if metric.counts_failures else 0)
        series.append(Series(level.column.letter, level.column.index, _steps(sample, asked)))
        middle = figures.duration(median(sample))
        told.append(f"{level.column.letter}: median {middle}, n {len(sample)} of {asked}")
    if not series:
        return []
    return [
        Chart(
            "steps",
            f"{metric.key}-{concurrency}",
            f"{metric.title}, {concurrency} in flight",
            f"Share of the samples that had come by that time. {'; '.join(told)}.",
            "ms",
            metric.unit,
            tuple(series),
            hint="marker: median" if metric.key == "ttft" else "marker: median of all gaps",
            x_log=True,
        )
    ]


def _steps(sample: list[float], asked: int) -> tuple[Dot, ...]:
    ordered = sorted(sample)
    stride = max(1, len(ordered) // CURVE_POINTS)
    kept = sorted({*range(0, len(ordered), stride), len(ordered) - 1})
    shares = [(ordered[i] * 1e3, (i + 1) / asked) for i in kept]
    return tuple(Dot(x, y, y, y) for x, y in shares if x > 0)
