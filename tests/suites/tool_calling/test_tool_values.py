"""Comparing JSON values strictly, and the little of JSON Schema that the probes need."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suites.tool_calling.tools import TOOLS, parameters_of
from suites.tool_calling.values import decode, difference, violation

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_a_value_is_the_same_after_a_round_trip(value: Any) -> None:
    assert difference({"a": value}, json.loads(json.dumps({"a": value}))) is None


@pytest.mark.parametrize(
    ("expected", "got", "told"),
    [
        ({"a": 1}, {"a": "1"}, 'a is "1", not 1'),
        ({"a": "007"}, {"a": "7"}, 'a is "7", not "007"'),
        ({"a": True}, {"a": 1}, "a is 1, not true"),
        ({"a": None}, {"a": "null"}, 'a is "null", not null'),
        ({"a": None}, {}, "'a' is missing"),
        ({}, {"a": 1}, "'a' was not asked for"),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "a.b.1 is 3, not 2"),
        ({"a": [1]}, {"a": [1, 2]}, "a is [1, 2], not [1]"),
        ({"a": "x"}, {"a": "X"}, 'a is "X", not "x"'),
        ({"a": "x-y z"}, {"a": "xyz"}, 'a is "xyz", not "x-y z"'),
        ({"a": 1}, {"a": 1.0}, None),  # JSON has one kind of number
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, None),  # members have no order
        ({"a": 0}, {"a": False}, "a is false, not 0"),
    ],
)
def test_differences_by_hand(expected: Any, got: Any, told: str | None) -> None:
    assert difference(expected, got) == told


@pytest.mark.parametrize(
    ("tool", "value", "valid"),
    [
        ("get_weather", {"city": "Oslo"}, True),
        ("get_weather", {}, False),
        ("get_weather", {"city": 5}, False),
        ("get_weather", "Oslo", False),
        ("get_weather", None, False),
        ("list_files", {}, True),
        ("set_light", {"colour": "green"}, True),
        ("set_light", {"colour": "Green"}, False),
        ("roll_dice", {"sides": 6}, True),
        ("roll_dice", {"sides": 6.5}, False),
        ("roll_dice", {"sides": True}, False),
        ("ship_parcel", {"zip": "1", "remark": None, "insured": False}, True),
        ("ship_parcel", {"zip": "1", "remark": 3}, False),
        ("ship_parcel", {"zip": "1", "weight_kg": 2}, True),
        ("book_table", {"guest": {"name": "A"}, "seats": 2, "wishes": ["x"]}, True),
        ("book_table", {"guest": {}, "seats": 2}, False),
        ("book_table", {"guest": {"name": "A"}, "seats": 2, "wishes": ["x", 1]}, False),
    ],
)
def test_schemas_by_hand(tool: str, value: Any, valid: bool) -> None:
    told = violation(parameters_of(tool), value)
    assert (told is None) is valid


def test_the_tools_use_only_keywords_that_are_checked() -> None:
    known = {"type", "properties", "required", "items", "enum"}

    def keywords(schema: Any) -> set[str]:
        inner = [*schema.get("properties", {}).values(), *filter(None, [schema.get("items")])]
        return set(schema) | {word for one in inner for word in keywords(one)}

    assert {word for name in TOOLS for word in keywords(parameters_of(name))} <= known


def test_what_is_nested_too_deep_is_no_json() -> None:
    with pytest.raises(ValueError, match=r"."):
        decode("[" * 100_000)
