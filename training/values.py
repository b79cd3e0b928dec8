"""Kinds of values: names of things, and random strings that nobody has ever seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from training.dice import Dice
from training.family import Json, Kind, Value
from training.words import (
    CITIES,
    CONSONANTS,
    EMOJI,
    FIRST_NAMES,
    LANGUAGES,
    NUMBER_WORDS,
    SCRIPTS,
    VOWELS,
    WORDS,
)  # fmt: skip

INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}
STRING = {"type": "string"}


def word(dice: Dice) -> str:
    """A word: a common one, or one made of syllables."""
    return dice.one(WORDS) if dice.chance(0.5) else pseudo(dice)


def pseudo(dice: Dice) -> str:
    """A pronounceable word that does not exist."""
    count = dice.one((1, 1, 2, 2, 2, 3))
    syllables = (dice.one(CONSONANTS) + dice.one(VOWELS) for _ in range(count))
    return "".join(syllables) + dice.one(("", "", "n", "r", "s", "t", "l", "x", "k"))


def letters(dice: Dice, low: int = 2, high: int = 7) -> str:
    """Random letters of one case."""
    alphabet = dice.one(("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return "".join(dice.one(alphabet) for _ in range(dice.whole(low, high)))


def digits(dice: Dice, low: int = 1, high: int = 6) -> str:
    """Random digits."""
    return "".join(dice.one("0123456789") for _ in range(dice.whole(low, high)))


def code(dice: Dice) -> str:
    """An identifier of letters and digits: ``AB-4412``, ``x7f2k``, ``qe_91``, ``4f2a-99b1``."""
    parts = [dice.one((letters, digits))(dice, 1, 5) for _ in range(dice.whole(2, 4))]
    return dice.one(("", "-", "_", ".", "/", "-")).join(parts)


def script(dice: Dice) -> str:
    """Up to six characters of one script: CJK, Cyrillic, Greek, Arabic and others."""
    row = dice.one(SCRIPTS)
    return "".join(dice.one(row) for _ in range(dice.whole(1, 6)))


def words(dice: Dice, low: int = 1, high: int = 7) -> str:
    """Words with spaces; sometimes one comes twice, or is foreign, a code or an emoji."""
    made = [word(dice) for _ in range(dice.whole(low, high))]
    if len(made) > 2 and dice.chance(0.25):
        made[dice.whole(0, len(made) - 1)] = dice.one(made)
    if dice.chance(0.12):
        made[dice.whole(0, len(made) - 1)] = dice.one((code, script, digits, emoji))(dice)
    text = " ".join(made)
    if dice.chance(0.12):
        return text.title()
    return text[0].upper() + text[1:] if dice.chance(0.25) else text


def emoji(dice: Dice) -> str:
    """One to three emoji."""
    return "".join(dice.one(EMOJI) for _ in range(dice.whole(1, 3)))


def odd(dice: Dice) -> str:
    """A string that a careless server breaks: other scripts, emoji, braces, slashes, markup."""
    made = dice.one((script, emoji, code, words))(dice)
    extra = dice.one((
        script(dice), emoji(dice), "{x}", "a/b", "C:\\tmp", "50%", "#1", "a&b", "<b>", "[1, 2]",
        "50 €", "naïve", "Ünal", "José", "Søren", "x=1;", "a+b", "~/x",
    ))  # fmt: skip
    return dice.one((f"{made} {extra}", f"{extra} {made}", made))


def _mixed(dice: Dice, known: tuple[str, ...], low: int, high: int, title: bool) -> str:
    roll = dice.random.random()
    if roll < 0.35:
        return dice.one(known)
    if roll < 0.9:
        made = " ".join(word(dice) for _ in range(dice.whole(low, high)))
        return made.title() if title else made
    if roll < 0.96:
        return script(dice)
    return code(dice)


def text_kind(make: Callable[[Dice], str], schema: Json = STRING) -> Kind:
    """A kind whose value is said as it is written, kept on its side of the split."""

    def kind(dice: Dice) -> Value:
        said = dice.kept(lambda: make(dice))
        return Value(said, said, schema)

    return kind


place = text_kind(lambda dice: _mixed(dice, CITIES, 1, 2, True))
person = text_kind(lambda dice: _mixed(dice, FIRST_NAMES, 1, 2, True))
_new_language = text_kind(lambda dice: pseudo(dice).title())
topic = text_kind(lambda dice: words(dice, 1, 5))
sentence = text_kind(lambda dice: odd(dice) if dice.chance(0.12) else words(dice, 1, 9))
title = text_kind(lambda dice: words(dice, 1, 4))
identifier = text_kind(code)
anything = text_kind(lambda dice: dice.one((words, code, odd, pseudo, word, script))(dice))
email = text_kind(
    lambda dice: (
        f"{dice.one((pseudo, word, code))(dice).lower()}@{pseudo(dice)}."
        + dice.one(("com", "org", "net", "io", "example", "de"))
    )
)
filename = text_kind(
    lambda dice: (
        dice.one(("_", "-", "")).join([word(dice) for _ in range(dice.whole(1, 3))])
        + dice.one((".txt", ".pdf", ".csv", ".md", ".py", ".json", ".png", ".log", ""))
    )
)
path = text_kind(
    lambda dice: (
        dice.one(("/", "", "./", "~/"))
        + "/".join(dice.one((word, pseudo, code))(dice) for _ in range(dice.whole(1, 3)))
    )
)
clock = text_kind(
    lambda dice: (
        f"{dice.whole(0, 23):02d}:{dice.whole(0, 59):02d}"
        if dice.chance(0.6)
        else str(dice.whole(1, 12))
        + dice.one(("", ":15", ":30", ":45"))
        + dice.one(("am", "pm", " am", " pm"))
    )
)
_date = text_kind(
    lambda dice: f"{dice.whole(2024, 2031)}-{dice.whole(1, 12):02d}-{dice.whole(1, 28):02d}"
)
phone = text_kind(lambda dice: "-".join(digits(dice, 2, 4) for _ in range(dice.whole(2, 4))))
_new_currency = text_kind(
    lambda dice: "".join(dice.one("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(3))
)
ticker = text_kind(
    lambda dice: "".join(dice.one("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(dice.whole(2, 5)))
)

DAYS = (
    "today", "tomorrow", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    "Sunday", "next week", "tonight", "this weekend",
)  # fmt: skip
CURRENCIES = (
    "USD", "EUR", "GBP", "JPY", "CHF", "SEK", "NOK", "INR", "CNY", "AUD", "CAD", "BRL", "KRW",
    "MXN", "ZAR", "PLN",
)  # fmt: skip


def known_or_new(known: Sequence[str], share: float, new: Kind) -> Kind:
    """A ``share`` from a closed set, which both sides of the split know; else a new one."""

    def kind(dice: Dice) -> Value:
        if not dice.chance(share):
            return new(dice)
        said = dice.one(known)
        return Value(said, said, STRING)

    return kind


day = known_or_new(DAYS, 0.5, _date)
language = known_or_new(LANGUAGES, 0.7, _new_language)
currency = known_or_new(CURRENCIES, 0.6, _new_currency)


def integer(low: int, high: int, spoken: bool = True) -> Kind:
    """Whole numbers; those up to twelve are sometimes said as words."""

    def kind(dice: Dice) -> Value:
        def make() -> int:
            return dice.whole(low, high if dice.chance(0.7) else min(high, low + 20))

        number = make() if high - low < 40 else dice.kept(make)
        said = str(number)
        if spoken and 0 <= number < len(NUMBER_WORDS) and dice.chance(0.25):
            said = NUMBER_WORDS[number]
        return Value(said, number, INTEGER)

    return kind


def number(low: int, high: int, places: int = 2) -> Kind:
    """Numbers with up to ``places`` decimals; a whole one stays whole in JSON, as said."""

    def make(dice: Dice) -> str:
        whole = str(dice.whole(low, high))
        if dice.chance(0.5) or places == 0:
            return whole
        decimals = "".join(dice.one("0123456789") for _ in range(dice.whole(1, places)))
        return f"{whole}.{decimals[:-1]}{dice.one('123456789')}"

    def kind(dice: Dice) -> Value:
        said = dice.kept(lambda: make(dice))
        return Value(said, float(said) if "." in said else int(said), NUMBER)

    return kind


def choice(*options: str) -> Kind:
    """An enumeration; the schema lists some of the options in any order, the said one too."""

    def kind(dice: Dice) -> Value:
        listed = dice.some(options, dice.whole(2, len(options)))
        said = dice.one(listed)
        return Value(said, said, {"type": "string", "enum": listed})

    return kind


def several(kind: Kind, low: int = 1, high: int = 4) -> Kind:
    """A list of strings, said with commas and an "and"."""

    def make(dice: Dice) -> Value:
        made = [kind(dice) for _ in range(dice.whole(low, high))]
        said = [value.said for value in made]
        if len(said) > 1:
            glue = dice.one((" and ", ", and ", ", ")) if len(said) > 2 else " and "
            text = ", ".join(said[:-1]) + glue + said[-1]
        else:
            text = said[0]
        schema = {"type": "array", "items": dict(made[0].schema)}
        return Value(text, [value.json for value in made], schema)

    return make


def flag(true: str, false: str) -> Kind:
    """A boolean with the words that say it."""

    def kind(dice: Dice) -> Value:
        yes = dice.chance(0.5)
        return Value(true if yes else false, yes, BOOLEAN)

    return kind
