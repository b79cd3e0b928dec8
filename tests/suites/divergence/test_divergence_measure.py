"""The divergence suite against a fake that batches, and faulty ones."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from harness.records import Case, Measurement, Target, Verdict
from harness.suite import Context, Options
from harness.wire import Client
from suites.divergence.prompts import prompt_set
from suites.divergence.suite import SUITE
from tests.servers.fake_openai import serve
from tests.suites.divergence.fake_batching import Batching, serving

CASES = SUITE.cases(Options())[:10]  # 72 prompts, the fewest that can pass
TEMPERATURE, FIRST = CASES[0], CASES[1]
PROMPTS = prompt_set()


def measure(base_url: str, cases: Sequence[Case], dialect: Any = "openai") -> list[Measurement]:
    async def run() -> list[Measurement]:
        target = Target(base_url, "fake", dialect)
        async with Client(target) as client:
            context = Context(target, client, Options(), note=print)
            return [await SUITE.measure(case, 0, context) for case in cases]

    return asyncio.run(run())


def judged(fake: Batching, cases: Sequence[Case]) -> list[Verdict]:
    return SUITE.judge(cases, measure(fake.base_url, cases))


def judged_as_batched(fake: Batching, cases: Sequence[Case]) -> list[Verdict]:
    """The same with wall times as a quiet machine would give: a stall must not decide a test."""
    walls = {"serial_a": 2.0, "serial_b": 2.0, "concurrent": 0.5}
    taken = [
        replace(one, values={**one.values, "wall_s": walls}) if "wall_s" in one.values else one
        for one in measure(fake.base_url, cases)
    ]
    return SUITE.judge(cases, taken)


def test_a_clean_server_passes_the_whole_plan() -> None:
    with serving() as fake:
        verdicts = judged_as_batched(fake, CASES)
    assert [(v.outcome, v.reason) for v in verdicts if v.outcome != "pass"] == []
    assert len(fake.asked) == 10 + 3 * 72
    assert all("seed" not in body for body in fake.asked)


def test_load_that_changes_a_fifth_of_the_answers_fails() -> None:
    with serving(diverging=frozenset(PROMPTS[::5])) as fake:
        verdicts = judged_as_batched(fake, CASES)
    assert verdicts[-1].outcome == "fail"
    # 15 prompts can change; one that was served before the others came is not under load
    assert 57 / 72 <= verdicts[-1].detail["exact"]["value"] < 0.9


def test_a_group_that_load_leaves_alone_passes_beside_one_that_it_changes() -> None:
    with serving(diverging=frozenset(PROMPTS[8:16])) as fake:
        verdicts = judged_as_batched(fake, CASES[1:3])
    assert [verdict.outcome for verdict in verdicts[:2]] == ["pass", "fail"]


def test_a_noisy_server_is_not_blamed() -> None:
    with serving(noisy=frozenset(PROMPTS[1:4])) as fake:
        verdicts = judged_as_batched(fake, [TEMPERATURE, FIRST])
    assert [verdict.outcome for verdict in verdicts] == ["pass", "inconclusive", "inconclusive"]
    assert "not deterministic when idle: only 5 of 8" in verdicts[-1].reason


def test_one_slot_is_no_batch() -> None:
    with serving(slots=1) as fake:
        verdicts = judged(fake, [FIRST])
    assert [verdict.outcome for verdict in verdicts] == ["inconclusive", "inconclusive"]
    assert "without proof of a shared batch" in verdicts[-1].reason


def test_a_server_that_ignores_temperature_is_named() -> None:
    with serving(hot="nothing") as fake:
        verdict = judged(fake, [TEMPERATURE])[0]
    assert (verdict.outcome, "ignores temperature" in verdict.reason) == ("inconclusive", True)


def test_a_server_with_one_seed_for_all_does_not_ignore_temperature() -> None:
    with serving(hot="fixed") as fake:
        assert judged(fake, [TEMPERATURE])[0].outcome == "pass"


def test_a_server_that_is_never_cold_is_named() -> None:
    with serving(noisy=frozenset(PROMPTS[:1])) as fake:
        verdict = judged(fake, [TEMPERATURE])[0]
    assert (verdict.outcome, "not deterministic" in verdict.reason) == ("inconclusive", True)


def test_failures_under_load_are_no_divergence() -> None:
    with serving(fails_under_load=True) as fake:
        verdicts = judged_as_batched(fake, [FIRST])
    assert verdicts[0].outcome == "inconclusive"
    assert "without three answers" in verdicts[0].reason
    assert "out of memory" in verdicts[0].reason


def test_short_answers_are_left_out() -> None:
    with serving(tokens=3) as fake:
        verdicts = judged_as_batched(fake, [FIRST])
    assert "8 too short to diverge" in verdicts[0].reason


def test_arms_are_asked_in_the_order_of_the_plan() -> None:
    case = CASES[2]
    assert case.parameters["order"][0] == "serial_b"
    with serving() as fake:
        taken = measure(fake.base_url, [case])[0]
    assert list(taken.values["wall_s"]) == case.parameters["order"] == taken.values["order"]
    assert len(taken.exchanges) == 24
    assert all(len(prompt["texts"]) == 3 for prompt in taken.values["prompts"])


def test_a_hanging_server_is_waited_for_once() -> None:
    patient = [
        replace(case, parameters={**case.parameters, "timeout_s": 0.3}) for case in CASES[:3]
    ]
    with serving(silent=True) as fake:
        taken = measure(fake.base_url, patient)
    assert len(fake.asked) == 1
    assert [("not_asked" in one.values) for one in taken] == [False, True, True]
    verdicts = SUITE.judge(patient, taken)
    assert {verdict.outcome for verdict in verdicts} == {"inconclusive"}


def test_the_anthropic_dialect_asks_the_same() -> None:
    with serve(texts=[f"w{n} " for n in range(6)], gap_s=0.002) as fake:
        taken = measure(fake.base_url, [FIRST], "anthropic")[0]
    assert {prompt["texts"]["concurrent"] for prompt in taken.values["prompts"]} == {fake.text}
    assert {prompt["tokens"] for prompt in taken.values["prompts"]} == {6}
    assert all(served.path == "/v1/messages" for served in fake.log)


def test_no_dialect_is_asked_for_a_temperature_that_its_api_refuses() -> None:
    most = {"openai": 2.0, "anthropic": 1.0}  # the highest that each API's reference allows
    for dialect, limit in most.items():
        with serve() as fake:
            measure(fake.base_url, [TEMPERATURE], dialect)
        asked = [served.json["temperature"] for served in fake.log if served.method == "POST"]
        assert len(asked) == 10
        assert 0.0 < max(asked) <= limit
