"""What openai's SDK does with a server; runs in an environment with one version of the SDK.

``python client_openai.py http://127.0.0.1:8000/v1`` prints a line of JSON for each check.
"""

from __future__ import annotations

import base64
import json
import struct
import sys

import openai
from clients_rig import check, run
from openai import OpenAI
from pydantic import BaseModel, Field

WEATHER = {
    "name": "get_weather",
    "description": "Get the weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
TOOL = {"type": "function", "function": WEATHER}
FLAT_TOOL = {"type": "function", "strict": True, **WEATHER}
ASKED = [{"role": "user", "content": "What is the weather in Oslo?"}]
HELLO = [{"role": "user", "content": "hello"}]


class Place(BaseModel):
    """What structured output is parsed into; bounded, since a small model may never end a text."""

    city: str = Field(max_length=12)
    people: int = Field(ge=0, le=99)


def listing(client: OpenAI, model: str) -> None:
    assert model in [one.id for one in client.models.list()]
    assert client.models.retrieve(model).id == model


def chat(client: OpenAI, model: str) -> None:
    answer = client.chat.completions.create(
        model=model, messages=HELLO, max_tokens=8, temperature=0, logprobs=True, top_logprobs=2
    )
    usage = answer.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert len(answer.choices[0].logprobs.content) in (
        usage.completion_tokens,
        usage.completion_tokens - 1,
    )


def streamed(client: OpenAI, model: str) -> None:
    # The SDK's accumulator takes an answer that max_tokens cut for an error.
    asked = {"model": model, "messages": HELLO, "max_tokens": 200, "temperature": 0}
    whole = client.chat.completions.create(**asked)
    with client.chat.completions.stream(**asked) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_completion()
    assert final.choices[0].message.content == whole.choices[0].message.content
    assert final.choices[0].finish_reason == whole.choices[0].finish_reason
    assert "content.delta" in kinds
    assert "content.done" in kinds


def tools(client: OpenAI, model: str) -> None:
    asked = {"model": model, "tools": [TOOL], "temperature": 0, "tool_choice": "required"}
    first = client.chat.completions.create(messages=ASKED, **asked).choices[0]
    (call,) = first.message.tool_calls
    assert first.finish_reason == "tool_calls"
    assert isinstance(json.loads(call.function.arguments)["city"], str)
    history = [
        *ASKED,
        first.message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": '{"temperature": 7}'},
    ]
    last = client.chat.completions.create(
        model=model, messages=history, tools=[TOOL], temperature=0, max_tokens=32
    )
    assert last.choices[0].message.content


def streamed_tools(client: OpenAI, model: str) -> None:
    asked = {"model": model, "messages": ASKED, "tools": [TOOL], "temperature": 0}
    named = {"type": "function", "function": {"name": "get_weather"}}
    with client.chat.completions.stream(**asked, tool_choice=named) as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion()
    (call,) = final.choices[0].message.tool_calls
    assert call.function.name == "get_weather"
    assert isinstance(json.loads(call.function.arguments)["city"], str)


def parsed(client: OpenAI, model: str) -> None:
    answer = client.chat.completions.parse(
        model=model, messages=ASKED, response_format=Place, temperature=0, max_tokens=200
    )
    assert isinstance(answer.choices[0].message.parsed, Place)


def completions(client: OpenAI, model: str) -> None:
    answer = client.completions.create(
        model=model, prompt=["once", "twice"], max_tokens=4, temperature=0, echo=True
    )
    assert [choice.index for choice in answer.choices] == [0, 1]
    assert answer.choices[0].text.startswith("once")
    assert answer.choices[1].text.startswith("twice")


def embeddings(client: OpenAI, model: str) -> None:
    # The SDK asks for base64 and decodes it unless a format is named.
    packed = client.embeddings.create(model=model, input=["one", "two"])
    plain = client.embeddings.create(model=model, input=["one", "two"], encoding_format="float")
    assert [one.index for one in packed.data] == [0, 1]
    for one, other in zip(packed.data, plain.data, strict=True):
        assert max(abs(a - b) for a, b in zip(one.embedding, other.embedding, strict=True)) < 1e-6
    coded = client.embeddings.create(model=model, input="one", encoding_format="base64")
    raw = base64.b64decode(coded.data[0].embedding)
    assert abs(struct.unpack("<f", raw[:4])[0] - plain.data[0].embedding[0]) < 1e-6


def responses(client: OpenAI, model: str) -> None:
    asked = {"model": model, "temperature": 0, "max_output_tokens": 24}
    first = client.responses.create(input="hello", **asked)
    assert first.status in {"completed", "incomplete"}
    assert first.output_text
    after = client.responses.create(input="and now?", previous_response_id=first.id, **asked)
    assert after.usage.input_tokens > first.usage.input_tokens


def streamed_responses(client: OpenAI, model: str) -> None:
    asked = {"model": model, "input": "hello", "temperature": 0, "max_output_tokens": 24}
    with client.responses.stream(**asked) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert [one.sequence_number for one in events] == list(range(len(events)))
    assert final.output_text == client.responses.create(**asked).output_text


def response_tools(client: OpenAI, model: str) -> None:
    asked = {"model": model, "tools": [FLAT_TOOL], "temperature": 0}
    first = client.responses.create(
        input="What is the weather in Oslo?", tool_choice="required", **asked
    )
    (call,) = [one for one in first.output if one.type == "function_call"]
    assert isinstance(json.loads(call.arguments)["city"], str)
    result = {"type": "function_call_output", "call_id": call.call_id, "output": '{"t": 7}'}
    last = client.responses.create(
        input=[result], previous_response_id=first.id, max_output_tokens=32, **asked
    )
    assert last.output_text


def parsed_response(client: OpenAI, model: str) -> None:
    answer = client.responses.parse(
        model=model, input="Where?", text_format=Place, temperature=0, max_output_tokens=200
    )
    assert isinstance(answer.output_parsed, Place)


def errors(client: OpenAI, model: str) -> None:
    try:
        client.chat.completions.create(model=model, messages=HELLO, temperature=9)
    except openai.BadRequestError as error:
        assert error.status_code == 400
        assert error.param == "temperature"
        assert error.type == "invalid_request_error"
    else:
        raise AssertionError("A temperature of 9 was accepted.")


CHECKS = (
    listing, chat, streamed, tools, streamed_tools, parsed, completions, embeddings, responses,
    streamed_responses, response_tools, parsed_response, errors,
)  # fmt: skip

if __name__ == "__main__":
    sdk = OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0, timeout=120)
    sys.exit(run(CHECKS, lambda one: check(one, sdk, "embedded")))
