import asyncio

import pytest

from harness.load import LoadResult, closed_loop
from harness.records import Request, Target
from harness.wire import Ask, Client, openai
from tests.servers.fake_openai import Fake, serve


def load(fake: Fake, *, concurrency: int, count: int) -> LoadResult:
    async def go() -> LoadResult:
        async with Client(Target(fake.base_url, "fake")) as client:

            def make(index: int) -> Request:
                return openai.request(client, Ask(({"role": "user", "content": f"{index}"},)))

            return await closed_loop(
                client, make, concurrency=concurrency, count=count, timeout_s=10
            )

    return asyncio.run(go())


def most_at_once(spans: list[tuple[int, int]]) -> int:
    edges = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    running = most = 0
    for _, step in edges:
        running += step
        most = max(most, running)
    return most


@pytest.mark.parametrize("concurrency", [1, 3, 20])
def test_that_many_at_once_and_no_more(concurrency):
    with serve(gap_s=0.002) as fake:
        result = load(fake, concurrency=concurrency, count=9)
    assert len(fake.log) == len(result.exchanges) == 9
    expected = min(concurrency, 9)
    assert most_at_once([(one.send_ns, one.end_ns) for one in result.exchanges]) == expected
    assert fake.connections == expected


def test_exchanges_are_in_start_order_with_their_own_answers():
    with serve() as fake:
        result = load(fake, concurrency=4, count=12)
    sends = [one.send_ns for one in result.exchanges]
    assert sends[:4] == sorted(sends[:4])
    asked = [one.request.body for one in result.exchanges]
    assert [f'"content": "{index}"'.encode() in body for index, body in enumerate(asked)] == [
        True
    ] * 12
    assert all(openai.read(one).text == fake.text for one in result.exchanges)


def test_the_window_spans_the_first_send_to_the_last_end():
    with serve(gap_s=0.001) as fake:
        result = load(fake, concurrency=2, count=4)
    first = min(one.send_ns for one in result.exchanges)
    last = max(one.end_ns for one in result.exchanges)
    assert result.window_s == pytest.approx((last - first) / 1e9)
    assert result.lag.client_cpu_share >= 0


def test_failures_are_kept():
    with serve("reset") as fake:
        result = load(fake, concurrency=2, count=4)
    assert [one.error for one in result.exchanges] == ["reset"] * 4
    with serve(die_after=3) as fake:
        result = load(fake, concurrency=1, count=5)
    assert [one.error for one in result.exchanges] == [None] * 3 + ["connect"] * 2


@pytest.mark.parametrize(("concurrency", "count"), [(0, 1), (1, 0)])
def test_nothing_to_do_is_refused(concurrency, count):
    with serve() as fake, pytest.raises(ValueError, match="at least 1"):
        load(fake, concurrency=concurrency, count=count)
    assert not fake.log
