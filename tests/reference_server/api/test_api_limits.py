"""How often and how long: --rate-limit and --request-timeout."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_server.api import ratelimit
from reference_server.api.boundary import Boundary
from reference_server.api.deadline import Deadline
from reference_server.api.holder import Settings
from reference_server.api.ratelimit import Buckets
from reference_server.service import Service, ServiceSettings

USER = [{"role": "user", "content": "hi"}]
BODY = {"model": "default", "messages": USER, "prompt": "hi"}
GENERATING = ["/v1/chat/completions", "/v1/completions", "/v1/messages"]


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_a_full_bucket_empties_and_fills_steadily():
    clock = Clock()
    buckets = Buckets(60, clock)
    assert all(buckets.take("a").admitted for _ in range(60))
    refused = buckets.take("a")
    assert (refused.admitted, refused.remaining) == (False, 0)
    assert refused.next_s == pytest.approx(1.0)
    assert refused.full_s == pytest.approx(60.0)
    assert buckets.take("b").admitted
    clock.now += 1.001
    assert buckets.take("a").admitted
    assert not buckets.take("a").admitted
    clock.now += 3600
    assert buckets.take("a").remaining == 59


@given(
    per_minute=st.integers(1, 100),
    waits=st.lists(st.floats(0, 30, allow_nan=False), max_size=300),
)
def test_no_stretch_of_time_admits_more_than_it_may(per_minute, waits):
    clock = Clock()
    buckets = Buckets(per_minute, clock)
    admitted = []
    for wait in waits:
        clock.now += wait
        allowance = buckets.take("a")
        if allowance.admitted:
            admitted.append(clock.now)
        else:
            assert allowance.next_s > 0
    for first, start in enumerate(admitted):
        for last in range(first, len(admitted)):
            room = per_minute + (admitted[last] - start) * per_minute / 60
            assert last - first + 1 <= room + 1e-6


def test_clients_are_forgotten(monkeypatch):
    monkeypatch.setattr(ratelimit, "MAX_CLIENTS", 5)
    buckets = Buckets(1, Clock())
    for client in range(20):
        buckets.take(str(client))
    assert len(buckets) == 5
    assert not buckets.take("19").admitted
    assert buckets.take("0").admitted


@pytest.mark.parametrize("path", GENERATING)
def test_beyond_the_limit(start, path):
    with start(Settings(rate_limit=2)) as server:
        first, second, refused = (
            server.http.post(path, json=BODY | {"max_tokens": 1}) for _ in range(3)
        )
        assert [first.status_code, second.status_code, refused.status_code] == [200, 200, 429]
        assert first.headers["x-ratelimit-limit-requests"] == "2"
        assert first.headers["x-ratelimit-remaining-requests"] == "1"
        assert refused.headers["x-ratelimit-remaining-requests"] == "0"
        assert 0 < int(refused.headers["retry-after"]) <= 30
        assert refused.headers["x-ratelimit-reset-requests"].endswith("s")
        assert refused.json()["error"]["type"] == "rate_limit_error"
        # Looking and cancelling go on.
        assert server.http.get("/v1/models").status_code == 200
        assert server.http.post("/v1/requests/x/cancel").status_code == 404


def test_a_wrong_key_takes_nothing_from_the_right_one(start):
    right = {"authorization": "Bearer sk-1"}
    with start(Settings(rate_limit=1, api_key="sk-1")) as server:
        for _ in range(3):
            assert server.http.post(GENERATING[0], json=BODY).status_code == 401
        answer = server.http.post(GENERATING[0], json={}, headers=right)
        assert answer.status_code == 400
        assert server.http.post(GENERATING[0], json={}, headers=right).status_code == 429


def test_no_limit_by_default(server):
    assert "x-ratelimit-limit-requests" not in server.chat().headers


@pytest.fixture(scope="module")
def hasty(start_with, until):
    """Random weights, which do not end before max_tokens, and half a second for each request."""
    load = lambda: Service(ServiceSettings("random:1m", max_batch=2))  # noqa: E731
    with start_with(Settings(request_timeout_s=0.5), load) as server:
        until(lambda: server.holder.service is not None, "the service")
        server.http.post(GENERATING[1], json=BODY | {"max_tokens": 1})  # compiles what it needs
        yield server


@pytest.mark.parametrize("path", GENERATING)
def test_a_request_that_takes_too_long(hasty, until, path):
    answer = hasty.http.post(path, json=BODY | {"max_tokens": 4000})
    assert answer.status_code == 504
    error = answer.json()["error"]
    assert "0.5 s" in error["message"]
    assert error["type"] == ("timeout_error" if path == "/v1/messages" else "server_error")
    assert answer.headers["x-request-id"]
    until(hasty.idle, "its row to be free")


@pytest.mark.parametrize("path", GENERATING)
def test_a_stream_that_takes_too_long(hasty, until, path):
    answer = hasty.http.post(path, json=BODY | {"max_tokens": 4000, "stream": True})
    assert answer.status_code == 200
    last = [line for line in answer.text.splitlines() if line][-1]
    assert "0.5 s" in json.loads(last.removeprefix("data: "))["error"]["message"]
    assert "[DONE]" not in answer.text
    until(hasty.idle, "its row to be free")


def test_a_short_request_is_not_disturbed(hasty):
    assert hasty.http.post(GENERATING[1], json=BODY | {"max_tokens": 2}).status_code == 200


def test_a_timeout_of_the_applications_own_is_a_fault():
    async def app(scope, receive, send):
        raise TimeoutError

    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/x", "method": "GET", "headers": []}
    asyncio.run(Boundary(Deadline(app, 60.0))(scope, None, send))
    assert sent[0]["status"] == 500
