"""Long answers: prose, stories, lists, poems, letters and dialogues about anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from training.dice import Dice
from training.talk.schemes import ASKS, OPENINGS, POOLS, PROSE, RIDER, STAGES, TAIL
from training.talk.talk import Talk
from training.values import pseudo, word
from training.words import CITIES, FIRST_NAMES, NUMBER_WORDS

LOW, HIGH = 55, 130
FORMS = ("about",) * 6 + ("why", "how", "if", "list", "list", "story", "story", *ASKS)


@dataclass(frozen=True, slots=True)
class Topic:
    """``said`` by the user; the answer names its ``core`` and goes on with the pronoun's words."""

    said: str
    core: str
    words: str = "it it is was"


LABELS = (
    "part", "item", "note", "task", "question", "case", "example", "topic", "chapter", "entry",
)  # fmt: skip


def _an(text: str) -> str:
    return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)


def _noun(dice: Dice) -> Topic:
    start, adj = dice.one(("the", "the", "a", "my", "this", "many")), dice.one(POOLS["look"])
    noun = dice.one(POOLS["noun"]) if dice.chance(0.7) else pseudo(dice)
    adj = "" if dice.chance(0.3) else (adj if dice.chance(0.7) else word(dice)) + " "
    if start == "many" and noun[-1] not in "fhsxyd":
        return Topic(f"{adj}{noun}s", f"{adj}{noun}s", "they them are were")
    shown = {"my": "your", "this": "this"}.get(start, "the")
    return Topic(_an(f"{start.replace('many', 'the')} {adj}{noun}"), f"{shown} {adj}{noun}")


def _clause(dice: Dice) -> Topic:
    first = _noun(dice)
    while first.words[0] == "t":
        first = _noun(dice)
    said = f"{first.said} {dice.one(POOLS['verb'])} {_noun(dice).said}"
    while dice.chance(0.5) and len(said.split()) < 40:
        said += f" {dice.one(POOLS['link'])} the {dice.one(POOLS['look'])}"
        said += f" {dice.one(POOLS['noun'])} {dice.one(POOLS['verb'])} {_noun(dice).said}"
    return Topic(said, first.core)


def _topic(dice: Dice) -> Topic:
    roll, noun = dice.whole(0, 9), _noun(dice)
    if roll == 0:
        made = dice.one((dice.one(FIRST_NAMES), dice.one(CITIES), pseudo(dice).title()))
        return Topic(made, made)
    if roll in (1, 2):
        several = [word(dice) for _ in range(dice.whole(1, 8))]
        return Topic(" ".join(several), " ".join(several[:3]))
    if roll == 3:
        return Topic(made := dice.one(POOLS["mass"]), made)
    if roll == 4:
        joint = dice.one((" and ", " without ", " in ", " near ", " under ", " for "))
        return Topic(noun.said + joint + _noun(dice).said, noun.core, noun.words)
    if roll == 5:
        part = dice.one(("the history of", "the colour of", "life with", "a day with"))
        return Topic(f"{part} {noun.said}", noun.core, noun.words)
    if roll == 6 and noun.words[0] == "i":
        tail = f"{dice.one(('that', 'which'))} {dice.one(POOLS['verb'])} {_noun(dice).said}"
        return Topic(f"{noun.said} {tail}", noun.core, noun.words)
    return _clause(dice) if roll in (7, 8) else noun


def _filled(dice: Dice, lines: list[str], slots: dict[str, str]) -> list[str]:
    pools: dict[str, list[str]] = {}

    def fill(match: re.Match[str]) -> str:
        name = match[1].lower()
        if name not in slots and not pools.get(name):
            pools[name] = dice.shuffled(POOLS[name])
        text = slots[name] if name in slots else pools[name].pop()
        return text[0].upper() + text[1:] if match[1][0].isupper() else text

    made = [_an(re.sub(r"\{(\w+)\}", fill, line)) for line in lines]
    return [re.sub(r"^\W*\w", lambda first: first[0].upper(), line) for line in made]


def _drawn(dice: Dice, form: str, count: int, reasons: bool) -> list[str]:
    """Schemes of ``count`` stages in their order, always with the first and the last."""
    stages = STAGES.get(form)
    if stages is None:
        at = ("about", "why", "how", "if", "compare").index(form)
        stages, count = (OPENINGS[at], *PROSE), dice.whole(6, 10)
    elif form != "list":
        count = len(stages) - dice.whole(0, 1)
    inner = sorted(dice.some(range(1, len(stages) - 1), min(count, len(stages)) - 2))
    lines = [dice.free_phrase(*stages[at]) for at in (0, *inner, len(stages) - 1)]
    because = ", because {people} need {feel}.", ", since {people} like {feel}."
    return [line[:-1] + dice.one(because) for line in lines] if reasons else lines


def _laid(dice: Dice, form: str, lines: list[str], hours: bool) -> str:
    one, two = dice.some(FIRST_NAMES, 2)
    if form == "letter":
        return "\n".join((f"Dear {one},", " ".join(lines), "Yours,", two))
    if form == "dialogue":
        return "\n".join(f"{two if at % 2 else one}: {line}" for at, line in enumerate(lines))
    if form == "list":
        start = dice.whole(6, 10)
        return "\n".join(f"{start + at}:00 {line}" if hours else f"{at + 1}. {line}"
                         for at, line in enumerate(lines))  # fmt: skip
    half = len(lines) // 2 if dice.chance(0.2) else 0
    broken = " ".join(lines[:half]) + "\n\n" + " ".join(lines[half:])
    return "\n".join(lines)[:-1] + "." if form == "poem" else broken.strip()


def _answer(
    dice: Dice, form: str, topic: Topic, other: Topic, ask: str = "", count: int = 0
) -> str:
    """A text of ``LOW`` to ``HIGH`` words that names the topic one to three times."""
    both = Topic("", f"{topic.core} and {other.core}", "they them are were")
    about = both if form == "compare" else topic
    slots = dict(zip(("it", "them", "is", "was"), about.words.split(), strict=True))
    slots |= {"x": about.core, "y": topic.core, "z": other.core}
    if form == "story":
        slots["name"] = dice.one(FIRST_NAMES)
    while True:
        reasons = form == "list" and ("reason" in ask or dice.chance(0.1))
        lines = _drawn(dice, form, count or dice.whole(5, 9), reasons)
        named = len(re.findall(r"\{[xXyY]\}", "".join(lines)))
        lines = _filled(dice, lines, slots)
        text = _laid(dice, form, lines, "hour by hour" in ask)
        if 1 <= named <= 3 and LOW <= len(text.split()) <= HIGH:
            return text


def _asked(dice: Dice, form: str) -> tuple[str, Topic, Topic, int]:
    source = dice.one(ASKS[form]).replace("{q}", "?" + TAIL)
    source = source.replace("{r}", RIDER + "(.|.|!)" + TAIL)
    make = _clause if "{c}" in source and dice.chance(0.8) else _topic
    topic, other = (dice.kept(lambda: make(dice), lambda made: made.said) for _ in range(2))
    if dice.chance(0.12):  # a numbered thing: "Explain part 12: the ..."
        label = f"{dice.one(LABELS)} {dice.whole(1, 999)}: "
        topic = Topic(label + topic.said, topic.core, topic.words)
    count = dice.whole(5, 9)
    number = dice.one((str(count), NUMBER_WORDS[count]))
    text = dice.phrase(source)
    for slot, said in (("t", topic.said), ("c", topic.said), ("z", other.said), ("n", number)):
        text = text.replace("{" + slot + "}", said)
    text = text.rstrip(".") if dice.chance(0.12) else text
    text = text if dice.chance(0.15) else text[0].upper() + text[1:]
    return text, topic, other, count if number in text.split() else 0


def sample(dice: Dice) -> Talk:
    """One request for a long text, and the text."""
    form = dice.one(FORMS)
    ask, topic, other, count = _asked(dice, form)
    return Talk("essay", (ask, _answer(dice, form, topic, other, ask, count)))


def document(dice: Dice) -> str:
    """A running text of up to 120 words: a title, a topic or a request, and then what follows."""
    form = dice.one(("about", "about", "story", "why", "how", "if", "poem", "letter", "list"))
    while True:
        ask, topic, other, _ = _asked(dice, form)
        title = topic.said[0].upper() + topic.said[1:]
        start = dice.one((ask, title + ".", title + ".", "About " + topic.said + ".", title, ""))
        glue = "\n" if form in ("poem", "letter", "list") else dice.one((" ", " ", "\n", "\n\n"))
        glue = glue if start[-1:] in (".", "?") else "\n"
        text = (start + glue + _answer(dice, form, topic, other)).strip()
        if len(text.split()) <= 120:
            return text
