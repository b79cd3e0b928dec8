"""Bodies without a server: how faults find their field, and what reaches the chat template."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.api.anthropic_body import CountBody, MessagesBody
from reference_server.api.body import check, ignored
from reference_server.api.chat_body import ChatBody
from reference_server.api.completions_body import CompletionsBody
from reference_server.api.errors import ApiError

USER = {"role": "user", "content": "x"}
MINIMAL = {
    ChatBody: {"model": "m", "messages": [USER]},
    CompletionsBody: {"model": "m", "prompt": "x"},
    MessagesBody: {"model": "m", "messages": [USER], "max_tokens": 1},
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


def refusal(model, body):
    try:
        check(model, body)
    except ApiError as error:
        return error
    return None


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(MINIMAL)), st.data())
def test_any_value_in_any_field_is_taken_or_refused_by_name(model, data):
    field = data.draw(st.sampled_from(sorted(model.model_fields)))
    value = data.draw(JSON)
    error = refusal(model, MINIMAL[model] | {field: value})
    if error is None:
        return
    assert error.status == 400
    # A fault of two fields together may be put down to the other one.
    together = {"tool_choice", "parallel_tool_calls"}
    named = str(error.param).split(".", 1)[0].split("[", 1)[0]
    assert named == field or {named, field} <= together
    assert error.message.startswith(str(error.param))
    assert "{" not in error.message.removesuffix("{}.")


@pytest.mark.parametrize("model", list(MINIMAL))
def test_minimal_bodies_fit(model):
    body = check(model, MINIMAL[model])
    assert body.model == "m"
    assert ignored(model, MINIMAL[model]) == {}


def test_sentences_are_for_people():
    with pytest.raises(ApiError) as fault:
        check(ChatBody, MINIMAL[ChatBody] | {"messages": [{"role": "user", "content": 5}]})
    assert fault.value.message == "messages[0].content must be a string or an array."
    with pytest.raises(ApiError) as fault:
        check(ChatBody, MINIMAL[ChatBody] | {"store": True})
    assert fault.value.message.endswith("leave it out or send false.")


def test_long_input_is_not_repeated():
    secret = "s" * 100
    with pytest.raises(ApiError) as fault:
        check(ChatBody, {"model": "m", "messages": [{"role": secret, "content": "x"}]})
    assert secret not in fault.value.message


def test_header_of_ignored_fields_is_bounded_and_printable():
    body = MINIMAL[ChatBody] | {f"x{i}\r\n": 1 for i in range(1000)}
    value = ignored(ChatBody, body)["x-ignored-fields"]
    assert value.isascii()
    assert value.isprintable()
    assert len(value) <= 1024


def test_messages_for_the_template():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{bad"}}
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    asked = [
        {"role": "system", "content": parts},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "4"},
        {"role": "assistant", "refusal": "no"},
    ]
    body = check(ChatBody, {"model": "m", "messages": asked})
    assert [message.for_template() for message in body.messages] == [
        {"role": "system", "content": "ab"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "4"},
        {"role": "assistant", "content": "no"},
    ]


def test_anthropic_turns_for_the_template():
    use = {"type": "tool_use", "id": "t", "name": "f", "input": {"a": "ü"}}
    result = {"type": "tool_result", "tool_use_id": "t", "is_error": True, "content": "boom"}
    body = check(
        CountBody,
        {
            "model": "m",
            "system": [{"type": "text", "text": "S"}],
            "messages": [
                USER,
                {"role": "assistant", "content": [{"type": "text", "text": "T"}, use]},
                {"role": "user", "content": [result, {"type": "text", "text": "go"}]},
            ],
        },
    )
    system, user, assistant, tool, last = body.conversation
    assert (system, user) == ({"role": "system", "content": "S"}, USER)
    function = assistant["tool_calls"][0]["function"]
    assert (assistant["content"], function["name"]) == ("T", "f")
    assert json.loads(function["arguments"]) == {"a": "ü"}
    assert tool == {"role": "tool", "tool_call_id": "t", "content": "Error: boom"}
    assert last == {"role": "user", "content": "go"}
