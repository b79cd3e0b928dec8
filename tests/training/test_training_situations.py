"""Every sample asks for what its last message does, and no sample gives away what it leaves out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from suites.tool_calling.values import violation
from training import situations
from training.catalogue import FAMILIES
from training.dice import Dice
from training.family import Ask, Call, Json, Tool
from training.sample import Sample
from training.situations import KINDS, group, offered
from training.tools import ask, plain, spoken
from training.words import NUMBER_WORDS

# What is to be calculated: its signs are said as words ("plus"), its numbers as they are.
SUM = re.compile(r"[(]?-?[\d.]+( [-+*/%^(]+ ?[\d.]+[)]?)+")
# Families with answers that need not tell the first value of the result.
QUIET = {"calendar", "device", "light", "music", "notes", "thermostat"}


def samples(name: str, count: int = 120, split: str = "train") -> Iterator[Sample]:
    dice = Dice(name, split)
    for _ in range(count):
        yield KINDS[name][0](dice, 8)


def leaves(value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def is_said(value: Json, text: str) -> bool:
    """Whether the text holds the value, as it is, as JSON writes it, or as a word."""
    ways = {spoken(value), json.dumps(value, ensure_ascii=False).strip('"')}
    if isinstance(value, bool):
        return True  # said in many words
    if isinstance(value, int) and 0 <= value < len(NUMBER_WORDS):
        ways.add(NUMBER_WORDS[value])
    if isinstance(value, str) and SUM.fullmatch(value):
        return all(number in text for number in re.findall(r"[\d.]+", value))
    return any(way.lower() in text.lower() for way in ways)


def told(sample: Sample) -> str:
    """All that the model knows before its last message."""
    return "\n".join(str(message["content"]) for message in sample.messages[:-1])


def entries(sample: Sample) -> list[Call]:
    functions = [call["function"] for call in sample.messages[-1].get("tool_calls", [])]
    return [Call(one["name"], json.loads(one["arguments"])) for one in functions]


def check_calls(sample: Sample) -> None:
    """The last message makes the calls; they fit the tools, and their values were said."""
    assert sample.calls
    assert entries(sample) == list(sample.calls)
    tools = {tool.name: tool for tool in sample.tools}
    assert len(tools) == len(sample.tools)
    for call in sample.calls:
        schema = tools[call.name].parameters
        assert violation(schema, call.arguments) is None
        assert set(call.arguments) <= set(schema["properties"])
        for value in leaves(call.arguments):
            assert is_said(value, told(sample)), (value, told(sample))


@pytest.mark.parametrize("split", ["train", "held-out"])
@pytest.mark.parametrize("name", ["call", "two"])
def test_calls_are_valid_and_said(name: str, split: str) -> None:
    for sample in samples(name, split=split):
        check_calls(sample)
        assert len(sample.calls) in ((1,) if name == "call" else (2, 3))


def test_a_chain_calls_with_what_the_first_tool_answered() -> None:
    ends = set()
    for sample in samples("chain"):
        ends.add(sample.situation)
        if sample.situation == "chain":
            check_calls(sample)
            answer = sample.messages[-2]
            assert answer["role"] == "tool"
            assert any(is_said(v, answer["content"]) for v in leaves(sample.calls[0].arguments))
    assert ends == {"chain", "result"}


def test_a_wrong_sample_is_seen() -> None:
    sample = next(one for one in samples("call") if one.calls[0].arguments)
    (name, *_), wrong = sample.calls[0].arguments, "something that nobody said"
    arguments = {**sample.calls[0].arguments, name: wrong}
    call = Call(sample.calls[0].name, arguments)
    last = situations.calling([call])
    for messages in ((*sample.messages[:-1], last), sample.messages):
        with pytest.raises(AssertionError):
            check_calls(replace(sample, calls=(call,), messages=messages))
    with pytest.raises((AssertionError, KeyError)):
        check_calls(replace(sample, tools=()))


def test_what_is_missing_is_asked_for() -> None:
    for sample in samples("missing"):
        assert sample.key
        assert not sample.calls
        assert not entries(sample)
        assert sample.key in sample.messages[-1]["content"]
        assert any(
            sample.key == plain(name)
            for tool in sample.tools
            for name in tool.parameters.get("required", [])
        )


def test_where_no_tool_fits_none_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Ask] = []

    def noted(dice: Dice) -> Ask:
        drawn.append(any_family(dice))
        return drawn[-1]

    any_family = situations.any_family
    monkeypatch.setattr(situations, "any_family", noted)
    alone = 0
    for sample in samples("nofit"):
        assert not sample.calls
        assert not entries(sample)
        asked = sample.messages[0]["content"]
        families = {id(one.tool): one.family for one in drawn}
        for tool in sample.tools:
            assert tool.name not in asked
            family = families[id(tool)]
            assert family == "any function" or group(family) != group(sample.family)
        alone += not sample.tools
    assert 0 < alone < 50


@pytest.mark.parametrize("name", ["result", "results", "chain"])
def test_what_a_tool_answered_is_told(name: str) -> None:
    seen = set()
    for sample in samples(name):
        if sample.situation == "chain":
            continue
        seen.add(sample.situation)
        said, answer = sample.messages[-1]["content"], sample.messages[-2]
        assert answer["role"] == "tool"
        assert not sample.calls
        if sample.key is not None:
            assert sample.key in said or sample.family in QUIET
            assert is_said(sample.key, answer["content"]) or sample.key in json.dumps(
                json.loads(answer["content"]), ensure_ascii=False
            )
    assert seen == ({"result", "error"} if name == "result" else {"result"})


def test_every_right_answer_holds_its_key() -> None:
    for sample in samples("result", 200):
        assert sample.key is None or sample.key in sample.messages[-1]["content"]


@pytest.mark.parametrize("name", KINDS)
def test_conversations_are_well_formed(name: str) -> None:
    for sample in samples(name, 60):
        roles = [message["role"] for message in sample.messages]
        assert roles[0] == "user"
        assert roles[-1] == "assistant"
        ids: list[str] = []
        for message in sample.messages:
            if message["role"] == "tool":
                assert message["tool_call_id"] in ids
            elif "tool_calls" in message:
                ids = [call["id"] for call in message["tool_calls"]]
                assert len(set(ids)) == len(ids)
                assert {c["function"]["name"] for c in message["tool_calls"]} <= {
                    tool.name for tool in sample.tools
                }
        assert len(sample.tools) <= 8


def test_tools_on_offer() -> None:
    dice = Dice(0)
    own = ask(dice, next(family for family in FAMILIES if family.name == "mail"))
    places = set()
    for _ in range(60):
        tools = offered(dice, [own], 5)
        assert own.tool in tools
        assert len(tools) <= 5
        places.add(tools.index(own.tool))
        strangers = offered(dice, [own], 5, strangers=True)
        assert own.tool not in strangers
        assert 1 <= len(strangers) <= 5
        assert all(isinstance(tool, Tool) for tool in strangers)
    assert len(places) > 1


def test_thinking_is_switched_and_asked_for() -> None:
    seen = set()
    for sample in samples("call", 300):
        thought = sample.messages[-1]["content"].startswith("<think>\n")
        asked = "think" in sample.messages[0]["content"].lower()
        seen.add((sample.thinking, thought))
        assert thought or sample.thinking is not True
        assert not (thought and sample.thinking is False)
        if thought and sample.thinking is None:
            assert asked or "step by step" in sample.messages[0]["content"]
    assert seen == {(None, False), (None, True), (True, True), (False, False)}
