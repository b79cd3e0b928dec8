"""How models write calls, as parts of a Lark grammar: one function for each tool format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Spell: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class CallFormat:
    """``opening`` begins a call, ``between`` parts it from the next one.

    ``rest`` gives what follows the opening as the right side of a rule, from a function's name, the
    name of the rule of its arguments, and a function that spells a marker.
    """

    opening: str
    between: str
    rest: Callable[[str, str, Spell], str]


def literal(text: str) -> str:
    """A text as a string of Lark's, whose escapes are JSON's."""
    return json.dumps(text)


def hermes(name: str, arguments: str, spell: Spell) -> str:
    """``<tool_call>``, newline, ``{"name": …, "arguments": …}``, newline, ``</tool_call>``."""
    head = literal(f'\n{{"name": {json.dumps(name)}, "arguments": ')
    return f"{head} {arguments} {literal('}' + chr(10))} {spell('</tool_call>')}"


# By the names that ``tool_formats`` gives them.
CALL_FORMATS: Mapping[str, CallFormat] = {"hermes": CallFormat("<tool_call>", "\n", hermes)}
