"""What a family of tools is made of, and one request for one of its tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from training.dice import Dice

Json = Any


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a person says it and as it stands in the arguments; ``schema`` is its type's."""

    said: str
    json: Json
    schema: Mapping[str, Json] = field(default_factory=lambda: {"type": "string"})


Kind = Callable[[Dice], Value]


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter of a family's tool.

    ``names`` and ``descriptions`` are phrases (see ``dice``); a name's words are joined later in
    the style of the tool. ``tails`` are clauses that say an optional value at a request's end;
    ``asked`` is the noun by which a good assistant asks for it when it is missing.
    """

    key: str
    kind: Kind
    names: str
    descriptions: tuple[str, ...]
    asked: str
    optional: bool = False
    tails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """Tools that do one thing, in all the ways people name them and ask for them.

    ``commands`` are imperative clauses ("check the weather in {city}"), ``questions`` are questions
    without their question mark. Both say every required slot. ``missing`` gives, for a required
    slot, requests that leave just that one out. ``result`` maps keys of a tool's answer to kinds;
    ``answers`` tell it to the user, with slots and keys of the result as ``{...}``.
    """

    name: str
    tools: tuple[str, ...]
    descriptions: tuple[str, ...]
    slots: tuple[Slot, ...]
    commands: tuple[str, ...]
    questions: tuple[str, ...]
    missing: Mapping[str, tuple[str, ...]]
    result: Mapping[str, Kind]
    answers: tuple[str, ...]
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """A function as offered in a request: an OpenAI tool's name, description and schema."""

    name: str
    description: str
    parameters: Mapping[str, Json]

    def spec(self) -> dict[str, Json]:
        """The OpenAI tool object."""
        note = {"description": self.description} if self.description else {}
        function = {"name": self.name, **note, "parameters": dict(self.parameters)}
        return {"type": "function", "function": function}


@dataclass(frozen=True, slots=True)
class Call:
    """A call: the tool's name and its arguments."""

    name: str
    arguments: Mapping[str, Json]

    def message(self, number: int) -> dict[str, Json]:
        """As one entry of ``tool_calls`` in the OpenAI dialect."""
        function = {"name": self.name, "arguments": json.dumps(self.arguments, ensure_ascii=False)}
        return {"id": f"call_{number}", "type": "function", "function": function}


@dataclass(frozen=True, slots=True)
class Ask:
    """One clause that asks for one call: ``text`` without capital and end mark.

    ``question``: it takes a question mark. ``whole``: it is a statement, before which nothing fits.
    ``missing`` is what the assistant must ask for instead of calling. ``result`` is what the tool
    would answer (None: not known) and ``answer`` what is then said.
    """

    family: str
    tool: Tool
    text: str
    question: bool
    call: Call
    missing: str | None = None
    result: Json = None
    answer: str = ""
    whole: bool = False
