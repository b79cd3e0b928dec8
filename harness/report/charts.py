"""Charts as SVG that follows the page: drawn in sentinel colours, which become CSS variables.

Nothing here touches pyplot's global state. The same chart gives the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter, NullLocator

from harness.report.parts import Chart, Series

SIZE_IN = (4.7, 3.1)  # 338 points wide: at its natural size on a phone of 375 pixels
BAR_IN = 0.42  # height of one row of a bar chart, in inches
LINE_IN = 0.21  # height of one label at the end of a line, in inches
AXIS_IN = 0.7  # what the axis below takes of the height
SERIES = 6  # colours in the style sheet; from the seventh on they repeat with another marker
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
# Colours that nothing else uses, one for each CSS variable of the style sheet.
INK, MUTED, RULE, PAPER = "#010203", "#010204", "#010205", "#010206"
TINTS = tuple(f"#0102{0x10 + i:02x}" for i in range(SERIES))
OUTCOMES = ("#010230", "#010231", "#010232", "#010233")  # fail, inconclusive, pass, skip
VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    RULE: "var(--rule)",
    PAPER: "var(--paper)",
    **{tint: f"var(--series-{i + 1})" for i, tint in enumerate(TINTS)},
    OUTCOMES[0]: "var(--bar-fail)",
    OUTCOMES[1]: "var(--bar-inconclusive)",
    OUTCOMES[2]: "var(--bar-pass)",
    OUTCOMES[3]: "var(--bar-skip)",
}
STYLE: dict[Any, Any] = {  # matplotlib types its keys as one long Literal
    "svg.fonttype": "none",  # text stays text: readable by screen readers, searchable
    "svg.hashsalt": "harness.report",  # else ids are random and no two renderings are equal
    "font.family": "DejaVu Sans",  # ships with matplotlib: the layout is the same everywhere
    "font.size": 11.0,
    "axes.linewidth": 0.8,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "text.color": INK,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "path.simplify": False,
}


def draw(chart: Chart) -> str:
    """The chart as one ``<svg>`` element, labelled for those who do not see it."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(SIZE_IN[0], _height(chart)), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        _frame(axes, chart)
        PAINTERS[chart.kind](axes, chart)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return _adopt(buffer.getvalue(), chart)


def _height(chart: Chart) -> float:
    if chart.kind == "counts":
        return BAR_IN * (len(chart.categories) + 2)
    return max(SIZE_IN[1], LINE_IN * (len(chart.series) + 1) + AXIS_IN)


def _frame(axes: Axes, chart: Chart) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(chart.x_label)
    axes.set_ylabel(chart.y_label)
    axes.tick_params(length=3)
    axes.set_axisbelow(True)
    if chart.kind != "counts":
        axes.grid(axis="y", color=RULE, linewidth=0.6)


def _look(series: Series) -> tuple[str, str]:
    return TINTS[series.index % SERIES], MARKERS[series.index % len(MARKERS)]


def _lines(axes: Axes, chart: Chart) -> None:
    places = {float(c): i for i, c in enumerate(chart.categories)}
    shift = 0.07  # of a category: intervals of several targets must not hide each other
    middle = (len(chart.series) - 1) / 2
    ends: list[tuple[float, Series]] = []
    for i, series in enumerate(chart.series):
        colour, marker = _look(series)
        x = [places[dot.x] + (i - middle) * shift for dot in series.dots]
        y = [dot.y for dot in series.dots]
        below = [max(0.0, dot.y - dot.low) for dot in series.dots]
        above = [max(0.0, dot.high - dot.y) for dot in series.dots]
        axes.errorbar(
            x, y, yerr=(below, above), color=colour, marker=marker, markersize=5,
            linewidth=1.4, elinewidth=1.4, capsize=3,
        )  # fmt: skip
        if x:
            ends.append((y[-1], series))
    axes.set_xticks(range(len(places)), chart.categories)
    axes.set_xlim(-0.4, len(places) - 0.6)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    _label_ends(axes, ends, _height(chart))


def _steps(axes: Axes, chart: Chart) -> None:
    ends: list[tuple[float, Series]] = []
    for series in chart.series:
        colour, _ = _look(series)
        x = [dot.x for dot in series.dots]
        y = [dot.y for dot in series.dots]
        axes.step([x[0], *x], [0.0, *y], where="post", color=colour, linewidth=1.6)
        half = next((i for i, value in enumerate(y) if value >= 0.5), None)
        if half is not None:
            axes.plot([x[half]], [0.5], marker=_look(series)[1], color=colour, markersize=6)
        ends.append((y[-1], series))
    axes.set_ylim(0, 1.04)
    _percent_axis(axes)
    _log_axis(axes, [dot.x for series in chart.series for dot in series.dots])
    _label_ends(axes, ends, _height(chart))


def _survival(axes: Axes, chart: Chart) -> None:
    ends: list[tuple[float, Series]] = []
    lowest = 1.0
    for series in chart.series:
        colour, _ = _look(series)
        x = [dot.x for dot in series.dots]
        y = [dot.y for dot in series.dots]
        low, high = [dot.low for dot in series.dots], [dot.high for dot in series.dots]
        style = (0, (4, 2)) if series.dashed else "solid"
        if not series.dashed:
            axes.fill_between(x, low, high, step="post", color=colour, alpha=0.18, linewidth=0)
        axes.step(x, y, where="post", color=colour, linewidth=1.6, linestyle=style)
        lowest = min([lowest, *low, *y])
        ends.append((y[-1], series))
    bottom = max(0.0, math.floor(lowest * 10) / 10)
    axes.set_ylim(bottom, 1 + (1 - bottom) * 0.04)
    ticks = MaxNLocator(5).tick_values(bottom, 1.0)
    axes.yaxis.set_major_locator(FixedLocator([tick for tick in ticks if tick <= 1]))
    axes.set_xlim(left=0)
    _percent_axis(axes)
    _label_ends(axes, ends, _height(chart))


def _counts(axes: Axes, chart: Chart) -> None:
    left = [0.0] * len(chart.categories)
    rows = list(range(len(chart.categories)))
    widest = max((sum(series.dots[i].y for series in chart.series) for i in rows), default=1.0)
    for series in chart.series:
        width = [dot.y for dot in series.dots]
        axes.barh(rows, width, left=left, height=0.62, color=OUTCOMES[series.index], linewidth=0)
        for i, value in enumerate(width):
            if value > widest * 0.06:  # narrower, the number would leave its bar
                glyph = series.label.split()[0]
                axes.text(left[i] + value / 2, rows[i], f"{glyph} {value:.0f}", ha="center",
                          va="center", color=PAPER)  # fmt: skip
        left = [a + b for a, b in zip(left, width, strict=True)]
    axes.set_yticks(rows, chart.categories)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.invert_yaxis()
    axes.set_xlim(0, widest * 1.02)


PAINTERS: dict[str, Callable[[Axes, Chart], None]] = {
    "lines": _lines,
    "steps": _steps,
    "survival": _survival,
    "counts": _counts,
}


def _percent_axis(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.0f} %"))


def _log_axis(axes: Axes, values: Sequence[float]) -> None:
    low, high = min(values), max(values)
    axes.set_xscale("log")
    axes.set_xlim(low / 1.15, high * 1.15)
    ticks = _ticks(low / 1.15, high * 1.15)
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers in the range: 1-2-5 steps where they are few enough, else decades."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1,)):
        found = [s * 10.0**d for d in decades for s in steps if low <= s * 10.0**d <= high]
        if len(found) <= 6:
            return found
    return found


def _label_ends(axes: Axes, ends: Sequence[tuple[float, Series]], height: float) -> None:
    """Each line's marker and name at its end, moved apart where they would cover each other."""
    low, high = axes.get_ylim()
    ends = sorted(ends, key=lambda end: (end[0], -end[1].index, end[1].dashed))
    gap = LINE_IN / (height - AXIS_IN)
    shares: list[float] = []
    for y, _ in ends:
        share = (y - low) / (high - low)
        shares.append(max(share, shares[-1] + gap) if shares else share)
    ceiling = 0.98
    for i in reversed(range(len(shares))):  # what was pushed out at the top pushes the others down
        shares[i] = min(shares[i], ceiling)
        ceiling = shares[i] - gap
    for share, (_, series) in zip(shares, ends, strict=True):
        _key(axes, share, series)


def _key(axes: Axes, share: float, series: Series) -> None:
    colour, marker = _look(series)
    margin = axes.transAxes
    mark = Line2D([1.035], [share], color=colour, marker=marker, markersize=5)
    if series.dashed:
        mark = Line2D([1.015, 1.055], [share, share], color=colour, linestyle=(0, (2, 1)))
    mark.set(transform=margin, clip_on=False)
    axes.add_artist(mark)
    axes.text(1.07, share, series.label, transform=margin, va="center", ha="left")


def _adopt(svg: str, chart: Chart) -> str:
    """matplotlib's file as an element of the page: its ids, colours and fonts become the page's."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg))
    svg = re.sub(
        r' id="([^"]+)"',
        lambda match: f' id="{chart.key}-{match[1]}"' if match[1] in used else "",
        svg,
    )
    svg = re.sub(r"(url\(#|href=\"#)", rf"\g<1>{chart.key}-", svg)
    for sentinel, variable in VARIABLES.items():
        svg = svg.replace(sentinel, variable)
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)  # would style the whole page
    svg = re.sub(r" font-family: [^;\"]*;", "", svg)
    svg = re.sub(r"\s+", " ", svg)
    return _labelled(svg, chart)


def _labelled(svg: str, chart: Chart) -> str:
    opening = re.compile(r"<svg [^>]*>")
    box = re.search(r'viewBox="([^"]+)"', svg)
    view_box = box[1] if box else "0 0 338 209"
    head = (
        f'<svg class="chart" viewBox="{view_box}" role="img" '
        f'aria-labelledby="{chart.key}-title {chart.key}-desc" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{chart.key}-title">{escape(chart.title)}</title>'
        f'<desc id="{chart.key}-desc">{escape(chart.description)}</desc>'
    )
    return opening.sub(lambda _: head, svg, count=1)
