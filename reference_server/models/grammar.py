"""A small seeded grammar that writes English-like sentences: the tokenizer's whole corpus."""

from __future__ import annotations

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NOUNS = _words(
    "server model token request answer cache queue batch prompt engine kernel memory window garden "
    "river mountain letter teacher student doctor farmer engineer city village market station "
    "train bridge house kitchen table bottle apple bread coffee winter summer morning evening "
    "question story song picture number reason problem result weather price ticket message"
)
ADJECTIVES = _words(
    "small large quick slow bright dark early late quiet loud simple strange careful honest warm "
    "cold empty full green blue golden old young careful modern local important possible different"
)
VERBS = _words(
    "reads writes sends returns finds keeps counts measures carries opens closes builds repairs "
    "explains describes compares follows answers asks brings holds needs takes gives shows moves"
)
ADVERBS = _words("often never always slowly quickly quietly usually again today tomorrow together")
PLACES = _words("in near behind above under beside across through around towards")
OPENINGS = (
    "Yes, of course. ", "No, not today. ", "First, ", "Then ", "However, ", "In short, ",
    "Here is ",
    "I think that ", "For example, ", "Because of this, ",
)  # fmt: skip
QUESTIONS = (
    "What is", "Where is", "How does one use", "Why does nobody like", "Who has seen",
    "Please describe", "Tell me about", "Write a short story about", "Can you explain",
)  # fmt: skip
KEYS = _words("name arguments city value query unit count text date type id path limit")


def corpus(seed: int, lines: int = 6000) -> list[str]:
    """``lines`` texts: statements, questions, lists and JSON objects, the same for a seed."""
    random = Random(seed)  # noqa: S311 - a reproducible corpus, no secret
    kinds = (_statement, _statement, _statement, _question, _list, _json)
    return [random.choice(kinds)(random) for _ in range(lines)]


def _thing(random: Random) -> str:
    article = random.choice(("the", "a", "every", "this", "another"))
    adjective = random.choice(("", random.choice(ADJECTIVES) + " "))
    return f"{article} {adjective}{random.choice(NOUNS)}"


def _statement(random: Random) -> str:
    opening = random.choice(("", "", random.choice(OPENINGS)))
    text = f"{opening}{_thing(random)} {random.choice(VERBS)} {_thing(random)}"
    if random.random() < 0.5:
        text += f" {random.choice(PLACES)} {_thing(random)}"
    if random.random() < 0.3:
        text += f" {random.choice(ADVERBS)}"
    return text[0].upper() + text[1:] + "."


def _question(random: Random) -> str:
    return f"{random.choice(QUESTIONS)} {_thing(random)} {random.choice(PLACES)} {_thing(random)}?"


def _list(random: Random) -> str:
    items = (f"{n}. {_thing(random)}" for n in range(1, random.randint(3, 5)))
    return "\n".join(items) + "\n"


def _json(random: Random) -> str:
    key, other = random.sample(KEYS, 2)
    number = random.randint(0, 999)
    return f'{{"{key}": "{random.choice(NOUNS)}", "{other}": {number}}}\n'
