"""Verdicts from measured windows. Pure: reads nothing but the measurements' values."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from harness.load import CPU_BOUND
from harness.records import Case, Estimate, Json, Measurement, Outcome, Verdict
from harness.statistics import mean_t, quantile

_QUANTILES = (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))
# One late stream among many is a hiccup of the machine; a buffer on the path delays them all, or at
# least those of one of its branches.
_BUFFERED_SHARE = 0.1
_METRICS = ("ttft", "itl", "tpot", "e2e")
_WORST: tuple[Outcome, ...] = ("fail", "inconclusive", "pass")


def judge(cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
    """One verdict for each measured level, then the suite's."""
    levels = []
    for case in cases:
        mine = [one for one in measurements if one.case_id == case.id]
        if mine:
            levels.append(_level(case, mine))
    return [*levels, _suite(cases, levels, measurements)]


def _level(case: Case, measurements: Sequence[Measurement]) -> Verdict:
    rate = _rate(measurements)
    outcome, reason = _decide(case, measurements)
    detail: dict[str, Json] = {
        "concurrency": case.parameters["concurrency"],
        "failures": _failures(measurements),
        "requests": sum(_asked(one) for one in measurements),
        "tokens_source": ", ".join(sorted(set(_all(measurements, "tokens_source")))) or "none",
    }
    if rate is not None:
        detail["tok_s"] = asdict(rate)
    clients = _all(measurements, "client")
    if clients:
        # A time finer than this is not the server's.
        detail["client_lag_p99_s"] = max(client["loop_lag_p99_s"] for client in clients)
        detail["client_late_share"] = _late_share(clients)
    for metric in _METRICS:
        detail |= _quantiles(metric, measurements)
    if rate is not None:
        shown = f"{rate.value:.1f} tokens/s ({rate.low:.1f} to {rate.high:.1f})"
        reason = f"{shown}: {reason}" if outcome != "pass" else f"{reason}: {shown}"
    return Verdict(case.id, outcome, reason, rate, case.id, detail)


def _decide(case: Case, measurements: Sequence[Measurement]) -> tuple[Outcome, str]:
    broken = next((one.error for one in measurements if one.error), None)
    if broken:
        return "inconclusive", f"a repetition could not be measured: {broken}"
    failed = _failures(measurements)
    if failed:
        return "fail", _failed(failed, measurements)
    doubts = [told for told in _doubts(case, measurements) if told]
    if doubts:
        return "inconclusive", "; ".join(doubts)
    asked = sum(_asked(one) for one in measurements)
    return "pass", f"all {asked} requests finished with {case.parameters['max_tokens']} tokens"


def _failed(failed: dict[str, int], measurements: Sequence[Measurement]) -> str:
    asked = sum(_asked(one) for one in measurements)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(failed.items()))
    first = next(iter(_all(measurements, "problem")), "")
    return f"{sum(failed.values())} of {asked} requests failed ({kinds}); the first: {first}"


def _doubts(case: Case, measurements: Sequence[Measurement]) -> Iterable[str | None]:
    yield next(iter(_all(measurements, "not_asked")), None)
    if len(measurements) < max(2, case.repeats):
        yield f"{len(measurements)} of {case.repeats} repetitions were measured"
    yield _client_doubt(measurements)
    finished = sum(_all(measurements, "finished"))
    buffered = sum(_all(measurements, "buffered"))
    if buffered > _BUFFERED_SHARE * finished:
        yield (
            f"{buffered} of {finished} streams were buffered on their way (most output came in "
            "the last 5 % of the time), so they have no ITL and their TTFT is not the server's"
        )
    if any(source != "usage" for source in _all(measurements, "tokens_source")):
        yield "the server states no usage, and the chunks counted instead are not tokens"
        return
    wanted = case.parameters["max_tokens"]
    tokens = [count for sample in _all(measurements, "tokens") for count in sample]
    uneven = [count for count in tokens if count != wanted]
    if uneven:
        yield (
            f"{len(uneven)} of {len(tokens)} answers have not the {wanted} tokens that were asked "
            f"({min(uneven)} to {max(uneven)}), so rates are not comparable"
        )


def _client_doubt(measurements: Sequence[Measurement]) -> str | None:
    """Whether the client may have moved the rate farther than its interval reaches.

    Lateness takes no more than its share from a rate. Where the interval is wider than that on
    either side, as on a machine that others use, it is told already, and the level is no less true.
    """
    clients = _all(measurements, "client")
    limits = [client["limited"] for client in clients if client["limited"]]
    if not limits:
        return None
    rate = _rate(measurements)
    late_only = all(client["cpu_share"] <= CPU_BOUND for client in clients)
    if late_only and rate and _late_share(clients) <= (rate.high - rate.value) / rate.value:
        return None
    return str(limits[0]).rstrip(".")


def _late_share(clients: Sequence[Json]) -> float:
    return float(sum(client["late_share"] for client in clients) / len(clients))


def _rate(measurements: Sequence[Measurement]) -> Estimate | None:
    rates = [rate for rate in _all(measurements, "output_tok_s") if rate > 0]
    if len(rates) < 2:
        return None
    mean = mean_t(rates, unit="tokens/s")
    return replace(mean, low=max(0.0, mean.low))  # a rate cannot be negative


def _quantiles(metric: str, measurements: Sequence[Measurement]) -> dict[str, Json]:
    pooled = [value for sample in _all(measurements, f"{metric}_s") for value in sample]
    found: dict[str, Json] = {f"{metric}_n": len(pooled)}
    for name, q in _QUANTILES:
        try:
            found[f"{metric}_{name}_s"] = quantile(pooled, q)
        except ValueError:  # too few samples for this quantile: it is left out, not guessed
            continue
    return found


def _suite(
    cases: Sequence[Case], levels: Sequence[Verdict], measurements: Sequence[Measurement]
) -> Verdict:
    outcomes = {level.outcome for level in levels}
    outcome: Outcome = next((one for one in _WORST if one in outcomes), "inconclusive")
    passed = sum(level.outcome == "pass" for level in levels)
    reason = f"{passed} of {len(cases)} levels were measured without a doubt"
    if passed < len(levels):
        deciding = next(level for level in levels if level.outcome == outcome)
        reason += f"; {deciding.case_id}: {deciding.reason}"
    elif len(levels) < len(cases):
        outcome = "inconclusive"
    scaling = _scaling(cases, measurements)
    if scaling is None:
        return Verdict("throughput", outcome, reason)
    first, last, ratio = scaling
    told = (
        f"{last} in flight give {ratio.value:.2f}x the tokens/s of {first} "
        f"({ratio.low:.2f} to {ratio.high:.2f}, {ratio.n} repetitions)"
    )
    detail = {"scaling": {"from": first, "to": last, **asdict(ratio)}}
    return Verdict("throughput", outcome, f"{reason}; {told}", ratio, None, detail)


def _scaling(
    cases: Sequence[Case], measurements: Sequence[Measurement]
) -> tuple[int, int, Estimate] | None:
    """Highest over lowest concurrency: Student's t on the logarithms of the ratios.

    Three repetitions are too few for a bootstrap (27 resamples a level), so the repetitions of the
    two levels are paired in the order in which they were taken.
    """
    levels: dict[int, list[float]] = {}
    for case in cases:
        mine = [one for one in measurements if one.case_id == case.id]
        levels[case.parameters["concurrency"]] = list(_all(mine, "output_tok_s"))
    if len(levels) < 2:
        return None
    first, last = min(levels), max(levels)
    pairs = zip(levels[first], levels[last], strict=False)
    logs = [math.log(high / low) for low, high in pairs if low > 0 and high > 0]
    if len(logs) < 2:
        return None
    mean = mean_t(logs)
    ratio = replace(
        mean,
        value=math.exp(mean.value),
        low=math.exp(mean.low),
        high=math.exp(mean.high),
        method=f"{mean.method} of log ratios",
        unit="ratio",
    )
    return first, last, ratio


def _failures(measurements: Sequence[Measurement]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for failures in _all(measurements, "failures"):
        total.update(failures)
    return dict(total)


def _asked(measurement: Measurement) -> int:
    return int(measurement.values.get("asked", 0))


def _all(measurements: Sequence[Measurement], key: str) -> list[Json]:
    """The value of that name from each measurement that has one."""
    values = (measurement.values.get(key) for measurement in measurements)
    return [value for value in values if value is not None]
