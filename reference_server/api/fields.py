"""The types that request bodies are made of: strict, null means absent, refusals by name.

What a field's own constraint cannot say is raised as ``PydanticCustomError``; its context may name
the ``field`` below the model that is at fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from reference_server.api.field_schemas import OBJECT, WORD, nullable, told

Json = Any  # a value that JSON can hold; a recursive alias buys nothing under mypy strict

# OpenAI's specification of a function's name; the same pattern serves Anthropic's tools.
TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")

# Entries of an array. Checking as many objects takes some 0.2 s in which nobody else is served; a
# conversation of 128k tokens with as few as ten a message has 13,000.
MAX_ENTRIES = 20_000

# Each stop string is looked for at every token: as many cost 0.1 ms. No API promises more.
MAX_STOP_SEQUENCES = 1_000

# OpenAPI schema StopConfiguration: up to 4 sequences.
MAX_STOPS = 4

# Deeper nesting appears in no tool's schema; templates render it by recursion, which ends at about
# 1,000 levels.
MAX_DEPTH = 64


T = TypeVar("T")

# A plain list collects a fault for each of its entries, some kilobytes each: a body of 16 MiB would
# take gigabytes and minutes. One fault is all that is told anyway.
Entries: TypeAlias = Annotated[list[T], Field(fail_fast=True, max_length=MAX_ENTRIES)]


class Body(BaseModel):
    """Base of all bodies and their parts: no conversions, and an explicit null is an absent key."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Json) -> Json:
        if not isinstance(value, Mapping):
            return value
        return {key: entry for key, entry in value.items() if entry is not None}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The same in the OpenAPI document."""
        shown = handler(core_schema)
        nullable(handler.resolve_ref_schema(shown))
        return shown


def fault(sentence: str, field: str | None = None) -> PydanticCustomError:
    """A fault that no constraint of pydantic's describes; ``field`` names the part at fault."""
    return PydanticCustomError("invalid", "{sentence}", {"sentence": sentence, "field": field})


def unsupported(*neutral: Json, field: str | None = None) -> PydanticCustomError:
    """The refusal of a value that asks for what is not there; ``neutral`` ones ask for nothing."""
    shown = " or ".join(json.dumps(entry) for entry in neutral)
    remedy = f"leave it out or send {shown}" if neutral else "leave it out"
    sentence = "asks for something that this server does not support; {remedy}"
    return PydanticCustomError("unsupported", sentence, {"remedy": remedy, "field": field})


class only:  # noqa: N801 - stands in annotations like a function
    """Accepts the neutral values; every other is refused, never ignored."""

    def __init__(self, *neutral: Json) -> None:
        self.neutral = neutral

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The field's own checks first."""
        return no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The same in the OpenAPI document."""
        return {"enum": [*self.neutral]} if self.neutral else {"type": "null"}

    def _check(self, value: Json) -> Json:
        if value in self.neutral:
            return value
        raise unsupported(*self.neutral)


def _stops(value: Json) -> tuple[str, ...]:
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise fault("must be a string or an array of strings")
    if "" in entries:
        raise fault("must not hold an empty string")
    if len(entries) > MAX_STOPS:
        raise fault(f"must have at most {MAX_STOPS} entries")
    return tuple(entries)


def _shallow(value: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        level = [
            entry
            for node in level
            if isinstance(node, dict | list)
            for entry in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return value
    raise fault(f"is nested deeper than {MAX_DEPTH} levels")


def _object_schema(value: dict[str, Any]) -> dict[str, Any]:
    if value.get("type", "object") != "object":
        raise fault("must be the JSON schema of an object")
    return _shallow(value)


def _metadata(value: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(entry, str) for entry in value.values()):
        raise fault("must hold strings only")
    return value


def _tool_name(value: str) -> str:
    if not TOOL_NAME.fullmatch(value):
        raise fault("must be 1 to 64 letters, digits, underscores or hyphens")
    return value


Refused = Annotated[Any, only()]
JsonObject = Annotated[dict[str, Any], AfterValidator(_shallow)]
ObjectSchema = Annotated[
    dict[str, Any],
    AfterValidator(_object_schema),
    told({**OBJECT, "properties": {"type": {"const": "object"}}}),
]
Metadata = Annotated[
    dict[str, Any],
    AfterValidator(_metadata),
    told({**OBJECT, "additionalProperties": {"type": "string"}}),
]
ToolName = Annotated[
    str,
    AfterValidator(_tool_name),
    told({"type": "string", "pattern": f"^{TOOL_NAME.pattern}$"}),
]
OpenAIStop = Annotated[
    tuple[str, ...],
    BeforeValidator(_stops),
    told({"anyOf": [WORD, {"type": "array", "items": WORD, "maxItems": MAX_STOPS}]}),
]
# OpenAPI schema ReasoningEffort.
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
MaxTokens = Annotated[int, Field(ge=1)]
Probability = Annotated[float, Field(ge=0, le=1)]


class TextPart(Body):
    """A part of a message's content. This server reads text only."""

    type: Literal["text"]
    text: str


class StreamOptions(Body):
    """``stream_options`` of the OpenAI routes. Padding against traffic analysis is not done."""

    include_usage: bool = False
    include_obfuscation: Annotated[bool, only(False)] = False


def switched(*, thinking: bool) -> dict[str, Any]:
    """Thinking on or off under both names that templates read: Qwen's and DeepSeek's."""
    return {"enable_thinking": thinking, "thinking": thinking}


class TemplateOptions(Body):
    """``chat_template_kwargs``: what requests may say to a chat template.

    Nothing else goes through: other names would reach the renderer's own parameters.
    """

    model_config = ConfigDict(extra="forbid")

    enable_thinking: bool | None = None
    thinking: bool | None = None
    reasoning_effort: ReasoningEffort | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if None not in (said := (self.enable_thinking, self.thinking)) and said[0] != said[1]:
            raise fault("contradicts enable_thinking", "thinking")
        return self

    def for_template(self) -> dict[str, Any]:
        """What was said."""
        wanted = self.enable_thinking if self.enable_thinking is not None else self.thinking
        effort = {"reasoning_effort": self.reasoning_effort} if self.reasoning_effort else {}
        return {**effort, **(switched(thinking=wanted) if wanted is not None else {})}

    def after(self, effort: ReasoningEffort | None) -> dict[str, Any]:
        """The same behind a request's own ``effort``; these have the last word."""
        told = {"reasoning_effort": effort} if effort else {}
        switch = switched(thinking=False) if effort == "none" else {}
        return {**told, **switch, **self.for_template()}


def tool_for_template(name: str, description: str | None, parameters: Json) -> dict[str, Any]:
    """A tool as chat templates expect it, whichever API described it."""
    function: dict[str, Any] = {"name": name}
    if description is not None:
        function["description"] = description
    return {"type": "function", "function": {**function, "parameters": parameters}}


def joined(content: str | list[TextPart] | None) -> str | None:
    """Content as one string: its parts follow each other without anything in between."""
    if content is None or isinstance(content, str):
        return content
    return "".join(part.text for part in content)
