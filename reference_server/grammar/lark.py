"""From a form to a grammar in llguidance's dialect of Lark.

Syntax: https://github.com/guidance-ai/llguidance/blob/main/docs/syntax.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reference_server.grammar.calls import CallFormat, Spell, literal
from reference_server.grammar.form import Form

# JSON as Python and most chat templates write it, with no other blank space: a model that is free
# to put blanks between tokens can do so until max_tokens.
LAYOUT = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}

# Models leave a line or two between a thought and what follows.
GAP = "GAP: /[ \\n]{0,4}/"
TEXT = "TEXT: /(.|\\n)*/"


@dataclass(frozen=True, slots=True)
class Thought:
    """A thought that may come first, at most ``most`` tokens of it, or any number with None.

    ``opened`` says that the prompt has begun it: it must come, and its opening mark must not.
    """

    opening: str
    closing: str
    opened: bool
    most: int | None


def written(
    form: Form, thought: Thought | None, calls: CallFormat | None, spell: Spell, *, marked: bool
) -> str:
    """The grammar of a form.

    ``calls`` is how the model writes calls; a form with functions needs it. ``spell`` gives a
    marker as a symbol, and ``marked`` says that the opening of a call is one that no text holds.
    """
    parts = ["%llguidance {}", TEXT]
    if form.document is not None:
        parts.append(f"document: {schema_rule(form.document.schema)}")
    if form.functions and calls is not None:
        parts += _call_rules(form, calls, spell)
    start = _answer(form, calls, marked=marked)
    if thought is not None:
        parts += _thought_rules(thought, spell)
        start = f"{'thought' if thought.opened else 'thought?'} ({start})"
    if calls is not None and form.functions and not marked:
        parts.append(f"opening[lazy]: TEXT {literal(calls.opening)}\nafter_text: opening rest")
    return "\n".join([*parts, f"start: {start}"])


def schema_rule(schema: Mapping[str, Any]) -> str:
    """A schema as the right side of a rule; the client has no say in how it is compiled."""
    return "%json " + json.dumps({**schema, "x-guidance": LAYOUT})


def _call_rules(form: Form, calls: CallFormat, spell: Spell) -> list[str]:
    rules = [f"call: {spell(calls.opening)} rest"]
    rules.append("rest: " + " | ".join(f"rest_{at}" for at in range(len(form.functions))))
    for at, function in enumerate(form.functions):
        rules.append(f"rest_{at}: {calls.rest(function.name, f'arguments_{at}', spell)}")
        rules.append(f"arguments_{at}: {schema_rule(function.parameters)}")
    return rules


def _answer(form: Form, calls: CallFormat | None, *, marked: bool) -> str:
    if calls is None or not form.functions:
        return "document"
    if form.calls == "may" and form.document is None:
        return _text_with_calls(several=form.several, marked=marked)
    called = f"call ({literal(calls.between)} call)*" if form.several else "call"
    return f"document | {called}" if form.document is not None else called


def _text_with_calls(*, several: bool, marked: bool) -> str:
    """Text in which whatever begins like a call is one; a single call ends it."""
    if marked:
        return "TEXT (call TEXT)*" if several else "TEXT call?"
    return "after_text* TEXT" if several else "after_text | TEXT"


def _thought_rules(thought: Thought, spell: Spell) -> list[str]:
    opening = "" if thought.opened else spell(thought.opening)
    if thought.most == 0:
        return [GAP, f"thought: {opening} {spell(thought.closing)} GAP"]
    limit = "" if thought.most is None else f"[max_tokens={thought.most}]"
    return [
        GAP,
        f"thought: {opening} thinking {spell(thought.closing)} GAP",
        f"thinking{limit}: TEXT",
    ]
