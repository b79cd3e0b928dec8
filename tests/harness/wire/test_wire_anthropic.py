import asyncio
import json

import pytest

from harness.errors import UsageError
from harness.records import Chunk, Exchange, Request, Target
from harness.wire import Answer, Ask, Client, ToolCall, Usage, anthropic
from tests.servers.fake_bodies import CALLS
from tests.servers.fake_openai import serve

QUESTION = Ask(messages=({"role": "user", "content": "Hi"},))
START = {"type": "message_start", "message": {"usage": {"input_tokens": 3, "output_tokens": 1}}}
STOP = {
    "type": "message_delta",
    "delta": {"stop_reason": "end_turn"},
    "usage": {"output_tokens": 5},
}
END = {"type": "message_stop"}


def exchange(pieces: list[bytes], kind: str, status: int = 200) -> Exchange:
    return Exchange(
        request=Request("POST", "http://h/v1/messages"),
        due_ns=0,
        send_ns=0,
        headers_ns=1,
        end_ns=99,
        status=status,
        headers=(("content-type", kind),),
        chunks=tuple(Chunk(index + 1, piece) for index, piece in enumerate(pieces)),
    )


def stream(*values: dict) -> Answer:
    pieces = [f"event: {v['type']}\ndata: {json.dumps(v)}\n\n".encode() for v in values]
    return anthropic.read(exchange(pieces, "text/event-stream"))


def document(value: object, status: int = 200) -> Answer:
    return anthropic.read(exchange([json.dumps(value).encode()], "application/json", status))


def block(index: int, content: dict, *deltas: dict) -> list[dict]:
    start = {"type": "content_block_start", "index": index, "content_block": content}
    middle = [{"type": "content_block_delta", "index": index, "delta": one} for one in deltas]
    return [start, *middle, {"type": "content_block_stop", "index": index}]


@pytest.mark.parametrize("streamed", [True, False])
def test_against_the_fake(streamed):
    async def go() -> tuple[Answer, str]:
        with serve(api_key="k") as fake:
            target = Target(fake.base_url, "fake", "anthropic", api_key="k")
            async with Client(target, timeout_s=10) as client:
                ask = Ask(messages=QUESTION.messages, stream=streamed)
                answer = anthropic.read(await client.send(anthropic.request(client, ask)))
                return answer, fake.text

    answer, text = asyncio.run(go())
    assert answer.problem is None
    assert (answer.text, answer.finish_reason, answer.usage) == (text, "end_turn", Usage(7, 8))
    assert len(answer.events) == (8 if streamed else 0)


def test_thinking_tools_and_stamps():
    answer = stream(
        START,
        *block(0, {"type": "thinking", "thinking": ""}, {"thinking": "hm"}, {"signature": "s"}),
        {"type": "ping"},
        *block(1, {"type": "text", "text": ""}, {"text": "a"}, {"text": "b"}),
        *block(
            2,
            {"type": "tool_use", "id": "t", "name": "f", "input": {}},
            {"partial_json": '{"x"'},
            {"partial_json": ": 1}"},
        ),
        *block(3, {"type": "tool_use", "id": "u", "name": "g", "input": {}}),
        STOP,
        END,
    )
    assert answer.problem is None
    assert (answer.reasoning, answer.text, answer.usage) == ("hm", "ab", Usage(3, 5))
    assert answer.tool_calls == (ToolCall("t", "f", '{"x": 1}'), ToolCall("u", "g", "{}"))
    kinds = [event.kind for event in answer.events]
    assert kinds == ["reasoning", "content", "content", "tool", "tool", "tool", "tool"]
    stamps = [event.at_ns for event in answer.events]
    assert stamps == sorted(stamps)


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (stream(STOP, END), "not begin with message_start"),
        (stream(START, END), "without a stop_reason"),
        (stream(START, STOP), "without message_stop"),
        (stream(START, {"type": "content_block_delta", "index": 0, "delta": {}}), "no open block"),
        (stream(START, {"type": "content_block_start"}), "no index and block"),
        (stream(START, *block(0, {"type": "tool_use"}), STOP, END), "no id and name"),
        (
            stream(START, {"type": "error", "error": {"type": "t", "message": "overloaded"}}),
            "inside the stream: overloaded.",
        ),
        (document({"type": "error", "error": {"message": "bad"}}, 400), "HTTP 400: bad."),
        (document({"content": "text"}), "not a list of blocks"),
        (document({"content": [], "usage": {}}), "two token counts"),
        (document({"content": []}), "no stop_reason"),
        (document([]), "not a JSON object"),
    ],
)
def test_what_is_wrong_is_said(answer, part):
    assert part in (answer.problem or "")


def test_the_clean_cases_have_no_problem():
    assert stream(START, *block(0, {"type": "text", "text": ""}), STOP, END).problem is None
    fine = {"content": [{"type": "text", "text": "a"}], "stop_reason": "end_turn"}
    assert document(fine).problem is None


def test_a_document_with_tools():
    uses = [
        {"type": "tool_use", "id": i, "name": name, "input": json.loads(text)}
        for i, name, text in CALLS
    ]
    answer = document({"content": uses, "stop_reason": "tool_use"})
    assert [(c.id, c.name, json.loads(c.arguments)) for c in answer.tool_calls] == [
        (i, name, json.loads(text)) for i, name, text in CALLS
    ]


def body_of(ask: Ask) -> dict:
    return json.loads(anthropic.request(Client(Target("http://h", "m", "anthropic")), ask).body)


def test_the_request_is_converted():
    call = {"id": "t", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}
    parameters = {"type": "object", "properties": {"x": {"type": "integer"}}}
    function = {"name": "f", "description": "d", "parameters": parameters}
    body = body_of(
        Ask(
            messages=(
                {"role": "system", "content": "be brief"},
                {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
                {"role": "assistant", "content": "ok", "tool_calls": [call, {**call, "id": "u"}]},
                {"role": "tool", "tool_call_id": "t", "content": "1"},
                {"role": "tool", "tool_call_id": "u", "content": "2"},
                {"role": "user", "content": "and?"},
            ),
            stop=("X",),
            tools=({"type": "function", "function": function},),
            tool_choice="required",
            extra={"top_k": 1},
        )
    )
    assert body["system"] == "be brief"
    assert [turn["role"] for turn in body["messages"]] == ["user", "assistant", "user", "user"]
    assert body["messages"][1]["content"] == [
        {"type": "text", "text": "ok"},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"x": 1}},
        {"type": "tool_use", "id": "u", "name": "f", "input": {"x": 1}},
    ]
    results = body["messages"][2]["content"]
    assert [(one["tool_use_id"], one["content"]) for one in results] == [("t", "1"), ("u", "2")]
    assert body["tools"] == [{"name": "f", "description": "d", "input_schema": parameters}]
    assert body["tool_choice"] == {"type": "any"}
    assert (body["stop_sequences"], body["top_k"], body["max_tokens"]) == (["X"], 1, 64)


@pytest.mark.parametrize(
    ("choice", "converted"),
    [
        ("auto", {"type": "auto"}),
        ("none", {"type": "none"}),
        ({"type": "function", "function": {"name": "f"}}, {"type": "tool", "name": "f"}),
    ],
)
def test_tool_choices(choice, converted):
    ask = Ask(messages=QUESTION.messages, tool_choice=choice)
    assert body_of(ask)["tool_choice"] == converted


@pytest.mark.parametrize(
    "ask",
    [
        Ask(messages=({"role": "critic", "content": "x"},)),
        Ask(messages=({"role": "user", "content": [{"type": "image_url", "image_url": {}}]},)),
        Ask(messages=QUESTION.messages, tools=({"type": "web_search"},)),
        Ask(messages=QUESTION.messages, tool_choice="sometimes"),
        Ask(
            messages=(
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "t", "function": {"name": "f", "arguments": "{"}}],
                },
            )
        ),
    ],
)
def test_what_has_no_counterpart_is_refused(ask):
    with pytest.raises(UsageError):
        body_of(ask)


@pytest.mark.parametrize("base_url", ["http://h", "http://h/v1"])
def test_the_path_is_the_same_with_and_without_v1(base_url):
    client = Client(Target(base_url, "m", "anthropic"))
    assert anthropic.request(client, QUESTION).url == "http://h/v1/messages"
    assert anthropic.models_url(client) == "http://h/v1/models"
