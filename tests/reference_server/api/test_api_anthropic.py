"""Anthropic's routes: the order of events, and the anthropic SDK as their user."""

from __future__ import annotations

import json

import anthropic
import pytest
from anthropic.types import Message

USER = [{"role": "user", "content": "Write a story about a fox and a river."}]
TOOLS = [
    {
        "name": "get_weather",
        "description": "Weather of a city",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
    }
]
CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Zürich"}}\n</tool_call>'


@pytest.fixture(scope="module")
def client(server):
    with anthropic.Anthropic(base_url=server.url, api_key="none", max_retries=0) as sdk:
        yield sdk


@pytest.fixture
def stream(server, events):
    """The events of a streamed message; each one's name must be its type."""

    def read(**extra):
        answer = server.messages(stream=True, **extra)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        found = [(name, json.loads(data)) for name, data in events(answer.text)]
        assert all(name == data["type"] for name, data in found)
        return [data for _, data in found]

    return read


def test_message(server, client):
    raw = server.messages(max_tokens=3).json()
    assert Message.model_validate(raw, strict=True).stop_reason == "max_tokens"
    assert raw["id"].startswith("msg_")
    assert "stop_sequence" in raw
    assert raw["usage"]["output_tokens"] == 3
    message = client.messages.create(model="default", max_tokens=3, messages=USER)
    assert message.content[0].type == "text"


def test_same_question_same_prompt(server):
    chat = server.chat(max_tokens=8).json()
    message = server.messages(max_tokens=8).json()
    assert message["content"][0]["text"] == chat["choices"][0]["message"]["content"]
    assert message["usage"]["input_tokens"] == chat["usage"]["prompt_tokens"]


def test_system_and_content_forms(server):
    plain = server.messages(system="Be brief.").json()
    blocks = server.messages(
        system=[{"type": "text", "text": "Be "}, {"type": "text", "text": "brief."}],
        messages=[{"role": "user", "content": [{"type": "text", "text": "hello"}]}],
    ).json()
    without = server.messages().json()
    assert plain["content"] == blocks["content"]
    assert plain["usage"] == blocks["usage"]
    assert without["usage"]["input_tokens"] < plain["usage"]["input_tokens"]


def test_order_of_events(server, stream, script):
    found = stream(model=script("ab cd"), max_tokens=50)
    kinds = [event["type"] for event in found]
    deltas = kinds.count("content_block_delta")
    assert deltas > 0
    assert kinds == [
        "message_start",
        "content_block_start",
        *["content_block_delta"] * deltas,
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    start = found[0]["message"]
    whole = server.messages(model=script("ab cd"), max_tokens=50).json()
    assert start["content"] == []
    assert start["usage"]["input_tokens"] == whole["usage"]["input_tokens"]
    assert found[-2]["usage"]["output_tokens"] == whole["usage"]["output_tokens"]
    assert found[-2]["delta"] == {"stop_reason": "end_turn", "stop_sequence": None}
    text = "".join(e["delta"]["text"] for e in found if e["type"] == "content_block_delta")
    assert text == whole["content"][0]["text"] == "ab cd"


def test_one_open_block_at_a_time(stream, script):
    found = stream(
        model=script(f"<think>hm</think>I ask. {CALL}{CALL}"), tools=TOOLS, max_tokens=400
    )
    opened = None
    kinds = []
    for event in found:
        if event["type"] == "content_block_start":
            assert opened is None
            opened = event["index"]
            assert opened == len(kinds)
            kinds.append(event["content_block"]["type"])
        elif event["type"] == "content_block_delta":
            assert event["index"] == opened
            fits = {"text": "text", "thinking": "thinking", "tool_use": "input_json"}
            assert event["delta"]["type"] == fits[kinds[-1]] + "_delta"
        elif event["type"] == "content_block_stop":
            assert event["index"] == opened
            opened = None
    assert [kind for kind in kinds if kind != "text"] == ["thinking", "tool_use", "tool_use"]
    assert found[-2]["delta"]["stop_reason"] == "tool_use"


def test_stop_sequence(server, stream, script):
    ask = {"model": script("ab cd ef"), "max_tokens": 50, "stop_sequences": ["zz", "cd"]}
    whole = server.messages(**ask).json()
    assert whole["content"] == [{"type": "text", "text": "ab "}]
    assert (whole["stop_reason"], whole["stop_sequence"]) == ("stop_sequence", "cd")
    assert stream(**ask)[-2]["delta"] == {"stop_reason": "stop_sequence", "stop_sequence": "cd"}


def test_empty_output_has_a_block(server, stream, script):
    assert server.messages(model=script("")).json()["content"] == [{"type": "text", "text": ""}]
    kinds = [event["type"] for event in stream(model=script(""))]
    assert kinds[1:3] == ["content_block_start", "content_block_stop"]


def test_context_filled(server, script):
    limit = server.service.context_length
    room = 6
    words = server.service.text_prompt("hello " * limit)
    overhead = server.messages(messages=[{"role": "user", "content": ""}]).json()["usage"]
    fill = limit - overhead["input_tokens"] - room
    per_word = len(words) / limit
    text = "hello " * int(fill / per_word)
    body = server.messages(messages=[{"role": "user", "content": text}], max_tokens=4096).json()
    assert body["stop_reason"] == "model_context_window_exceeded"
    assert body["usage"]["input_tokens"] + body["usage"]["output_tokens"] == limit


def test_tool_use(client, script):
    model = script(f"I ask. {CALL}")
    message = client.messages.create(model=model, max_tokens=300, messages=USER, tools=TOOLS)
    use = message.content[-1]
    assert message.stop_reason == "tool_use"
    assert (use.type, use.name, use.input) == ("tool_use", "get_weather", {"city": "Zürich"})
    with client.messages.stream(model=model, max_tokens=300, messages=USER, tools=TOOLS) as stream:
        final = stream.get_final_message()
    assert final.content[-1].input == use.input
    assert [b.type for b in final.content] == [b.type for b in message.content]
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "4 degrees"}
    history = [
        *USER,
        {"role": "assistant", "content": message.content},
        {"role": "user", "content": [result]},
    ]
    last = client.messages.create(
        model=script("Cold."), max_tokens=50, messages=history, tools=TOOLS
    )
    assert last.content[0].text == "Cold."
    assert last.stop_reason == "end_turn"


def test_results_reach_the_prompt(server):
    use = {"type": "tool_use", "id": "t", "name": "get_weather", "input": {"city": "x"}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": "4 degrees"}

    def tokens(*blocks, assistant=(use,)):
        history = [
            *USER,
            {"role": "assistant", "content": list(assistant)},
            {"role": "user", "content": list(blocks)},
        ]
        return server.messages(messages=history).json()["usage"]["input_tokens"]

    plain = tokens(result)
    assert tokens(result | {"content": "4 degrees and much more to say"}) > plain
    assert tokens(result | {"is_error": True}) > plain
    assert tokens(result, {"type": "text", "text": "and now?"}) > plain
    thought = {"type": "thinking", "thinking": "long thought " * 9, "signature": "s"}
    assert tokens(result, assistant=(thought, use)) == plain


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"system": "Be brief."},
        {"tools": TOOLS},
        {"tools": TOOLS, "tool_choice": {"type": "none"}},
        {"messages": [*USER, {"role": "assistant", "content": "hi"}, *USER]},
    ],
)
def test_count_tokens(server, client, extra):
    message = server.messages(**extra).json()
    ask = {"model": "default", "messages": USER[:1]} | extra
    same = server.messages(**ask).json()
    counted = client.messages.count_tokens(**ask)
    assert counted.input_tokens == same["usage"]["input_tokens"] > 0
    assert message["usage"]["input_tokens"] > 0
    with_limit = server.http.post("/v1/messages/count_tokens", json=ask | {"max_tokens": 5})
    assert with_limit.json() == {"input_tokens": counted.input_tokens}
    assert "x-ignored-fields" not in with_limit.headers


def test_sdk_stream(client):
    with client.messages.stream(model="default", max_tokens=6, messages=USER) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert final.content[0].text == text
    assert final.stop_reason == "max_tokens"
    assert final.usage.output_tokens == 6


def test_sdk_errors(client):
    with pytest.raises(anthropic.BadRequestError) as refused:
        client.messages.create(model="default", max_tokens=0, messages=USER)
    assert "max_tokens" in str(refused.value)
    assert refused.value.request_id.startswith("req_")
    with pytest.raises(anthropic.NotFoundError):
        client.messages.create(model="nope", max_tokens=1, messages=USER)


def test_versions_and_query_strings(server):
    body = {"model": "default", "max_tokens": 1, "messages": USER}
    for version in ({}, {"anthropic-version": "2023-06-01"}, {"anthropic-version": "2026-10-21"}):
        headers = version | {"anthropic-beta": "x-2025"}
        answer = server.http.post("/v1/messages?beta=true", json=body, headers=headers)
        assert answer.status_code == 200
