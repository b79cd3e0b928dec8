"""Schemas: what cannot be kept is refused with the keyword and its path, and never ignored."""

from __future__ import annotations

import functools

import pytest

from reference_server.errors import BadRequest
from reference_server.grammar.compiler import Compiler
from reference_server.grammar.form import Document, Form, Function
from reference_server.models.load import EMBEDDED, load_tokenizer
from reference_server.reasoning_formats.reader import ReasoningReader


@functools.cache
def known():
    tokenizer = load_tokenizer(EMBEDDED)
    return Compiler(tokenizer, 2048, [2041], ReasoningReader(tokenizer), "hermes")


def compiled(schema):
    return known().compiled(Form(document=Document(schema, "at")), [5], 64)


def inside(keyword, value):
    """A schema with a keyword two levels down, and where that is."""
    deep = {"type": "array", "items": {"type": "object", "properties": {"b": {keyword: value}}}}
    return {"type": "object", "properties": {"a": deep}}, "at.properties.a.items.properties.b"


UNKNOWN = {
    "not": {"type": "string"},
    "uniqueItems": True,
    "if": {"type": "string"},
    "contains": {"type": "string"},
    "dependentRequired": {"a": ["b"]},
    "propertyNames": {"pattern": "a"},
    "unevaluatedProperties": False,
    "$dynamicRef": "#a",
    "format": "zip-code",
}


@pytest.mark.parametrize("keyword", UNKNOWN)
def test_a_keyword_that_cannot_be_kept_is_named_with_its_path(keyword):
    schema, path = inside(keyword, UNKNOWN[keyword])
    with pytest.raises(BadRequest) as fault:
        compiled(schema)
    assert fault.value.field == f"{path}.{keyword}"
    assert str(fault.value).startswith(f"{path}.{keyword}")
    assert (keyword if keyword != "format" else "zip-code") in str(fault.value)


def test_only_keywords_count_and_not_names_and_values():
    compiled({"type": "object", "properties": {"not": {"type": "string"}}, "title": "if"})
    compiled({"enum": [{"not": 1}], "default": {"not": 1}})
    schema = {"properties": {"not": {"default": {"not": {}}, "items": [{}, {"not": {}}]}}}
    with pytest.raises(BadRequest) as fault:
        compiled(schema)
    assert fault.value.field == "at.properties.not.items[1].not"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strin"},
        {"type": 5},
        {"properties": 3},
        {"$ref": "#/$defs/x"},
        {"$ref": "http://127.0.0.1:9/x"},
        {"type": "string", "pattern": "["},
        {"type": "string", "pattern": "(?=a)b"},
        {"minLength": 5, "maxLength": 2, "type": "string"},
        {"enum": []},
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"oneOf": [{"type": "string"}, {"type": "string", "minLength": 3}]},
        {"required": "a"},
        {"multipleOf": 0, "type": "number"},
        {"type": "object", "properties": {"a": False}, "required": ["a"]},
        {"x-guidance": {"lenient": True}, "not": {}},
    ],
    ids=str,
)
def test_a_schema_without_meaning_is_refused_in_a_sentence(schema):
    with pytest.raises(BadRequest) as fault:
        compiled(schema)
    assert fault.value.field.startswith("at")
    sentence = str(fault.value)
    assert sentence.startswith(fault.value.field)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "%json" not in sentence


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": ["string", "null"], "title": "t", "description": "d", "examples": ["x"]},
        {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None},
        {"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"next": {"$ref": "#/$defs/a"}}}}},
        {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^[a-z]+$"},
        {"type": "string", "format": "date-time"},
        {"type": "number", "minimum": -1.5, "exclusiveMaximum": 4, "multipleOf": 0.5},
        {"type": "array", "prefixItems": [{"type": "string"}], "items": False, "minItems": 1},
        {"type": "object", "patternProperties": {"^x": {}}, "additionalProperties": False},
        {"const": {"a": [1, "</tool_call>", '"']}},
        {"type": "object", "properties": {'ключ "\n': {"enum": ["ä", "\u0000"]}}},
    ],
    ids=str,
)
def test_what_is_kept(schema):
    assert compiled(schema).field == "at"


def test_of_several_schemas_the_one_at_fault_is_named():
    good, bad = {"type": "object"}, {"type": "object", "not": {}}
    functions = (Function("f", good, "tools[0].p"), Function("g", bad, "tools[1].p"))
    with pytest.raises(BadRequest) as fault:
        known().compiled(Form(functions=functions, calls="must"), [5], 9)
    assert fault.value.field == "tools[1].p.not"
