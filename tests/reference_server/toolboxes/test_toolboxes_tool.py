"""A tool: which ones can be offered, and what they may be given."""

from __future__ import annotations

import mcp_types
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import validate
from jsonschema.exceptions import ValidationError

from reference_server.api.chat_body import Function
from reference_server.toolboxes.errors import ArgumentsInvalid, ToolFailed
from reference_server.toolboxes.tool import MAX_DEPTH, Tool, Unusable


def tool(schema, name="t"):
    return Tool.of("box", mcp_types.Tool(name=name, input_schema=schema))


def nested(levels):
    schema = {"type": "object"}
    for _ in range(levels):
        schema = {"properties": {"x": schema}}
    return schema


@pytest.mark.parametrize(
    ("name", "usable"),
    [("t", True), ("a-b_c", True), ("a" * 59, True), ("a" * 60, False), ("a.b", False), ("", True)],
)
def test_names(name, usable):
    if usable:
        assert tool({"type": "object"}, name).name == f"box__{name}"
    else:
        with pytest.raises(Unusable):
            tool({"type": "object"}, name)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array"},
        {"maxProperties": 10**30},
        {"type": "object", "properties": 5},
        {"type": 5},
        nested(40),
        nested(500),
    ],
)
def test_schemas_that_cannot_be_offered(schema):
    with pytest.raises(Unusable):
        tool(schema)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, MAX_DEPTH))
def test_what_is_usable_is_what_a_chat_may_bring_along(levels):
    def accepted(make):
        try:
            make()
        except (Unusable, ValueError):
            return False
        return True

    schema = nested(levels)
    assert accepted(lambda: tool(schema)) == accepted(lambda: Function(name="t", parameters=schema))


ADD = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"$ref": "#/$defs/b"}},
    "required": ["a"],
    "additionalProperties": False,
    "$defs": {"b": {"type": "array", "items": {"type": "string"}}},
}

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=2)
VALUES = SCALARS | st.lists(SCALARS, max_size=2)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES))
def test_arguments_are_judged_as_jsonschema_judges_them(arguments):
    try:
        validate(arguments, ADD)
    except ValidationError:
        with pytest.raises(ArgumentsInvalid):
            tool(ADD).check(arguments)
    else:
        tool(ADD).check(arguments)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [({}, "arguments"), ({"a": "1"}, "arguments.a"), ({"a": 1, "b": ["", 2]}, "arguments.b[1]")],
)
def test_the_part_at_fault_is_named(arguments, field):
    with pytest.raises(ArgumentsInvalid) as refusal:
        tool(ADD).check(arguments)
    assert refusal.value.field == field


@pytest.mark.parametrize("reference", ["#/$defs/none", "http://127.0.0.1:1/schema.json"])
def test_references_lead_nowhere_but_into_the_schema(reference):
    broken = tool({"type": "object", "properties": {"a": {"$ref": reference}}})
    broken.check({})
    with pytest.raises(ToolFailed):
        broken.check({"a": 1})
