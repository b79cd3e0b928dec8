"""Sampling fields and log-probabilities as clients send and read them."""

from __future__ import annotations

import json
import math

import pytest

USER = [{"role": "user", "content": "Tell me about the sea."}]
CHAT = {"model": "default", "messages": USER, "max_tokens": 12, "temperature": 0}
TEXT = {"model": "default", "prompt": "Tell me about the sea.", "max_tokens": 12, "temperature": 0}


def post(server, path, body):
    answer = server.http.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def chat(server, **more):
    return post(server, "/v1/chat/completions", {**CHAT, **more})


def chunks(server, path, body):
    answer = server.http.post(path, json={**body, "stream": True})
    events = [line[6:] for line in answer.text.splitlines() if line.startswith("data: {")]
    return [json.loads(event) for event in events]


def test_chat_logprobs_have_an_entry_a_token(server):
    body = chat(server, logprobs=True, top_logprobs=3)
    [choice] = body["choices"]
    entries = choice["logprobs"]["content"]
    assert len(entries) == body["usage"]["completion_tokens"]
    assert b"".join(bytes(one["bytes"]) for one in entries).decode() == choice["message"]["content"]
    for entry in entries:
        best = [other["logprob"] for other in entry["top_logprobs"]]
        assert len(best) == 3
        assert best == sorted(best, reverse=True)
        assert entry["logprob"] == pytest.approx(best[0])  # greedy takes the likeliest
        assert entry["token"] == entry["top_logprobs"][0]["token"]
        assert sum(math.exp(value) for value in best) <= 1 + 1e-6


def test_streamed_logprobs_are_the_same(server):
    whole = chat(server, logprobs=True, top_logprobs=2)["choices"][0]["logprobs"]["content"]
    asked = {**CHAT, "logprobs": True, "top_logprobs": 2}
    parts = chunks(server, "/v1/chat/completions", asked)
    choices = [part["choices"][0] for part in parts]
    streamed = [
        entry for one in choices for entry in (one.get("logprobs") or {"content": []})["content"]
    ]
    assert streamed == whole
    assert sum(bool((one.get("logprobs") or {}).get("content")) for one in choices) > 1


def test_completions_have_four_lists(server):
    body = post(server, "/v1/completions", {**TEXT, "logprobs": 2})
    found = body["choices"][0]["logprobs"]
    count = body["usage"]["completion_tokens"]
    assert [
        len(found[key]) for key in ("tokens", "token_logprobs", "top_logprobs", "text_offset")
    ] == [count] * 4
    assert "".join(found["tokens"]) == body["choices"][0]["text"]
    text = body["choices"][0]["text"]
    for token, offset in zip(found["tokens"], found["text_offset"], strict=True):
        assert text[offset : offset + len(token)] == token
    parts = chunks(server, "/v1/completions", {**TEXT, "logprobs": 2})
    tokens = [
        t for part in parts for t in (part["choices"][0]["logprobs"] or {"tokens": []})["tokens"]
    ]
    assert tokens == found["tokens"]


def test_nobody_asked(server):
    assert chat(server)["choices"][0]["logprobs"] is None
    assert all(
        "logprobs" not in part["choices"][0]
        for part in chunks(server, "/v1/chat/completions", CHAT)
    )


def test_a_bias_bans_and_a_bias_forces(server):
    plain = chat(server, logprobs=True)["choices"][0]["logprobs"]["content"]
    [first] = server.service.text_prompt(plain[0]["token"])[-1:]
    banned = chat(server, logprobs=True, logit_bias={str(first): -100})
    assert banned["choices"][0]["logprobs"]["content"][0]["token"] != plain[0]["token"]
    forced = chat(server, logit_bias={str(first): 100}, max_tokens=4)
    assert forced["choices"][0]["message"]["content"] == plain[0]["token"] * 4
    varied = chat(server, logit_bias={str(first): 100}, max_tokens=4, frequency_penalty=2,
                  repetition_penalty=10)  # fmt: skip
    assert varied["choices"][0]["message"]["content"] != plain[0]["token"] * 4


def test_a_stop_token_ends_the_answer(server):
    entries = chat(server, logprobs=True)["choices"][0]["logprobs"]["content"]
    text = [entry["token"] for entry in entries]
    last = next(token for token in text[3:] if token.strip() and text.count(token) == 1)
    [token] = server.service.text_prompt(last)[-1:]
    stopped = chat(server, stop_token_ids=[token])["choices"][0]
    assert stopped["finish_reason"] == "stop"
    assert stopped["message"]["content"] == "".join(text[: text.index(last)])


def test_top_k_one_is_greedy_at_any_temperature(server):
    greedy = chat(server)["choices"][0]["message"]["content"]
    for cut in ({"top_k": 1}, {"min_p": 1.0}, {"top_p": 0.0}):
        said = chat(server, temperature=2.0, seed=5, **cut)["choices"][0]["message"]["content"]
        assert said == greedy
    assert chat(server, temperature=2.0, seed=5)["choices"][0]["message"]["content"] != greedy


def test_anthropics_top_k(server):
    body = {"model": "default", "messages": USER, "max_tokens": 12}
    plain, cut = (
        post(server, "/v1/messages", {**body, **more})["content"]
        for more in ({"temperature": 0}, {"temperature": 1.0, "top_k": 1})
    )
    assert plain == cut
