"""Repeating: say it again, once or more, count, list words, the first or the last word."""

from __future__ import annotations

from training.dice import Dice
from training.talk.smalltalk import exchange, styled
from training.talk.talk import Talk
from training.values import anything, digits, sentence, text_kind, title, word, words
from training.words import NUMBER_WORDS

OPEN = (
    "[(hey|hi|ok|okay|so|well|please|now|and now|next)[,] |(can you|could you|would you|kindly) ]"
)
BARE = (
    "(say|repeat|echo|write|print|type|output|reply with|answer with|respond with|send back|return)"
)
AFTER = (
    "(repeat after me|say after me|say this|repeat this|echo this|write this|copy this|type "
    "this|repeat the following|say the following|copy the following text|repeat exactly|say "
    "exactly|repeat word for word|repeat this sentence|repeat these words|echo the text|your "
    "answer is|answer only|reply only|just say)"
)
ONLY = "[ and nothing else|, nothing else|, please| exactly| word for word| only| now]"
QUOTES = (('"', '"'), ('"', '"'), ('"', '"'), ("'", "'"), ("“", "”"), ("`", "`"), ("«", "»"))
TIMES = {2: ("twice", "two times", "2 times"), 3: ("three times", "3 times", "thrice"),
         4: ("four times", "4 times"), 5: ("five times", "5 times")}  # fmt: skip

number_text = text_kind(lambda dice: digits(dice, 2, 8))


def _text(dice: Dice) -> str:
    return dice.one((anything, sentence, title, number_text, anything, sentence))(dice).said


def _quoted(dice: Dice, text: str) -> str:
    left, right = dice.one(QUOTES)
    return text if left in text or right in text else left + text + right


def _once(dice: Dice) -> tuple[str, str]:
    text = _text(dice)
    text += dice.one(("", "", "", "", "", ".", "!", "?")) if text[-1].isalnum() else ""
    roll = dice.random.random()
    if roll < 0.4:
        user = dice.phrase(f"{OPEN}{BARE} {{x}}{ONLY}", f"{OPEN}{AFTER}[:] {{x}}{ONLY}")
        return styled(dice, user).replace("{x}", _quoted(dice, text)), text
    source = f"{OPEN}{AFTER}: " if roll < 0.75 else f"{OPEN}{BARE} "
    user = styled(dice, dice.phrase(source)).rstrip(".!")
    return f"{user} {text}", text


GLUES = (
    ("", " "), ("", " "), ("", " "), (" with commas", ", "), (" on separate lines", "\n"),
    (" separated by commas", ", "),
)  # fmt: skip


def _several(dice: Dice) -> tuple[str, str]:
    text, count = dice.one((title, anything))(dice).said, dice.one((2, 2, 2, 3, 3, 3, 4, 5))
    how, glue = dice.one(GLUES)
    user = dice.phrase(
        OPEN + "(say|repeat|write|print|type|echo|output) [the text|the words|this:] {x} "
        "{n}{how}[ please| now]",
        OPEN + "{n}{how}[,] (say|repeat|write|print|type|echo|output) [the text|the words|this:] "
        "{x}",
    )
    user = styled(dice, user).replace("{n}", dice.one(TIMES[count])).replace("{how}", how)
    return user.replace("{x}", _quoted(dice, text)), glue.join([text] * count)


def _number(dice: Dice, number: int) -> str:
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) and dice.chance(0.2) else str(number)


def _count(dice: Dice) -> tuple[str, str]:
    def pair() -> tuple[int, int]:
        low = dice.one((0, 1, 1, 1, dice.whole(2, 59)))
        high = dice.whole(low + 1, min(60, low + dice.one((5, 10, 20, 59))))
        return (high, low) if dice.chance(0.15) else (low, high)

    first, last = dice.kept(pair)
    step = 1 if first < last else -1
    verb = (
        "(count|count up|list the numbers|say the numbers|write the numbers|give me the "
        "numbers|type the numbers)"
    )
    if step < 0:
        verb = "(count|count down|count backwards|list the numbers down|say the numbers backwards)"
    sources = [
        OPEN + verb + " from {a} (to|up to|until) {b}[ please| for me| now|, please| with commas]"
    ]
    if first == 1:
        sources.append(
            OPEN + "count [up] (to|until) {b}[ please| for me| now|, please| with commas]"
        )
    if step < 0:
        sources = [sources[0].replace("|up to", "|down to")]
    user = styled(dice, dice.phrase(*sources))
    user = user.replace("{a}", _number(dice, first)).replace("{b}", _number(dice, last))
    return user, ", ".join(str(number) for number in range(first, last + step, step))


def _list(dice: Dice) -> tuple[str, str]:
    items = [dice.kept(lambda: dice.one((word(dice), word(dice), words(dice, 1, 2))))
             for _ in range(dice.whole(2, 7))]  # fmt: skip
    kind = dice.one(("number", "number", "bullet"))
    how = {
        "number": "[ as a numbered list| in a numbered list| with numbers]",
        "bullet": " (as a bullet list|with bullets|with dashes|as bullet points)",
    }[kind]
    user = dice.phrase(
        OPEN + "(list|list out|write|number|put|show|give me) (the words|these words|these|the "
        f"items|the following|these items|these things){how}: {{x}}",
    )
    joined = dice.one((", ", ", ", "; ", " / ", "\n")).join(items)
    lines = [
        f"{place}. {item}" if kind == "number" else f"- {item}"
        for place, item in enumerate(items, 1)
    ]
    return styled(dice, user).rstrip(".!").replace("{x}", joined), "\n".join(lines)


def _end_word(dice: Dice) -> tuple[str, str]:
    some = [dice.kept(lambda: word(dice)) for _ in range(dice.whole(2, 7))]
    which = dice.one(("first", "last"))
    user = dice.phrase(
        OPEN + "(say|repeat|write|give me|tell me|print) (only |just |)the {w} word (of|in|from) "
        "[the (text|sentence|phrase|line)] {x}[ please| now|, nothing else]",
        OPEN + "(what is|which is|tell me) the {w} word (of|in|from) [the "
        "(text|sentence|phrase|line)] {x}",
        "here is a (text|sentence|phrase|line): {x}. (say|repeat|write|give me|tell me) (only "
        "|just |)its {w} word",
    )
    text = " ".join(some)
    user = styled(dice, user).replace("{w}", which).replace("{x}", _quoted(dice, text))
    return user, some[0] if which == "first" else some[-1]


def sample(dice: Dice) -> Talk:
    """One thing to repeat, sometimes after small talk."""
    makers, weights = (_once, _several, _count, _list, _end_word), (9, 3, 3, 2, 2)
    user, answer = dice.random.choices(makers, weights)[0](dice)
    before = exchange(dice) if dice.chance(0.12) else ()
    return Talk("repeat", (*before, user, answer), key=answer)
