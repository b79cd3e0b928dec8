"""n answers to one request."""

from __future__ import annotations

import json

import pytest

from reference_server.api.holder import Settings
from reference_server.service import Service, ServiceSettings

USER = [{"role": "user", "content": "Tell me about the sea."}]
CHAT = {"model": "default", "messages": USER, "max_tokens": 16, "temperature": 1.2, "seed": 7}
TEXT = {**{key: CHAT[key] for key in CHAT if key != "messages"}, "prompt": "Tell me about"}
ROUTES = {"/v1/chat/completions": CHAT, "/v1/completions": TEXT}


def said(choice):
    return choice["message"]["content"] if "message" in choice else choice["text"]


def streamed(server, path, body):
    options = {"stream": True, "stream_options": {"include_usage": True}}
    answer = server.http.post(path, json={**body, **options})
    lines = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


@pytest.mark.parametrize("path", ROUTES)
def test_choices_differ_and_the_first_is_the_one_that_n_1_gives(server, path):
    one = server.http.post(path, json=ROUTES[path]).json()
    body = server.http.post(path, json={**ROUTES[path], "n": 4}).json()
    assert [choice["index"] for choice in body["choices"]] == [0, 1, 2, 3]
    texts = [said(choice) for choice in body["choices"]]
    assert texts[0] == said(one["choices"][0])
    assert len(set(texts)) > 1
    assert body["usage"]["prompt_tokens"] == one["usage"]["prompt_tokens"]
    assert body["usage"]["completion_tokens"] > one["usage"]["completion_tokens"]
    again = server.http.post(path, json={**ROUTES[path], "n": 4}).json()
    assert [said(choice) for choice in again["choices"]] == texts


@pytest.mark.parametrize("path", ROUTES)
def test_a_stream_has_every_choice_with_its_end(server, path):
    logprobs = 1 if "prompt" in ROUTES[path] else True
    asked = {**ROUTES[path], "n": 3, "logprobs": logprobs}
    whole = server.http.post(path, json=asked).json()
    chunks = streamed(server, path, {**ROUTES[path], "n": 3})
    texts, ends = ["", "", ""], [[], [], []]
    for chunk in chunks:
        for choice in chunk["choices"]:
            part = choice["delta"].get("content", "") if "delta" in choice else choice["text"]
            texts[choice["index"]] += part
            if choice["finish_reason"]:
                ends[choice["index"]].append(choice["finish_reason"])
    assert texts == [said(choice) for choice in whole["choices"]]
    assert ends == [[choice["finish_reason"]] for choice in whole["choices"]]
    counts = ("prompt_tokens", "completion_tokens", "total_tokens")
    assert [chunks[-1]["usage"][key] for key in counts] == [whole["usage"][key] for key in counts]
    assert all(choice["logprobs"] for choice in whole["choices"])


def test_a_full_line_refuses_all_of_them(start_with, until):
    load = lambda: Service(ServiceSettings("random:1m", max_batch=1, max_queue=2))  # noqa: E731
    with start_with(Settings(), load) as small:
        until(lambda: small.http.get("/health").status_code == 200, "readiness")
        with small.asking("/v1/completions"):
            until(lambda: small.service.state().running == 1, "somebody else's answer")
            refused = small.http.post("/v1/completions", json={**TEXT, "n": 3})
            assert refused.status_code == 429
            until(lambda: small.service.state().waiting == 0, "those of them that were in line")
        until(small.idle, "rest")
        assert small.http.post("/v1/completions", json={**TEXT, "n": 3}).status_code == 200
        for more in ({"n": 4}, {"prompt": ["a"] * 4}, {"prompt": ["a", "b"], "n": 2}):
            never = small.http.post("/v1/completions", json={**TEXT, **more})
            assert never.status_code == 400
            assert "3 at most" in never.json()["error"]["message"]
