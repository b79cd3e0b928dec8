"""Verdicts from measured groups. Pure: reads nothing but the measurements' values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from harness.records import Case, Estimate, Json, Measurement, Outcome, Verdict
from harness.statistics import bootstrap_mean, clopper_pearson, settle_n
from suites.divergence.plan import ARMS, TEMPERATURE
from suites.divergence.rows import Row, exclusions, first_differences, rows_of, shares_batch

# The agreement below which published comparisons speak of divergence.
THRESHOLD = 0.95
# More prompts than anybody will ask: from there on "more prompts" is no advice.
_MOST_PROMPTS = 5000


def judge(cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
    """One verdict for each measured case, then the suite's over all prompts."""
    verdicts = []
    groups: list[Measurement] = []
    for case in cases:
        mine = [one for one in measurements if one.case_id == case.id]
        if not mine:
            continue
        if case.id == TEMPERATURE:
            verdicts.append(_temperature(mine[0]))
        else:
            groups.append(mine[0])
            verdicts.append(_group(mine[0]))
    return [*verdicts, _suite(groups, verdicts)]


def _temperature(measurement: Measurement) -> Verdict:
    outcome, reason = _temperature_reason(measurement)
    return Verdict(TEMPERATURE, outcome, reason, case_id=TEMPERATURE)


def _temperature_reason(measurement: Measurement) -> tuple[Outcome, str]:
    values = measurement.values
    problem = measurement.error or values.get("problem") or values.get("not_asked")
    if problem:
        return "inconclusive", f"temperature could not be tried: {problem}"
    cold, hot = values["cold"], values["hot"]
    if cold[0] != cold[1]:
        return (
            "inconclusive",
            "the server is not deterministic when idle: temperature 0 gave two different answers",
        )
    if set(hot) == {cold[0]}:
        return (
            "inconclusive",
            f"the server ignores temperature: {len(hot)} answers at a high temperature all equal "
            "the one at temperature 0",
        )
    return (
        "pass",
        f"temperature 0 gave the same answer twice; {len(hot)} hot tries gave {len(set(hot))} "
        "different answers",
    )


def _group(measurement: Measurement) -> Verdict:
    rows = rows_of([measurement])
    counted = [row for row in rows if row.excluded is None]
    outcome, reason = _group_reason(measurement, rows, counted)
    estimate = _share(counted, "matches") if counted else None
    detail: dict[str, Json] = {
        "matched": sum(row.matches for row in counted),
        "repeated": sum(row.repeats for row in counted),
        "n": len(counted),
        "excluded": exclusions(rows),
    }
    return Verdict(measurement.case_id, outcome, reason, estimate, measurement.case_id, detail)


def _group_reason(
    measurement: Measurement, rows: Sequence[Row], counted: Sequence[Row]
) -> tuple[Outcome, str]:
    problem = measurement.error or measurement.values.get("not_asked")
    if problem:
        return "inconclusive", f"the group could not be measured: {problem}"
    n, matched = len(counted), sum(row.matches for row in counted)
    if n < len(rows):
        told = f"{_left_out(rows)}{_first_problem(measurement)}{_walls(measurement)}"
        return "inconclusive", f"of {len(rows)} prompts {told}"
    repeated = sum(row.repeats for row in counted)
    if repeated < n:
        return (
            "inconclusive",
            f"the server is not deterministic when idle: {repeated} of {n} answers repeated",
        )
    if matched == n:
        return "pass", f"{n} of {n} answers under load equal those given alone"
    told = f"{matched} of {n} answers under load equal those given alone"
    if clopper_pearson(matched, n).high < THRESHOLD:
        return "fail", told
    return "inconclusive", f"{told}; a group alone cannot settle a threshold of {THRESHOLD:.0%}"


def _suite(groups: Sequence[Measurement], verdicts: Sequence[Verdict]) -> Verdict:
    rows = rows_of(groups)
    counted = [row for row in rows if row.excluded is None]
    detail: dict[str, Json] = {
        "threshold": THRESHOLD,
        "excluded": exclusions(rows),
        "prompts": len(rows),
    }
    if not counted:
        why = _left_out(rows) if rows else "no group was measured"
        reason = f"nothing can be said about load: {why}{_first_problem(*groups)}"
        return Verdict("divergence", "inconclusive", reason, detail=detail)
    detail |= _numbers(counted)
    estimate = _share(counted, "matches")
    outcome, reason = _decide(counted, estimate, verdicts)
    if len(counted) < len(rows):
        reason += f"; left out: {_left_out(rows)}"
    return Verdict("divergence", outcome, reason, estimate, None, detail)


def _decide(
    counted: Sequence[Row], estimate: Estimate, verdicts: Sequence[Verdict]
) -> tuple[Outcome, str]:
    told = _told(counted, estimate)
    n, repeated = len(counted), sum(row.repeats for row in counted)
    if repeated < n:
        return (
            "inconclusive",
            f"the server is not deterministic when idle: only {repeated} of {n} answers repeated; "
            f"{told}; {_excess_told(counted)}",
        )
    doubt = next((v for v in verdicts if v.case_id == TEMPERATURE and v.outcome != "pass"), None)
    if doubt:
        return "inconclusive", f"{doubt.reason}; {told}"
    if estimate.low > THRESHOLD:
        return "pass", f"{told}: above {THRESHOLD:.0%}"
    if estimate.high < THRESHOLD:
        return "fail", f"{told}: below {THRESHOLD:.0%}; {_excess_told(counted)}"
    return "inconclusive", f"{told}: {THRESHOLD:.0%} lies between; {_advice(counted)}"


def _told(counted: Sequence[Row], estimate: Estimate) -> str:
    matched = sum(row.matches for row in counted)
    return (
        f"{matched} of {len(counted)} answers under load equal those given alone "
        f"(95 % interval {estimate.low:.1%} to {estimate.high:.1%})"
    )


def _excess_told(counted: Sequence[Row]) -> str:
    excess = _excess(counted)
    low, high = 100 * excess.low, 100 * excess.high
    return f"load adds {100 * excess.value:.1f} points of disagreement ({low:.1f} to {high:.1f})"


def _numbers(counted: Sequence[Row]) -> dict[str, Json]:
    return {
        "exact": asdict(_share(counted, "matches")),
        "control": asdict(_share(counted, "repeats")),
        "excess": asdict(_excess(counted)),
        "prefix": asdict(bootstrap_mean([row.concurrent_prefix for row in counted])),
        "legacy_words": asdict(bootstrap_mean([row.words for row in counted])),
        "first_divergence": first_differences(counted),
        "unit": "characters",
        "settle_prompts": _settling(sum(row.matches for row in counted), len(counted)),
    }


def _share(counted: Sequence[Row], what: str) -> Estimate:
    return clopper_pearson(sum(bool(getattr(row, what)) for row in counted), len(counted))


def _excess(counted: Sequence[Row]) -> Estimate:
    return bootstrap_mean([row.excess for row in counted], bounds=(-1.0, 1.0))


def _advice(counted: Sequence[Row]) -> str:
    wanted = _settling(sum(row.matches for row in counted), len(counted))
    if wanted is None:
        return f"the share is too near the threshold to settle it with {_MOST_PROMPTS} prompts"
    return f"some {wanted} prompts at this share would settle it"


def _settling(matched: int, n: int) -> int | None:
    """How many prompts would decide, if the observed share held; None when too many."""
    if matched == n:
        return settle_n(THRESHOLD)
    wanted = n
    while wanted <= _MOST_PROMPTS:
        bound = clopper_pearson(round(wanted * matched / n), wanted)
        if bound.low > THRESHOLD or bound.high < THRESHOLD:
            return wanted
        wanted += max(1, wanted // 50)  # to within 2 %: it is advice
    return None


def _left_out(rows: Sequence[Row]) -> str:
    return ", ".join(f"{count} {why}" for why, count in sorted(exclusions(rows).items()))


def _walls(measurement: Measurement) -> str:
    walls = measurement.values["wall_s"]
    if shares_batch(measurement) or any(arm not in walls for arm in ARMS):
        return ""
    alone_s = min(walls["serial_a"], walls["serial_b"])
    return f" (one by one {alone_s:.2f} s, together {walls['concurrent']:.2f} s)"


def _first_problem(*measurements: Measurement) -> str:
    for measurement in measurements:
        if measurement.error or measurement.values.get("not_asked"):
            return f" ({measurement.error or measurement.values['not_asked']})"
        for prompt in measurement.values.get("prompts", []):
            if prompt["problem"]:
                return f" ({prompt['problem']})"
    return ""
