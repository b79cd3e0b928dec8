from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from suites.tool_calling.values import violation
from training.anyfunction import any_ask
from training.catalogue import FAMILIES, GROUPS
from training.dice import Dice, held_out
from training.family import Ask, Call, Family, Tool
from training.requests import BEFORE_WHOLE, joined, request
from training.tools import ask, listed, plain, spoken

OPEN_SLOT = re.compile(r"\{(?!x\})\w+\}")  # a string of `values.odd` holds {x} itself


def of(family: Family) -> str:
    return family.name


def consistent(one: Ask) -> None:
    schema = one.tool.parameters
    assert one.call.name == one.tool.name
    assert violation({**schema, "required": []}, one.call.arguments) is None
    assert set(one.call.arguments) <= set(schema["properties"])
    lacking = set(schema.get("required", [])) - set(one.call.arguments)
    assert len(lacking) == (one.missing is not None)
    assert {plain(name) for name in lacking} == ({one.missing} if one.missing else set())
    assert not OPEN_SLOT.search(one.text + one.answer)
    assert "[" not in one.tool.name + one.tool.description


@pytest.mark.parametrize("family", FAMILIES, ids=of)
def test_a_request_and_its_call_fit_the_tool(family: Family) -> None:
    dice = Dice(family.name)
    for _ in range(80):
        one = ask(dice, family)
        consistent(one)
        assert one.missing is None
        assert set(one.result or {}) == set(family.result)


@pytest.mark.parametrize("family", FAMILIES, ids=of)
def test_what_is_missing_is_in_no_argument(family: Family) -> None:
    dice = Dice(family.name)
    for key in family.missing:
        for _ in range(20):
            one = ask(dice, family, missing=key)
            consistent(one)
            assert one.missing


@pytest.mark.parametrize("missing", [False, True])
def test_a_request_for_any_function_fits_its_tool(missing: bool) -> None:
    dice = Dice("any")
    for _ in range(300):
        one = any_ask(dice, missing=missing)
        consistent(one)
        assert bool(one.missing) == missing


def test_a_call_that_does_not_fit_is_seen() -> None:
    tool = Tool("f", "", {"type": "object", "properties": {"n": {"type": "integer"}}})
    with pytest.raises(AssertionError):
        consistent(Ask("x", tool, "f with n 1", False, Call("f", {"n": "1"})))
    with pytest.raises(AssertionError):
        consistent(Ask("x", tool, "f with m 1", False, Call("f", {"m": 1})))
    with pytest.raises(AssertionError):
        consistent(Ask("x", tool, "f with n {n}", False, Call("f", {"n": 1})))


@pytest.mark.parametrize("family", FAMILIES, ids=of)
def test_a_family_says_what_its_slots_need(family: Family) -> None:
    keys = {slot.key for slot in family.slots}
    required = {slot.key for slot in family.slots if not slot.optional}
    assert set(family.missing) <= required
    assert all(slot.tails for slot in family.slots if slot.optional)
    dice = Dice(0)
    for source in (*family.commands, *family.questions, *family.statements):
        for _ in range(5):
            said = set(re.findall(r"\{(\w+)\}", dice.free_phrase(source)))
            assert required <= said <= keys
    for key, sources in family.missing.items():
        for source in sources:
            assert key not in set(re.findall(r"\{(\w+)\}", source))


@pytest.mark.parametrize("family", FAMILIES, ids=of)
def test_names_of_tools_keep_to_their_side(family: Family) -> None:
    held = {plain(ask(Dice(n, "held-out"), family).tool.name) for n in range(30)}
    train = {plain(ask(Dice(n), family).tool.name) for n in range(30)}
    assert not held & train


def test_groups_are_of_families() -> None:
    assert set(GROUPS) <= {family.name for family in FAMILIES}
    assert len({family.name for family in FAMILIES}) == len(FAMILIES) == 21


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("maxResults", "max results"),
        ("max_results", "max results"),
        ("max-results", "max results"),
        ("GetWeather", "get weather"),
        ("q", "q"),
    ],
)
def test_names_become_words(name: str, words: str) -> None:
    assert plain(name) == words


def test_results_become_sentences() -> None:
    assert listed({"code": 12, "homeCity": "Oslo", "ok": True}) == (
        "The code is 12, the home city is Oslo and the ok is true."
    )
    assert spoken(["é"]) == '["é"]'
    assert spoken("as it is") == "as it is"


def test_a_tool_and_a_call_in_openais_dialect() -> None:
    parameters = {"type": "object", "properties": {}}
    assert Tool("f", "", parameters).spec()["function"] == {"name": "f", "parameters": parameters}
    assert Tool("f", "Does.", parameters).spec()["function"]["description"] == "Does."
    call = Call("f", {"where": "Zürich"}).message(2)
    assert call["id"] == "call_2"
    assert json.loads(call["function"]["arguments"]) == {"where": "Zürich"}
    assert "ü" in call["function"]["arguments"]


def test_a_request_holds_its_clause() -> None:
    dice = Dice(0)
    for _ in range(200):
        one = any_ask(dice)
        text = request(dice, one)
        assert one.text[1:] in text


@pytest.mark.parametrize(
    ("missing", "manner"),
    [
        ("what time is it there", "question"),
        ("i'd like a table", "statement"),
        ("i'm late, what time is it?", "statement"),
        ("book a table", "command"),
    ],
)
def test_what_a_request_begins_with_says_what_fits_before_it(missing: str, manner: str) -> None:
    family = replace(FAMILIES[0], missing={FAMILIES[0].slots[0].key: (missing,)})
    key, split = family.slots[0].key, "held-out" if held_out(missing) else "train"
    one = ask(Dice(0, split), family, missing=key)
    assert (one.question, one.whole) == (manner == "question", manner == "statement")


def test_nothing_follows_a_statement_and_nothing_fits_before_it() -> None:
    family = next(family for family in FAMILIES if family.name == "message")
    only = replace(family, statements=("tell {to} that {text}.",))
    dice, seen = Dice(0, "held-out" if held_out(only.statements[0]) else "train"), Counter[bool]()
    for _ in range(300):
        one = ask(dice, only)
        seen[one.whole] += 1
        if one.whole:
            assert len(one.call.arguments) == 2
            before = request(dice, replace(one, text="x y")).lower().split("x y")[0]
            assert before.rsplit(". ")[-1] in BEFORE_WHOLE
    assert 20 < seen[True] < 120


def test_a_statement_ends_before_the_next_request() -> None:
    dice = Dice(1)
    family = next(family for family in FAMILIES if family.statements)
    one, two = ask(dice, family), ask(dice, FAMILIES[-1])
    text = joined(dice, [replace(one, text="we leave", whole=True), replace(two, text="go on")])
    assert re.match(r"(?i)we leave\. ", text)
    assert "go on" in text
