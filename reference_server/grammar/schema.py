"""What is wrong with a schema that cannot be followed, said so that a client can mend it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from reference_server.errors import BadRequest

# llguidance's own words.
KEYWORDS = re.compile(r"Unimplemented keys: (\[.*\])")
FORMAT = re.compile(r"Unknown format: (.*)")

# Below these keywords the keys of an object are names and no keywords.
NAMES = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"}
# Below these there are values and no schemas.
VALUES = {"const", "enum", "default", "examples", "example"}


def refusal(field: str, schema: Mapping[str, Any], reason: str) -> BadRequest:
    """The refusal of a schema, from llguidance's ``reason``: it names the keyword and its path."""
    reason = reason.strip().splitlines()[0] if reason.strip() else "it has no meaning"
    if found := KEYWORDS.search(reason):
        keywords = json.loads(found[1])
        for path, node in _schemas(schema, field):
            for keyword in keywords:
                if keyword in node:
                    return _unsupported(f"{path}.{keyword}", f"the keyword {keyword!r}")
    if found := FORMAT.search(reason):
        for path, node in _schemas(schema, field):
            if node.get("format") == found[1]:
                return _unsupported(f"{path}.format", f"the format {found[1]!r}")
    return BadRequest(field, f"{field} is a schema that cannot be followed: {reason}.")


def _unsupported(field: str, what: str) -> BadRequest:
    sentence = f"{field}: {what} cannot be enforced while decoding; leave it out."
    return BadRequest(field, sentence)


def _schemas(node: object, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A schema and all schemas in it, with their paths."""
    if isinstance(node, list):
        for index, entry in enumerate(node):
            yield from _schemas(entry, f"{path}[{index}]")
    if not isinstance(node, Mapping):
        return
    yield path, node
    for key, value in node.items():
        if key in NAMES and isinstance(value, Mapping):
            for name, entry in value.items():
                yield from _schemas(entry, f"{path}.{key}.{name}")
        elif key not in VALUES:
            yield from _schemas(value, f"{path}.{key}")
