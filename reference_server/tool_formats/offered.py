"""The tools of a request: their names, and the types that their schemas give to arguments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reference_server.tool_formats import jsontext

# Other languages' spellings that models write where JSON has true, false and null.
WORDS = {"true": "true", "false": "false", "null": "null", "none": "null"}

# How deep schemas that refer to others are followed: deeper ones say nothing about a type.
DEPTH = 8


class Offered:
    """Tools as OpenAI's API has them (``{"type": "function", "function": {…}}``)."""

    def __init__(self, tools: Sequence[Mapping[str, Any]] = ()) -> None:
        functions = [tool.get("function", tool) for tool in tools]
        self._parameters = {one["name"]: one.get("parameters") for one in functions}

    def __contains__(self, name: str) -> bool:
        return name in self._parameters

    def json(self, name: str, key: str, written: str, kind: str | None = None) -> str:
        """An untyped argument as JSON text, by the type that the tool's schema gives it.

        ``kind`` is a type that the model itself has given it, which then counts instead.

        Where the schema allows a string and nothing else that fits, it is the text itself; where
        it says nothing, or the text fits no allowed type, it is JSON if it reads as JSON.
        """
        root = self._parameters.get(name)
        allowed = {kind} if kind else _types(_property(root, key), root)
        text = written.strip()
        for spelled in (text, WORDS.get(text.lower())):
            if spelled is not None and _kinds(spelled) & allowed:
                return jsontext.safe(spelled)
        if "string" not in allowed and jsontext.is_json(text):
            return jsontext.safe(text)
        return json.dumps(written, ensure_ascii=False)


def _property(root: object, key: str) -> object:
    properties = root.get("properties") if isinstance(root, Mapping) else None
    return properties.get(key) if isinstance(properties, Mapping) else None


def _types(schema: object, root: object, depth: int = 0) -> set[str]:
    """The names of the types that a schema allows, as far as it says so."""
    if not isinstance(schema, Mapping) or depth > DEPTH:
        return set()
    declared = schema.get("type")
    found = {declared} if isinstance(declared, str) else set(declared or ())
    if not found:
        values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
        found = {kind for value in values for kind in _kinds(json.dumps(value), strings=True)}
    for other in _others(schema, root):
        found |= _types(other, root, depth + 1)
    return found


def _others(schema: Mapping[str, Any], root: object) -> Iterator[object]:
    """The schemas that one refers to or chooses from."""
    for choice in ("anyOf", "oneOf", "allOf"):
        yield from schema.get(choice, ())
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        found: Any = root
        for step in reference[2:].split("/"):
            found = found.get(step) if isinstance(found, Mapping) else None
        yield found


def _kinds(text: str, *, strings: bool = False) -> set[str]:
    """JSON Schema's types of a JSON text; none when it is no JSON, or a string not asked for."""
    value = jsontext.value(text)
    if value is None:
        return {"null"} if text == "null" else set()
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int | float):
        return {"number", "integer"} if value == value // 1 else {"number"}
    if isinstance(value, str):
        return {"string"} if strings else set()
    return {"array"} if isinstance(value, list) else {"object"}


def arguments(members: Mapping[str, str]) -> str:
    """The JSON text of an object from the JSON texts of its members."""
    pairs = (f"{json.dumps(key, ensure_ascii=False)}: {text}" for key, text in members.items())
    return "{" + ", ".join(pairs) + "}"
