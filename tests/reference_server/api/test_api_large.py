"""Bodies that are large in number: refused at their first fault, without holding up the others."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from reference_server.api import body as module
from reference_server.api.anthropic_body import MessagesBody
from reference_server.api.chat_body import ChatBody
from reference_server.api.completions_body import CompletionsBody
from reference_server.api.errors import ApiError
from reference_server.api.fields import MAX_ENTRIES, MAX_STOP_SEQUENCES

USER = {"role": "user", "content": "x"}
PART = {"type": "text", "text": "x"}
CHAT = {"model": "m", "messages": [USER]}
CALL = {"id": "c", "function": {"name": "f", "arguments": "{}"}}
TOOL = {"type": "function", "function": {"name": "f"}}
MANY = 5000


def faults(model, fields, monkeypatch):
    """How many faults the validation collects."""
    counted = []
    first = module._first_fault

    def counting(found, fields):
        counted.append(len(found))
        return first(found, fields)

    monkeypatch.setattr(module, "_first_fault", counting)
    with pytest.raises(ApiError) as caught:
        module.check(model, fields)
    assert caught.value.status == 400
    return counted[0]


@pytest.mark.parametrize("wrong", [1.5, None, {}, ["x"]])
@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (ChatBody, lambda w: {"model": "m", "messages": w}),
        (ChatBody, lambda w: CHAT | {"messages": [{"role": "user", "content": w}]}),
        (ChatBody, lambda w: CHAT | {"messages": [{"role": "assistant", "tool_calls": w}]}),
        (ChatBody, lambda w: CHAT | {"tools": w}),
        (ChatBody, lambda w: CHAT | {"modalities": w}),
        (ChatBody, lambda w: CHAT | {"metadata": {str(i): e for i, e in enumerate(w)}}),
        (CompletionsBody, lambda w: {"model": "m", "prompt": w}),
        (MessagesBody, lambda w: CHAT | {"max_tokens": 1, "messages": w}),
        (MessagesBody, lambda w: CHAT | {"max_tokens": 1, "system": w}),
        (MessagesBody, lambda w: CHAT | {"max_tokens": 1, "tools": w}),
        (MessagesBody, lambda w: CHAT | {"max_tokens": 1, "stop_sequences": w}),
    ],
)
def test_many_wrong_entries_are_few_faults(model, fields, wrong, monkeypatch):
    assert faults(model, fields([wrong] * MANY), monkeypatch) <= 5


@pytest.mark.parametrize(
    ("field", "entry"), [("messages", USER), ("tools", TOOL), ("content", PART), ("calls", CALL)]
)
def test_entries_are_bounded(field, entry):
    def fields(count):
        entries = [entry] * count
        if field == "content":
            return CHAT | {"messages": [{"role": "user", "content": entries}]}
        if field == "calls":
            return CHAT | {"messages": [{"role": "assistant", "tool_calls": entries}]}
        return CHAT | {field: entries}

    module.check(ChatBody, fields(MAX_ENTRIES))
    with pytest.raises(ApiError, match=f"at most {MAX_ENTRIES} entries"):
        module.check(ChatBody, fields(MAX_ENTRIES + 1))


def test_stop_sequences_are_bounded(server):
    stops = [f"zq{index}" for index in range(MAX_STOP_SEQUENCES + 1)]
    assert server.messages(stop_sequences=stops[1:]).status_code == 200
    answer = server.messages(stop_sequences=stops)
    assert answer.status_code == 400
    assert "stop_sequences must have at most 1000 entries" in answer.json()["error"]["message"]


def test_metadata_holds_strings(server):
    assert server.chat(metadata={"a": "b"}).status_code == 200
    answer = server.chat(metadata={"a": "b", "c": 1})
    assert answer.json()["error"]["param"] == "metadata"


def test_many_unknown_fields_are_named_as_far_as_there_is_room():
    names = {f"n{index}": 1 for index in range(MANY)}
    shown = module.ignored(ChatBody, names | {"x" * 10**6: 1})["x-ignored-fields"]
    assert shown.startswith("n0,n1,n2,")
    assert len(shown) == module.MAX_IGNORED_BYTES
    assert module.ignored(ChatBody, CHAT) == {}


@pytest.mark.parametrize("text", ["a" * 1_000_000, "<|im_end|>" * 100_000])
def test_a_prompt_that_cannot_fit(server, text):
    for post in (server.chat, server.messages):
        answer = post(messages=[USER | {"content": text}])
        assert answer.status_code == 400
        assert "at least" in answer.json()["error"]["message"]
    answer = server.http.post("/v1/completions", json={"model": "default", "prompt": text})
    assert answer.json()["error"]["param"] == "prompt"
    assert answer.json()["error"]["code"] == "context_length_exceeded"


def test_a_script_that_cannot_fit(server, script):
    assert server.chat(model=script("a" * 1000)).status_code == 200
    answer = server.chat(model=script("a" * 1_000_000))
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "model"


@pytest.mark.parametrize(
    ("name", "arguments", "is_call"),
    [
        (r"\ud83d", "{}", False),
        ("f", r'{"a": "\ud83d"}', False),
        ("f", r'{"a": "\ud83d\ude00"}', True),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
def test_half_a_surrogate_pair_in_a_call_is_sent_as_text(
    server, script, name, arguments, is_call, stream
):
    text = f'<tool_call>{{"name": "{name}", "arguments": {arguments}}}</tool_call>'
    openai = {"tools": [TOOL]}
    anthropic = {"tools": [{"name": "f", "input_schema": {"type": "object"}}]}
    for post, extra in ((server.chat, openai), (server.messages, anthropic)):
        answer = post(model=script(text), max_tokens=300, stream=stream, **extra)
        assert answer.status_code == 200
        assert quote(text, safe="") in answer.text  # the model's id is echoed
        assert ('"tool_calls"' in answer.text or '"tool_use"' in answer.text) == is_call
        if not stream:
            json.loads(answer.text)
