"""Types of untyped arguments come from the tool's schema."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.tool_formats.offered import Offered


def written(schema, text, kind=None):
    parameters = {"type": "object", "properties": {"a": schema}, "$defs": {"s": {"type": "string"}}}
    offered = Offered([{"type": "function", "function": {"name": "f", "parameters": parameters}}])
    return offered.json("f", "a", text, kind)


@pytest.mark.parametrize(
    ("schema", "text", "result"),
    [
        ({"type": "string"}, "94105", '"94105"'),
        ({"type": "string"}, "null", '"null"'),
        ({"type": "string"}, '"quoted"', '"\\"quoted\\""'),
        ({"type": "string"}, " kept ", '" kept "'),
        ({"type": "integer"}, " 5\n", "5"),
        ({"type": "integer"}, "12345678901234567890", "12345678901234567890"),
        ({"type": "integer"}, "5.0", "5.0"),
        ({"type": "integer"}, "many", '"many"'),
        ({"type": "integer"}, "007", '"007"'),
        ({"type": "number"}, "1e400", "1e400"),
        ({"type": "number"}, "-0.0", "-0.0"),
        ({"type": "number"}, "NaN", '"NaN"'),
        ({"type": "boolean"}, "True", "true"),
        ({"type": "boolean"}, "FALSE", "false"),
        ({"type": "boolean"}, "yes", '"yes"'),
        ({"type": ["string", "null"]}, "null", "null"),
        ({"type": ["string", "null"]}, "None", "null"),
        ({"type": ["string", "integer"]}, "5", "5"),
        ({"type": ["string", "integer"]}, "5.5", '"5.5"'),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "x", '"x"'),
        ({"enum": ["1", "2"]}, "1", '"1"'),
        ({"enum": [1, 2]}, "1", "1"),
        ({"const": True}, "true", "true"),
        ({"$ref": "#/$defs/s"}, "5", '"5"'),
        ({"$ref": "#/$defs/missing"}, "5", "5"),
        ({"$ref": "#"}, "{}", "{}"),
        ({"type": "object"}, '{"a": "x\ny"}', '{"a": "x\\ny"}'),
        ({"type": "array"}, "[1, 2.50]", "[1, 2.50]"),
        ({"type": "object"}, "{broken", '"{broken"'),
        ({}, "5", "5"),
        ({}, "text", '"text"'),
        (True, '["x"]', '["x"]'),
    ],
)
def test_types(schema, text, result):
    assert written(schema, text) == result


def test_a_type_that_the_model_writes_counts():
    assert written({"type": "integer"}, "5", "string") == '"5"'
    assert written({"type": "string"}, "5", "number") == "5"


def test_tools_and_arguments_that_nobody_knows():
    offered = Offered()
    assert "f" not in offered
    assert offered.json("f", "a", "5") == "5"
    assert offered.json("f", "a", "text") == '"text"'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(JSON, st.text())
def test_every_value_comes_back_as_its_type(value, text):
    kinds = {bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    schema = {"type": kinds.get(type(value), "null")}
    assert json.loads(written(schema, json.dumps(value))) == value
    assert json.loads(written({"type": "string"}, text)) == text
