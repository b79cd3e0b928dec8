"""Families become tools, and tools become requests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from training.dice import Dice
from training.family import Ask, Call, Family, Json, Slot, Tool, Value

Manner = Literal["command", "question", "statement"]
Style = Callable[[Sequence[str]], str]


def _camel(words: Sequence[str]) -> str:
    return words[0] + "".join(word.title() for word in words[1:])


STYLES: tuple[Style, ...] = (
    "_".join, "_".join, "_".join, "_".join, _camel, _camel, "-".join,
    lambda words: "".join(word.title() for word in words),
)  # fmt: skip
# The first words that tell the manner of a request which leaves something out; others command.
QUESTION_WORDS = frozenset((
    "what", "what's", "where", "where's", "when", "who", "which", "how", "why", "is", "are", "do",
    "does", "did", "has", "isn't", "can", "could", "would", "will", "should", "shall",
    "in", "any", "anyone", "anybody", "whats", "wheres", "where's", "who's", "how's", "got",
))  # fmt: skip
STATEMENT_WORDS = frozenset((
    "i", "i'm", "i'd", "i've", "i'll", "im", "we", "we're", "we'd", "we've", "we'll", "my", "our",
    "they", "somebody", "someone", "it", "it's", "there", "there's", "one", "the", "this", "that",
    "not", "a", "an", "he", "she",
))  # fmt: skip
PARAMETER_STYLES: tuple[Style, ...] = ("_".join, "_".join, "_".join, _camel)


def ask(dice: Dice, family: Family, *, missing: str | None = None) -> Ask:
    """One request for one call of a tool of ``family``, or one that leaves ``missing`` out."""
    parts = parameters(dice, family)
    drawn = [slot for slot in family.slots if slot in [one for one, _ in parts]]
    values = {slot.key: slot.kind(dice) for slot in drawn}  # in the family's order: see conversion
    schemas = {slot.key: values[slot.key].schema for slot, _ in parts}
    sources, manner = _sources(dice, family, missing)
    text = dice.phrase(*sources)
    if missing is not None:
        manner = _manner(text)
    said = set(re.findall(r"{(\w+)}", text))
    for slot, _ in dice.shuffled(parts):
        open_ended = slot.optional and missing is None and manner != "statement"
        if open_ended and slot.key not in said and dice.chance(0.3):
            text += dice.one((" ", " ", ", ")) + dice.free_phrase(*slot.tails)
            said.add(slot.key)
    known = {slot.key for slot, _ in parts}
    if not said <= known:
        return ask(dice, family, missing=missing)
    tool = make_tool(dice, family, parts, schemas)
    names = {slot.key: name for slot, name in parts}
    # In the order in which they are said: reading on in the request is easier to learn than finding
    # each parameter of the signature in it, or finding that it is not there.
    arguments = {names[key]: values[key].json for key in re.findall(r"{(\w+)}", text)}
    result, answer = _result(dice, family, {k: v.said for k, v in values.items()})
    wanted = next((plain(name) for slot, name in parts if slot.key == missing), None)
    return Ask(
        family=family.name,
        tool=tool,
        text=fill(text, values),
        question=manner == "question",
        whole=manner == "statement",
        call=Call(tool.name, arguments),
        missing=wanted,
        result=result,
        answer=answer,
    )


def _sources(dice: Dice, family: Family, missing: str | None) -> tuple[tuple[str, ...], Manner]:
    if missing is not None:
        return family.missing[missing], "command"
    if family.statements and dice.chance(0.2):
        return family.statements, "statement"
    if family.questions and dice.chance(0.4):
        return family.questions, "question"
    return family.commands, "command"


def _manner(text: str) -> Manner:
    """What the first word makes of a request: "can you" does not fit before "i need"."""
    first = text.split(maxsplit=1)[0]
    if first in QUESTION_WORDS and not text.endswith((".", "!", "?")):
        return "question"
    if first in STATEMENT_WORDS or text.endswith((".", "!", "?")) or first.startswith("{"):
        return "statement"
    return "command"


def fill(text: str, values: Mapping[str, Value]) -> str:
    """The text with ``{key}`` replaced by what is said for it."""
    return re.sub(r"{(\w+)}", lambda found: values[found[1]].said, text)


def plain(name: str) -> str:
    """A name as words: ``maxResults`` and ``max_results`` are "max results"."""
    return re.sub(r"[_-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).lower()


def parameters(dice: Dice, family: Family) -> list[tuple[Slot, str]]:
    """The parameters of one tool of the family, with their names, in the schema's order."""
    style, chosen, names = dice.one(PARAMETER_STYLES), [], set[str]()
    for slot in family.slots:
        if slot.optional and dice.chance(0.35):
            continue
        name = style(dice.free_phrase(slot.names).split())
        if name not in names:
            names.add(name)
            chosen.append((slot, name))
        elif not slot.optional:
            return parameters(dice, family)
    return dice.shuffled(chosen)


def make_tool(
    dice: Dice, family: Family, parts: Sequence[tuple[Slot, str]], schemas: Mapping[str, Json]
) -> Tool:
    """The tool of the family with these parameters; its name is on this side of the split."""
    name = dice.one(STYLES)(dice.phrase(*family.tools).split())
    told, described = dice.chance(0.9), dice.chance(0.5)
    properties = {}
    for slot, parameter in parts:
        note = {"description": dice.free_phrase(*slot.descriptions)} if described else {}
        properties[parameter] = {**schemas[slot.key], **note}
    required = [parameter for slot, parameter in parts if not slot.optional]
    schema: dict[str, Json] = {"type": "object", "properties": properties}
    if required or dice.chance(0.5):
        schema["required"] = required
    return Tool(name, dice.free_phrase(*family.descriptions) if told else "", schema)


def _result(dice: Dice, family: Family, said: Mapping[str, str]) -> tuple[Json, str]:
    values = {key: kind(dice) for key, kind in family.result.items()}
    result = {key: value.json for key, value in values.items()}
    if family.answers and dice.chance(0.6):
        told = {**said, **{key: spoken(value) for key, value in result.items()}}
        template = dice.free_phrase(*family.answers)
        return result, re.sub(r"{(\w+)}", lambda found: told[found[1]], template)
    return result, listed(result)


def spoken(value: Json) -> str:
    """A JSON value in a sentence: strings as they are, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def listed(result: Mapping[str, Json]) -> str:
    """Any result in words: "The code is 12 and the city is Oslo."."""
    parts = [f"the {plain(key)} is {spoken(value)}" for key, value in result.items()]
    text = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return text[0].upper() + text[1:] + "."
