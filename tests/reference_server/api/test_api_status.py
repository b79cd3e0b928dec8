"""What runs, and ending one of it."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from reference_server.api.holder import Settings
from reference_server.service import Service, ServiceSettings

CHAT = {"model": "default", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 3000}
TEXT = {"model": "default", "prompt": "hi", "max_tokens": 3000}
MESSAGE = {"model": "default", "messages": CHAT["messages"], "max_tokens": 3000}
ROUTES = {"/v1/chat/completions": CHAT, "/v1/completions": TEXT, "/v1/messages": MESSAGE}


@pytest.fixture(scope="module")
def endless(start_with):
    """Random weights, which do not end before max_tokens."""
    with start_with(
        Settings(), lambda: Service(ServiceSettings("random:1m", max_batch=2))
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def _ready(endless, until):
    until(lambda: endless.http.get("/health").status_code == 200, "readiness")


def status(server):
    answer = server.http.get("/v1/status")
    assert answer.status_code == 200
    return answer.json()


def idle(server):
    found = status(server)
    return (found["running"], found["waiting"], found["requests"]) == (0, 0, [])


def test_at_rest(endless, until):
    until(lambda: idle(endless), "rest")
    found = status(endless)
    assert found["status"] == "ok"
    assert all(value >= 0 for value in found["memory"].values())
    assert found["memory"]["active_bytes"] > 1_000_000  # the weights


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("how", ["POST", "DELETE"])
def test_a_cancelled_request_gets_an_error_and_its_row_is_free(endless, until, path, how):
    before = status(endless)["finished"]
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(endless.http.post, path, json=ROUTES[path])
        until(lambda: status(endless)["requests"], "the request to run")
        [told] = status(endless)["requests"]
        assert told["state"] in ("waiting", "prefill", "running")
        place = f"/v1/requests/{told['ids'][0]}"
        answer = (
            endless.http.post(f"{place}/cancel") if how == "POST" else endless.http.delete(place)
        )
        assert answer.json() == {"id": told["ids"][0], "cancelled": True}
        ended = future.result(30)
    assert ended.status_code == 499
    assert "cancelled" in ended.json()["error"]["message"]
    until(lambda: idle(endless), "the row")
    assert status(endless)["finished"] == before + 1


def test_a_cancelled_stream_ends_with_an_error_event_and_not_with_done(endless, until):
    lines, seen = [], threading.Event()

    def read():
        body = {**CHAT, "stream": True}
        with endless.http.stream("POST", "/v1/chat/completions", json=body) as answer:
            for line in answer.iter_lines():
                lines.append(line)
                seen.set()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(read)
        assert seen.wait(30)
        name = json.loads(lines[0].removeprefix("data: "))["id"]
        assert endless.http.post(f"/v1/requests/{name}/cancel").status_code == 200
        future.result(30)
    events = [line for line in lines if line]
    assert json.loads(events[-1].removeprefix("data: "))["error"]["code"] == "request_cancelled"
    assert "data: [DONE]" not in events
    until(lambda: idle(endless), "the row")


def test_neighbours_of_a_cancelled_request_go_on(endless, until):
    with ThreadPoolExecutor(2) as pool:
        long = pool.submit(endless.http.post, "/v1/completions", json=TEXT)
        until(lambda: status(endless)["requests"], "the request to run")
        [told] = status(endless)["requests"]
        short = pool.submit(
            endless.http.post, "/v1/completions", json={**TEXT, "max_tokens": 40, "temperature": 0}
        )
        endless.http.delete(f"/v1/requests/{told['ids'][0]}")
        assert long.result(30).status_code == 499
        beside = short.result(30).json()["choices"][0]["text"]
    alone = endless.http.post("/v1/completions", json={**TEXT, "max_tokens": 40, "temperature": 0})
    assert beside == alone.json()["choices"][0]["text"]


@pytest.mark.parametrize("name", ["chatcmpl-none", "x", "%20"])
def test_a_request_that_is_not_there(endless, name):
    for answer in (
        endless.http.post(f"/v1/requests/{name}/cancel"),
        endless.http.delete(f"/v1/requests/{name}"),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"
