"""An explicit null on an optional field is the same as leaving it out."""

from __future__ import annotations

import pytest

from reference_server.api.anthropic_body import MessagesBody
from reference_server.api.chat_body import ChatBody
from reference_server.api.completions_body import CompletionsBody
from reference_server.api.responses_body import ResponsesBody


def optional(model):
    return sorted(name for name, field in model.model_fields.items() if not field.is_required())


@pytest.mark.parametrize("field", [f for f in optional(ChatBody) if f != "max_tokens"])
def test_chat(server, field):
    with_null, without = server.chat(**{field: None}), server.chat()
    assert with_null.status_code == 200, with_null.text
    if field != "temperature":  # null asks for the default, which samples
        pick = ("choices", "usage")
        assert [with_null.json()[k] for k in pick] == [without.json()[k] for k in pick]


def test_chat_max_tokens(server):
    answer = server.chat(max_tokens=None)
    assert answer.json()["usage"]["completion_tokens"] == 6  # the server's default


@pytest.mark.parametrize("field", optional(CompletionsBody))
def test_completions(server, field):
    body = {"model": "default", "prompt": "hello", "max_tokens": 2, field: None}
    assert server.http.post("/v1/completions", json=body).status_code == 200


@pytest.mark.parametrize("field", optional(MessagesBody))
def test_messages(server, field):
    assert server.messages(**{field: None}).status_code == 200


@pytest.mark.parametrize("field", [f for f in optional(ResponsesBody) if f != "temperature"])
def test_responses(server, field):
    answer = server.responses(**({"max_output_tokens": 2} | {field: None}))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("key", ["name", "tool_calls", "refusal", "audio", "function_call"])
def test_in_a_message(server, key):
    user = {"role": "user", "content": "hello"}
    assert server.chat(messages=[user | {key: None}]).status_code == 200


@pytest.mark.parametrize("field", ["model", "messages"])
def test_required_fields_stay_required(server, field):
    answer = server.chat(**{field: None})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == field
    assert answer.json()["error"]["code"] == "missing_required_parameter"
