"""Structured output and forced calls over HTTP: by SDKs, from random weights, under load."""

from __future__ import annotations

import asyncio
import json
from typing import Literal

import anthropic
import openai
import pytest
from pydantic import BaseModel, ConfigDict, Field

from reference_server.api.holder import Settings
from reference_server.service import Service, ServiceSettings


class Answer(BaseModel):
    """Bounded, so that weights that never end a string come to an end."""

    model_config = ConfigDict(extra="forbid")
    city: str = Field(max_length=12)
    unit: Literal["celsius", "fahrenheit"]
    days: int = Field(ge=1, le=14)
    notes: list[str | None] = Field(max_length=0)


PARAMETERS = Answer.model_json_schema()
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": PARAMETERS}}
NOW = {"type": "function", "function": {"name": "now"}}
STRICT = {"type": "function", "function": WEATHER["function"] | {"strict": True}}
# Of any object random weights would write on and on.
NOTHING = {"type": "object", "additionalProperties": False}
CLAUDE = [
    {"name": "get_weather", "input_schema": PARAMETERS},
    {"name": "now", "input_schema": NOTHING},
]
NAMED = {"type": "function", "function": {"name": "get_weather"}}
FORMAT = {
    "type": "json_schema",
    "json_schema": {"name": "answer", "strict": True, "schema": PARAMETERS},
}
CALL = '<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>'


@pytest.fixture(scope="module")
def dice(start_with, until):
    """A model of random weights, whose end tokens never come by themselves."""
    with start_with(
        Settings(), lambda: Service(ServiceSettings("random:1m", max_batch=32))
    ) as running:
        until(lambda: running.holder.service is not None, "the service")
        yield running


@pytest.fixture
def gpt(dice):
    with openai.OpenAI(base_url=f"{dice.url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture
def claude(dice):
    with anthropic.Anthropic(base_url=dice.url, api_key="none", max_retries=0) as client:
        yield client


USER = [{"role": "user", "content": "What is the weather in Oslo?"}]


def ask(**extra):
    # Room for a text of twelve escaped characters, which random weights write now and then.
    return {"model": "default", "messages": USER, "max_tokens": 400, "temperature": 1} | extra


def claude_ask(**extra):
    """The SDK's method has no temperature."""
    return {key: value for key, value in ask(**extra).items() if key != "temperature"}


def calls_of(answer):
    message = answer.json()["choices"][0]["message"]
    return [one["function"] for one in message.get("tool_calls", [])]


def test_100_of_100_forced_calls_from_random_weights_are_valid(dice):
    async def go():
        url, many = f"{dice.url}/v1", asyncio.Semaphore(32)
        async with openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:

            async def one(seed):
                async with many:
                    return await client.chat.completions.create(
                        **ask(tools=[NOW, WEATHER], tool_choice=NAMED, seed=seed)
                    )

            return await asyncio.gather(*(one(seed) for seed in range(100)))

    answers = [answer.choices[0] for answer in asyncio.run(go())]
    assert [answer.finish_reason for answer in answers] == ["tool_calls"] * 100
    calls = [call.function for answer in answers for call in answer.message.tool_calls]
    assert [call.name for call in calls] == ["get_weather"] * 100
    assert len({Answer.model_validate_json(call.arguments).city for call in calls}) > 50


def test_without_a_grammar_random_weights_call_nothing(dice):
    answer = dice.http.post("/v1/chat/completions", json=ask(tools=[WEATHER], max_tokens=20))
    assert calls_of(answer) == []


@pytest.mark.parametrize("temperature", [0, 1])
def test_parse_of_the_openai_sdk(gpt, temperature):
    found = gpt.chat.completions.parse(
        **ask(temperature=temperature, seed=3), response_format=Answer
    ).choices[0]
    assert isinstance(found.message.parsed, Answer)
    assert found.finish_reason == "stop"
    tool = openai.pydantic_function_tool(Answer, name="get_weather")
    forced = ask(tools=[tool], tool_choice="required", parallel_tool_calls=False)
    call = gpt.chat.completions.parse(**forced).choices[0].message.tool_calls[0]
    assert isinstance(call.function.parsed_arguments, Answer)


def test_the_stream_of_the_openai_sdk(gpt):
    with gpt.chat.completions.stream(**ask(seed=4), response_format=Answer) as stream:
        final = stream.get_final_completion().choices[0]
    whole = gpt.chat.completions.parse(**ask(seed=4), response_format=Answer).choices[0]
    assert final.message.parsed == whole.message.parsed
    assert isinstance(final.message.parsed, Answer)


def test_a_json_object(dice):
    body = ask(response_format={"type": "json_object"}, max_tokens=12)
    answer = dice.http.post("/v1/chat/completions", json=body).json()["choices"][0]
    if answer["finish_reason"] == "stop":
        assert isinstance(json.loads(answer["message"]["content"]), dict)
    else:  # the cut is told, and nothing is closed on the model's behalf
        assert answer["finish_reason"] == "length"
    text = answer["message"]["content"]
    assert text.startswith("{") or answer["message"].get("reasoning_content")


def test_a_cut_document_is_told_to_be_cut(dice):
    body = ask(response_format=FORMAT, max_tokens=3)
    answer = dice.http.post("/v1/chat/completions", json=body).json()["choices"][0]
    assert answer["finish_reason"] == "length"


def test_required_calls_are_all_valid_and_several(dice):
    body = ask(tools=[NOW, WEATHER], tool_choice="required", temperature=0, max_tokens=200)
    answer = dice.http.post("/v1/chat/completions", json=body)
    calls = calls_of(answer)
    assert len(calls) > 1
    for call in calls:
        arguments = json.loads(call["arguments"])
        if call["name"] == "get_weather":
            Answer.model_validate(arguments)
        else:
            assert call["name"] == "now"
            assert isinstance(arguments, dict)
    body |= {"parallel_tool_calls": False}
    assert len(calls_of(dice.http.post("/v1/chat/completions", json=body))) == 1


def test_allowed_tools(dice):
    choice = {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [NAMED]}}
    body = ask(tools=[NOW, WEATHER], tool_choice=choice, parallel_tool_calls=False)
    for seed in range(4):
        answer = dice.http.post("/v1/chat/completions", json=body | {"seed": seed})
        assert [call["name"] for call in calls_of(answer)] == ["get_weather"]


@pytest.mark.parametrize("choice", [{"type": "any"}, {"type": "tool", "name": "get_weather"}])
def test_tool_choice_of_the_anthropic_sdk(claude, choice):
    choice = choice | {"disable_parallel_tool_use": True}
    for _ in range(3):
        message = claude.messages.create(**claude_ask(tools=CLAUDE, tool_choice=choice))
        assert message.stop_reason == "tool_use"
        (use,) = [block for block in message.content if block.type == "tool_use"]
        if use.name == "get_weather":
            Answer.model_validate(use.input)
        assert choice["type"] == "any" or use.name == "get_weather"
    none = claude_ask(tools=CLAUDE, tool_choice={"type": "none"}, max_tokens=8)
    none = claude.messages.create(**none)
    assert none.stop_reason == "max_tokens"


def test_the_output_format_of_anthropic(claude):
    output = {"format": {"type": "json_schema", "schema": PARAMETERS}}
    message = claude.messages.create(**claude_ask(output_config=output))
    assert message.stop_reason == "end_turn"
    Answer.model_validate_json(message.content[-1].text)


def test_choices_seeds_and_stops(dice):
    def post(**extra):
        body = ask(response_format=FORMAT, seed=9, **extra)
        answer = dice.http.post("/v1/chat/completions", json=body).json()
        return [choice["message"]["content"] for choice in answer["choices"]]

    several = post(n=3)
    assert len(set(several)) == 3
    for text in several:
        Answer.model_validate_json(text)
    assert post(n=3) == several
    assert post()[0] == several[0]
    (cut,) = post(stop=['"unit"'])
    assert several[0].startswith(cut)
    assert several[0][len(cut) :].startswith('"unit"')


def test_a_document_or_a_call(dice):
    body = ask(response_format=FORMAT, tools=[STRICT], parallel_tool_calls=False)
    for seed in range(4):
        answer = dice.http.post("/v1/chat/completions", json=body | {"seed": seed})
        message = answer.json()["choices"][0]["message"]
        calls = [call["arguments"] for call in calls_of(answer)]
        Answer.model_validate_json(calls[0] if calls else message["content"])


# -- the embedded model, which calls by itself -----------------------------------------------------


def test_strict_tools_bind_a_call_once_it_is_opened(server, script):
    wrong = '<tool_call>\n{"name": "get_weather", "arguments": {"town": 5}}\n</tool_call>'
    body = ask(model=script(f"Well: {wrong}"), max_tokens=300, temperature=0)
    strict = server.http.post("/v1/chat/completions", json=body | {"tools": [STRICT]})
    (call,) = calls_of(strict)
    assert call["name"] == "get_weather"
    Answer.model_validate_json(call["arguments"])
    assert strict.json()["choices"][0]["message"]["content"].startswith("Well:")
    loose = server.http.post("/v1/chat/completions", json=body | {"tools": [WEATHER]})
    assert json.loads(calls_of(loose)[0]["arguments"]) == {"town": 5}


def test_one_call_where_the_model_would_make_two(server, script):
    body = ask(model=script(f"{CALL}\n{CALL}"), tools=[NOW], max_tokens=80, temperature=0)
    for limit, count in ((True, 2), (False, 1)):
        extra = body | {"parallel_tool_calls": limit}
        answer = server.http.post("/v1/chat/completions", json=extra)
        assert len(calls_of(answer)) == count
        assert answer.json()["choices"][0]["finish_reason"] == "tool_calls"
    claude = body | {"tools": [CLAUDE[1]], "tool_choice": {"type": "auto"}}
    for disabled, count in ((False, 2), (True, 1)):
        claude["tool_choice"] |= {"disable_parallel_tool_use": disabled}
        content = server.http.post("/v1/messages", json=claude).json()["content"]
        assert [block["type"] for block in content] == ["tool_use"] * count


def test_a_thought_comes_before_the_document(server, script):
    said = '<think>\nOslo, I think.\n</think>\n\n{"city": "Oslo"}'
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    body = ask(model=script(said), response_format=form, temperature=0)
    message = server.http.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    assert message["reasoning_content"] == "Oslo, I think."
    assert message["content"] == '{"city": "Oslo"}'


def test_the_greetings_of_others_are_not_touched(server):
    """Unconstrained requests before, beside and after a constrained one say the same."""
    plain = server.chat(max_tokens=12).json()["choices"]
    body = ask(response_format=FORMAT, max_tokens=120)
    with server.asking(**{key: body[key] for key in ("response_format", "max_tokens")}):
        assert server.chat(max_tokens=12).json()["choices"] == plain
    answer = server.http.post("/v1/chat/completions", json=body).json()["choices"][0]
    Answer.model_validate_json(answer["message"]["content"])
    assert server.chat(max_tokens=12).json()["choices"] == plain


@pytest.mark.parametrize("most", [0, 4, None])
def test_a_bound_of_thoughts_holds_before_a_form(server, script, most):
    """One thought, cut by the grammar itself; the answer behind it has its form."""
    bound = {} if most is None else {"max_thinking_tokens": most}
    thought = f"<think>\n{'so ' * 20}\n</think>\n\n"
    answer = server.http.post(
        "/v1/chat/completions",
        json=ask(model=script(thought), response_format=FORMAT, temperature=0, **bound),
    )
    assert answer.status_code == 200
    whole = answer.json()
    spent = whole["usage"]["completion_tokens_details"]["reasoning_tokens"]
    assert spent > 20 if most is None else spent <= most
    Answer.model_validate_json(whole["choices"][0]["message"]["content"])
