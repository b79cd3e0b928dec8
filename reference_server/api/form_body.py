"""The fields of a chat's body that say which form the answer must have, and the form they make.

OpenAPI schemas ResponseFormatText, ResponseFormatJsonObject, ResponseFormatJsonSchema,
ChatCompletionToolChoiceOption.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import Field, model_validator

from reference_server.api.fields import (
    Body,
    Entries,
    JsonObject,
    ToolName,
    fault,
)
from reference_server.engine.constraint import Grammar
from reference_server.grammar.form import ANY_OBJECT, Document, Form, Function
from reference_server.service import Service


class JsonSchema(Body):
    """``response_format.json_schema``. Both with ``strict`` and without the schema is kept."""

    name: ToolName
    description: str | None = None
    schema_: JsonObject = Field(default_factory=lambda: dict(ANY_OBJECT), alias="schema")
    strict: bool = False


class ResponseFormat(Body):
    """``response_format``. The model is not told of it: a prompt that asks for JSON helps."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None

    @model_validator(mode="after")
    def _has_its_schema(self) -> Self:
        if self.type == "json_schema" and self.json_schema is None:
            raise fault("is required with type 'json_schema'", "json_schema")
        return self

    def document(self) -> Document | None:
        """What it asks for; None for text."""
        if self.type == "json_object":
            return Document(ANY_OBJECT, "response_format")
        if self.type == "json_schema" and self.json_schema is not None:
            return Document(self.json_schema.schema_, "response_format.json_schema.schema")
        return None


class NamedFunction(Body):
    """A function that ``tools`` has."""

    name: str


class NamedTool(Body):
    """A tool that ``tools`` has."""

    type: Literal["function"]
    function: NamedFunction


class AllowedTools(Body):
    """A part of ``tools``, and whether one of them must be called."""

    mode: Literal["auto", "required"]
    tools: Annotated[Entries[NamedTool], Field(min_length=1)]


class ToolChoice(Body):
    """``tool_choice`` as an object: one function, or a part of the tools."""

    type: Literal["function", "allowed_tools"]
    function: NamedFunction | None = None
    allowed_tools: AllowedTools | None = None

    @model_validator(mode="after")
    def _has_its_key(self) -> Self:
        if getattr(self, self.type) is None:
            raise fault(f"is required with type {self.type!r}", self.type)
        return self

    def chosen(self) -> Choice:
        """What it asks for."""
        if self.allowed_tools is not None:
            names = frozenset(tool.function.name for tool in self.allowed_tools.tools)
            return Choice(must=self.allowed_tools.mode == "required", names=names)
        return Choice(must=True, names=frozenset([self.function.name] if self.function else []))


@dataclass(frozen=True, slots=True)
class Choice:
    """Which functions may be called (None: all that are offered), and whether one must be."""

    must: bool = False
    names: frozenset[str] | None = None

    def unknown(self, offered: Sequence[str]) -> str | None:
        """A name that is chosen and not offered."""
        return min(self.names - set(offered), default=None) if self.names is not None else None


class Chooser(Protocol):
    """A ``tool_choice`` that is an object, in either API's shape."""

    def chosen(self) -> Choice:
        """What it asks for."""
        ...


def choice_of(asked: str | Chooser | None) -> Choice:
    """What a ``tool_choice`` asks for."""
    if asked is None or isinstance(asked, str):
        return Choice(must=asked == "required")
    return asked.chosen()


def check_choice(
    asked: str | Chooser | None, names: Sequence[str], free: tuple[str | None, ...]
) -> None:
    """See that a ``tool_choice`` chooses among ``names``; those in ``free`` need no tools.

    Raises:
        ValueError: it does not.
    """
    if asked not in free and not names:
        raise fault("is only allowed together with tools", "tool_choice")
    name = choice_of(asked).unknown(names)
    if name is not None:
        raise fault(f"names {name!r}, which is not in tools", "tool_choice")


@dataclass(frozen=True, slots=True)
class Offer:
    """A function that the request offers; ``field`` is where its ``parameters`` are given."""

    name: str
    parameters: Mapping[str, Any]
    strict: bool
    field: str


def form_of(
    offers: Sequence[Offer], choice: Choice, document: Document | None, *, several: bool
) -> Form | None:
    """The form that an answer must have; None if any text will do.

    Arguments follow their schema where it is strict or a call is demanded; otherwise they are any
    object.
    """
    chosen = [one for one in offers if choice.names is None or one.name in choice.names]
    free = not choice.must and choice.names is None and several
    if document is None and (not chosen or (free and not any(one.strict for one in chosen))):
        return None
    functions = tuple(
        Function(
            one.name,
            {**ANY_OBJECT, **one.parameters} if one.strict or choice.must else ANY_OBJECT,
            one.field,
        )
        for one in chosen
    )
    return Form(
        None if choice.must else document, functions, "must" if choice.must else "may", several
    )


async def compiled(
    service: Service,
    form: Form | None,
    prompt: Sequence[int],
    max_tokens: int,
    max_thinking_tokens: int | None,
) -> Grammar | None:
    """The grammar of a form, made beside the event loop; None without one.

    Raises:
        BadRequest: the form cannot be kept by this model, or by any.
    """
    if form is None:
        return None
    most = min(max_tokens, service.context_length - len(prompt))
    return await asyncio.to_thread(
        service.grammars.compiled, form, prompt, most, max_thinking_tokens
    )
