"""The Responses API as the openai SDK uses it, and what the server keeps of responses."""

from __future__ import annotations

from typing import Literal

import openai
import pytest
from openai.types.responses import Response
from pydantic import BaseModel

from reference_server.api import answers_responses as answers

TOOLS = [
    {
        "type": "function",
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        "strict": False,
    }
]
CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Zürich"}}\n</tool_call>'
USER = {"role": "user", "content": "Weather in Zürich?"}


@pytest.fixture(scope="module")
def client(server):
    with openai.OpenAI(base_url=server.url + "/v1", api_key="none", max_retries=0) as sdk:
        yield sdk


def tokens(server, **extra):
    return server.responses(max_output_tokens=1, **extra).json()["usage"]["input_tokens"]


def test_shape(server):
    answer = server.responses(max_output_tokens=3)
    body = answer.json()
    Response.model_validate(body, strict=True)
    answers.Response.model_validate_json(answer.content)
    assert body["id"].startswith("resp_")
    assert body["object"] == "response"
    assert (body["error"], body["status"]) == (None, "incomplete")
    assert body["incomplete_details"] == {"reason": "max_output_tokens"}
    assert body["usage"]["output_tokens"] == 3
    assert "x-ignored-fields" not in answer.headers
    ignored = server.responses(frobnicate=1)
    assert ignored.headers["x-ignored-fields"] == "frobnicate"


def test_completed(server, script):
    body = server.responses(model=script("Yes."), max_output_tokens=20, metadata={"a": "b"}).json()
    assert (body["status"], body["incomplete_details"]) == ("completed", None)
    assert body["completed_at"] >= body["created_at"]
    assert body["metadata"] == {"a": "b"}
    (item,) = body["output"]
    assert (item["type"], item["role"], item["status"]) == ("message", "assistant", "completed")
    assert item["content"][0]["text"] == "Yes."


def test_same_question_same_prompt(server):
    chat = server.chat(max_tokens=6).json()
    for asked in ("hello", [{"role": "user", "content": "hello"}],
                  [{"type": "message", "role": "user",
                    "content": [{"type": "input_text", "text": "hel"},
                                {"type": "input_text", "text": "lo"}]}]):  # fmt: skip
        body = server.responses(input=asked, max_output_tokens=6).json()
        assert body["output"][0]["content"][0]["text"] == chat["choices"][0]["message"]["content"]
        assert body["usage"]["input_tokens"] == chat["usage"]["prompt_tokens"]


def test_instructions_are_the_system(server):
    system = {"role": "system", "content": "Be brief."}
    chat = server.chat(messages=[system, USER], max_tokens=1).json()["usage"]["prompt_tokens"]
    assert tokens(server, input=[USER], instructions="Be brief.") == chat
    assert tokens(server, input=[system, USER]) == chat
    assert tokens(server, input=[{**system, "role": "developer"}, USER]) == chat
    assert tokens(server, input=[USER]) < chat


def test_sdk_create_and_stream(client, script):
    asked = {"model": script("<think>hm</think>It is cold."), "input": [USER]}
    whole = client.responses.create(**asked, max_output_tokens=60)
    assert whole.output_text == "It is cold."
    assert [item.type for item in whole.output] == ["reasoning", "message"]
    assert whole.output[0].content[0].text == "hm"
    assert 0 < whole.usage.output_tokens_details.reasoning_tokens < whole.usage.output_tokens
    with client.responses.stream(**asked, max_output_tokens=60) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert final.output_text == whole.output_text
    deltas = [event for event in events if event.type == "response.output_text.delta"]
    assert deltas[-1].snapshot == "It is cold."


class Place(BaseModel):
    city: Literal["Oslo", "Bern"]
    cold: bool


def test_sdk_parse(client):
    asked = {"model": "default", "input": [USER], "text_format": Place, "max_output_tokens": 200}
    parsed = client.responses.parse(**asked)
    assert isinstance(parsed.output_parsed, Place)
    assert parsed.text.format.type == "json_schema"
    with client.responses.stream(**asked) as stream:
        assert isinstance(stream.get_final_response().output_parsed, Place)


@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "get_weather"}])
def test_forced_calls(client, choice):
    tools = [{**TOOLS[0], "parameters": Place.model_json_schema(), "strict": True}]
    whole = client.responses.create(
        model="default", input="Hello!", tools=tools, tool_choice=choice,
        parallel_tool_calls=False, max_output_tokens=300,
    )  # fmt: skip
    (call,) = [item for item in whole.output if item.type == "function_call"]
    assert Place.model_validate_json(call.arguments)
    told = whole.tool_choice
    assert (told if isinstance(told, str) else told.to_dict()) == choice


@pytest.mark.parametrize("chained", [True, False])
def test_sdk_tools_round_trip(client, script, chained):
    first = client.responses.create(
        model=script(f"I ask. {CALL}"), input=[USER], tools=TOOLS, max_output_tokens=100
    )
    call = first.output[-1]
    assert (call.type, call.name) == ("function_call", "get_weather")
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "4 degrees"}
    before = {"previous_response_id": first.id, "input": [result]}
    if not chained:
        before = {"input": [USER, *first.output, result]}
    last = client.responses.create(
        model=script("Cold."), tools=TOOLS, max_output_tokens=20, **before
    )
    assert last.output_text == "Cold."


def test_a_chain_is_the_conversation_as_a_whole(server, script):
    """Items that are chained, sent again, and sent as a chat give the same prompt."""
    model = script(f"I ask. {CALL}")
    first = server.responses(model=model, input=[USER], tools=TOOLS, max_output_tokens=100).json()
    call = first["output"][-1]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "4"}
    chained = tokens(server, previous_response_id=first["id"], input=[result], tools=TOOLS)
    assert chained == tokens(server, input=[USER, *first["output"], result], tools=TOOLS)
    message = server.chat(model=model, messages=[USER], tools=chat_tools(), max_tokens=100)
    history = [
        USER,
        message.json()["choices"][0]["message"],
        {"role": "tool", "tool_call_id": call["call_id"], "content": "4"},
    ]
    chat = server.chat(messages=history, tools=chat_tools(), max_tokens=1).json()
    assert chained == chat["usage"]["prompt_tokens"]
    assert chained > tokens(server, input=[USER], tools=TOOLS)


def chat_tools():
    keys = ("name", "description", "parameters")
    return [{"type": "function", "function": {key: TOOLS[0][key] for key in keys}}]


def test_instructions_are_not_carried_over(server, script):
    ask = {"model": script("Yes."), "max_output_tokens": 20}
    plain = server.responses(**ask).json()
    led = server.responses(**ask, instructions="Speak of foxes only.").json()
    assert led["usage"]["input_tokens"] > plain["usage"]["input_tokens"]
    counts = [tokens(server, previous_response_id=before["id"]) for before in (plain, led)]
    assert counts[0] == counts[1]
    again = tokens(server, previous_response_id=led["id"], instructions="Speak of foxes only.")
    assert again > counts[1]


def test_a_chain_goes_on_and_forks(server):
    first = server.responses(input="one").json()
    second = server.responses(input="two", previous_response_id=first["id"]).json()
    third = server.responses(input="three", previous_response_id=second["id"]).json()
    fork = server.responses(input="two", previous_response_id=first["id"]).json()
    counts = [r["usage"]["input_tokens"] for r in (first, second, third)]
    assert counts[0] < counts[1] < counts[2]
    assert fork["usage"]["input_tokens"] == counts[1]
    assert fork["output"][0]["content"] == second["output"][0]["content"]
    # A response in the middle may go: those after it have what they need.
    assert server.http.delete(f"/v1/responses/{second['id']}").status_code == 200
    again = server.responses(input="three", previous_response_id=third["id"])
    assert again.json()["usage"]["input_tokens"] > counts[2]


def test_read_and_delete(server, client):
    body = server.responses().json()
    assert (
        client.responses.retrieve(body["id"]).output_text == body["output"][0]["content"][0]["text"]
    )
    assert server.http.get(f"/v1/responses/{body['id']}").json() == body
    deleted = server.http.delete(f"/v1/responses/{body['id']}").json()
    answers.KeptResponse.model_validate(deleted)
    assert deleted == {"id": body["id"], "object": "response", "deleted": True}
    with pytest.raises(openai.NotFoundError) as missing:
        client.responses.retrieve(body["id"])
    assert missing.value.code == "not_found"
    assert server.http.delete(f"/v1/responses/{body['id']}").status_code == 404


def test_streamed_responses_are_kept_too(client, script):
    with client.responses.stream(model=script("Yes."), input="x") as stream:
        final = stream.get_final_response()
    assert client.responses.retrieve(final.id).output_text == "Yes."


def test_store_false_keeps_nothing(server):
    before = len(server.holder.responses)
    body = server.responses(store=False).json()
    assert body["store"] is False
    assert len(server.holder.responses) == before
    assert server.http.get(f"/v1/responses/{body['id']}").status_code == 404
    after = server.responses(previous_response_id=body["id"])
    assert after.status_code == 400
    assert after.json()["error"]["code"] == "previous_response_not_found"


def test_input_items(server, client):
    first = server.responses(input=[{"role": "user", "content": "a", "id": "msg_mine"}]).json()
    twice = [{"role": "user", "content": "b", "id": "msg_mine"}, {"role": "user", "content": "c"}]
    second = server.responses(input=twice, previous_response_id=first["id"]).json()
    path = f"/v1/responses/{second['id']}/input_items"
    oldest = server.http.get(path, params={"order": "asc"}).json()
    answers.ItemPage.model_validate(oldest)
    said = [item["content"][0]["text"] for item in oldest["data"]]
    assert said == ["a", first["output"][0]["content"][0]["text"], "b", "c"]
    ids = [item["id"] for item in oldest["data"]]
    assert len(set(ids)) == 4
    assert ids[:2] == ["msg_mine", first["output"][0]["id"]]
    assert (oldest["first_id"], oldest["last_id"], oldest["has_more"]) == (ids[0], ids[-1], False)
    pages = client.responses.input_items.list(second["id"], limit=1)
    assert [item.id for item in pages] == ids[::-1]
    bad = [{"limit": 0}, {"limit": "x"}, {"limit": 101}, {"order": "up"}, {"after": "nope"}]
    for query in bad:
        refused = server.http.get(path, params=query)
        assert refused.status_code == 400
        assert refused.json()["error"]["param"] in query
    assert server.http.get("/v1/responses/resp_no/input_items").status_code == 404


def test_cancel(server, client, script, until):
    asked = {"model": script("word " * 800), "input": "hello", "max_output_tokens": 3000}
    with client.responses.create(**asked, stream=True) as stream:
        events = iter(stream)
        name = next(events).response.id
        assert client.responses.retrieve(name).status == "in_progress"
        cancelled = server.http.post(f"/v1/responses/{name}/cancel")
        assert Response.model_validate(cancelled.json(), strict=True).status == "cancelled"
        kinds = [event.type for event in events]
    assert kinds[-2:] == ["error", "response.failed"]
    assert client.responses.retrieve(name).status == "cancelled"
    until(server.idle, "the row of the cancelled response")
    after = server.responses(previous_response_id=name)
    assert after.status_code == 400
    assert after.json()["error"]["param"] == "previous_response_id"


def test_cancel_what_does_not_run(server):
    ended = server.responses().json()["id"]
    answer = server.http.post(f"/v1/responses/{ended}/cancel")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "response_ended")
    assert server.http.post("/v1/responses/resp_no/cancel").status_code == 404


def test_reading_the_events_again_is_refused(server):
    name = server.responses().json()["id"]
    answer = server.http.get(f"/v1/responses/{name}?stream=true")
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "stream"
    assert server.http.get(f"/v1/responses/{name}?stream=false").status_code == 200


def test_reasoning_effort_reaches_the_template(server):
    plain = tokens(server)
    assert tokens(server, reasoning={"effort": "high", "summary": "auto"}) != plain
    assert tokens(server, reasoning={"effort": "none"}) != plain
    assert tokens(server, reasoning={}) == plain
    off = {"chat_template_kwargs": {"enable_thinking": False}}
    assert tokens(server, **off) == tokens(server, reasoning={"effort": "none"})


def test_wrong_methods(server):
    answer = server.http.put("/v1/responses/resp_x")
    assert answer.status_code == 405
    assert {"GET", "DELETE"} <= set(answer.headers["allow"].replace(" ", "").split(","))
    assert server.http.get("/v1/responses").status_code == 405
