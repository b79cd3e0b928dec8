"""/metrics: what Prometheus reads there is what happened."""

from __future__ import annotations

import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from reference_server.api.holder import Settings
from reference_server.service import Service, ServiceSettings

HELLO = [{"role": "user", "content": "hi"}]
CHAT = {"model": "default", "messages": HELLO, "max_tokens": 4, "temperature": 0}
ROUTES = {
    "/v1/chat/completions": CHAT,
    "/v1/completions": {"model": "default", "prompt": "hi", "max_tokens": 4, "temperature": 0},
    "/v1/messages": CHAT,
}


@pytest.fixture
def fresh(start):
    """A server whose counters nobody else moves."""
    with start(Settings(scripted=True)) as server:
        yield server


def scraped(server):
    answer = server.http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (
            sample.name.removeprefix("reference_server_"),
            *sorted(sample.labels.values()),
        ): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def settled(server, until, path, count):
    """The metrics once so many requests to a path are told: the last byte is out before that."""

    def told():
        found = scraped(server)
        return sum(v for key, v in found.items() if key[0] == "requests_total" and path in key)

    until(lambda: told() == count, f"{count} requests to {path}")
    return scraped(server)


def test_requests_are_counted_by_route_and_status(fresh, until):
    for _ in range(2):
        fresh.chat()
    fresh.http.post("/v1/chat/completions", content=b"{bad")
    fresh.http.get("/v1/models/nope")
    fresh.http.get("/invented/by/somebody")
    fresh.http.get("/v1/chat/completions")
    found = settled(fresh, until, "/v1/chat/completions", 4)
    assert found["requests_total", "/v1/chat/completions", "200", "POST"] == 2
    assert found["requests_total", "/v1/chat/completions", "400", "POST"] == 1
    assert found["requests_total", "/v1/chat/completions", "405", "GET"] == 1
    assert found["requests_total", "/v1/models/{model:path}", "404", "GET"] == 1
    assert found["requests_total", "", "404", "none"] == 1
    assert "invented" not in fresh.http.get("/metrics").text


@pytest.mark.parametrize("path", ROUTES)
def test_tokens_are_those_of_usage(fresh, until, path):
    usage = fresh.http.post(path, json=ROUTES[path]).json()["usage"]
    prompt = usage.get("prompt_tokens", usage.get("input_tokens"))
    made = usage.get("completion_tokens", usage.get("output_tokens"))
    found = settled(fresh, until, path, 1)
    assert made > 0
    assert found["prompt_tokens_total",] == prompt
    assert found["generation_tokens_total",] == made
    assert found["time_to_first_token_seconds_count",] == 1
    assert found["inter_token_latency_seconds_count",] == made - 1
    assert found["request_queue_time_seconds_count",] == 1


@pytest.mark.parametrize("path", ROUTES)
def test_streams_count_as_well(fresh, until, path, script):
    text = "one two three four five"
    body = ROUTES[path] | {"stream": True, "model": script(text), "max_tokens": 100}
    fresh.http.post(path, json=body)
    streamed = settled(fresh, until, path, 1)["generation_tokens_total",]
    usage = fresh.http.post(path, json=body | {"stream": False}).json()["usage"]
    made = usage.get("completion_tokens", usage.get("output_tokens"))
    assert streamed == made
    assert settled(fresh, until, path, 2)["generation_tokens_total",] == 2 * made


def test_several_answers_have_one_prompt(fresh, until):
    usage = fresh.chat(n=3).json()["usage"]
    found = settled(fresh, until, "/v1/chat/completions", 1)
    assert found["prompt_tokens_total",] == usage["prompt_tokens"]
    assert found["generation_tokens_total",] == usage["completion_tokens"]
    assert sum(v for key, v in found.items() if key[0] == "answers_total") == 3


def test_histograms_add_up(fresh, until):
    fresh.chat()
    found = settled(fresh, until, "/v1/chat/completions", 1)
    names = {key[0].removesuffix("_bucket") for key in found if key[0].endswith("_bucket")}
    assert len(names) == 4
    for name in names:
        buckets = {key[1]: v for key, v in found.items() if key[0] == f"{name}_bucket"}
        rising = [buckets[edge] for edge in sorted(buckets, key=float)]
        assert rising == sorted(rising)
        assert buckets["+Inf"] == found[f"{name}_count",]


def test_gauges_follow_requests_that_run_and_leave(fresh, until):
    with fresh.asking():
        until(lambda: scraped(fresh)["num_requests_running",] == 1, "a running request")
    until(lambda: scraped(fresh)["num_requests_running",] == 0, "its end")
    assert scraped(fresh)["num_requests_waiting",] == 0
    until(lambda: scraped(fresh).get(("answers_total", "aborted")) == 1, "its mark")


def test_prefix_cache(start_with, until):
    long = CHAT | {"messages": [{"role": "user", "content": "hello there " * 60}]}
    with start_with(Settings(), lambda: Service(ServiceSettings(None, max_batch=2))) as server:
        until(lambda: server.holder.service is not None, "the service")
        server.http.post("/v1/chat/completions", json=long)
        before = scraped(server)
        cached = server.http.post("/v1/chat/completions", json=long).json()["usage"]
        after = scraped(server)
    hit = cached["prompt_tokens_details"]["cached_tokens"]
    assert hit > 0
    assert after["prefix_cache_hits_total",] - before["prefix_cache_hits_total",] == hit
    assert 0 < after["prefix_cache_bytes",] <= after["prefix_cache_budget_bytes",]


def test_while_loading(start_with, borrowed, until):
    release = threading.Event()

    def load():
        release.wait(30)
        return borrowed

    with start_with(Settings(), load) as server:
        try:
            assert ("num_requests_running",) not in scraped(server)
        finally:
            release.set()
        until(lambda: server.holder.service is not None, "the service")


def test_refusals_count_where_they_belong(start, until):
    right = {"authorization": "Bearer sk-1"}
    with start(Settings(api_key="sk-1", rate_limit=1)) as server:
        for headers in ({}, right, right):
            server.http.post("/v1/messages", json={}, headers=headers)
        server.http.headers.update(right)
        found = settled(server, until, "/v1/messages", 3)
    for status in ("401", "400", "429"):
        assert found["requests_total", "/v1/messages", status, "POST"] == 1


def test_closed_with_a_key(start):
    with start(Settings(api_key="sk-1")) as server:
        assert server.http.get("/metrics").status_code == 401
        headers = {"authorization": "Bearer sk-1"}
        assert server.http.get("/metrics", headers=headers).status_code == 200
