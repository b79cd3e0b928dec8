"""Facts that the user or the system states, and a question about one of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from training.dice import Dice
from training.family import Value
from training.talk.smalltalk import NOUNS, capital, exchange, listed, styled
from training.talk.talk import Talk
from training.values import (
    anything,
    clock,
    code,
    day,
    digits,
    email,
    filename,
    identifier,
    integer,
    person,
    phone,
    place,
    pseudo,
    text_kind,
    title,
    word,
)  # fmt: skip

Maker = Callable[[Dice], Value]

number_text = text_kind(lambda dice: digits(dice, 2, 7))
new_word = text_kind(lambda dice: pseudo(dice).title())
few_words = text_kind(lambda dice: " ".join(word(dice) for _ in range(dice.whole(1, 3))))
thing = text_kind(
    lambda dice: (
        "the "
        + (word(dice) + " " if dice.chance(0.5) else "")
        + (dice.one(NOUNS) if dice.chance(0.6) else pseudo(dice))
    )
)
small = integer(1, 99, spoken=False)

ATTRIBUTES = listed(
    "colour,color,name,price,size,weight,height,length,age,owner,number,address,password,status,"
    "title,speed,model,version,date,place,shape,brand,capital,leader,symbol,motto,label,key,port,"
    "level,score"
)
BELONGINGS = listed(
    "favorite colour,favourite food,favorite number,phone number,lucky "
    "number,password,dog,cat,car,boss,best "
    "friend,hobby,job,email,address,team,room,desk,brother,sister,teacher,birthday,nickname,city,"
    "favorite book,favourite song,locker number,user name,secret word,home town"
)


def _any_value(dice: Dice) -> Value:
    kinds: tuple[Maker, ...] = (
        identifier, number_text, few_words, few_words, person, place, anything, title, small, clock,
        day, phone, email, filename, new_word,
    )  # fmt: skip
    return dice.one(kinds)(dice)


@dataclass(frozen=True, slots=True)
class Form:
    """A way to state a fact, to ask for its value and to answer in a sentence."""

    state: str
    ask: str
    answer: str
    owner: Maker
    value: Maker
    attributes: tuple[str, ...] = ("",)


def _of(dice: Dice) -> Value:
    return dice.one((person, place, thing, new_word, thing))(dice)


WHAT = (
    "(what is|what's|tell me|give me|say|do you know|can you tell me|I need|remind me "
    "of|please tell me)"
)
FORMS = (
    Form("(the {a} of {o} is {v}|{o} has the {a} {v}|{a} of {o}: {v}|{v} is the {a} of {o})",
         WHAT + " the {a} of {o}", "the {a} of {o} is {v}.", _of, _any_value, tuple(ATTRIBUTES)),
    Form("({o} lives in {v}|{o} has a home in {v}|the home of {o} is in {v}|{o} is living in {v})",
         "(where does {o} live|in which (place|city|town) does {o} live|where is the home of "
         "{o}|tell me where {o} lives|which place does {o} live in)",
         "{o} lives in {v}.", person, place),
    Form("({o}'s {a} is {v}|{o}'s {a}: {v}|the {a} of {o} is {v}|{v} is {o}'s {a})",
         WHAT + " ({o}'s {a}|the {a} of {o})",
                 "{o}'s {a} is {v}.", person, _any_value, tuple(BELONGINGS)),
    Form("(the code for {o} is {v}|{o} has the code {v}|use the code {v} for {o}|code for {o}: "
    "{v})",
         "(" + WHAT + " the code for {o}|which code (is for|belongs to|do I use for|do I need "
                      "for) {o})",
         "the code for {o} is {v}.", _of, identifier),
    Form("(my {a} is {v}|{v} is my {a}|my {a}: {v}|you should know my {a}, it is {v})", WHAT + " "
    "my {a}",
         "your {a} is {v}.", new_word, _any_value, tuple(BELONGINGS)),
    Form("({o} is {v} years old|{o} has the age of {v} years|the age of {o} is {v})",
         "(how old is {o}|" + WHAT + " the age of {o})", "{o} is {v} years old.", person, small),
    Form("({o} costs {v} euros|the price of {o} is {v} euros|you can buy {o} for {v} euros)",
         "(how much (is|does it cost to get) {o}|what does {o} cost|" + WHAT + " the price of {o})",
         "{o} costs {v} euros.", thing, small),
    Form("(the meeting with {o} is at {v}|I meet {o} at {v}|{o} has a meeting at {v}|at {v} there "
    "is the meeting with {o})",
    "(when is the meeting with {o}|at what time is the meeting with {o}|what time is the meeting "
    "with {o})", "the meeting with {o} is at {v}.", person, clock),
    Form("({o} was born in {v}|the birthplace of {o} is {v}|{v} is where {o} was born)",
         "(where was {o} born|in which (place|city|town) was {o} born|" + WHAT + " the birthplace "
         "of {o})",
         "{o} was born in {v}.", person, place),
    Form("({o} belongs to {v}|the owner of {o} is {v}|{v} owns {o})",
         "(who owns {o}|who does {o} belong to|who is the owner of {o}|whose is {o})",
         "{o} belongs to {v}.",
         thing, person),
    Form("({o} likes {v}|{o} really likes {v}|what {o} likes is {v}|{o} is fond of {v})",
         "(what does {o} like|tell me what {o} likes|what is {o} fond of)",
         "{o} likes {v}.", person, few_words),
    Form("(the capital of {o} is {v}|{v} is the capital of {o}|{o} has the capital {v})",
         "(what is the capital of {o}|which city is the capital of {o}|tell me the capital of {o})",
         "the capital of {o} is {v}.", new_word, new_word),
    Form("({o} is in {v}|you find {o} in {v}|I put {o} in {v}|we keep {o} in {v})",
         "(where is {o}|where (do I|can I|do we) find {o}|in which place is {o}|tell me where {o} "
         "is)",
         "{o} is in {v}.", thing, place),
    Form("({o} works as {v}|the job of {o} is {v}|{o} has a job as {v})",
         "(what does {o} work as|" + WHAT + " the job of {o}|which job does {o} have)",
         "{o} works as {v}.",
         person, few_words),
    Form("({o} = {v}|{o}: {v}|{o} is {v}|{o} means {v}|{o} stands for {v})",
         "(what is {o}|what does {o} mean|what does {o} stand for|tell me the value of {o}|{o} is "
         "what)",
         "{o} is {v}.", text_kind(code), _any_value),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A form with its slots filled."""

    form: Form
    owner: str
    attribute: str
    value: str

    def fill(self, source: str) -> str:
        """The text with this fact's owner, attribute and value."""
        slots = {"{o}": self.owner, "{a}": self.attribute, "{v}": self.value}
        return re.sub(r"\{[oav]\}", lambda slot: slots[slot[0]], source)

    def sentence(self, source: str) -> str:
        """The filled text with a capital first, unless a name or a value comes first."""
        bare = source.startswith("{v}") or (source[:3] == "{o}" and self.owner[:4] != "the ")
        return self.fill(source) if bare else capital(self.fill(source))

    def slot(self) -> tuple[str, str]:
        """What tells this fact from others."""
        mine = "my {a}" in self.form.state
        return "" if mine else self.owner.lower(), self.attribute.replace("colour", "color")


def _fact(dice: Dice, form: Form, owner: str | None = None) -> Fact:
    said = owner or form.owner(dice).said
    return Fact(form, said, dice.one(form.attributes), form.value(dice).said)


def _facts(dice: Dice, count: int) -> list[Fact]:
    """Different facts: of one form, about one owner, or mixed."""
    form, mixed = dice.one(FORMS), dice.chance(0.45)
    owner = form.owner(dice).said if form.attributes != ("",) and dice.chance(0.25) else None
    made: dict[tuple[str, str], Fact] = {}
    while len(made) < count:
        fact = _fact(dice, dice.one(FORMS) if mixed else form, None if mixed else owner)
        if fact.slot() not in made and (fact.attribute or not _shares_owner(fact, made)):
            made[fact.slot()] = fact
    return list(made.values())


def _shares_owner(fact: Fact, made: dict[tuple[str, str], Fact]) -> bool:
    return any(fact.owner.lower() == other.owner.lower() for other in made.values())


LEAD = (
    "[note that |remember that |remember: |you should know that |I know that |fyi: |by the "
    "way, |note: |look: |I heard that |it is known that |please note: |keep in mind that |for your "
    "information: |let me tell you: |we know that |here is a fact: |also, |and ]"
)
BEFORE = (
    "[so, |now, |well, |ok, |please, |hey, |and now, |quick question: |question: |my "
    "question: |tell me, |one thing: |say, |then, |listen, ]"
)
HEADS = (
    "(here are (some|the|my) (facts|notes|things|data|details)[ for you| to remember]:|read "
    "this:|context:|notes:|facts:|remember this:|information:|please remember:|use these facts:|"
    "here is what I know:)"
)


def _stated(dice: Dice, facts: list[Fact]) -> str:
    style = dice.one((". ", ". ", ". ", ".\n", "\n- ", "; ", "\n"))
    lines = []
    for fact in facts:
        lead = LEAD if dice.chance(0.25) and style == ". " else ""
        source = dice.phrase(LEAD + fact.form.state) if lead else dice.free_phrase(fact.form.state)
        lines.append(fact.sentence(source) if dice.chance(0.7) else fact.fill(source))
    head = styled(dice, dice.phrase(HEADS + " ")) if dice.chance(0.35) else ""
    head = head.rstrip(".!")
    body = style.join(lines) + ("." if style.startswith(".") else "")
    if style == "\n- ":
        body = ("\n- " if head else "- ") + body
    return f"{head}{'' if body.startswith(chr(10)) else ' '}{body}".strip()


def _asked(dice: Dice, fact: Fact) -> tuple[str, str]:
    """A question, and the answer: the value alone or in a sentence."""
    hint = dice.one(("", "", "", "", "short", "long"))
    tail = {
        "": "",
        "short": "(answer with the value only|only the value|short answer|just the value)",
        "long": "(answer in a sentence|answer with a full sentence|use a whole sentence)",
    }[hint]
    source = dice.phrase(BEFORE + fact.form.ask + "[ again| please| exactly]")
    user = fact.fill(styled(dice, source, "?"))
    if tail:
        user += "" if user[-1] in "?.!" else "?"
        user += f" {capital(dice.free_phrase(tail))}."
    if hint == "long" or (hint == "" and dice.chance(0.5)):
        return user, fact.sentence(fact.form.answer)
    return user, fact.value + dice.one(("", "", "."))


READY = (
    "(Okay|Noted|Sure|All right|Good|I see|Understood|Got it)[, I will remember that|, I "
    "know that now|. I will keep it in mind|. Thank you for telling me]."
)


def _asking_unknown(dice: Dice, facts: list[Fact]) -> tuple[str, str]:
    """A question whose answer nobody gave."""
    known = {fact.slot() for fact in facts}
    while True:
        near = dice.one(facts)
        same = near.form.attributes != ("",) and dice.chance(0.4)
        other = _fact(dice, near.form, near.owner if same else None)
        if other.slot() not in known:
            return _asked(dice, other)[0], "I do not know that."


def _question(dice: Dice, facts: list[Fact]) -> tuple[str, str, str]:
    """A question, its answer, and what an exact answer holds."""
    if dice.chance(0.1):
        user, answer = _asking_unknown(dice, facts)
        return user, answer, answer
    fact = dice.one(facts)
    return *_asked(dice, fact), fact.value


def sample(dice: Dice) -> Talk:
    """Facts before, beside or above a question about one of them."""
    facts = _facts(dice, dice.one((1, 1, 2, 2, 3, 3, 4, 5, 6, 8)))
    told = _stated(dice, facts)
    user, answer, key = _question(dice, facts)
    more: tuple[str, ...] = ()
    for _ in range(dice.one((0, 0, 1, 2, 3))):
        again, reply, key = _question(dice, facts)
        more = (*more, again, reply)
    where = dice.random.random()
    if where < 0.2:
        return Talk("facts", (user, answer, *more), told, key)
    if where < 0.6:
        glue = dice.one((" ", " ", "\n", "\n\n"))
        told = told if told[-1] in ".!?" or "\n" in glue else told + "."
        joined = f"{user}{glue}{told}" if dice.chance(0.15) else f"{told}{glue}{user}"
        return Talk("facts", (joined, answer, *more), key=key)
    between = exchange(dice) if dice.chance(0.25) else ()
    return Talk("facts", (told, dice.free_phrase(READY), *between, user, answer, *more), key=key)
