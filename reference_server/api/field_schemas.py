"""What pydantic cannot tell of our fields in JSON Schema by itself, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import JsonSchemaValue, WithJsonSchema

# orjson reads integers of 64 bits, signed or not; others are numbers with a fraction to it.
LEAST_INTEGER, GREATEST_INTEGER = -(2**63), 2**64 - 1

WORD = {"type": "string", "minLength": 1}
OBJECT = {"type": "object"}


def told(schema: JsonSchemaValue) -> WithJsonSchema:
    """Say this of a field whose validator is our own."""
    return WithJsonSchema(schema)


def nullable(schema: JsonSchemaValue) -> None:
    """Let every optional property of an object be null, in place: null stands for absent."""
    required = schema.get("required", [])
    for name, property_ in schema.get("properties", {}).items():
        _bound(property_)
        if name not in required and not _takes_null(property_):
            default = {"default": property_.pop("default")} if "default" in property_ else {}
            schema["properties"][name] = {"anyOf": [property_, {"type": "null"}], **default}


def _takes_null(schema: JsonSchemaValue) -> bool:
    return {"type": "null"} in [schema, *schema.get("anyOf", [])] or schema.get("type") == "null"


def _bound(schema: Any) -> None:  # noqa: ANN401 - any part of a schema
    if isinstance(schema, list):
        for entry in schema:
            _bound(entry)
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "integer":
        schema.setdefault("minimum", LEAST_INTEGER)
        schema.setdefault("maximum", GREATEST_INTEGER)
    for key in ("anyOf", "items"):
        _bound(schema.get(key))
