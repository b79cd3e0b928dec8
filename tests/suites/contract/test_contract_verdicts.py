"""From findings to verdicts."""

from __future__ import annotations

from typing import Any

import pytest

from harness.records import Case, Measurement, Verdict
from suites.contract.verdicts import judge


def _case(case_id: str, severity: str = "MUST") -> Case:
    return Case(case_id, "contract", "rule", {"severity": severity, "rule": "r", "source": "s"})


def _taken(case_id: str, finding: str, **values: Any) -> Measurement:
    told = {"finding": finding, "reason": f"{finding} it is", **values}
    return Measurement(case_id, 0, "2026-01-01T00:00:00Z", 0.1, told)


def _judged(*rows: tuple[str, str, str]) -> dict[str, Verdict]:
    cases = [_case(case_id, severity) for case_id, severity, _ in rows]
    taken = [_taken(case_id, finding) for case_id, _, finding in rows]
    return {verdict.name: verdict for verdict in judge(cases, taken)}


@pytest.mark.parametrize(
    ("finding", "outcome"),
    [
        ("pass", "pass"),
        ("fail", "fail"),
        ("ignored", "fail"),
        ("unsupported", "skip"),
        ("divergent", "skip"),
        ("skip", "skip"),
        ("inconclusive", "inconclusive"),
        ("nonsense", "inconclusive"),
    ],
)
def test_findings_become_outcomes(finding: str, outcome: str) -> None:
    verdict = _judged(("A-1", "MUST", finding))["A-1"]
    assert (verdict.outcome, verdict.case_id) == (outcome, "A-1")
    assert verdict.detail["severity"] == "MUST"


def test_the_suite_fails_on_must_and_names_it() -> None:
    suite = _judged(("A-1", "MUST", "pass"), ("A-2", "MUST", "ignored"))["contract"]
    assert suite.outcome == "fail"
    assert suite.reason == "1 of 2 MUST rules are broken: A-2"
    assert suite.case_id is None


def test_a_should_is_told_but_does_not_decide() -> None:
    judged = _judged(("A-1", "MUST", "pass"), ("B-1", "SHOULD", "fail"))
    assert judged["B-1"].outcome == "fail"
    assert judged["contract"].outcome == "pass"
    assert "B-1" in judged["contract"].reason


def test_an_open_must_leaves_the_suite_open_unless_another_is_broken() -> None:
    open_ = _judged(("A-1", "MUST", "pass"), ("A-2", "MUST", "inconclusive"))["contract"]
    assert open_.outcome == "inconclusive"
    broken = _judged(("A-1", "MUST", "fail"), ("A-2", "MUST", "inconclusive"))["contract"]
    assert broken.outcome == "fail"


def test_nothing_kept_is_no_pass() -> None:
    assert _judged(("A-1", "MUST", "unsupported"))["contract"].outcome == "inconclusive"
    assert (
        _judged(("A-1", "MUST", "unsupported"), ("A-2", "MUST", "pass"))["contract"].outcome
        == "pass"
    )


def test_a_measured_severity_replaces_the_rules_own() -> None:
    cases = [_case("A-1"), _case("A-2")]
    taken = [_taken("A-1", "pass"), _taken("A-2", "fail", severity="SHOULD")]
    verdicts = {verdict.name: verdict for verdict in judge(cases, taken)}
    assert verdicts["A-2"].detail["severity"] == "SHOULD"
    assert verdicts["contract"].outcome == "pass"


def test_an_error_of_the_suite_is_inconclusive() -> None:
    broken = Measurement("A-1", 0, "2026-01-01T00:00:00Z", 0.1, error="The suite itself failed: x")
    verdicts = judge([_case("A-1")], [broken])
    assert [v.outcome for v in verdicts] == ["inconclusive", "inconclusive"]
    assert verdicts[0].reason == "The suite itself failed: x"


def test_cases_that_were_not_measured_get_no_verdict() -> None:
    verdicts = judge([_case("A-1"), _case("A-2")], [_taken("A-1", "pass")])
    assert [verdict.name for verdict in verdicts] == ["A-1", "contract"]


def test_evidence_is_in_the_detail() -> None:
    taken = _taken("A-1", "fail", expected="x", got=["y"], curl="curl …", canary="ok", health=None)
    detail = judge([_case("A-1")], [taken])[0].detail
    assert (detail["expected"], detail["got"], detail["curl"]) == ("x", ["y"], "curl …")
    assert "health" not in detail
