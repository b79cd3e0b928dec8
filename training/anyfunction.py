"""Functions that nobody has written: random names, random schemas, and requests for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from training import values
from training.dice import Dice
from training.family import Ask, Call, Json, Tool
from training.tools import PARAMETER_STYLES, STYLES, listed, plain
from training.words import spaced

VERBS = spaced(
    "add apply archive assign attach audit backup block build cancel check clear clone close "
    "collect compress configure connect copy count create deactivate delete deploy detect disable "
    "download enable encode encrypt estimate export extract fetch filter fix flush format "
    "generate get grant group import index insert inspect install join label launch link list "
    "load lock log make mark measure merge migrate modify monitor mount move open order pack park "
    "pause plan plot post print process publish purge push query queue rank read rebuild record "
    "refresh register release reload remove rename render repair replace report request reserve "
    "reset resize resolve restart restore resume retry review rotate run sample save scale scan "
    "schedule select set share show sign sort split start stop store submit subscribe sync tag "
    "test track train transfer trim undo unlock "
    "update upgrade upload validate verify view watch write"
)
NOUNS = spaced(
    "account agent alarm album alert archive article asset backup badge batch bill block board "
    "bot box branch bucket budget cache camera card cart catalog channel chart clip cluster code "
    "column comment component contract course customer dataset deck device disk document domain "
    "door draft drone employee entry event export feature feed field fleet folder form frame gate "
    "graph grid group guest house image index invoice issue item job key label layer lead lesson "
    "level license link list locker log machine map member memory menu meter model module movie "
    "node note object offer order package page panel parcel part patient payment pipeline pixel "
    "plan plant player policy pool port post printer product profile program project queue quote "
    "recipe record region release report robot room route rule sample scene script seat sensor "
    "series server session shelf ship signal site slot song sprint stage station stock story "
    "stream student survey switch table tag task team template tenant test theme ticket tile "
    "token topic track trip unit user valve vehicle vendor version video visit "
    "volume voucher wallet warehouse widget window worker zone"
)
FIELDS = spaced(
    "age alias amount angle area author base body category channel city class code color comment "
    "contact content cost count country course date day deadline depth destination detail device "
    "direction duration email end enabled event factor field file filter flag folder force format "
    "genre grade group guest height host hours id index interval item items key kind label "
    "language length level limit line lines location mail margin mass max memo message method min "
    "mode model month name names notes number offset option options order origin owner page "
    "parent path people period person phone place points port position power prefix price "
    "priority product project quality quantity query range rate rating reason recipient region "
    "repeat role room rows scale score seat seats seed series size sort source speed start state "
    "status step street style subject suffix summary tag tags target task team temperature text "
    "theme threshold time timeout title token topic total type unit url user users value values "
    "verbose version volume weight width "
    "wishes year zip zone"
)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter: name, schema, value, and the value as said (in quotes where it needs them)."""

    name: str
    schema: Json
    value: Json
    said: str
    optional: bool = False


def _quoted(dice: Dice, text: str, always: bool = False) -> str:
    needs = always or not text.replace("-", "").replace("_", "").isalnum()
    mark = dice.one(('"', '"', '"', "'")) if "'" not in text else '"'
    return f"{mark}{text}{mark}" if needs or dice.chance(0.35) else text


def _string(dice: Dice) -> tuple[Json, Json, str]:
    made = dice.one((
        values.anything, values.anything, values.sentence, values.person, values.place,
        values.identifier, values.title, values.email, values.filename, values.path, values.day,
        values.clock, values.phone,
    ))(dice)  # fmt: skip
    if dice.chance(0.05) and '"' not in made.said:
        inner = f'{dice.one(("say", "the", "is", "a"))} "{made.said}" {values.word(dice)}'
        return values.STRING, inner, f"'{inner}'"
    return values.STRING, made.json, _quoted(dice, made.said)


def _whole(dice: Dice) -> tuple[Json, Json, str]:
    made = values.integer(0, 10 ** dice.whole(1, 6))(dice)
    if dice.chance(0.08):
        return values.INTEGER, -made.json, f"-{made.json}"
    return values.INTEGER, made.json, made.said


def _number(dice: Dice) -> tuple[Json, Json, str]:
    made = values.number(0, 10 ** dice.whole(1, 4), 3)(dice)
    return values.NUMBER, made.json, made.said


def _flag(dice: Dice) -> tuple[Json, Json, str]:
    yes = dice.chance(0.5)
    said = ("true", "true", "on", "yes") if yes else ("false", "false", "off", "no")
    return values.BOOLEAN, yes, dice.one(said)


def _enum(dice: Dice) -> tuple[Json, Json, str]:
    options = list(dict.fromkeys(values.word(dice) for _ in range(dice.whole(2, 5))))
    value = dice.one(options)
    return {"type": "string", "enum": options}, value, _quoted(dice, value)


def _list(dice: Dice) -> tuple[Json, Json, str]:
    kind = dice.one((_string, _string, _whole, _number, _simple_string))
    made = [kind(dice) for _ in range(dice.whole(1, 4))]
    if kind is _string:  # so that one can see where each ends
        made = [(schema, value, json.dumps(value, ensure_ascii=False)) for schema, value, _ in made]
    said = [text for _, _, text in made]
    form = dice.whole(0, 4)
    if form < 2:
        text = json.dumps([value for _, value, _ in made], ensure_ascii=False)
    else:
        glue = " and " if form < 4 else ", "
        text = glue.join(filter(None, (", ".join(said[:-1]), said[-1])))
    return {"type": "array", "items": made[0][0]}, [value for _, value, _ in made], text


def _simple_string(dice: Dice) -> tuple[Json, Json, str]:
    made = dice.one((values.pseudo, values.code, values.word))(dice)
    return values.STRING, made, made


def _object(dice: Dice) -> tuple[Json, Json, str]:
    fields = make_fields(dice, dice.whole(1, 3), nested=False)
    value = {field.name: field.value for field in fields}
    schema = {
        "type": "object",
        "properties": {field.name: field.schema for field in fields},
        "required": [field.name for field in fields],
    }
    if dice.chance(0.2):
        return schema, value, json.dumps(value, ensure_ascii=False)
    pairs = [f"{plain(field.name)} {field.said}" for field in fields]
    text = ", ".join(pairs[:-1]) + (" and " if len(pairs) > 1 else "") + pairs[-1]
    return schema, value, dice.one((f"with {text}", f"({text})", f"having {text}"))


def _objects(dice: Dice) -> tuple[Json, Json, str]:
    fields = make_fields(dice, dice.whole(1, 2), nested=False)
    schema = {
        "type": "object",
        "properties": {field.name: field.schema for field in fields},
        "required": [field.name for field in fields],
    }
    value = [{field.name: field.value for field in fields}]
    said = json.dumps(value, ensure_ascii=False)
    return {"type": "array", "items": schema}, value, said


Maker = Callable[[Dice], tuple[Json, Json, str]]
FLAT: tuple[Maker, ...] = (
    _string, _string, _string, _string, _whole, _whole, _number, _flag, _enum,
)  # fmt: skip
DEEP: tuple[Maker, ...] = (*FLAT, *FLAT, *FLAT, _list, _list, _list, _object, _object, _objects)


def make_fields(dice: Dice, count: int, *, nested: bool = True) -> list[Field]:
    """Parameters with different names."""
    style, fields = dice.one(PARAMETER_STYLES), dict[str, Field]()
    while len(fields) < count:
        words = dice.some(FIELDS, dice.one((1, 1, 1, 2)))
        if dice.chance(0.12):
            words[0] = values.pseudo(dice)
        name = style(words)
        schema, value, said = dice.one(DEEP if nested else FLAT)(dice)
        fields[name] = Field(name, schema, value, said, optional=dice.chance(0.3))
    return list(fields.values())


def any_function(dice: Dice) -> tuple[Tool, list[Field], tuple[str, str]]:
    """A tool, its parameters with values, and the verb and the noun that it is named after."""
    verb, noun = dice.kept(lambda: _name(dice), " ".join)
    fields = make_fields(dice, dice.one((0, 1, 1, 1, 2, 2, 2, 3, 3, 4)))
    described = dice.chance(0.35)
    properties = {
        field.name: {**field.schema, "description": _note(dice, field.name, noun)}
        if described
        else field.schema
        for field in fields
    }
    parameters: dict[str, Json] = {"type": "object", "properties": properties}
    if required := [field.name for field in fields if not field.optional]:
        parameters["required"] = required
    description = dice.free_phrase(
        f"{verb} [a|the|one] {noun}[.]".capitalize(),
        f"(Will|Can) {verb} [a|the] {noun}[.]",
        f"{verb} [a|the] {noun} (by|for|with) {plain(fields[0].name)}[.]".capitalize()
        if fields
        else f"{verb} (every|each) {noun}[.]".capitalize(),
    )
    name = dice.one(STYLES)(f"{verb} {noun}".split())
    return Tool(name, description if dice.chance(0.85) else "", parameters), fields, (verb, noun)


def _name(dice: Dice) -> tuple[str, str]:
    verb = dice.one(VERBS) if dice.chance(0.9) else values.pseudo(dice)
    nouns = dice.some(NOUNS, dice.one((1, 1, 1, 2)))
    if dice.chance(0.15):
        nouns[0] = dice.one((values.pseudo, values.word))(dice)
    return verb, " ".join(nouns)


def _note(dice: Dice, name: str, noun: str) -> str:
    return dice.free_phrase(
        f"(The|A|Its) {plain(name)}[.]",
        f"{plain(name)} of the {noun}[.]".capitalize(),
        f"(Which|What) {plain(name)} to use[.]",
    )


HEADS = (
    "(call|run|use|invoke|execute|trigger|start|apply) [the] [tool|function|command] {name} "
    "[now|once]",
    "(use|call|run|take) {name} (now|for me|once|here|again|this time)",
    "{name}",
    "{act}",
    "{act} (now|for me|today|right away|again|next|at once|as usual)",
    "(go ahead and|now|next|then|just|quickly|first|simply|kindly|also) {act}",
    "{act} (asap|real quick|when you can|if possible|before lunch|in the meantime)",
    "(fire off|kick off|launch|hit|ping) [the] [tool|function|command] {name} [for me|real quick]",
    "(make|do|place|send) (a|one|another) call to {name} [now|for me]",
    "let {name} (do it|handle it|handle this|take care of it|run)",
    "give {name} a (go|try|run) [now|for me]",
    "(use|take) {name} to {act}",
    "(do me a favour and|find a way to|feel free to|hurry up and) {act}",
    "(make sure to|help me|try to|it is time to|remember to|be so kind to|get ready to) {act}",
)
# Heads that are sentences already: no "please" fits before them.
STATEMENTS = (
    "(we|they|my colleagues|our customers) (need|want) [you|me|us] to {act} [now|today|again]",
    "(they|my colleagues|our customers|the boss) asked (you|me|us) to {act} [now|today|again]",
    "(this is a request|the task is|my wish is|the plan is|the job is) to {act} [now|today]",
    "(what i need is to|all i want is to|it would be great to|it would help to) {act} [now|today]",
    "(someone|somebody|one of us) (has|needs|ought) to {act} [now|today|again]",
    "(i'm trying|i'm supposed|we're supposed|we're about|i've been told) to {act} [now|today]",
    "(my boss|the client|my manager|our lead) (wants|needs|expects) (me|us|you) to {act} [now]",
    "(i'd|we'd) (like|love) to {act} [now|today|again]",
    "(i|we) (forgot|keep forgetting) to {act}",
    "(the next step|the next thing|the last item on my list) is to {act} [now|today]",
    "(i can't|we can't) (go home|continue|go on) until you {act}",
    "(they told me|i was told|the manual says|my notes say) to {act} [first|now]",
)
NATURAL = (
    "{verb} {noun}", "{verb} the {noun}", "{verb} a {noun}", "{verb} our {noun}",
    "{verb} my {noun}", "{verb} this {noun}", "{verb} that {noun}", "{verb} one {noun}",
)  # fmt: skip
PAIRS = (
    "{p} {v}", "{p} {v}", "{p}={v}", "{p}: {v}", "{p} = {v}", "{p} set to {v}", "the {p} {v}",
    "{p} as {v}", "{p} is {v}", "{v} as {p}", "{v} as the {p}", "{v} for {p}", "{p} of {v}",
    "a {p} of {v}", "{p} being {v}", "{p} named {v}", "the {p} called {v}", "{p} equal to {v}",
    "{p} -> {v}", "{p} := {v}", "{v} ({p})", "{v} being the {p}",
)  # fmt: skip
SENTENCES = (
    "The {p} is {v}.", "Set {p} to {v}.", "{p}: {v}.", "Use {v} as {p}.", "The {p} should be {v}.",
    "{p} must be {v}.", "For {p} take {v}.", "As {p} use {v}.", "The {p} are {v}.",
    "Make the {p} {v}.", "I want {v} for {p}.", "Go with {v} for the {p}.", "Put {v} as the {p}.",
    "My {p} is {v}.", "{p} = {v}.", "Let {p} be {v}.",
)  # fmt: skip


def any_ask(dice: Dice, *, missing: bool = False) -> Ask:
    """One request for a call of a random function, or one that lacks a required value."""
    tool, fields, (verb, noun) = any_function(dice)
    needed = [field for field in fields if not field.optional]
    if missing and not needed:
        return any_ask(dice, missing=True)
    left = dice.one(needed) if missing else None
    told = [f for f in fields if f is not left and (not f.optional or dice.chance(0.5))]
    told = dice.shuffled(told)
    whole = dice.chance(0.3)
    head = dice.phrase(*(STATEMENTS if whole else HEADS))
    act = dice.one(NATURAL).replace("{verb}", verb).replace("{noun}", noun)
    text = _request(dice, head.replace("{name}", tool.name).replace("{act}", act), told)
    fruits = make_fields(dice, dice.one((1, 1, 2, 3)), nested=False)
    result = {plain(field.name).replace(" ", "_"): field.value for field in fruits}
    return Ask(
        family="any function",
        tool=tool,
        text=text,
        question=False,
        whole=whole,
        call=Call(tool.name, {field.name: field.value for field in told}),
        missing=plain(left.name) if left else None,
        result=result,
        answer=listed(result),
    )


def _request(dice: Dice, head: str, told: Sequence[Field]) -> str:
    if not told:
        return head
    form = dice.whole(0, 9)
    if form < 2:
        pair = dice.one(SENTENCES)
        return head + ". " + " ".join(_sentence(pair, field, dice) for field in told)
    if form == 2:
        value = {field.name: field.value for field in told}
        return f"{head} with {json.dumps(value, ensure_ascii=False)}"
    mixed = dice.chance(0.3)
    pair = dice.one(PAIRS)
    pairs = [_pair(dice.one(PAIRS) if mixed else pair, field, dice) for field in told]
    joined = _joined(dice, pairs)
    glue = dice.one((" with ", " with ", ", ", " using ", ": ", " where ", " and use "))
    return head + glue + joined


def _sentence(template: str, field: Field, dice: Dice) -> str:
    text = _pair(template, field, dice)
    return text[0].upper() + text[1:]


def _pair(template: str, field: Field, dice: Dice) -> str:
    said, name = field.said, field.name if dice.chance(0.35) else plain(field.name)
    if said.startswith(("with ", "having ", "(")) and field.schema["type"] == "object":
        return f"{dice.one(('the ', 'a ', ''))}{name} {said}"
    return template.replace("{p}", name).replace("{v}", said)


def _joined(dice: Dice, parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    glue = dice.one((" and ", ", ", ", and ", " and ", " and with "))
    return ", ".join(parts[:-1]) + glue + parts[-1]
