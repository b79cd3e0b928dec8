"""Verdicts of the behaviour layer. A weak model is never its server's failure. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from harness.records import Case, Json, Measurement, Outcome, Verdict
from harness.statistics import wilson
from suites.tool_calling.behaviour import Try, judge_try

NAME = "tool behaviour"
Tries = Mapping[str, Sequence[Try]]


def tries_of(case: Case, measurements: Sequence[Measurement]) -> list[Try]:
    """All tries of a probe that got as far as an answer."""
    return [
        judge_try(case, measurement.values["trial"])
        for measurement in measurements
        if "trial" in measurement.values
    ]


def behaviour_verdict(
    case: Case, measurements: Sequence[Measurement], tries: Sequence[Try], *, capable: bool
) -> Verdict:
    """One probe over its tries; ``capable``: the model called some tool somewhere in this run."""
    outcome, reason = _decide(case, measurements, tries, capable=capable)
    detail: dict[str, Json] = {"probe": case.id, "layer": "L2"}
    if not tries:
        return Verdict(case.id, outcome, reason, None, case.id, detail)
    passed, n = sum(one.right for one in tries), len(tries)
    detail |= {"passed": passed, "n": n, "told": [one.told for one in tries]}
    if fault := next((one.fault for one in tries if one.fault), None):
        detail["server_fault"] = fault
    wrong = next((m for m, o in zip(measurements, tries, strict=False) if not o.right), None)
    if outcome in {"fail", "inconclusive"} and wrong is not None:
        trial = wrong.values.get("trial", {})
        detail["expected"] = case.parameters["expect"]
        detail["got"] = {key: trial.get(key) for key in ("status", "text", "calls", "finish")}
    return Verdict(case.id, outcome, reason, wilson(passed, n), case.id, detail)


def _decide(
    case: Case, measurements: Sequence[Measurement], tries: Sequence[Try], *, capable: bool
) -> tuple[Outcome, str]:
    fault = next((one.fault for one in tries if one.fault), None)
    if fault:
        return "fail", f"the server's doing: {fault}"
    broken = next((one.error for one in measurements if one.error), None)
    if broken or not tries:
        return "inconclusive", f"a try could not be measured: {broken or 'no answer'}"
    refused = next((one.refused for one in tries if one.refused), None)
    if refused:
        return "skip", refused
    passed, n = sum(one.right for one in tries), len(tries)
    first_wrong = next((one.told for one in tries if not one.right), "")
    if not capable:
        return "inconclusive", "the model called no tool in this whole run"
    if passed == n:
        return "pass", f"right in {n} of {n} tries"
    if any(one.cut and not one.right for one in tries):
        return "inconclusive", f"right in {passed} of {n} tries; an answer was cut at max_tokens"
    if passed:
        return "inconclusive", f"not steady, right in {passed} of {n} tries: {first_wrong}"
    if _overruled(case, tries):
        return "fail", f"tool_choice was not kept in any of {n} tries: {first_wrong}"
    return "inconclusive", f"wrong in all {n} tries, by the model or the server: {first_wrong}"


def _overruled(case: Case, tries: Sequence[Try]) -> bool:
    """Whether every try went against the tool_choice, which is the server's to enforce."""
    choice = case.parameters["tool_choice"]
    if choice not in {"none", "required"}:
        return False
    return all(one.called == (choice == "none") for one in tries)


def behaviour_suite(
    cases: Sequence[Case], verdicts: Sequence[Verdict], tries: Tries, *, capable: bool
) -> Verdict:
    """All behaviour probes together, with the scores of the field."""
    scores = _scores(cases, tries)
    judged = [verdict for verdict in verdicts if verdict.outcome != "skip"]
    blamed = next((v for v in verdicts if "server_fault" in v.detail), None)
    if blamed:
        return Verdict(NAME, "fail", f"{blamed.case_id}: {blamed.reason}", detail=scores)
    if not judged:
        return Verdict(NAME, "skip", verdicts[0].reason, detail=scores)
    if not capable:
        asked = sum(one.refused is None for some in tries.values() for one in some)
        told = f"the model made no tool call in {asked} requests: nothing is said about the server"
        return Verdict(NAME, "inconclusive", told, detail=scores)
    passed = sum(verdict.outcome == "pass" for verdict in judged)
    score = wilson(passed, len(judged))
    outcome: Outcome = "pass"
    reason = f"{passed} of {len(judged)} probes are right in every try"
    for worse in ("inconclusive", "fail"):
        found = next((verdict for verdict in judged if verdict.outcome == worse), None)
        if found:
            outcome = found.outcome
            told = f"{found.case_id}: {found.reason}"
    if outcome != "pass":
        reason += f"; {told}"
    return Verdict(NAME, outcome, reason, score, None, scores)


def _scores(cases: Sequence[Case], tries: Tries) -> dict[str, Json]:
    """Trigger against the probe's own label, exact calls, schema validity, calls too many."""
    pairs = [
        (case.parameters["expect"]["call"] is not None, one)
        for case in cases
        for one in tries.get(case.id, [])
        if one.refused is None and one.fault is None
    ]
    wanted = [one for label, one in pairs if label]
    calls = sum(one.calls for _, one in pairs)
    trigger = {
        "true_positive": sum(label and one.called for label, one in pairs),
        "false_positive": sum(not label and one.called for label, one in pairs),
        "false_negative": sum(label and not one.called for label, one in pairs),
        "true_negative": sum(not label and not one.called for label, one in pairs),
    }
    scores: dict[str, Json] = {"layer": "L2", "trigger": trigger}
    scores["calls_too_many"] = sum(max(0, one.calls - label) for label, one in pairs)
    if wanted:
        scores["exact"] = asdict(wilson(sum(one.exact for one in wanted), len(wanted)))
    if calls:
        valid = sum(one.valid_calls for _, one in pairs)
        scores["schema_valid"] = asdict(wilson(valid, calls))
    return scores
