from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import pytest

from harness.report.charts import VARIABLES, draw
from harness.report.parts import Chart, Dot, Series

SVG = "{http://www.w3.org/2000/svg}"
RISING = tuple(Dot(float(i), i / 10, i / 10 - 0.02, i / 10 + 0.02) for i in range(1, 11))


def chart(kind: str, *series: Series, categories: tuple[str, ...] = ()) -> Chart:
    return Chart(kind, "k", "Title", "Numbers.", "x", "y", series, categories=categories)


LINES = chart(
    "lines",
    Series("A", 0, (Dot(1, 10, 9, 11), Dot(4, 30, 28, 33))),
    Series("B", 1, (Dot(4, 20, 19, 22),)),
    categories=("1", "4"),
)
STEPS = replace(chart("steps", Series("A", 0, RISING), Series("B", 1, RISING[:5])), x_log=True)
SURVIVAL = chart(
    "survival",
    Series("A", 0, (Dot(0, 1, 1, 1), Dot(9, 0.8, 0.7, 0.9), Dot(20, 0.8, 0.7, 0.9))),
    Series("A", 0, (Dot(0, 1, 0.95, 1), Dot(20, 1, 0.95, 1)), dashed=True),
)
COUNTS = chart(
    "counts",
    *(Series(label, i, (Dot(0, i, 0, 0),)) for i, label in enumerate(("✗ f", "? i", "✓ p", "– s"))),
    categories=("A MUST",),
)
ALL = [LINES, STEPS, SURVIVAL, COUNTS]


def tree(one: Chart) -> ET.Element:
    return ET.fromstring(draw(one))  # our own output, and the test is that it parses


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.kind)
def test_every_kind_is_a_labelled_drawing_that_follows_the_page(one: Chart) -> None:
    root = tree(one)
    assert root.get("role") == "img"
    ids = {element.get("id") for element in root.iter()} - {None}
    assert set((root.get("aria-labelledby") or "").split()) <= ids
    assert all(str(i).startswith("k-") for i in ids)
    drawn = draw(one)
    assert not re.search(r"#[0-9a-fA-F]{6}", drawn)
    assert not [sentinel for sentinel in VARIABLES if sentinel in drawn]
    assert "<style" not in drawn
    assert "<metadata" not in drawn


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.kind)
def test_the_same_chart_gives_the_same_bytes_and_leaves_no_trace(one: Chart) -> None:
    before = dict(mpl.rcParams)
    assert draw(one) == draw(one)
    assert dict(mpl.rcParams) == before


def test_other_numbers_give_another_drawing() -> None:
    other = replace(LINES, series=(LINES.series[0],))
    assert draw(LINES) != draw(other)


def test_a_hostile_title_is_text() -> None:
    root = tree(replace(LINES, title="</title><script>alert(1)</script>", description="<b>&"))
    assert root.findtext(f"{SVG}title") == "</title><script>alert(1)</script>"
    assert root.findtext(f"{SVG}desc") == "<b>&"
    assert not list(root.iter(f"{SVG}script"))


def heights(one: Chart) -> list[float]:
    names = {series.label for series in one.series}
    labels = [text for text in tree(one).iter(f"{SVG}text") if text.text in names]
    return sorted(float(label.get("y") or 0) for label in labels)


@pytest.mark.parametrize("letters", ["ABCDEF", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
def test_labels_of_lines_that_end_together_are_moved_apart(letters: str) -> None:
    same = tuple(Series(letter, i, RISING) for i, letter in enumerate(letters))
    found = heights(chart("steps", *same))
    assert len(found) == len(letters)
    gaps = [b - a for a, b in pairwise(found)]
    assert min(gaps) > 11  # the size of the text
    assert found[0] > 0
    height = float((tree(chart("steps", *same)).get("viewBox") or "").split()[3])
    assert found[-1] < height


def test_an_intervals_bar_stays_in_the_drawing_when_it_reaches_below_zero() -> None:
    wide = chart("lines", Series("A", 0, (Dot(1, 10, -40, 60),)), categories=("1",))
    assert tree(wide).tag == f"{SVG}svg"


def test_one_point_and_equal_points_can_be_drawn() -> None:
    one = replace(chart("steps", Series("A", 0, (Dot(5, 1, 1, 1),))), x_log=True)
    assert tree(one).tag == f"{SVG}svg"
