"""The throughput suite against servers that behave and servers that do not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from harness.records import Case, Measurement, Target
from harness.suite import Context, Options
from harness.wire import Client
from suites.throughput.suite import SUITE
from tests.servers import fake_bodies
from tests.servers.fake_openai import Fake, Reply, serve

TEXTS = [f"word{n} " for n in range(12)]


def small(concurrency: int = 4, **changes: Any) -> Case:
    """A planned case with little work in it."""
    cases = {case.parameters["concurrency"]: case for case in SUITE.cases(Options())}
    case = cases[concurrency]
    parameters = {**case.parameters, "requests": 8, "max_tokens": 8, "timeout_s": 5.0, **changes}
    return replace(case, parameters=parameters, repeats=2)


def measure(fake: Fake, case: Case, dialect: Any = "openai") -> list[Measurement]:
    async def run() -> list[Measurement]:
        target = Target(fake.base_url, "fake", dialect)
        async with Client(target) as client:
            context = Context(target, client, Options(), note=print)
            return [await SUITE.measure(case, n, context) for n in range(case.repeats)]

    return asyncio.run(run())


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_a_good_server_is_measured(dialect: str) -> None:
    with serve(texts=TEXTS, gap_s=0.002) as fake:
        taken = measure(fake, small(), dialect)
    assert len(fake.log) == 2 * (4 + 8)  # warm-up and window, twice
    for one in taken:
        values = one.values
        assert (values["asked"], values["finished"], values["failures"]) == (8, 8, {})
        assert values["tokens"] == [8] * 8
        assert values["tokens_source"] == "usage"
        assert len(values["ttft_s"]) == len(values["e2e_s"]) == len(one.exchanges) == 8
        assert values["output_tok_s"] == pytest.approx(64 / values["window_s"], rel=1e-3)
        assert values["warmup"]["asked"] == 4


def test_no_prompt_is_asked_twice_and_no_seed_is_sent() -> None:
    with serve(texts=TEXTS) as fake:
        measure(fake, small())
    bodies = [served.json for served in fake.log]
    assert len({body["messages"][0]["content"] for body in bodies}) == len(bodies) == 24
    assert all("seed" not in body and body["temperature"] == 0 for body in bodies)


def verdict(fake: Fake, case: Case) -> Any:
    return SUITE.judge([case], measure(fake, case))[0]


def test_failing_requests_fail_the_level() -> None:
    count = 0

    def sometimes(_: Any) -> Reply | None:
        nonlocal count
        count += 1
        return Reply({"error": {"message": "overloaded"}}, 503) if count % 5 == 0 else None

    with serve(texts=TEXTS, respond=sometimes) as fake:
        found = verdict(fake, small())
    assert found.outcome == "fail"
    assert found.detail["failures"]["http_503"] >= 2
    assert "overloaded" in found.reason


def test_a_server_that_fails_everything_is_not_loaded_further() -> None:
    with serve(respond=lambda _: Reply({"error": {"message": "no"}}, 500)) as fake:
        found = verdict(fake, small())
    assert found.outcome == "fail"
    assert len(fake.log) == 8  # the two warm-ups


def test_a_hanging_server_is_waited_for_once() -> None:
    case = small(timeout_s=0.3)
    with serve("silent") as fake:
        taken = measure(fake, case)
    assert taken[0].values["failures"] == {"timeout": 4}
    assert "time-outs" in taken[1].values["not_asked"]
    assert SUITE.judge([case], taken)[0].outcome == "fail"


def test_a_buffered_stream_is_named() -> None:
    def whole(served: Any) -> Reply:
        events = fake_bodies.events(served.path, "plain", TEXTS, served.json)
        body = b"".join(event.data for event in events)
        return Reply(body, content_type="text/event-stream")

    with serve(respond=whole) as fake:
        found = verdict(fake, small(1))
    assert found.outcome == "inconclusive"
    assert "buffered" in found.reason
    assert found.detail["itl_n"] == 0


def test_short_answers_are_named() -> None:
    with serve(texts=TEXTS[:5], gap_s=0.002) as fake:
        found = verdict(fake, small())
    assert found.outcome == "inconclusive"
    assert "16 of 16 answers have not the 8 tokens" in found.reason


def test_a_server_without_usage_is_named() -> None:
    with serve("no_usage", texts=TEXTS, gap_s=0.002) as fake:
        found = verdict(fake, small())
    assert found.outcome == "inconclusive"
    assert "no usage" in found.reason


def test_tokens_that_come_four_a_chunk_are_counted_as_tokens() -> None:
    with serve("multi", texts=TEXTS, gap_s=0.002) as fake:
        taken = measure(fake, small())
    assert all(one.values["tokens"] == [8] * 8 for one in taken)
    assert all(one.values["tokens_per_chunk"] >= 4 for one in taken)


def test_the_plan_knows_its_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [case.parameters["prompt_set"] for case in SUITE.cases(Options())]
    assert len(set(before)) == len(before)
    assert [case.parameters["prompt_set"] for case in SUITE.cases(Options())] == before
    monkeypatch.setattr("suites.throughput.levels.PROMPT_WORDS", 25)
    after = [case.parameters["prompt_set"] for case in SUITE.cases(Options())]
    assert not set(before) & set(after)
