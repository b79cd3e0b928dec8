"""Invariant and serial batching, seen through HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from reference_server.api.holder import Settings
from reference_server.service import Service, ServiceSettings

TEXTS = [
    "Hello",
    "Tell me about the sea.",
    "What is 2 + 2?",
    "Say " + "yes " * 90,
    "A story, please.",
]


def ask(server, text, **more):
    body = {"model": "default", "messages": [{"role": "user", "content": text}], "max_tokens": 24}
    answer = server.http.post("/v1/chat/completions", json={**body, "temperature": 0, **more})
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture(scope="module")
def determined(start_with):
    def load():
        return Service(ServiceSettings(None, max_batch=8, deterministic=True, logits_hashes=True))

    with start_with(Settings(), load) as running:
        yield running


@pytest.fixture(autouse=True)
def _ready(determined, until):
    until(lambda: determined.http.get("/health").status_code == 200, "readiness")


def test_hashes_are_equal_alone_and_in_a_crowd(determined):
    assert "gives the same bits" in determined.http.get("/health").json()["decoder"]["reason"]
    alone = [ask(determined, text) for text in TEXTS]
    with ThreadPoolExecutor(len(TEXTS)) as pool:
        crowd = list(pool.map(lambda text: ask(determined, text), TEXTS))
    assert [one["logits_hashes"] for one in crowd] == [one["logits_hashes"] for one in alone]
    for one in alone:
        ended = one["choices"][0]["finish_reason"] != "length"
        assert len(one["logits_hashes"]) == one["usage"]["completion_tokens"] + ended


def test_without_a_seed_answers_are_the_same_and_with_others_they_are_not(determined):
    def said(**more):
        return ask(determined, TEXTS[1], temperature=1.5, **more)["choices"][0]["message"][
            "content"
        ]

    assert said() == said() == said(seed=0)
    assert len({said(seed=seed) for seed in range(4)}) > 1


@pytest.mark.parametrize("asked", [{"runtime": "simple"}, {"batching": "serial"}], ids=str)
def test_simple_and_serial_are_the_same_and_told(start_with, until, asked):
    with start_with(Settings(), lambda: Service(ServiceSettings(max_batch=8, **asked))) as running:
        until(lambda: running.http.get("/health").status_code == 200, "readiness")
        runtime = running.http.get("/health").json()["decoder"]["runtime"]
        assert runtime == {"mode": "simple", "reason": "as asked for", "warns": False}
        with ThreadPoolExecutor(len(TEXTS)) as pool:
            together = pool.map(lambda text: ask(running, text), TEXTS)
            assert running.service.state().running <= 1
        assert [one["choices"] for one in together] == [
            ask(running, text)["choices"] for text in TEXTS
        ]


def test_hashes_are_not_there_unless_asked_for(server):
    assert "logits_hashes" not in ask(server, "Hello")
