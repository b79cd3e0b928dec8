"""Formats of every kind through a real server: streamed and whole, in both dialects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reference_server.api.holder import Settings
from reference_server.service import Service, ServiceSettings
from reference_server.tool_formats.registry import chosen

CORPUS = Path(__file__).parents[1] / "tool_formats" / "corpus"
# OpenAI's API allows no dots in names.
TOOLS = [
    tool
    for tool in json.loads((CORPUS / "tools.json").read_text())
    if "." not in tool["function"]["name"]
]
CLAUDE_TOOLS = [
    {
        "name": tool["function"]["name"],
        "input_schema": tool["function"].get("parameters", {"type": "object"}),
    }
    for tool in TOOLS
]
NAMES = ("qwen3_coder", "llama3", "mistral", "deepseek_v31", "kimi_k2", "gemma4", "harmony")
CASES = ("parallel", "marks in a value", "malformed")
KEEP_ALIVE = ": keep-alive\n\n"  # while a call is held back, a slow machine may send some


@pytest.fixture(scope="module")
def service():
    loaded = Service(
        ServiceSettings("random:1m", max_batch=4, scripted=True, tool_call_dedupe=True)
    )
    try:
        yield loaded
    finally:
        loaded.close(0)


@pytest.fixture(scope="module")
def server(service, start_with, until):
    with start_with(Settings(scripted=True, default_max_tokens=500), lambda: service) as running:
        until(lambda: running.holder.service is not None, "the service")
        yield running


def whole(answer: dict) -> tuple:
    (choice,) = answer["choices"]
    message = choice["message"]
    calls = [call["function"] for call in message.get("tool_calls", [])]
    return message["content"] or "", calls, choice["finish_reason"]


def streamed(chunks: list[dict]) -> tuple:
    content, calls, finish = "", {}, None
    for chunk in chunks:
        for choice in chunk["choices"]:
            delta = choice["delta"]
            content += delta.get("content") or ""
            for part in delta.get("tool_calls", []):
                call = calls.setdefault(part["index"], {"name": "", "arguments": ""})
                call["name"] += part["function"].get("name", "")
                call["arguments"] += part["function"]["arguments"]
            finish = choice["finish_reason"] or finish
    return content, [calls[at] for at in sorted(calls)], finish


def rows(name: str) -> list[dict]:
    found = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text().splitlines()]
    return [row for row in found if row["case"] in CASES]


@pytest.mark.parametrize("name", NAMES)
def test_streamed_and_whole_are_the_same(name, server, service, script, chunks, monkeypatch):
    monkeypatch.setattr(service, "_parser", chosen(name, None))
    for row in rows(name):
        ask = {"model": script(row["text"]), "tools": TOOLS, "max_tokens": 500}
        answer = server.chat(**ask)
        assert answer.status_code == 200, answer.text
        content, calls, finish = found = whole(answer.json())
        body = server.chat(stream=True, **ask).text.replace(KEEP_ALIVE, "")
        assert streamed(chunks(body)) == found
        written = [part for part in row["parts"] if not isinstance(part, str)]
        assert [call["name"] for call in calls] == [call[0] for call in written]
        assert [json.loads(call["arguments"]) for call in calls] == [call[1] for call in written]
        assert content == "".join(part for part in row["parts"] if isinstance(part, str))
        assert finish == ("tool_calls" if written else "stop")


@pytest.mark.parametrize("name", ["mistral", "pythonic"])
def test_anthropic_clients_get_the_same(name, server, service, script, monkeypatch):
    monkeypatch.setattr(service, "_parser", chosen(name, None))
    for row in rows(name):
        ask = {"model": script(row["text"]), "tools": CLAUDE_TOOLS, "max_tokens": 500}
        answer = server.messages(**ask).json()
        inputs = [
            [block["name"], block["input"]]
            for block in answer["content"]
            if block["type"] == "tool_use"
        ]
        assert inputs == [part[:2] for part in row["parts"] if not isinstance(part, str)]
        assert answer["stop_reason"] == ("tool_use" if inputs else "end_turn")


def test_removed_duplicates_are_told(server, script, chunks, events):
    call = '<tool_call>{"name": "ping", "arguments": {}}</tool_call>'
    told = [{"name": "ping", "arguments": "{}"}]
    ask = {"model": script(call * 2), "max_tokens": 500}
    (choice,) = server.chat(tools=TOOLS, **ask).json()["choices"]
    assert choice["x_removed_tool_calls"] == told
    assert len(choice["message"]["tool_calls"]) == 1
    body = server.chat(tools=TOOLS, stream=True, **ask).text.replace(KEEP_ALIVE, "")
    *_, last = chunks(body)
    assert last["choices"][0]["x_removed_tool_calls"] == told
    assert last["choices"][0]["finish_reason"] == "tool_calls"
    message = server.messages(tools=CLAUDE_TOOLS, **ask).json()
    assert message["x_removed_tool_calls"] == told
    stream = events(server.messages(tools=CLAUDE_TOOLS, stream=True, **ask).text)
    (delta,) = (json.loads(data) for name, data in stream if name == "message_delta")
    assert delta["x_removed_tool_calls"] == told
    single = server.chat(tools=TOOLS, model=script(call), max_tokens=500).json()
    assert "x_removed_tool_calls" not in single["choices"][0]


def test_none_leaves_calls_in_the_text(server, service, script, monkeypatch):
    monkeypatch.setattr(service, "_parser", chosen("none", None))
    call = '<tool_call>{"name": "ping", "arguments": {}}</tool_call>'
    answer = server.chat(tools=TOOLS, model=script(call), max_tokens=500).json()
    assert whole(answer) == (call, [], "stop")


def test_health_says_which_format_and_why(server):
    told = server.http.get("/health").json()["tool_calls"]
    assert told == {"name": "hermes", "reason": "the chat template has <tool_call>"}
