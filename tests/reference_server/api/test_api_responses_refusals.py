"""A response that cannot be had is a 400 that names the field, streamed or not."""

from __future__ import annotations

import json

import pytest

USER = {"role": "user", "content": "x"}
TOOL = {"type": "function", "name": "f", "parameters": {"type": "object"}}
CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
RESULT = {"type": "function_call_output", "call_id": "c", "output": "4"}


def said(**keys):
    return {"input": [USER | keys]}


def part(**keys):
    return said(content=[{"type": "input_text", "text": "x"} | keys])


def without(item, key):
    return {name: value for name, value in item.items() if name != key}


BAD = [
    ({"model": None}, "model"),
    ({"model": ""}, "model"),
    ({"input": None}, "input"),
    ({"input": 5}, "input"),
    ({"input": []}, "input"),
    ({"input": [5]}, "input[0]"),
    ({"input": [{}]}, "input[0].role"),
    ({"input": [{"type": 5}]}, "input[0].type"),
    ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "input[0].type"),
    ({"input": [{"type": "web_search_call"}]}, "input[0].type"),
    (said(role="tool"), "input[0].role"),
    (said(content=5), "input[0].content"),
    (said(content=None), "input[0].content"),
    (said(content=[]), "input[0].content"),
    (said(content=["x"]), "input[0].content[0]"),
    (said(status="lost"), "input[0].status"),
    (part(type="input_image"), "input[0].content[0].type"),
    (part(type="input_file"), "input[0].content[0].type"),
    (part(text=None), "input[0].content[0].text"),
    (part(text=5), "input[0].content[0].text"),
    (part(type="refusal"), "input[0].content[0].refusal"),
    ({"input": [USER, without(CALL, "call_id")]}, "input[1].call_id"),
    ({"input": [USER, without(CALL, "name")]}, "input[1].name"),
    ({"input": [USER, CALL | {"arguments": {}}]}, "input[1].arguments"),
    ({"input": [USER, CALL, without(RESULT, "call_id")]}, "input[2].call_id"),
    ({"input": [USER, CALL, without(RESULT, "output")]}, "input[2].output"),
    ({"input": [USER, CALL, RESULT | {"output": 4}]}, "input[2].output"),
    ({"input": [USER, CALL, RESULT | {"output": [{"type": "input_image"}]}]},
     "input[2].output[0].type"),
    ({"input": [USER, RESULT]}, "input[1].call_id"),
    ({"input": [USER, RESULT, CALL]}, "input[1].call_id"),
    ({"input": [USER, {"type": "reasoning", "summary": "s"}]}, "input[1].summary"),
    ({"instructions": 5}, "instructions"),
    ({"previous_response_id": 5}, "previous_response_id"),
    ({"previous_response_id": "resp_unknown"}, "previous_response_id"),
    ({"max_output_tokens": 0}, "max_output_tokens"),
    ({"max_output_tokens": "5"}, "max_output_tokens"),
    ({"temperature": 2.1}, "temperature"),
    ({"top_p": -1}, "top_p"),
    ({"stream": "yes"}, "stream"),
    ({"store": 1}, "store"),
    ({"truncation": "middle"}, "truncation"),
    ({"metadata": {"a": 5}}, "metadata"),
    ({"include": "x"}, "include"),
    ({"include": ["everything"]}, "include[0]"),
    ({"top_logprobs": 21}, "top_logprobs"),
    ({"reasoning": {"effort": "enormous"}}, "reasoning.effort"),
    ({"chat_template_kwargs": {"tools": []}}, "chat_template_kwargs.tools"),
    ({"max_thinking_tokens": -1}, "max_thinking_tokens"),
    ({"text": {"format": {"type": "json_schema", "name": "n"}}}, "text.format.schema"),
    ({"text": {"format": {"type": "json_schema", "schema": {}}}}, "text.format.name"),
    ({"tools": [TOOL], "tool_choice": 5}, "tool_choice"),
    ({"tools": [TOOL], "tool_choice": {"type": "function"}}, "tool_choice.name"),
    ({"tools": [TOOL], "tool_choice": {"type": "function", "name": "g"}}, "tool_choice"),
    ({"tools": [TOOL], "tool_choice": {"type": "allowed_tools", "mode": "auto"}},
     "tool_choice.tools"),
    ({"tool_choice": "required"}, "tool_choice"),
    ({"text": {"format": {"type": "poem"}}}, "text.format.type"),
    ({"text": {"verbosity": "chatty"}}, "text.verbosity"),
    ({"tools": [{"type": "function"}]}, "tools[0].name"),
    ({"tools": [TOOL | {"name": "a b"}]}, "tools[0].name"),
    ({"tools": [TOOL | {"parameters": {"type": "array"}}]}, "tools[0].parameters"),
    ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools[0].name"),
    ({"stop": 5}, "stop"),
    ({"logit_bias": {"99999999": 1}}, "logit_bias"),
    ({"presence_penalty": 9}, "presence_penalty"),
]  # fmt: skip

# Asked for in the right way, but not there: refused by name, never ignored.
UNSUPPORTED = [
    ({"background": True}, "background"),
    ({"conversation": "conv_1"}, "conversation"),
    ({"prompt": {"id": "pmpt_1"}}, "prompt"),
    ({"context_management": [{"type": "compaction"}]}, "context_management"),
    ({"moderation": {"model": "m"}}, "moderation"),
    ({"stream_options": {"include_obfuscation": True}}, "stream_options.include_obfuscation"),
    ({"reasoning": {"summary": "detailed"}}, "reasoning.summary"),
]

# A tool of OpenAI's own is no function: its type is what is wrong.
HOSTED = [
    ({"tools": [{"type": name}]}, "tools[0].type") for name in ("web_search", "mcp", "custom")
]

# The control: what the same fields accept.
GOOD = [
    {},
    {"input": ""},
    {"input": [USER]},
    said(type="message", id="msg_1", status="completed"),
    said(role="system"),
    said(role="developer"),
    part(),
    part(type="output_text", annotations=[{"type": "url_citation"}], logprobs=[]),
    {"input": [USER, {"role": "assistant", "content": "a", "phase": "final_answer"}, USER]},
    {"input": [USER, {"role": "assistant", "content": [{"type": "refusal", "refusal": "n"}]}]},
    {"input": [USER, CALL, RESULT]},
    {"input": [USER, CALL | {"id": "fc_1", "status": "completed"}, RESULT | {"output": []}]},
    {"input": [USER, CALL, RESULT | {"output": [{"type": "input_text", "text": "4"}]}]},
    {"input": [USER, {"type": "reasoning", "id": "rs_1", "summary": [], "content": None}, USER]},
    {"input": [USER, {"type": "reasoning", "summary": [{"type": "summary_text", "text": "s"}],
                      "encrypted_content": "zzz"}, {"role": "assistant", "content": "a"}, USER]},
    {"instructions": "Be brief."},
    {"temperature": 0.5, "top_p": 0.9, "seed": 1, "stop": ["zq"], "presence_penalty": 0.5},
    {"truncation": "auto"},
    {"metadata": {"a": "b"}},
    {"include": ["reasoning.encrypted_content", "file_search_call.results"]},
    {"top_logprobs": 20},
    {"reasoning": {"effort": "low", "summary": "auto", "mode": "standard"}},
    {"chat_template_kwargs": {"enable_thinking": False}, "max_thinking_tokens": 0},
    {"text": {"format": {"type": "text"}, "verbosity": "low"}},
    {"tools": [TOOL]},
    {"tools": [TOOL | {"strict": False, "description": "d"}], "tool_choice": "auto"},
    {"tools": [TOOL], "tool_choice": "none", "parallel_tool_calls": True},
    {"tools": [TOOL], "tool_choice": "required"},
    {"tools": [TOOL], "tool_choice": {"type": "function", "name": "f"}},
    {"tools": [TOOL], "tool_choice": {"type": "allowed_tools", "mode": "auto",
                                      "tools": [{"type": "function", "name": "f"}]}},
    {"tools": [TOOL | {"strict": True}], "parallel_tool_calls": False},
    {"text": {"format": {"type": "json_object"}}},
    {"text": {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}}}},
    {"tool_choice": "auto", "parallel_tool_calls": False},
    {"background": False, "stream_options": {"include_obfuscation": False}},
    {"user": "u", "safety_identifier": "s", "prompt_cache_key": "k", "service_tier": "auto"},
    {"prompt_cache_retention": "24h", "max_tool_calls": 3},
]  # fmt: skip


def ids(rows):
    return [
        f"{i}-{json.dumps(row[0] if isinstance(row, tuple) else row)[:40]}"
        for i, row in enumerate(rows)
    ]


def refused(server, extra, param):
    answer = server.responses(**extra)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param
    assert error["message"].startswith(param)
    streamed = server.responses(**({"stream": True} | extra))
    assert streamed.status_code == 400
    assert streamed.json()["error"] == error
    return error


@pytest.mark.parametrize(("extra", "param"), BAD + HOSTED, ids=ids(BAD + HOSTED))
def test_names_the_field(server, extra, param):
    error = refused(server, extra, param)
    codes = ("invalid_value", "missing_required_parameter", "previous_response_not_found")
    assert error["code"] in codes


@pytest.mark.parametrize(("extra", "param"), UNSUPPORTED, ids=ids(UNSUPPORTED))
def test_names_what_is_unsupported(server, extra, param):
    assert refused(server, extra, param)["code"] == "unsupported_value"


@pytest.mark.parametrize("extra", GOOD, ids=ids(GOOD))
def test_accepts(server, extra):
    answer = server.responses(**({"max_output_tokens": 2} | extra))
    assert answer.status_code == 200, answer.text
    assert "x-ignored-fields" not in answer.headers


def test_context_overflow(server):
    long = "hello there " * server.service.context_length
    for stream in (False, True):
        error = server.responses(input=long, stream=stream).json()["error"]
        assert (error["code"], error["param"]) == ("context_length_exceeded", "input")


def test_a_refusal_of_the_template_names_the_input(server):
    marks = "".join(map(chr, range(0xFDD0, 0xFDF0)))
    error = server.responses(input=marks).json()["error"]
    assert error["param"] == "input"
    assert error["message"].startswith("input ")
    assert "messages" not in error["message"]
