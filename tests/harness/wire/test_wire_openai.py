import asyncio
import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.records import Chunk, Exchange, Request, Target
from harness.wire import Answer, Ask, Client, ToolCall, Usage, dialect_for, openai
from tests.servers.fake_bodies import CALLS
from tests.servers.fake_openai import serve

STREAM = "text/event-stream"
QUESTION = Ask(messages=({"role": "user", "content": "Hi"},))


def exchange(
    body: bytes | list[bytes], *, status: int = 200, kind: str = "application/json", error=None
) -> Exchange:
    pieces = [body] if isinstance(body, bytes) else body
    return Exchange(
        request=Request("POST", "http://h/v1/chat/completions"),
        due_ns=0,
        send_ns=0,
        headers_ns=1,
        end_ns=99,
        status=status,
        headers=(("Content-Type", kind),),
        chunks=tuple(Chunk(index + 1, piece) for index, piece in enumerate(pieces)),
        error=error,
        error_text="why" if error else "",
    )


def stream(*values, done: bool = True, error=None) -> Answer:
    events = [f"data: {json.dumps(value)}\n\n".encode() for value in values]
    body = [*events, b"data: [DONE]\n\n"] if done else events
    return openai.read(exchange(body, kind=f"{STREAM}; charset=utf-8", error=error))


def delta(finish=None, **fields) -> dict:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]}


def document(message: dict, finish: str | None = "stop", **more) -> Answer:
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return openai.read(exchange(json.dumps({"choices": [choice], **more}).encode()))


def ask(mode: str, *, streamed: bool = True, **options) -> tuple[Answer, str]:
    async def go() -> Answer:
        with serve(mode) as fake:
            async with Client(Target(fake.base_url, "fake"), timeout_s=10) as client:
                one = Ask(messages=QUESTION.messages, stream=streamed, **options)
                return openai.read(await client.send(openai.request(client, one)))

    with serve() as sample:
        return asyncio.run(go()), sample.text


@pytest.mark.parametrize("mode", ["plain", "buffered", "multi", "crlf", "split", "close"])
@pytest.mark.parametrize("streamed", [True, False])
def test_every_framing_reads_the_same(mode, streamed):
    answer, text = ask(mode, streamed=streamed)
    assert answer.problem is None
    assert (answer.text, answer.finish_reason, answer.status) == (text, "stop", 200)
    assert answer.usage == Usage(7, 8)
    assert len(answer.events) == (0 if not streamed else 2 if mode == "multi" else 8)


def test_length_is_told_apart_from_stop():
    assert ask("plain", max_tokens=3)[0].finish_reason == "length"


@pytest.mark.parametrize("streamed", [True, False])
def test_tool_calls_are_accumulated(streamed):
    answer, _ = ask("tools", streamed=streamed)
    assert answer.problem is None
    assert answer.tool_calls == tuple(ToolCall(*call) for call in CALLS)
    assert answer.finish_reason == "tool_calls"
    assert {event.kind for event in answer.events} == ({"tool"} if streamed else set())


@pytest.mark.parametrize("streamed", [True, False])
def test_reasoning_is_kept_apart(streamed):
    answer, text = ask("reasoning", streamed=streamed)
    assert answer.reasoning
    assert answer.reasoning + answer.text == text
    if streamed:
        assert [event.kind for event in answer.events] == ["reasoning"] * 4 + ["content"] * 4


def test_the_field_called_reasoning_counts_too():
    assert document({"content": "a", "reasoning": "b"}).reasoning == "b"
    assert document({"content": "a", "reasoning_content": "c", "reasoning": "b"}).reasoning == "c"


def test_plain_completions_are_read():
    chunk = {"choices": [{"index": 0, "text": "ab", "finish_reason": None}]}
    last = {"choices": [{"index": 0, "text": "", "finish_reason": "stop"}]}
    answer = stream(chunk, last)
    assert (answer.text, answer.problem) == ("ab", None)
    body = json.dumps({"choices": [{"index": 0, "text": "ab", "finish_reason": "stop"}]}).encode()
    assert openai.read(exchange(body)).text == "ab"


def test_other_choices_are_left_out():
    other = {"choices": [{"index": 1, "delta": {"content": "no"}, "finish_reason": None}]}
    assert stream(delta(content="yes"), other, delta("stop")).text == "yes"


def test_a_stream_without_done_is_no_problem_by_itself():
    assert stream(delta(content="a"), delta("stop"), done=False).problem is None
    assert stream(delta(content="a"), done=False).problem is not None


def test_what_follows_done_is_not_read():
    body = b'data: [DONE]\n\ndata: {"choices": 3}\n\n'
    answer = openai.read(exchange([b"data: " + json.dumps(delta("stop")).encode() + b"\n\n", body]))
    assert answer.problem is not None  # JSON content type: not a stream at all
    kind = exchange([b"data: " + json.dumps(delta("stop")).encode() + b"\n\n", body], kind=STREAM)
    assert openai.read(kind).problem is None


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (stream(done=False), "no event"),
        (stream(delta(content=5), delta("stop")), "content is not a text but 5"),
        (stream({"choices": "x"}, delta("stop")), "choices are not a list"),
        (stream({"choices": [{"index": 0, "delta": []}]}, delta("stop")), "delta is not an object"),
        (stream([1], delta("stop")), "not a JSON object"),
        (stream(delta(7)), "finish_reason is not a text"),
        (stream({"choices": [], "usage": 3}, delta("stop")), "usage is not an object"),
        (stream({"choices": [], "usage": {}}, delta("stop")), "two token counts"),
        (stream(delta(tool_calls=[{"function": {"name": "f"}}]), delta("stop")), "integer index"),
        (stream(delta(tool_calls={}), delta("stop")), "tool_calls are not a list"),
        (stream(delta(tool_calls=[{"index": 0}]), delta("stop")), "no function object"),
        (stream(delta(content="a"), {"error": {"message": "OOM."}}), "inside the stream: OOM."),
        (stream(delta(content="a"), {"error": "text"}), "inside the stream: text."),
        (stream(delta(content="a"), delta("stop"), error="reset"), "The connection broke: why."),
        (document({"content": "a"}, None), "no finish_reason"),
        (openai.read(exchange(b"{}")), "no choices"),
        (openai.read(exchange(b'{"choices": []}')), "no choices"),
        (openai.read(exchange(b'{"choices": [{}]}')), "message is not an object"),
        (openai.read(exchange(b"[" * 100_000)), "not JSON"),
        (openai.read(exchange(b"hello")), "not JSON: hello"),
        (openai.read(exchange(b"<html></html>", kind="text/html")), "HTML page"),
        (openai.read(exchange(b'{"error": "x"}')), "An error with a 2xx status: x."),
        (openai.read(exchange(b"", error="timeout")), "Timeout: why."),
    ],
)
def test_what_is_wrong_is_said(answer, part):
    assert part in (answer.problem or "")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": {"message": "no", "type": "t"}}', "no"),
        (b'{"error": "no model"}', "no model"),
        (b'{"type": "error", "error": {"type": "t", "message": "busy"}}', "busy"),
        (b'{"detail": "gone"}', "gone"),
        (b'{"detail": [{"loc": ["body", "n"], "msg": "bad n"}]}', "bad n"),
        (b'{"object": "error", "message": "m"}', "m"),
        (b"<!DOCTYPE html><p>x", "an HTML page, not JSON"),
        (b"", "no body"),
        (b"plain words", "plain words"),
        (b'{"x": 1}', '{"x": 1}'),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_a_refusal_keeps_the_servers_words(body, said):
    assert openai.read(exchange(body, status=418)).problem == f"HTTP 418: {said}."


def test_two_calls_on_one_index_are_told():
    first = {"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}
    second = {"index": 0, "id": "b", "function": {"name": "f", "arguments": "{}"}}
    assert "share one index" in (stream(delta(tool_calls=[first, second])).problem or "")
    apart = stream(delta(tool_calls=[first, {**second, "index": 1}]), delta("tool_calls"))
    assert apart.problem is None
    assert [call.id for call in apart.tool_calls] == ["a", "b"]


def test_arguments_that_are_no_text_are_told_and_kept():
    call = {"id": "a", "function": {"name": "f", "arguments": {"x": 1}}}
    answer = document({"content": None, "tool_calls": [call]}, "tool_calls")
    assert "not a JSON text but a dict" in (answer.problem or "")
    assert json.loads(answer.tool_calls[0].arguments) == {"x": 1}


def test_the_transport_speaks_first_but_not_over_the_servers_own_error():
    assert "broke" in (stream(delta(content=5), error="reset").problem or "")
    told = stream({"error": "out of memory"}, error="reset").problem or ""
    assert "out of memory" in told


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "choices",
                        "delta",
                        "message",
                        "index",
                        "tool_calls",
                        "function",
                        "usage",
                        "error",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_makes_read_raise(value):
    assert stream(value).status == 200
    assert openai.read(exchange(json.dumps(value).encode())).problem is not None


def test_the_request():
    client = Client(Target("http://h/v1", "m"))
    body = json.loads(openai.request(client, QUESTION).body)
    assert body == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 64,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.0,
    }
    full = Ask(
        messages=QUESTION.messages,
        stream=False,
        temperature=None,
        stop=("a",),
        tools=({"type": "function", "function": {"name": "f"}},),
        tool_choice="auto",
        extra={"max_tokens": 1, "n": 2},
    )
    body = json.loads(openai.request(client, full, "other").body)
    assert (body["model"], body["max_tokens"], body["n"]) == ("other", 1, 2)
    assert (body["stop"], body["tool_choice"], len(body["tools"])) == (["a"], "auto", 1)
    assert not {"stream_options", "temperature", "seed"} & set(body)


def test_dialects_by_name():
    assert dialect_for("openai") is openai
    assert dialect_for("anthropic") is not openai


@pytest.mark.parametrize(("coding", "told"), [("gzip", "gzip-encoded"), ("identity", None)])
def test_an_answer_in_a_coding_that_was_not_accepted_is_told_as_such(coding, told):
    choice = {"index": 0, "message": {"content": "Hi"}, "finish_reason": "stop"}
    body = json.dumps({"choices": [choice]}).encode()
    sent = exchange(gzip.compress(body) if told else body)
    sent = replace(sent, headers=(*sent.headers, ("Content-Encoding", coding)))
    problem = openai.read(sent).problem
    assert (told in problem) if told else (problem is None)
