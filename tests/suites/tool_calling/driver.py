"""Runs cases of the suite against a respond hook."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from harness.records import Case, Measurement, Target, Verdict
from harness.suite import Context, Options
from harness.wire import Client
from suites.tool_calling.suite import SUITE
from tests.servers.fake_openai import serve

CASES = {case.id: case for case in SUITE.cases(Options())}
WIRE = [case for case in CASES.values() if case.parameters["layer"] == "L1"]
BEHAVIOUR = [case for case in CASES.values() if case.parameters["layer"] == "L2"]


def measure(hook: Any, cases: Sequence[Case], dialect: Any = "openai") -> list[Measurement]:
    async def run(base_url: str) -> list[Measurement]:
        target = Target(base_url, "fake", dialect)
        async with Client(target) as client:
            context = Context(target, client, Options(), note=print)
            return [
                await SUITE.measure(case, repeat, context)
                for case in cases
                for repeat in range(case.repeats)
            ]

    with serve(respond=hook) as fake:
        return asyncio.run(run(fake.base_url))


def judged(hook: Any, cases: Sequence[Case], dialect: Any = "openai") -> dict[str, Verdict]:
    """Verdicts by case id, or by name where they speak for a layer."""
    verdicts = SUITE.judge(cases, measure(hook, cases, dialect))
    return {verdict.case_id or verdict.name: verdict for verdict in verdicts}
