"""The divergence suite's verdicts on hand-made measurements, with golden values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.records import Measurement, Verdict
from harness.suite import Options
from suites.divergence.suite import SUITE

PLAN = SUITE.cases(Options())
CASES = PLAN[:10]  # the precondition and 72 prompts, the fewest that can pass
GROUPS = CASES[1:]
SAME = {"serial_a": "one two three", "serial_b": "one two three", "concurrent": "one two three"}
CHANGED = SAME | {"concurrent": "one two thrXe"}
NOISY = SAME | {"serial_b": "oXe two three", "concurrent": "oXe two three"}
Texts = Callable[[int], dict[str, str]]


def prompt(index: int, texts: dict[str, str], **changes: Any) -> dict[str, Any]:
    values = {"prompt": index, "texts": texts, "tokens": 32, "problem": None, "neighbours": 7}
    return values | changes


def group(case_id: str, prompts: list[dict[str, Any]], **changes: Any) -> Measurement:
    walls = {"serial_a": 2.0, "serial_b": 2.1, "concurrent": 0.6}
    values = {"order": list(walls), "wall_s": walls, "prompts": prompts} | changes
    return Measurement(case_id, 0, "2026-01-01T00:00:00Z", 5.0, values)


def temperature(**changes: Any) -> Measurement:
    values = {"cold": ["a", "a"], "hot": [f"h{n}" for n in range(8)], "problem": None} | changes
    return Measurement(CASES[0].id, 0, "2026-01-01T00:00:00Z", 1.0, values)


def run(texts: Texts, *, cold: Measurement | None = None, **changes: Any) -> list[Verdict]:
    """A whole run in which prompt n answered ``texts(n)``."""
    taken = [cold or temperature()]
    for case in GROUPS:
        indices = case.parameters["prompts"]
        taken.append(group(case.id, [prompt(n, texts(n), **changes) for n in indices]))
    return SUITE.judge(CASES, taken)


def test_72_equal_prompts_clear_the_threshold() -> None:
    verdicts = run(lambda n: SAME)
    suite = verdicts[-1]
    assert [verdict.outcome for verdict in verdicts] == ["pass"] * 11
    assert (suite.name, suite.case_id) == ("divergence", None)
    assert suite.estimate is not None
    assert suite.estimate.low == pytest.approx(0.95006, abs=1e-5)  # 0.025 ** (1 / 72)
    assert (suite.detail["exact"]["n"], suite.detail["control"]["value"]) == (72, 1.0)
    excess = suite.detail["excess"]
    assert excess["low"] < 0 == excess["value"] < excess["high"]  # never of zero width
    assert suite.detail["first_divergence"]["concurrent"] == [None] * 72
    assert suite.detail["unit"] == "characters"


def test_one_of_72_is_between_and_says_how_many_would_settle_it() -> None:
    suite = run(lambda n: CHANGED if n == 5 else SAME)[-1]
    assert suite.outcome == "inconclusive"
    assert "71 of 72" in suite.reason
    assert suite.estimate is not None
    assert suite.estimate.low == pytest.approx(0.9250, abs=1e-4)
    assert suite.detail["settle_prompts"] > 72
    assert str(suite.detail["settle_prompts"]) in suite.reason
    assert suite.detail["first_divergence"]["concurrent"][5] == 11


def test_a_fifth_of_the_prompts_changed_by_load_fails() -> None:
    verdicts = run(lambda n: CHANGED if n % 5 == 0 else SAME)
    suite = verdicts[-1]
    assert suite.outcome == "fail"
    assert suite.estimate is not None
    assert (suite.estimate.value, suite.estimate.n) == (pytest.approx(57 / 72), 72)
    assert suite.estimate.high == pytest.approx(0.87845, abs=1e-5)  # 57 of 72
    # 15 prompts lose 2 of 13 characters each
    assert suite.detail["excess"]["value"] == pytest.approx(15 * 2 / 13 / 72)
    assert suite.detail["excess"]["low"] > 0
    assert suite.detail["legacy_words"]["value"] == pytest.approx(1 - 15 / 3 / 72)


def test_noise_of_the_idle_server_is_not_blamed_on_load() -> None:
    suite = run(lambda n: NOISY if n % 5 == 0 else SAME)[-1]
    assert suite.outcome == "inconclusive"
    assert "not deterministic when idle: only 57 of 72" in suite.reason
    assert suite.detail["excess"]["value"] == 0  # both arms disagree equally
    assert suite.detail["control"]["value"] == pytest.approx(57 / 72)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cold": ["a", "b"]}, "temperature 0 gave two different answers"),
        ({"hot": ["a"] * 8}, "ignores temperature"),
        ({"problem": "HTTP 500: oh."}, "HTTP 500: oh."),
    ],
)
def test_without_the_precondition_nothing_is_settled(changes: dict[str, Any], told: str) -> None:
    verdicts = run(lambda n: SAME, cold=temperature(**changes))
    assert verdicts[0].outcome == verdicts[-1].outcome == "inconclusive"
    assert told in verdicts[0].reason
    assert told in verdicts[-1].reason


def test_one_fixed_seed_does_not_ignore_the_temperature() -> None:
    assert run(lambda n: SAME, cold=temperature(hot=["h"] * 8))[-1].outcome == "pass"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"neighbours": 0}, "without proof of a shared batch"),
        ({"tokens": 3}, "too short to diverge"),
        ({"problem": "concurrent: HTTP 500: oh."}, "without three answers"),
    ],
)
def test_prompts_that_can_say_nothing_are_left_out_and_counted(
    changes: dict[str, Any], why: str
) -> None:
    verdicts = run(lambda n: SAME, **changes)
    assert {verdict.outcome for verdict in verdicts[1:]} == {"inconclusive"}
    assert verdicts[-1].detail["excluded"] == {why: 72}
    assert f"72 {why}" in verdicts[-1].reason
    assert verdicts[-1].estimate is None


def test_four_tokens_are_enough_to_count() -> None:
    assert run(lambda n: SAME, tokens=4)[-1].outcome == "pass"


def test_words_stand_in_where_no_usage_is_stated() -> None:
    assert run(lambda n: SAME, tokens=None)[-1].detail["excluded"] == {"too short to diverge": 72}
    longer = dict.fromkeys(SAME, "one two three four")
    assert run(lambda n: longer, tokens=None)[-1].outcome == "pass"


def test_an_empty_answer_agrees_with_nothing() -> None:
    suite = run(lambda n: dict.fromkeys(SAME, ""))[-1]
    assert suite.detail["excluded"] == {"without text": 72}


@pytest.mark.parametrize(("concurrent_s", "outcome"), [(1.9, "inconclusive"), (1.7, "pass")])
def test_a_wall_time_near_the_serial_one_is_no_shared_batch(
    concurrent_s: float, outcome: str
) -> None:
    case = GROUPS[0]
    prompts = [prompt(n, SAME) for n in case.parameters["prompts"]]
    walls = {"serial_a": 2.0, "serial_b": 2.1, "concurrent": concurrent_s}
    verdicts = SUITE.judge([case], [group(case.id, prompts, wall_s=walls)])
    assert verdicts[0].outcome == outcome
    told = "one by one 2.00 s, together 1.90 s" in verdicts[0].reason
    assert told is (outcome == "inconclusive")


def test_a_group_fails_only_when_its_bound_misses() -> None:
    def outcome(changed: int) -> str:
        case = GROUPS[0]
        prompts = [prompt(n, CHANGED if n < changed else SAME) for n in range(8)]
        return SUITE.judge([case], [group(case.id, prompts)])[0].outcome

    assert [outcome(n) for n in (0, 1, 2, 3, 8)] == [
        "pass", "inconclusive", "inconclusive", "fail", "fail",
    ]  # fmt: skip


def test_a_prompt_left_out_costs_the_verdict_of_72() -> None:
    taken = [temperature()]
    for case in GROUPS:
        prompts = [prompt(n, SAME) for n in case.parameters["prompts"]]
        if case is GROUPS[0]:
            prompts[0]["tokens"] = 2
        taken.append(group(case.id, prompts))
    suite = SUITE.judge(CASES, taken)[-1]
    assert suite.outcome == "inconclusive"
    assert "71 of 71" in suite.reason
    assert "1 too short to diverge" in suite.reason


def test_a_broken_group_is_inconclusive_and_not_counted() -> None:
    broken = Measurement(GROUPS[0].id, 0, "2026-01-01T00:00:00Z", 0.0, error="The suite failed.")
    verdicts = SUITE.judge([GROUPS[0]], [broken])
    assert [verdict.outcome for verdict in verdicts] == ["inconclusive", "inconclusive"]
    assert "The suite failed." in verdicts[0].reason


def test_the_plan_is_the_same_each_time_and_draws_its_orders() -> None:
    assert SUITE.cases(Options()) == PLAN
    assert [case.id for case in PLAN] == [
        "diverge-temperature", *(f"diverge-{n:02}" for n in range(10)),
    ]  # fmt: skip
    orders = [tuple(case.parameters["order"]) for case in PLAN[1:]]
    assert {frozenset(order) for order in orders} == {frozenset(SAME)}
    assert len({order.index("concurrent") for order in orders}) == 3
    asked = [n for case in PLAN[1:] for n in case.parameters["prompts"]]
    assert asked == list(range(80))
    assert all(case.explain and case.repeats == 1 for case in PLAN)
    assert SUITE.duration_s(PLAN) <= 35
