"""Verdicts of the wire layer: exact outputs, so one answer of each kind settles a probe. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from harness.records import Case, Json, Measurement, Outcome, Verdict
from harness.statistics import wilson
from suites.tool_calling.wire import faults, parity_faults

NAME = "tool wire"
# In both answers of a probe the same fault is one finding.
_MOST_FAULTS = 3


def wire_verdict(case: Case, measurement: Measurement) -> Verdict:
    """One probe: it passes when the streamed and the whole answer are both faultless."""
    expect, trials = case.parameters["expect"], measurement.values.get("trials", [])
    detail: dict[str, Json] = {"probe": case.id, "layer": "L1"}
    if not trials:
        outcome, why = _not_played(measurement)
        if "answered" in measurement.values:
            detail["answered"] = measurement.values["answered"]
        return Verdict(case.id, outcome, why, None, case.id, detail)
    found = {trial["mode"]: faults(expect, trial) for trial in trials}
    found["stream"] = found.get("stream", []) + parity_faults(trials)
    passed, n = sum(not found[trial["mode"]] for trial in trials), len(trials)
    detail |= {"passed": passed, "n": n}
    estimate = wilson(passed, n)
    if passed == n:
        return Verdict(case.id, "pass", "both answers are exact", estimate, case.id, detail)
    told = _told(found)
    detail |= {"faults": found, "expected": expect, "got": _got(trials)}
    return Verdict(case.id, "fail", told, estimate, case.id, detail)


def _not_played(measurement: Measurement) -> tuple[Outcome, str]:
    unsupported = measurement.values.get("unsupported")
    if unsupported:
        return "skip", unsupported
    return "inconclusive", measurement.error or measurement.values.get("unknown") or "not asked"


def _told(found: Mapping[str, list[str]]) -> str:
    """Faults of both answers once, then those of one of them, with the mode in front."""
    sentences: dict[str, list[str]] = {}
    for mode, told in found.items():
        for sentence in told:
            sentences.setdefault(sentence, []).append(mode)
    words = [
        sentence if len(modes) == len(found) else f"{modes[0]}: {sentence}"
        for sentence, modes in sentences.items()
    ]
    more = len(words) - _MOST_FAULTS
    return "; ".join(words[:_MOST_FAULTS]) + (f"; and {more} more" if more > 0 else "")


def _got(trials: Sequence[Mapping[str, Json]]) -> Json:
    shown = ("mode", "status", "text", "calls", "finish")
    return [{key: trial[key] for key in shown} for trial in trials]


def wire_suite(verdicts: Sequence[Verdict]) -> Verdict:
    """All wire probes together."""
    judged = [verdict for verdict in verdicts if verdict.outcome in ("pass", "fail")]
    if not judged:
        told = next((v for v in verdicts if v.outcome == "inconclusive"), verdicts[0])
        return Verdict(NAME, told.outcome, f"no wire probe could be asked: {told.reason}")
    passed = sum(verdict.outcome == "pass" for verdict in judged)
    score = wilson(passed, len(judged))
    reason = f"{passed} of {len(judged)} wire probes are exact"
    failed = next((verdict for verdict in judged if verdict.outcome == "fail"), None)
    outcome: Outcome = "fail" if failed else "pass"
    if failed:
        reason += f"; {failed.case_id}: {failed.reason}"
    elif len(judged) < len(verdicts):
        outcome = "inconclusive"
        open_one = next(v for v in verdicts if v.outcome not in ("pass", "fail"))
        reason += f"; {open_one.case_id} was not settled: {open_one.reason}"
    return Verdict(NAME, outcome, reason, score, None, {"layer": "L1", "exact": asdict(score)})
