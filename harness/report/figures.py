"""Numbers as a reader wants them: three digits that count, a unit, an interval; never invented."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from harness.records import Estimate, Json

NOT_MEASURED = "not measured"


def number(value: Json) -> float | None:
    """A finite float, or None for anything else (booleans are no numbers)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def numbers(value: Json) -> list[float]:
    """The finite numbers of a list; what is no list gives none."""
    if not isinstance(value, list | tuple):
        return []
    return [found for item in value if (found := number(item)) is not None]


def estimate(value: Json, unit: str = "") -> Estimate | None:
    """An estimate from its JSON form or the record itself; None when a part of it is missing."""
    if isinstance(value, Estimate):
        fields: Mapping[str, Json] = {
            "value": value.value,
            "low": value.low,
            "high": value.high,
            "n": value.n,
            "method": value.method,
        }
    elif isinstance(value, Mapping):
        fields = value
    else:
        return None
    middle, low, high = (number(fields.get(key)) for key in ("value", "low", "high"))
    count = number(fields.get("n"))
    if middle is None or low is None or high is None or count is None:
        return None
    return Estimate(middle, low, high, int(count), str(fields.get("method") or "unstated"), unit)


def short(value: float | None) -> str:
    """Three significant digits, with separators for thousands: 0.0123, 4.56, 1,234."""
    if value is None:
        return NOT_MEASURED
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def duration(seconds: float | None) -> str:
    """Seconds as µs, ms or s with three significant digits."""
    if seconds is None:
        return NOT_MEASURED
    size = abs(seconds)
    if size >= 1:
        return f"{short(seconds)} s"
    return f"{short(seconds * 1e3)} ms" if size >= 1e-3 else f"{short(seconds * 1e6)} µs"


def percent(share: float | None) -> str:
    """A share of 1 as per cent with one decimal."""
    return NOT_MEASURED if share is None else f"{share * 100:.1f} %"


def points(share: float | None) -> str:
    """A difference of two shares in percentage points."""
    return NOT_MEASURED if share is None else f"{share * 100:+.1f} pp"


def shares(found: Estimate | None) -> str:
    """The interval of a share."""
    return _between(found, percent)


def point_interval(found: Estimate | None) -> str:
    """The interval of a difference of shares."""
    return _between(found, points)


def interval(found: Estimate | None) -> str:
    """The interval of a plain number."""
    return _between(found, short)


def _between(found: Estimate | None, form: Callable[[float], str]) -> str:
    if found is None:
        return NOT_MEASURED
    return f"{form(found.low)} to {form(found.high)}"
