"""OpenAI's routes: shapes on the wire, and the openai SDK as their user."""

from __future__ import annotations

import json
import time

import openai
import pytest
from openai.types import Completion, Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk

USER = [{"role": "user", "content": "Write a story about a fox and a river."}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather of a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
]
CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Zürich \\"x\\""}}\n</tool_call>'


@pytest.fixture(scope="module")
def client(server):
    with openai.OpenAI(base_url=server.url + "/v1", api_key="none", max_retries=0) as sdk:
        yield sdk


def test_models(server, client):
    listed = server.http.get("/v1/models").json()
    entry = listed["data"][0]
    assert listed["object"] == "list"
    assert Model.model_validate(entry, strict=True).id == server.service.model_id
    assert isinstance(entry["created"], int)
    assert 1e9 < entry["created"] < 2e9
    assert client.models.retrieve(entry["id"]).id == entry["id"]
    with pytest.raises(openai.NotFoundError) as missing:
        client.models.retrieve("org/nope")
    assert missing.value.code == "model_not_found"


def test_model_ids_with_slashes(server):
    """Both spellings reach the route as one id; which the error repeats."""
    for path in ("/v1/models/org/nope", "/v1/models/org%2Fnope"):
        answer = server.http.get(path)
        assert answer.status_code == 404
        assert "'org/nope'" in answer.json()["error"]["message"]


def test_chat_shape(server):
    answer = server.chat(max_tokens=5)
    body = answer.json()
    ChatCompletion.model_validate(body, strict=True)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"]
    assert body["id"].startswith("chatcmpl-")
    assert abs(body["created"] - time.time()) < 120
    assert body["model"] == "default"
    [choice] = body["choices"]
    assert choice.keys() == {"index", "message", "logprobs", "finish_reason"}
    assert choice["message"].keys() == {"role", "content", "refusal"}
    assert choice["finish_reason"] == "length"
    usage = body["usage"]
    assert usage["completion_tokens"] == 5
    assert usage["total_tokens"] == usage["prompt_tokens"] + 5


def test_one_fingerprint_for_all_answers(server):
    text = {"model": "default", "prompt": "x", "max_tokens": 1}
    found = {server.http.post("/v1/completions", json=text).json()["system_fingerprint"]}
    found |= {server.chat(max_tokens=1).json()["system_fingerprint"] for _ in range(2)}
    assert found == {server.service.fingerprint}
    assert all(isinstance(one, str) and one.startswith("fp_") for one in found)


def test_ids_are_unique(server):
    assert len({server.chat(max_tokens=1).json()["id"] for _ in range(5)}) == 5
    assert len({server.chat(max_tokens=1).headers["x-request-id"] for _ in range(5)}) == 5


def test_max_tokens(server):
    for limit in (1, 2, 7):
        body = server.chat(max_tokens=limit).json()
        assert body["usage"]["completion_tokens"] == limit
        assert body["choices"][0]["finish_reason"] == "length"
    both = server.chat(max_tokens=7, max_completion_tokens=3).json()
    assert both["usage"]["completion_tokens"] == 3


STORY = [{"role": "user", "content": "Write a story about a fox and a river."}]
LONG = {"max_tokens": 12, "messages": STORY}


def test_stream_equals_answer(server, client, chunks):
    whole = server.chat(**LONG).json()
    streamed = server.chat(**LONG, stream=True, stream_options={"include_usage": True})
    assert streamed.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert streamed.headers["cache-control"] == "no-cache"
    assert "content-length" not in streamed.headers
    found = chunks(streamed.text)
    for chunk in found:
        ChatCompletionChunk.model_validate(chunk, strict=True)
    assert len({(c["id"], c["created"], c["model"], c["object"]) for c in found}) == 1
    *with_choices, last = found
    assert last["choices"] == []
    assert last["usage"] == whole["usage"]
    assert all(chunk["usage"] is None for chunk in with_choices)
    deltas = [chunk["choices"][0]["delta"] for chunk in with_choices]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert not any("role" in delta for delta in deltas[1:])
    assert deltas[-1] == {}
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in with_choices]
    assert reasons == [None] * (len(reasons) - 1) + ["length"]
    text = "".join(delta.get("content", "") for delta in deltas)
    assert text == whole["choices"][0]["message"]["content"] != ""


@pytest.mark.parametrize("options", [None, {}, {"include_usage": False}])
def test_no_usage_unless_asked(server, chunks, options):
    found = chunks(server.chat(stream=True, stream_options=options).text)
    assert all("usage" not in chunk for chunk in found)
    assert all(chunk["choices"] for chunk in found)


def test_scripted_text_comes_back_exactly(server, chunks, script):
    text = "Grüße, 世界 👩‍👩‍👧 done."
    body = server.chat(model=script(text), max_tokens=200).json()
    assert body["choices"][0]["message"]["content"] == text
    assert body["choices"][0]["finish_reason"] == "stop"
    assert body["model"] == script(text)
    found = chunks(server.chat(model=script(text), max_tokens=200, stream=True).text)
    parts = [chunk["choices"][0]["delta"].get("content", "") for chunk in found]
    assert "".join(parts) == text
    assert not any("�" in part for part in parts)


def test_empty_output(server, chunks, script):
    body = server.chat(model=script(""), max_tokens=5).json()
    assert body["choices"][0]["message"]["content"] == ""
    assert body["choices"][0]["finish_reason"] == "stop"
    found = chunks(server.chat(model=script(""), max_tokens=5, stream=True).text)
    deltas = [chunk["choices"][0]["delta"] for chunk in found]
    assert deltas == [{"role": "assistant", "content": ""}, {}]


def test_stop(server, chunks, script):
    for stop in ("cd", ["zz", "cd"]):
        ask = {"model": script("ab cd ef cd"), "max_tokens": 50, "stop": stop}
        choice = server.chat(**ask).json()["choices"][0]
        assert (choice["message"]["content"], choice["finish_reason"]) == ("ab ", "stop")
        found = chunks(server.chat(**ask, stream=True).text)
        text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in found)
        assert text == "ab "


def test_reasoning(server, chunks, script):
    model = script("<think>I see.</think>Four.")
    message = server.chat(model=model, max_tokens=99).json()["choices"][0]["message"]
    assert message["content"] == "Four."
    assert message["reasoning_content"] == message["reasoning"] == "I see."
    found = chunks(server.chat(model=model, max_tokens=99, stream=True).text)
    deltas = [chunk["choices"][0]["delta"] for chunk in found]
    assert "".join(delta.get("reasoning_content", "") for delta in deltas) == "I see."
    assert "".join(delta.get("content", "") for delta in deltas) == "Four."


def test_tool_calls(server, client, script):
    ask = {
        "model": script(f"Let me see. {CALL}\n{CALL}"),
        "messages": USER,
        "tools": TOOLS,
        "max_tokens": 300,
    }
    choice = client.chat.completions.create(**ask).choices[0]
    assert choice.finish_reason == "tool_calls"
    assert (choice.message.content or "").strip() == "Let me see."
    calls = choice.message.tool_calls
    assert [call.function.name for call in calls] == ["get_weather"] * 2
    assert json.loads(calls[0].function.arguments) == {"city": 'Zürich "x"'}
    assert len({call.id for call in calls}) == 2
    assert all(call.id.startswith("call_") for call in calls)


def test_streamed_tool_calls(server, chunks, script):
    ask = {"model": script(f"{CALL}{CALL}"), "tools": TOOLS, "max_tokens": 300}
    found = chunks(server.chat(**ask, stream=True).text)
    whole = server.chat(**ask).json()["choices"][0]
    parts = [p for c in found for p in c["choices"][0]["delta"].get("tool_calls", [])]
    assert [part["index"] for part in parts] == [0, 1]
    assert all(part["type"] == "function" and part["id"] for part in parts)
    assert [part["function"] for part in parts] == [
        call["function"] for call in whole["message"]["tool_calls"]
    ]
    assert whole["message"]["content"] is None
    assert found[-1]["choices"][0]["finish_reason"] == whole["finish_reason"] == "tool_calls"


def test_tools_switched_off(server, script):
    """Without tools on offer nothing is parsed as a call, and the prompt does not show any."""
    plain = server.chat().json()["usage"]["prompt_tokens"]
    shown = server.chat(tools=TOOLS).json()["usage"]["prompt_tokens"]
    hidden = server.chat(tools=TOOLS, tool_choice="none").json()["usage"]["prompt_tokens"]
    assert shown > plain == hidden
    ask = {"model": script(CALL), "tools": TOOLS, "max_tokens": 300}
    choice = server.chat(**ask, tool_choice="none").json()["choices"][0]
    assert "tool_calls" not in choice["message"]
    assert choice["finish_reason"] == "stop"


def test_full_tool_loop(server, client, script):
    first = client.chat.completions.create(
        model=script(CALL), messages=USER, tools=TOOLS, max_tokens=300
    ).choices[0]
    history = [
        *USER,
        first.message,
        {
            "role": "tool",
            "tool_call_id": first.message.tool_calls[0].id,
            "content": "4 °C",
        },
    ]
    second = client.chat.completions.create(
        model=script("It is cold."), messages=history, tools=TOOLS, max_tokens=99
    )
    assert second.choices[0].message.content == "It is cold."
    assert second.usage.prompt_tokens > 10


def test_content_parts_equal_the_string(server):
    parts = [{"type": "text", "text": "hel"}, {"type": "text", "text": "lo"}]
    one = server.chat(messages=[{"role": "user", "content": parts}]).json()
    two = server.chat(messages=[{"role": "user", "content": "hello"}]).json()
    assert one["choices"] == two["choices"]
    assert one["usage"] == two["usage"]


def test_seed(server):
    def text(seed):
        return server.chat(seed=seed, temperature=1, max_tokens=12).json()["choices"]

    assert text(1) == text(1)
    assert len({json.dumps(text(seed)) for seed in range(4)}) > 1


@pytest.mark.parametrize("seed", [-1, 0, 2**63 - 1, 2**64 - 1, -(2**63)])
def test_any_integer_is_a_seed(server, seed):
    assert server.chat(seed=seed, temperature=1).status_code == 200


def test_sdk_stream(client):
    with client.chat.completions.create(
        model="default", messages=USER, max_tokens=6, stream=True
    ) as stream:
        parts = list(stream)
    assert parts[-1].choices[0].finish_reason == "length"


def test_sdk_errors(client):
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model="default", messages=USER, store=True)
    assert refused.value.param == "store"
    assert refused.value.request_id
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="nope", messages=USER)


def test_completions(server, client, chunks, script):
    body = {"model": "default", "prompt": "hello", "temperature": 0}
    whole = server.http.post("/v1/completions", json=body).json()
    Completion.model_validate(whole, strict=True)
    assert whole["object"] == "text_completion"
    assert whole["usage"]["completion_tokens"] == 16  # the specification's default
    listed = server.http.post("/v1/completions", json=body | {"prompt": ["hello"]}).json()
    assert listed["choices"] == whole["choices"]
    streamed = server.http.post(
        "/v1/completions",
        json=body | {"stream": True, "stream_options": {"include_usage": True}},
    )
    found = chunks(streamed.text)
    for chunk in found[-2:]:  # the SDK's type knows no null before the end; the wire has it
        Completion.model_validate(chunk, strict=True)
    *texts, finish = [choice["finish_reason"] for chunk in found for choice in chunk["choices"]]
    assert (set(texts), finish) == ({None}, "length")
    text = "".join(choice["text"] for chunk in found for choice in chunk["choices"])
    assert text == whole["choices"][0]["text"]
    assert found[-1]["usage"] == whole["usage"]
    exact = client.completions.create(model=script("ab</s>"), prompt="x", max_tokens=50)
    assert exact.choices[0].text == "ab</s>"


def test_completions_parse_nothing(server, script):
    text = "<think>a</think>" + CALL
    body = {"model": script(text), "prompt": "x", "max_tokens": 300}
    assert server.http.post("/v1/completions", json=body).json()["choices"][0]["text"] == text


def test_token_ids_as_prompt(server):
    ids = server.service.text_prompt("hello there")
    body = {"model": "default", "temperature": 0, "max_tokens": 8}
    by_ids = server.http.post("/v1/completions", json=body | {"prompt": ids}).json()
    by_text = server.http.post("/v1/completions", json=body | {"prompt": "hello there"}).json()
    assert by_ids["choices"] == by_text["choices"]
    assert by_ids["usage"]["prompt_tokens"] == len(ids)
