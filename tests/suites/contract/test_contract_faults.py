"""Every seeded fault makes the rules fail that it breaks; the clean fake breaks none."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from suites.contract import canary
from suites.contract.checks import BY_ID, CHECKS, pacing
from tests.suites.contract import (
    faults_access,
    faults_answers,
    faults_calls,
    faults_course,
    faults_errors,
    faults_messages,
    faults_requests,
    faults_responses,
    faults_serving,
    faults_streams,
    faults_vectors,
)
from tests.suites.contract.asking import asked
from tests.suites.contract.fake_contract import Fault

FAULTS = (
    *faults_answers.FAULTS,
    *faults_requests.FAULTS,
    *faults_streams.FAULTS,
    *faults_messages.FAULTS,
    *faults_errors.FAULTS,
    *faults_responses.FAULTS,
    *faults_vectors.FAULTS,
    *faults_serving.FAULTS,
    *faults_access.FAULTS,
    *faults_calls.FAULTS,
    *faults_course.FAULTS,
)
KEY_FAULTS = (*faults_errors.KEY_FAULTS, *faults_access.KEY_FAULTS)
# Fails only where a run looked at a server that was dead: asked together with what kills it.
KILLER = {"ERR-18": "CHT-27", "HEA-02": "CHT-27"}
# Judged on what these ask.
BEFORE = {
    "ERR-15": ("ERR-04", "CHT-76", "ERR-01"),
    "ERR-17": ("ROB-04",),
    "ERR-21": ("ROB-01",),
    "RSP-19": ("RSP-13",),
}
FAILING = {"fail", "ignored"}
ALL = [check.id for check in CHECKS]


@pytest.fixture(autouse=True)
def quick_canary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "CANARY_S", 0.3)
    monkeypatch.setattr(pacing, "GAP_S", 1.0)


@pytest.fixture(autouse=True)
def leaked() -> Iterator[None]:
    yield
    while faults_serving.LEAKED:
        os.close(faults_serving.LEAKED.pop())


def _asked_for(fault: Fault, **options: object) -> dict[str, dict[str, object]]:
    before = [other for rule in fault.rules for other in BEFORE.get(rule, ())]
    ids = dict.fromkeys([*before, *sorted(fault.rules, key=ALL.index)])
    values = asked(list(ids), fault, **options)
    return {rule: values[rule] for rule in fault.rules}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "_"))
def test_a_seeded_fault_is_found(fault: Fault) -> None:
    found = _asked_for(fault)
    missed = {rule: one["reason"] for rule, one in found.items() if one["finding"] not in FAILING}
    assert missed == {}
    if fault.raw is None:  # found by the rule itself, not because the canary fell silent
        assert all("after this request" not in str(one["reason"]) for one in found.values())


@pytest.mark.parametrize("fault", KEY_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_of_keys_is_found(fault: Fault) -> None:
    found = _asked_for(fault, api_key="secret")
    assert {one["finding"] for one in found.values()} <= FAILING


def test_faults_name_known_rules_and_are_many() -> None:
    assert {rule for fault in FAULTS for rule in fault.rules} <= set(BY_ID)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 150


def test_every_check_but_the_listed_ones_is_proven_by_a_fault() -> None:
    proven = {rule for fault in (*FAULTS, *KEY_FAULTS) for rule in fault.rules}
    # Asked in longer profiles only, or never a failure: test_contract_serving.py has their tests.
    assert set(ALL) - proven == {"ROB-03", "ROB-08", "ROB-20", "ROB-22"}
