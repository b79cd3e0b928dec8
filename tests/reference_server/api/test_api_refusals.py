"""What is refused before or beside the table of fields: bytes, models, contexts, unknown names."""

from __future__ import annotations

import json

import pytest

USER = {"role": "user", "content": "x"}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}

BYTES = [
    b"",
    b"{bad",
    b"[]",
    b"5",
    b'"x"',
    b'{"model": "default",}',
    b'{"temperature": NaN}',
    b'{"temperature": Infinity}',
    b'{"model": "\xff"}',
    b'{"model": "\\ud83d"}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
]


PATHS = ["/v1/chat/completions", "/v1/completions", "/v1/messages", "/v1/responses"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("payload", BYTES, ids=[repr(payload[:20]) for payload in BYTES])
def test_what_is_no_json_object(server, path, payload):
    answer = server.http.post(path, content=payload)
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]["message"]


@pytest.mark.parametrize("place", ["content", "stop", "model"])
def test_lone_surrogates(server, place):
    body = {"model": "default", "messages": [USER], "max_tokens": 2, "stop": "zq"}
    text = json.dumps(body | {"user": "u"})
    assert server.http.post("/v1/chat/completions", content=text).status_code == 200
    old = {"content": '"x"', "stop": '"zq"', "model": '"default"'}[place]
    answer = server.http.post("/v1/chat/completions", content=text.replace(old, '"\\ud83d"'))
    assert answer.status_code == 400


def test_unknown_model(server):
    for post in (server.chat, server.messages, server.responses):
        answer = post(model="gpt-nope")
        assert answer.status_code == 404
    assert server.chat(model="gpt-nope").json()["error"]["code"] == "model_not_found"
    assert server.chat(model="gpt-nope").json()["error"]["param"] == "model"
    assert server.messages(model="gpt-nope").json()["error"]["type"] == "not_found_error"


def test_context_overflow_before_the_stream_begins(server):
    long = [{"role": "user", "content": "hello there " * server.service.context_length}]
    for stream in (False, True):
        answer = server.chat(messages=long, stream=stream)
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "context_length_exceeded"
        answer = server.messages(messages=long, stream=stream)
        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"
    text = {"model": "default", "prompt": long[0]["content"]}
    error = server.http.post("/v1/completions", json=text).json()["error"]
    assert (error["param"], error["code"]) == ("prompt", "context_length_exceeded")


@pytest.mark.parametrize("arguments", ["[" * 100_000, '{"a":' * 900 + "1" + "}" * 900])
def test_arguments_of_the_history_nested_too_deeply(server, arguments):
    call = CALL | {"function": {"name": "f", "arguments": arguments}}
    answer = server.chat(messages=[USER, {"role": "assistant", "tool_calls": [call]}, USER])
    assert answer.status_code < 500
    broken = CALL | {"function": {"name": "f", "arguments": "{bad"}}
    answer = server.chat(messages=[USER, {"role": "assistant", "tool_calls": [broken]}, USER])
    assert answer.status_code == 200


def test_unknown_fields_are_named(server):
    body = {"model": "default", "messages": [USER], "max_tokens": 1, "zzz": 1, "a\r\nb: c": 2}
    for path in ("/v1/chat/completions", "/v1/messages"):
        for stream in (False, True):
            answer = server.http.post(path, json=body | {"stream": stream})
            assert answer.status_code == 200
            assert answer.headers["x-ignored-fields"] == "zzz,a%0D%0Ab%3A%20c"
    text = {"model": "default", "prompt": "x", "max_tokens": 1, "messages": []}
    answer = server.http.post("/v1/completions", json=text)
    assert answer.headers["x-ignored-fields"] == "messages"
