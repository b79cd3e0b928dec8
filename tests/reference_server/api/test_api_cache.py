"""The prefix cache as a client sees it: usage, counters, forgetting, and a server without one."""

from __future__ import annotations

import pytest

from reference_server.api.holder import Settings
from reference_server.building import CACHE_BLOCK
from reference_server.service import Service, ServiceSettings

LONG = "Tell me about the sea, the wind and the old stone bridge near the harbour. " * 8


def ask(server, text=LONG, **more):
    body = {"model": "default", "prompt": text, "max_tokens": 4, "temperature": 0, **more}
    answer = server.http.post("/v1/completions", json=body)
    assert answer.status_code == 200
    return answer.json()


def cached(answer):
    return answer["usage"]["prompt_tokens_details"]["cached_tokens"]


def test_a_repeated_prompt_comes_from_the_cache_and_says_the_same(server):
    server.http.delete("/v1/cache")
    before = server.http.get("/v1/cache/stats").json()
    cold, warm, other = ask(server), ask(server), ask(server, "A prompt of its own. " * 30)
    prompt = cold["usage"]["prompt_tokens"]
    assert prompt > 2 * CACHE_BLOCK
    assert (cached(cold), cached(other)) == (0, 0)
    assert cached(warm) == (prompt - 1) // CACHE_BLOCK * CACHE_BLOCK
    assert warm["choices"] == cold["choices"]
    after = server.http.get("/v1/cache/stats").json()
    assert after["enabled"] is True
    assert after["hits"] - before["hits"] == 1
    assert after["hit_tokens"] - before["hit_tokens"] == cached(warm)
    assert 0 < after["bytes"] <= after["budget_bytes"]


def test_forgetting(server):
    ask(server)
    held = server.http.get("/v1/cache/stats").json()["blocks"]
    assert held > 0
    assert server.http.delete("/v1/cache").json() == {"cleared_blocks": held}
    assert server.http.get("/v1/cache/stats").json()["blocks"] == 0
    assert cached(ask(server)) == 0


@pytest.fixture(scope="module")
def without(start_with):
    with start_with(Settings(), lambda: Service(ServiceSettings(None, cache_percent=0))) as running:
        yield running


def test_a_server_without_a_cache(without, until):
    until(lambda: without.http.get("/health").status_code == 200, "readiness")
    assert [cached(ask(without)) for _ in range(2)] == [0, 0]
    stats = without.http.get("/v1/cache/stats").json()
    assert (stats["enabled"], stats["blocks"]) == (False, 0)
    assert without.http.delete("/v1/cache").json() == {"cleared_blocks": 0}


def test_health_names_the_decoder(server):
    told = server.http.get("/health").json()["decoder"]
    assert told["name"] == "slots"
    assert told["reason"] == "every layer keeps plain keys and values"
