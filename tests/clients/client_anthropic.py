"""What anthropic's SDK does with a server; runs in an environment with one version of the SDK.

``python client_anthropic.py http://127.0.0.1:8000`` prints a line of JSON for each check.
"""

from __future__ import annotations

import sys

import anthropic
from anthropic import Anthropic
from clients_rig import check, run

TOOL = {
    "name": "get_weather",
    "description": "Get the weather in a city.",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}
ASKED = [{"role": "user", "content": "What is the weather in Oslo?"}]
# anthropic 2 has no temperature among its arguments any more.
GREEDY = {"extra_body": {"temperature": 0}}
HELLO = [{"role": "user", "content": "hello"}]


def messages(client: Anthropic, model: str) -> None:
    answer = client.messages.create(model=model, messages=HELLO, max_tokens=16, **GREEDY)
    assert answer.type == "message"
    assert answer.content[0].text
    assert answer.stop_reason in {"end_turn", "max_tokens"}


def streamed(client: Anthropic, model: str) -> None:
    asked = {"model": model, "messages": HELLO, "max_tokens": 16, **GREEDY}
    whole = client.messages.create(**asked)
    with client.messages.stream(**asked) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text == final.content[0].text == whole.content[0].text
    assert final.usage.output_tokens == whole.usage.output_tokens


def tools(client: Anthropic, model: str) -> None:
    asked = {"model": model, "tools": [TOOL], "max_tokens": 64, **GREEDY}
    first = client.messages.create(messages=ASKED, tool_choice={"type": "any"}, **asked)
    (call,) = [block for block in first.content if block.type == "tool_use"]
    assert first.stop_reason == "tool_use"
    assert isinstance(call.input["city"], str)
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "7 degrees"}
    history = [
        *ASKED,
        {"role": "assistant", "content": [block.model_dump() for block in first.content]},
        {"role": "user", "content": [result]},
    ]
    assert client.messages.create(messages=history, **asked).content


def streamed_tools(client: Anthropic, model: str) -> None:
    named = {"type": "tool", "name": "get_weather"}
    with client.messages.stream(
        model=model, messages=ASKED, tools=[TOOL], tool_choice=named, max_tokens=64, **GREEDY
    ) as stream:
        final = stream.get_final_message()
    (call,) = [block for block in final.content if block.type == "tool_use"]
    assert isinstance(call.input["city"], str)


def counted(client: Anthropic, model: str) -> None:
    asked = {"model": model, "messages": ASKED, "tools": [TOOL]}
    told = client.messages.count_tokens(**asked).input_tokens
    assert told == client.messages.create(max_tokens=1, **asked).usage.input_tokens


def errors(client: Anthropic, model: str) -> None:
    try:
        client.messages.create(model=model, messages=HELLO, max_tokens=0)
    except anthropic.BadRequestError as error:
        assert error.body["error"]["type"] == "invalid_request_error"
    else:
        raise AssertionError("max_tokens 0 was accepted.")


CHECKS = (messages, streamed, tools, streamed_tools, counted, errors)

if __name__ == "__main__":
    sdk = Anthropic(base_url=sys.argv[1], api_key="none", max_retries=0, timeout=120)
    sys.exit(run(CHECKS, lambda one: check(one, sdk, "default")))
