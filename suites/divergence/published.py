"""Published results of the protocol R2C: read as they were written, judged anew.

The protocol: each prompt alone and under concurrency, greedy, some runs; agreement of whitespace
words by position; a z interval over the runs' means. Two layouts are known, with ``run_reports``
and, of a single run, with ``rows`` alone. Both hold the raw texts, from which everything is
computed here; the published figures are kept beside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from statistics import NormalDist, fmean, stdev
from typing import Any

from harness.errors import UsageError
from harness.records import Case, Estimate, Json, Measurement, Outcome, Verdict
from harness.statistics import bootstrap_mean, clopper_pearson, intraclass, settle_n
from harness.suite import Imported
from suites.divergence.compare import first_difference, word_agreement
from suites.divergence.judge import THRESHOLD

CASE = "diverge-imported-r2c"
TEXTS = ("serial_output", "concurrent_output")
# What the protocol's figures are under; all are kept.
TOLD = (
    "exact_match_rate",
    "token_agreement_rate",
    "exact_match_summary",
    "token_agreement_summary",
)
SETTINGS = ("prompt_count", "max_tokens", "concurrency", "runs")


def read(text: str) -> Imported:
    """The runs in a published file.

    Raises:
        UsageError: it is not JSON, or has neither layout.
    """
    try:
        whole = json.loads(text)
    except ValueError as error:
        raise _wrong(f"it is not JSON ({error})") from error
    if not isinstance(whole, dict):
        raise _wrong("it is no JSON object")
    reports = whole.get("run_reports") or [whole]
    runs = [_run(report) for report in reports]
    if len({tuple(row["prompt"] for row in run) for run in runs}) != 1:
        raise _wrong("its runs do not ask the same prompts")
    prompts = [
        {
            "prompt": rows[0]["prompt"],
            "serial": [row["serial_output"] for row in rows],
            "concurrent": [row["concurrent_output"] for row in rows],
            "latency_s": [
                [row.get("serial_latency_s"), row.get("concurrent_latency_s")] for row in rows
            ],
        }
        for rows in zip(*runs, strict=True)
    ]
    settings = {key: whole[key] for key in SETTINGS if key in whole}
    told = {key: whole[key] for key in TOLD if key in whole}
    case = Case(CASE, "divergence", "A published R2C result", settings, explain=EXPLAIN)
    values: dict[str, Json] = {"prompts": prompts, "published": told}
    moment = _moment(whole.get("timestamp_epoch"))
    return Imported(
        suite="divergence",
        tool="r2c",
        model=str(whole.get("model", "")),
        base_url=str(whole.get("base_url", "")),
        cases=(case,),
        measurements=(Measurement(CASE, 0, moment, 0.0, values),),
        verdicts=tuple(judged(prompts, settings, told)),
    )


EXPLAIN = (
    "Texts that somebody else's harness measured: each prompt alone and under concurrency, in some "
    "runs. Nothing here says in what order, on what machine, or whether requests shared a batch."
)


def _wrong(why: str) -> UsageError:
    return UsageError(
        f"This is no R2C result: {why}.",
        remedy="Give the JSON file that the protocol's harness wrote, with its rows.",
    )


def _run(report: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - anything that JSON holds
    rows = report.get("rows") if isinstance(report, dict) else None
    if not isinstance(rows, list) or not rows:
        raise _wrong("a run has no rows")
    for row in rows:
        known = isinstance(row, dict) and all(isinstance(row.get(key), str) for key in TEXTS)
        if not known or not isinstance(row.get("prompt"), str):
            raise _wrong("a row lacks its prompt or one of its two texts")
    return rows


def _moment(epoch: Any) -> str:  # noqa: ANN401 - anything that JSON holds
    if not isinstance(epoch, int | float) or isinstance(epoch, bool) or not 0 <= epoch < 1e11:
        return ""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds")


def judged(
    prompts: Sequence[dict[str, Json]], settings: dict[str, Json], told: dict[str, Json]
) -> list[Verdict]:
    """One verdict: never a pass, since nothing proves that a batch was shared."""
    pairs = [list(zip(one["serial"], one["concurrent"], strict=True)) for one in prompts]
    exact = [[float(a == b) for a, b in runs] for runs in pairs]
    words = [[word_agreement(a, b) for a, b in runs] for runs in pairs]
    means = [fmean(one) for one in words]
    always = [all(values) for values in exact]
    share = clopper_pearson(sum(always), len(always))
    detail: dict[str, Json] = {
        "legacy": _legacy(exact, words),
        "published": told,
        "settings": settings,
        "prompts": len(prompts),
        "threshold": THRESHOLD,
        "first_differing_words": [_first_word(runs) for runs in pairs],
        "estimates": {
            "exact in every run": asdict(share),
            "words": asdict(bootstrap_mean(means, unit="proportion")),
            "words, plain bootstrap": asdict(bootstrap_mean(means, unit="proportion", plain=True)),
        },
        **_repeats(prompts, exact, words),
    }
    outcome, reason = _decided(share, always)
    return [
        Verdict("divergence", outcome, reason, share, None, detail),
        Verdict(CASE, outcome, reason, share, CASE, {"n": len(always)}),
    ]


def _decided(share: Estimate, always: Sequence[bool]) -> tuple[Outcome, str]:
    told = (
        f"{sum(always)} of {len(always)} prompts were answered alike alone and under load "
        f"({share.low:.1%} to {share.high:.1%})"
    )
    if share.high < THRESHOLD:
        return "fail", f"{told}: below {THRESHOLD:.0%}"
    needed = settle_n(THRESHOLD)
    return "inconclusive", (
        f"{told}: imported, without proof of a shared batch; {needed} prompts without a difference "
        f"would be the fewest that show {THRESHOLD:.0%}"
    )


def _legacy(exact: Sequence[Sequence[float]], words: Sequence[Sequence[float]]) -> dict[str, Json]:
    """The protocol's own table: means over runs with a z interval over the runs' means."""
    return {"exact": _z(exact), "words": _z(words)}


def _z(units: Sequence[Sequence[float]]) -> dict[str, Json]:
    means = [fmean(run) for run in zip(*units, strict=True)]
    half = 0.0
    if len(means) > 1:
        half = NormalDist().inv_cdf(0.975) * stdev(means) / math.sqrt(len(means))
    mean = fmean(means)
    return {"mean": mean, "low": mean - half, "high": mean + half, "runs": len(means)}


def _first_word(runs: Sequence[tuple[str, str]]) -> int | None:
    """Where the first run's two texts part, counted in words from 0."""
    serial, concurrent = runs[0]
    if first_difference(serial, concurrent) is None:
        return None
    left, right = serial.split(), concurrent.split()
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))


def _repeats(
    prompts: Sequence[dict[str, Json]],
    exact: Sequence[Sequence[float]],
    words: Sequence[Sequence[float]],
) -> dict[str, Json]:
    """What several runs add: the control, the excess, and what the repeats are worth."""
    runs = len(exact[0])
    if runs < 2 or len(exact) < 2:
        return {}
    icc, worth = intraclass(exact)
    control = [_within(one["serial"]) for one in prompts]
    excess = [
        alone - fmean(beside)
        for alone, beside in zip((pair[1] for pair in control), words, strict=True)
    ]
    return {
        "icc": icc,
        "effective_n": worth,
        "of": runs * len(exact),
        "control": {
            "exact": fmean(pair[0] for pair in control),
            "words": fmean(pair[1] for pair in control),
        },
        "excess_words": asdict(bootstrap_mean(excess, bounds=(-1.0, 1.0), unit="proportion")),
        "excess_words, plain bootstrap": asdict(
            bootstrap_mean(excess, bounds=(-1.0, 1.0), unit="proportion", plain=True)
        ),
    }


def _within(texts: Sequence[str]) -> tuple[float, float]:
    """Exact and word agreement of all pairs of one arm's repeats."""
    pairs = [(a, b) for at, a in enumerate(texts) for b in texts[at + 1 :]]
    return fmean(a == b for a, b in pairs), fmean(word_agreement(a, b) for a, b in pairs)
