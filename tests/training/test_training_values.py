from __future__ import annotations

import json

import pytest

from suites.tool_calling.values import violation
from training import values
from training.dice import Dice, held_out
from training.family import Kind
from training.words import CITIES, LANGUAGES, NUMBER_WORDS, SCRIPTS

TEXTS = (
    "place", "person", "language", "topic", "sentence", "title", "identifier", "anything", "email",
    "filename", "path", "clock", "day", "phone", "currency", "ticker",
)  # fmt: skip
# Sets that both sides of the split know whole: nobody asks for an eighth day of the week.
CLOSED = {"language": LANGUAGES, "day": values.DAYS, "currency": values.CURRENCIES}
KINDS: dict[str, Kind] = {
    **{name: getattr(values, name) for name in TEXTS},
    "integer": values.integer(0, 5000),
    "small integer": values.integer(0, 12),
    "negative": values.integer(-30, 45, spoken=False),
    "number": values.number(0, 900),
    "whole": values.number(0, 900, 0),
    "choice": values.choice("red", "green", "blue"),
    "several": values.several(values.person),
    "flag": values.flag("loudly", "quietly"),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_value_is_valid_against_its_own_schema(name: str) -> None:
    dice = Dice(name)
    for _ in range(200):
        made = KINDS[name](dice)
        assert violation(made.schema, made.json) is None
        assert made.said.strip()
        assert json.loads(json.dumps(made.json)) == made.json


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_said_as_it_is_written_and_on_its_side(name: str) -> None:
    for split in ("train", "held-out"):
        dice = Dice(name, split)
        for _ in range(100):
            made = KINDS[name](dice)
            assert made.said == made.json
            known = made.said in CLOSED.get(name, ())
            assert known or held_out(made.said) == (split == "held-out")


@pytest.mark.parametrize("name", CLOSED)
def test_closed_sets_are_known_on_both_sides_and_new_ones_come_too(name: str) -> None:
    for split in ("train", "held-out"):
        dice = Dice(name, split)
        said = [KINDS[name](dice).said for _ in range(300)]
        known = {text for text in said if text in CLOSED[name]}
        assert len(known) > len(CLOSED[name]) * 0.8
        assert {held_out(text) for text in known} == {True, False}
        assert sum(text not in known for text in said) > 50


def test_the_wrong_schema_is_seen() -> None:
    made = values.place(Dice(0))
    assert violation(values.INTEGER, made.json)


@pytest.mark.parametrize("split", ["train", "held-out"])
def test_a_spoken_number_is_the_number(split: str) -> None:
    dice, seen = Dice("n", split), set()
    for _ in range(500):
        made = values.integer(0, 30)(dice)
        word = made.said in NUMBER_WORDS
        assert made.json == (NUMBER_WORDS.index(made.said) if word else int(made.said))
        seen.add(word)
    assert seen == {True, False}


def test_a_number_in_json_is_as_it_was_said() -> None:
    dice, kinds = Dice(0), set()
    for _ in range(300):
        made = values.number(0, 50)(dice)
        assert json.dumps(made.json) == made.said
        kinds.add(type(made.json))
    assert kinds == {int, float}


def test_a_choice_is_said_and_listed() -> None:
    dice = Dice(0)
    for _ in range(100):
        made = values.choice("red", "green", "blue")(dice)
        assert made.said == made.json
        assert made.json in made.schema["enum"]
        assert 2 <= len(made.schema["enum"]) <= 3


def test_several_says_each() -> None:
    dice, lengths = Dice(0), set()
    for _ in range(200):
        made = values.several(values.person)(dice)
        assert all(one in made.said for one in made.json)
        lengths.add(len(made.json))
    assert lengths == {1, 2, 3, 4}


def test_odd_strings_hold_what_breaks_careless_servers() -> None:
    dice = Dice(0)
    text = " ".join(values.odd(dice) for _ in range(500))
    for mark in ("{x}", "\\", "%", "&", "<b>", "é", "[1, 2]"):
        assert mark in text
    assert any(character in text for character in "".join(SCRIPTS[:4]))


def test_places_are_known_cities_and_unknown_ones() -> None:
    dice = Dice(0)
    known = [values.place(dice).said in CITIES for _ in range(200)]
    assert 20 < sum(known) < 150
