"""From findings to verdicts. Pure: everything comes from the cases and the measurements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harness.records import Case, Json, Measurement, Outcome, Verdict
from suites.contract.finding import OUTCOMES

NAME = "contract"
DETAIL = ("finding", "severity", "expected", "got", "curl", "canary", "health")
# As many rule ids as fit into one line of a table.
SHOWN = 12


def judge(cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
    """One verdict a rule, and the suite's: it fails on MUST rules alone."""
    taken = {measurement.case_id: measurement for measurement in measurements}
    verdicts = [_case(case, taken[case.id]) for case in cases if case.id in taken]
    return [*verdicts, _suite(verdicts)]


def _case(case: Case, measurement: Measurement) -> Verdict:
    values = measurement.values
    told = {key: values[key] for key in DETAIL if values.get(key) is not None}
    detail: dict[str, Json] = {**case.parameters, **told}
    if measurement.error is not None or "finding" not in values:
        reason = measurement.error or "the measurement holds no finding"
        return Verdict(case.id, "inconclusive", reason, case_id=case.id, detail=detail)
    outcome: Outcome = OUTCOMES.get(values["finding"], "inconclusive")
    return Verdict(case.id, outcome, values["reason"], case_id=case.id, detail=detail)


def _suite(verdicts: Sequence[Verdict]) -> Verdict:
    counts = {
        severity: dict(Counter(v.outcome for v in verdicts if v.detail["severity"] == severity))
        for severity in ("MUST", "SHOULD", "MAY")
    }
    must = [v for v in verdicts if v.detail["severity"] == "MUST"]
    broken = [v.name for v in must if v.outcome == "fail"]
    open_ = [v.name for v in must if v.outcome == "inconclusive"]
    kept = sum(v.outcome == "pass" for v in must)
    if broken:
        outcome: Outcome = "fail"
        reason = f"{len(broken)} of {len(must)} MUST rules are broken: {_listed(broken)}"
    elif open_ or not kept:
        outcome = "inconclusive"
        reason = f"{len(open_)} of {len(must)} MUST rules could not be judged: {_listed(open_)}"
    else:
        outcome = "pass"
        reason = f"{kept} MUST rules are kept, {len(must) - kept} do not apply"
    return Verdict(NAME, outcome, reason + _advice(verdicts), detail={"counts": counts})


def _advice(verdicts: Sequence[Verdict]) -> str:
    missed = [v.name for v in verdicts if v.outcome == "fail" and v.detail["severity"] != "MUST"]
    if not missed:
        return ""
    return f"; {len(missed)} SHOULD rules are not kept, which does not decide: {_listed(missed)}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
