"""Verdicts from measured probes, a layer at a time. Pure: reads the measurements' values only."""

from __future__ import annotations

from collections.abc import Sequence

from harness.records import Case, Measurement, Verdict
from suites.tool_calling.judge_behaviour import behaviour_suite, behaviour_verdict, tries_of
from suites.tool_calling.judge_wire import wire_suite, wire_verdict

Measured = list[tuple[Case, list[Measurement]]]


def judge(cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
    """One verdict for each measured case; then ``tool wire`` and ``tool behaviour``.

    A layer of which nothing was measured has no verdict.
    """
    measured: Measured = []
    for case in cases:
        mine = [one for one in measurements if one.case_id == case.id]
        if mine:
            measured.append((case, mine))
    wire = [pair for pair in measured if pair[0].parameters["layer"] == "L1"]
    behaviour = [pair for pair in measured if pair[0].parameters["layer"] == "L2"]
    verdicts = [wire_verdict(case, mine[0]) for case, mine in wire]
    suite = [wire_suite(verdicts)] if verdicts else []
    if behaviour:
        found, whole = _behaviour(behaviour)
        verdicts, suite = [*verdicts, *found], [*suite, whole]
    return [*verdicts, *suite]


def _behaviour(measured: Measured) -> tuple[list[Verdict], Verdict]:
    tries = {case.id: tries_of(case, mine) for case, mine in measured}
    capable = any(one.called for some in tries.values() for one in some)
    verdicts = [
        behaviour_verdict(case, mine, tries[case.id], capable=capable) for case, mine in measured
    ]
    cases = [case for case, _ in measured]
    return verdicts, behaviour_suite(cases, verdicts, tries, capable=capable)
