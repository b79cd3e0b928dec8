"""The divergence suite: are answers under load the answers of an idle server?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from harness.records import Estimate, Json, Outcome
from harness.report import figures
from harness.report.parts import Cell, Chart, Column, Dot, Section, Series, Table
from harness.report.sections.common import (
    case_verdicts,
    counts,
    detail,
    figure,
    suite_verdicts,
    text,
    with_suite,
)
from harness.report.text import name
from harness.store import Run

SUITE = "divergence"
LATER = ("prefix", "legacy_words")  # shown where a run has them, not missed where it has not
ARMS = (("concurrent", "under load", False), ("control", "idle, asked twice", True))


def sections(columns: Sequence[Column]) -> list[Section]:
    """One section, or none when no target was asked."""
    asked = with_suite(columns, SUITE)
    if not asked:
        return []
    head = ("Target", "What", "Estimate", "95 % interval", "Prompts", "Method")
    rows = tuple(row for column, run in asked for row in _rows(column, run))
    chart = _chart(asked)
    return [
        Section(
            "divergence",
            "Divergence under load",
            "The same prompts at temperature 0: twice on the idle server (the control) and once "
            "together with others. Only what load adds beyond the control is the batch's doing.",
            charts=(chart,) if chart else (),
            tables=(
                Table("Agreement with the answer of the idle server", head, rows),
                _cases(asked),
            ),
        )
    ]


def _detail(run: Run) -> Mapping[str, Json]:
    found = [detail(verdict) for verdict in suite_verdicts(run)]
    return next((d for d in found if "first_divergence" in d or "exact" in d), {})


def _rows(column: Column, run: Run) -> list[tuple[Cell, ...]]:
    known = _detail(run)
    wanted = (
        ("exact", "identical under load", figures.percent, figures.shares),
        ("control", "identical when asked twice", figures.percent, figures.shares),
        ("excess", "disagreement that load adds", figures.points, figures.point_interval),
        ("prefix", "common prefix, share of the answer", figures.percent, figures.shares),
        ("legacy_words", "equal words by position (legacy)", figures.percent, figures.shares),
    )
    rows: list[tuple[Cell, ...]] = []
    for key, label, form, span in wanted:
        if key in LATER and key not in known:
            continue
        found: Estimate | None = figures.estimate(known.get(key))
        rows.append(
            (
                text(column.letter),
                text(label),
                figure(form(found.value) if found else figures.NOT_MEASURED),
                figure(span(found)),
                figure(str(found.n) if found else figures.NOT_MEASURED),
                text(found.method if found else figures.NOT_MEASURED),
            )
        )
    return rows


def _cases(asked: Sequence[tuple[Column, Run]]) -> Table:
    rows = []
    for column, run in asked:
        cases = case_verdicts(run)
        worst: Outcome | None = next(
            (o for o in ("fail", "inconclusive") if any(v.outcome == o for v in cases)), None
        )
        deciding = next((v for v in cases if v.outcome == worst), None)
        said = f"{deciding.case_id}: {deciding.reason}" if deciding else ""
        rows.append((text(column.letter), text(counts(cases) or "none"), text(said, worst)))
    return Table("Cases", ("Target", "Came out", "First that did not pass"), tuple(rows))


def _chart(asked: Sequence[tuple[Column, Run]]) -> Chart | None:
    series, told, unit = [], [], ""
    for column, run in asked:
        found = _detail(run)
        unit = unit or name(found.get("unit") or "")
        for arm, words, dashed in ARMS:
            dots, sample = _survival(found.get("first_divergence"), arm)
            if dots:
                series.append(Series(column.letter, column.index, dots, dashed))
                told.append(f"{column.letter} {words}: {sample}")
    if not series:
        return None
    return Chart(
        "survival",
        "survival",
        "Share of answers still identical",
        "Kaplan-Meier estimate with 95 % band by position in the answer; dashed is the control, "
        f"the same prompt asked twice on the idle server. {'; '.join(told)}.",
        f"position in the answer{f' ({unit})' if unit else ''}",
        "still identical",
        tuple(series),
        hint="band: 95 %; dashed: the control, asked twice on the idle server",
    )


def _survival(found: Json, arm: str) -> tuple[tuple[Dot, ...], str]:
    """Kaplan-Meier: an answer that never differed is censored at its length."""
    if not isinstance(found, Mapping):
        return (), ""
    firsts, lengths = found.get(arm), found.get("length")
    if not isinstance(firsts, list | tuple) or not isinstance(lengths, list | tuple):
        return (), ""
    pairs: list[tuple[float | None, float]] = []
    for first, length in zip(firsts, lengths, strict=False):
        end, event = figures.number(length), figures.number(first)
        if end is not None and (first is None or event is not None):
            pairs.append((event, end))
    return _curve(pairs)


def _curve(pairs: list[tuple[float | None, float]]) -> tuple[tuple[Dot, ...], str]:
    if not pairs:
        return (), ""
    differed = [first for first, _ in pairs if first is not None]
    same = [length for first, length in pairs if first is None]
    end = max(differed + same)
    share = 1 - len(differed) / len(pairs)
    told = f"{len(differed)} of {len(pairs)} differed"
    if not differed:
        # No event: the exact lower bound on the share (Clopper and Pearson 1934), two-sided 95 %.
        low = 0.025 ** (1 / len(pairs))
        return (Dot(0, 1, low, 1), Dot(end, share, low, 1)), told
    data: stats.CensoredData[np.float64] = stats.CensoredData(uncensored=differed, right=same)
    sf = stats.ecdf(data).sf
    # Greenwood's variance on the log(-log) scale keeps the band inside [0, 1] (Kalbfleisch and
    # Prentice 1980); where all answers have differed it is undefined, and the band is everything.
    band: Any = sf.confidence_interval(method="log-log")  # typed as two floats, is two functions
    lows = np.nan_to_num(band.low.probabilities, nan=0.0)
    highs = np.nan_to_num(band.high.probabilities, nan=1.0)
    rows = zip(sf.quantiles, sf.probabilities, lows, highs, strict=True)
    dots = [Dot(0, 1, 1, 1), *(Dot(*(float(number) for number in row)) for row in rows)]
    last = dots[-1]
    return (*dots, Dot(end, last.y, last.low, last.high)), told
