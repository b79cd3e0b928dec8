"""A tool of an MCP server: its name here, what the model is told of it, what it may be given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mcp_types
import orjson
from jsonschema.exceptions import SchemaError, ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import Draft202012Validator, validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from reference_server.toolboxes.errors import ArgumentsInvalid, ToolFailed

# Between a server's name and its tool's.
SEPARATOR = "__"

# A name as OpenAI's specification has it; MCP's may be longer and hold dots and slashes.
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")

# As deep as the API lets a tool's schema be.
MAX_DEPTH = 64


class Unusable(Exception):
    """A tool that cannot be offered; its one sentence says why."""


@dataclass(frozen=True, slots=True)
class Tool:
    """``own_name`` is the server's name for it, ``name`` the one that clients and models use."""

    name: str
    own_name: str
    description: str | None
    schema: Mapping[str, Any]
    _validator: Validator

    @classmethod
    def of(cls, server: str, tool: mcp_types.Tool) -> Tool:
        """The tool of a server.

        Raises:
            Unusable: its name or its schema does not fit the API that offers it.
        """
        name = f"{server}{SEPARATOR}{tool.name}"
        schema = tool.input_schema
        if not NAME.fullmatch(name):
            raise Unusable(f"{name[:80]!r} is no function's name in OpenAI's API.")
        if schema.get("type", "object") != "object" or _deeper(schema, MAX_DEPTH):
            raise Unusable(f"Its input schema is no object's, or deeper than {MAX_DEPTH} levels.")
        try:
            orjson.dumps([tool.description, schema])
        except orjson.JSONEncodeError as error:
            raise Unusable("Its description holds a number that is too large.") from error
        kind = validator_for(schema, default=Draft202012Validator)
        try:
            kind.check_schema(schema)
        except SchemaError as error:
            raise Unusable(f"Its input schema is invalid at {error.json_path}.") from error
        # References lead nowhere but into the schema itself: nothing is fetched.
        return cls(name, tool.name, tool.description, schema, kind(schema, registry=Registry()))

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Compare arguments with the schema.

        Raises:
            ArgumentsInvalid: they do not fit.
            ToolFailed: the schema refers to what is not there.
        """
        try:
            fault = best_match(self._validator.iter_errors(arguments))
        except Unresolvable as error:
            raise ToolFailed(f"The input schema of {self.name} has a broken reference.") from error
        if isinstance(fault, ValidationError):
            field = "arguments" + fault.json_path.removeprefix("$")
            raise ArgumentsInvalid(
                field, f"{field} does not fit {self.name}: {fault.message[:300]}."
            )


def _deeper(value: object, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        objects = [entry for node in layer if isinstance(node, dict) for entry in node.values()]
        arrays = [entry for node in layer if isinstance(node, list) for entry in node]
        layer = objects + arrays
        if not layer:
            return False
    return True
