"""Tokenising and back over HTTP."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

USER = [{"role": "user", "content": "hello there"}]
TOOL = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object", "properties": {}}},
}


def post(server, path, **body):
    return server.http.post(path, json=body)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_round_trip(server, text):
    told = post(server, "/tokenize", prompt=text).json()
    assert told["count"] == len(told["tokens"])
    assert post(server, "/detokenize", tokens=told["tokens"]).json() == {"prompt": text}


def test_the_count_is_the_prompts(server):
    text = "Tell me about the sea."
    body = {"model": "default", "prompt": text, "max_tokens": 1}
    usage = server.http.post("/v1/completions", json=body).json()["usage"]
    told = post(server, "/tokenize", prompt=text, model="default").json()
    assert told["count"] == usage["prompt_tokens"]
    assert told["max_model_len"] == server.service.context_length
    assert told["token_strs"] is None


@pytest.mark.parametrize("more", [{}, {"tools": [TOOL]}])
def test_the_count_is_the_conversations(server, more):
    counts = {}
    for content in ("hello there", "hello there and here"):
        messages = [{"role": "user", "content": content}]
        told = post(server, "/tokenize", messages=messages, **more).json()
        chat = server.chat(messages=messages, max_tokens=1, **more).json()
        assert told["count"] == chat["usage"]["prompt_tokens"]
        counts[content] = told["count"]
    assert len(set(counts.values())) == 2


def test_names_of_tokens(server):
    told = post(server, "/tokenize", prompt="hello", return_token_strs=True).json()
    assert len(told["token_strs"]) == told["count"]
    assert "".join(told["token_strs"]) == "hello"


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/tokenize", {}, "prompt"),
        ("/tokenize", {"prompt": "a", "messages": USER}, "prompt"),
        ("/tokenize", {"prompt": 5}, "prompt"),
        ("/tokenize", {"messages": []}, "messages"),
        ("/tokenize", {"messages": [{"role": "banana", "content": "x"}]}, "messages[0].role"),
        ("/tokenize", {"prompt": "a", "add_special_tokens": 1}, "add_special_tokens"),
        ("/detokenize", {}, "tokens"),
        ("/detokenize", {"tokens": "a"}, "tokens"),
        ("/detokenize", {"tokens": [1, "a"]}, "tokens[1]"),
        ("/detokenize", {"tokens": [-1]}, "tokens"),
        ("/detokenize", {"tokens": [10**8]}, "tokens"),
    ],
)
def test_what_is_refused(server, path, body, param):
    answer = post(server, path, **body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"] == param


def test_other_models_are_not_here(server):
    assert post(server, "/tokenize", prompt="a", model="nope").status_code == 404
    assert post(server, "/detokenize", tokens=[5], model="nope").status_code == 404
    assert post(server, "/detokenize", tokens=[], model="default").json() == {"prompt": ""}
