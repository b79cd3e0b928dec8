"""The throughput suite's verdicts on hand-made measurements, with golden values."""

from __future__ import annotations

import math
from typing import Any

import pytest

from harness.records import Measurement, Verdict
from harness.suite import Options
from suites.throughput.suite import SUITE

CASES = SUITE.cases(Options())
CALM = {"loop_lag_p99_s": 0.001, "late_share": 0.0, "cpu_share": 0.2, "limited": None}
LIMIT = "The client was the limit:"
RATES = {"closed-1": (98.0, 100.0, 102.0), "closed-4": (300.0, 300.0, 306.0)}


def window(case_id: str = "closed-1", repeat: int = 0, **changes: Any) -> Measurement:
    """A window in which everything went well."""
    values: dict[str, Any] = {
        "asked": 8,
        "failures": {},
        "problem": None,
        "finished": 8,
        "buffered": 0,
        "window_s": 5.12,
        "tokens": [64] * 8,
        "tokens_source": "usage",
        "output_tok_s": RATES.get(case_id, (400.0, 401.0, 402.0))[repeat],
        "ttft_s": [0.01 * (n + 1) for n in range(8)],
        "itl_s": [0.002] * 400 + [0.004] * 104,
        "tpot_s": [0.002] * 8,
        "e2e_s": [0.6] * 8,
        "client": CALM,
    }
    return Measurement(case_id, repeat, "2026-01-01T00:00:00Z", 5.2, values | changes)


def level(**changes: Any) -> Verdict:
    """The verdict on closed-1 when its second repetition differs from a good one."""
    taken = [window(), window(repeat=1, **changes), window(repeat=2)]
    return SUITE.judge(CASES[:1], taken)[0]


def test_a_good_level_passes_with_its_rate() -> None:
    verdict = level()
    assert (verdict.outcome, verdict.case_id) == ("pass", "closed-1")
    assert verdict.estimate is not None
    # Student's t with 2 degrees of freedom: 4.3027 * 2 / sqrt(3)
    assert verdict.estimate.value == pytest.approx(100.0)
    assert verdict.estimate.low == pytest.approx(100 - 4.3027 * 2 / math.sqrt(3), abs=1e-3)
    assert verdict.estimate.n == 3
    assert verdict.detail["tok_s"]["high"] == pytest.approx(verdict.estimate.high)
    assert "all 24 requests finished with 64 tokens" in verdict.reason


def test_quantiles_pool_all_repetitions_and_are_left_out_when_the_sample_is_small() -> None:
    detail = level().detail
    assert detail["concurrency"] == 1
    assert detail["client_lag_p99_s"] == 0.001
    assert detail["ttft_n"] == 24
    assert detail["ttft_p50_s"] == pytest.approx(0.045)
    assert detail["ttft_p90_s"] == pytest.approx(0.077)  # 0.7 of the way from 0.07 to 0.08
    assert "ttft_p99_s" not in detail  # 24 samples show no p99
    assert detail["itl_p99_s"] == pytest.approx(0.004)
    nothing = SUITE.judge(CASES[:1], [window(repeat=n, ttft_s=[0.1]) for n in range(3)])[0]
    assert "ttft_p90_s" not in nothing.detail
    assert nothing.detail["ttft_p50_s"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("changes", "outcome", "told"),
    [
        (
            {"failures": {"timeout": 1, "http_500": 2}, "problem": "HTTP 500: oh.", "finished": 5},
            "fail",
            "3 of 24 requests failed (2 http_500, 1 timeout); the first: HTTP 500: oh.",
        ),
        (
            {"client": CALM | {"late_share": 0.3, "limited": f"{LIMIT} it was late."}},
            "inconclusive",
            "The client was the limit: it was late",
        ),
        (
            {"client": CALM | {"cpu_share": 0.9, "limited": f"{LIMIT} it was busy."}},
            "inconclusive",
            "The client was the limit: it was busy",
        ),
        ({"buffered": 8, "itl_s": []}, "inconclusive", "8 of 24 streams were buffered"),
        (
            {"tokens": [64] * 6 + [12, 63]},
            "inconclusive",
            "2 of 24 answers have not the 64 tokens that were asked (12 to 63)",
        ),
        ({"tokens": [64] * 7 + [65]}, "inconclusive", "1 of 24 answers"),
        ({"tokens_source": "chunks"}, "inconclusive", "no usage"),
        ({"tokens_source": "chunks and usage"}, "inconclusive", "no usage"),
        ({"not_asked": "not asked: time-outs"}, "inconclusive", "not asked: time-outs"),
    ],
)
def test_a_fault_in_one_repetition_decides(
    changes: dict[str, Any], outcome: str, told: str
) -> None:
    verdict = level(**changes)
    assert verdict.outcome == outcome
    assert told in verdict.reason


def test_lateness_is_no_doubt_where_the_interval_reaches_farther() -> None:
    late = {"client": CALM | {"late_share": 0.14, "limited": f"{LIMIT} it was late."}}
    verdict = level(**late)  # 4.7 % over the repetitions, and the interval reaches 5.0 % either way
    assert verdict.outcome == "pass"
    assert verdict.detail["client_late_share"] == pytest.approx(0.14 / 3)
    steady = [window(output_tok_s=100.0), window(repeat=1, **late), window(output_tok_s=100.1)]
    assert SUITE.judge(CASES[:1], steady)[0].outcome == "inconclusive"


def test_a_single_late_stream_is_no_buffer() -> None:
    assert level(buffered=1).outcome == "pass"  # 1 of 24


def test_failures_outweigh_doubts() -> None:
    assert level(failures={"reset": 1}, buffered=8).outcome == "fail"


def test_a_repetition_that_could_not_be_measured_settles_nothing() -> None:
    broken = Measurement("closed-1", 1, "2026-01-01T00:00:00Z", 0.0, error="The disk is full.")
    verdict = SUITE.judge(CASES[:1], [window(), broken])[0]
    assert (verdict.outcome, "The disk is full." in verdict.reason) == ("inconclusive", True)


def test_two_of_three_repetitions_are_not_the_plan() -> None:
    verdict = SUITE.judge(CASES[:1], [window(), window(repeat=1)])[0]
    assert verdict.outcome == "inconclusive"
    assert "2 of 3 repetitions" in verdict.reason


def all_levels(**changes: Any) -> list[Measurement]:
    good = [window(case.id, n) for case in CASES for n in range(3)]
    return [*good[:-1], window("closed-8", 2, **changes)]


def test_the_suite_passes_with_the_scaling_in_its_sentence() -> None:
    verdict = SUITE.judge(CASES, all_levels())[-1]
    assert (verdict.name, verdict.outcome, verdict.case_id) == ("throughput", "pass", None)
    assert verdict.estimate is not None
    # geometric mean of 400/98, 401/100, 402/102
    golden = (400 / 98 * 401 / 100 * 402 / 102) ** (1 / 3)
    assert verdict.estimate.value == pytest.approx(golden)
    assert verdict.estimate.low < golden < verdict.estimate.high
    assert "8 in flight give 4.01x the tokens/s of 1" in verdict.reason
    assert verdict.detail["scaling"]["to"] == 8


def test_the_suite_is_as_good_as_its_worst_level() -> None:
    doubtful = SUITE.judge(CASES, all_levels(buffered=8))[-1]
    assert doubtful.outcome == "inconclusive"
    failed = SUITE.judge(CASES, all_levels(failures={"timeout": 1}))[-1]
    assert (failed.outcome, "closed-8" in failed.reason) == ("fail", True)


def test_a_part_of_the_levels_is_not_the_whole() -> None:
    verdicts = SUITE.judge(CASES, [window(repeat=n) for n in range(3)])
    assert [verdict.case_id for verdict in verdicts] == ["closed-1", None]
    assert verdicts[-1].outcome == "inconclusive"


def test_slowness_never_fails() -> None:
    slow = [window(case.id, n, output_tok_s=0.01 + n / 1e4) for case in CASES for n in range(3)]
    assert SUITE.judge(CASES, slow)[-1].outcome == "pass"


def test_the_plan_is_the_same_each_time_and_stays_within_the_profile() -> None:
    assert SUITE.cases(Options()) == CASES
    assert [case.id for case in CASES] == ["closed-1", "closed-4", "closed-8"]
    assert all(case.repeats >= 3 and case.explain for case in CASES)
    assert SUITE.duration_s(CASES) < SUITE.duration_s(SUITE.cases(Options(profile="standard")))
    assert SUITE.duration_s(CASES) <= 35
