"""Comparing and checking JSON values as tool calls need it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

from harness.records import Json

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


def decode(text: str) -> Json:
    """The value of a JSON text.

    Raises:
        ValueError: it is none, or it is nested too deep to be read.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def difference(expected: Json, got: Json, path: str = "") -> str | None:
    """Where two JSON values differ first, as a phrase; None when they are the same.

    Nothing is normalised: ``7``, ``"7"`` and ``"007"`` differ, as do ``true`` and ``1``. JSON knows
    one kind of number, so ``1`` and ``1.0`` are the same.
    """
    if isinstance(expected, dict) and isinstance(got, dict):
        if missing := sorted(expected.keys() - got.keys()):
            return f"{path}{missing[0]!r} is missing"
        if extra := sorted(got.keys() - expected.keys()):
            return f"{path}{extra[0]!r} was not asked for"
        pairs = ((f"{path}{key}.", expected[key], got[key]) for key in expected)
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        pairs = ((f"{path}{i}.", *pair) for i, pair in enumerate(zip(expected, got, strict=True)))
    else:
        return (
            None if _same(expected, got) else f"{path[:-1]} is {_show(got)}, not {_show(expected)}"
        )
    found = (difference(one, other, where) for where, one, other in pairs)
    return next((told for told in found if told), None)


def _same(one: Json, other: Json) -> bool:
    numbers = [isinstance(v, int | float) and not isinstance(v, bool) for v in (one, other)]
    if all(numbers):
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)


def _show(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else f"{text[:59]}…"


def violation(schema: Mapping[str, Json], value: Json, path: str = "") -> str | None:
    """What in a value breaks a JSON Schema, as a phrase; None when it is valid.

    Knows the keywords that the probes' tools use (type, properties, required, items, enum); JSON
    Schema's others are not looked at.
    """
    kinds = schema.get("type")
    if kinds is not None and not any(
        _is(value, kind) for kind in (kinds if isinstance(kinds, list) else [kinds])
    ):
        return f"{path[:-1] or 'the value'} is {_show(value)}, not of type {kinds}"
    if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
        return f"{path[:-1]} is {_show(value)}, none of {_show(schema['enum'])}"
    if isinstance(value, dict):
        return _object_violation(schema, value, path)
    if isinstance(value, list) and "items" in schema:
        found = (violation(schema["items"], one, f"{path}{i}.") for i, one in enumerate(value))
        return next((told for told in found if told), None)
    return None


def _object_violation(schema: Mapping[str, Json], value: Json, path: str) -> str | None:
    for key in schema.get("required", []):
        if key not in value:
            return f"{path}{key!r} is missing"
    properties = schema.get("properties", {})
    found = (
        violation(properties[key], one, f"{path}{key}.")
        for key, one in value.items()
        if key in properties
    )
    return next((told for told in found if told), None)


def _is(value: Json, kind: str) -> bool:
    if kind in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return kind == "number" or float(value).is_integer()
    return isinstance(value, _TYPES[kind])
