from __future__ import annotations

from typing import Any

import pytest

from harness.records import Estimate
from harness.report import figures

WHOLE: dict[str, Any] = {"value": 2, "low": 1.5, "high": 2.5, "n": 3, "method": "t"}


@pytest.mark.parametrize("nothing", [None, True, "3", float("nan"), float("inf"), [1]])
def test_what_is_no_finite_number_is_none(nothing: object) -> None:
    assert figures.number(nothing) is None


def test_numbers_keep_what_they_can_read() -> None:
    assert figures.numbers([1, "x", 2.5, None, float("nan")]) == [1.0, 2.5]
    assert figures.numbers("12") == []


def test_an_estimate_is_read_from_json_and_from_a_record() -> None:
    wanted = Estimate(2.0, 1.5, 2.5, 3, "t")
    assert figures.estimate(WHOLE) == wanted
    assert figures.estimate(wanted) == wanted


@pytest.mark.parametrize("missing", ["value", "low", "high", "n"])
def test_an_estimate_without_one_of_its_parts_is_none(missing: str) -> None:
    assert figures.estimate({k: v for k, v in WHOLE.items() if k != missing}) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234.5, "1,234"), (56.78, "56.8"), (0.012345, "0.0123"), (0, "0"), (999.96, "1,000")],
)
def test_three_digits(value: float, shown: str) -> None:
    assert figures.short(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(1.234, "1.23 s"), (0.0456, "45.6 ms"), (4.2e-5, "42.0 µs")]
)
def test_durations_have_a_fitting_unit(seconds: float, shown: str) -> None:
    assert figures.duration(seconds) == shown


def test_nothing_measured_is_said_and_never_a_number() -> None:
    shown = {
        figures.short(None),
        figures.duration(None),
        figures.percent(None),
        figures.points(None),
        figures.interval(None),
        figures.shares(None),
    }
    assert shown == {"not measured"}


def test_intervals_of_shares_and_differences() -> None:
    found = Estimate(0.5, 0.25, 0.75, 4, "wilson")
    assert figures.shares(found) == "25.0 % to 75.0 %"
    assert figures.point_interval(found) == "+25.0 pp to +75.0 pp"
