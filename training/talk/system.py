"""A system instruction that changes the answers to small talk."""

from __future__ import annotations

from collections.abc import Callable

from training.dice import Dice
from training.talk.smalltalk import ADJECTIVES, article, exchange, listed, styled
from training.talk.talk import Talk
from training.values import code, emoji, person, place, pseudo, script, text_kind, title, words

Instructed = tuple[str, tuple[str, ...], str | None]

JOBS = listed(
    "assistant,teacher,pirate,doctor,baker,farmer,sailor,robot,guide,librarian,chef,pilot,painter,"
    "singer,gardener,knight,wizard,poet,coach,butler,clerk,dentist,nurse,waiter,captain,detective,"
    "scientist"
)
EVERY = (
    "(every answer|each answer|all answers|every reply|each reply|your answers|all your "
    "replies|every message|each response|every response|your replies)"
)
MUST = (
    "[please |you must |always |you should |you always |it is important to |remember to |your "
    "task is to ]"
)
ALWAYS = (
    "[, always|, without exception|, no matter what|, whatever the user says| from now on| "
    "in this chat]"
)
BESIDE = ("You are a helpful assistant.", "Be friendly.", "You are an assistant.", "Be brief.",
          "You are a chat bot.", "Keep your answers short.")  # fmt: skip


def _few_words(dice: Dice) -> str:
    return words(dice, 1, 3)


demand = text_kind(
    lambda dice: (
        dice.one((words, pseudo, code, script, emoji, _few_words))(dice)
        + dice.one(("", "", "", "", "!", "."))
    )
)


def _said(dice: Dice, *sources: str) -> str:
    """An instruction, sometimes after or before a plain one; slots stay open."""
    text = styled(dice, dice.phrase(*sources), ".")
    if dice.chance(0.3):
        beside = dice.one(BESIDE)
        text = f"{beside} {text}" if dice.chance(0.6) else f"{text.rstrip('.')}. {beside}"
    return text


def _chat(dice: Dice, change: Callable[[str], str]) -> tuple[str, ...]:
    """One or two exchanges with every answer changed."""
    pairs = [exchange(dice) for _ in range(dice.one((1, 1, 1, 2)))]
    return tuple(text for user, answer in pairs for text in (user, change(answer)))


def _end(dice: Dice) -> Instructed:
    text = demand(dice).said
    system = _said(
        dice,
        f'{MUST}(end|finish|close|conclude) {EVERY} with[ the (words|word|text)] "{{x}}"{ALWAYS}',
        f'{MUST}(put|add|write|append) "{{x}}" (at|to) the end of {EVERY}{ALWAYS}',
        f'{EVERY} (must|should) (end|finish) with "{{x}}"{ALWAYS}',
    )
    return system.replace("{x}", text), _chat(dice, lambda answer: f"{answer} {text}"), text


def _begin(dice: Dice) -> Instructed:
    text = demand(dice).said
    system = _said(
        dice,
        f'{MUST}(begin|start|open) {EVERY} with[ the (words|word|text)] "{{x}}"{ALWAYS}',
        f'{MUST}(put|add|write) "{{x}}" (at the start of|before|in front of) {EVERY}{ALWAYS}',
        f'{EVERY} (must|should) (begin|start) with "{{x}}"{ALWAYS}',
    )
    return system.replace("{x}", text), _chat(dice, lambda answer: f"{text} {answer}"), text


def _only(dice: Dice) -> Instructed:
    text = demand(dice).said
    system = _said(
        dice,
        f"{MUST}(answer|reply|respond|say) (only with|with only|with nothing but|just with|only) "
        f'"{{x}}"{ALWAYS}',
        f"{MUST}(answer|reply to|respond to) (everything|every message|every question|all "
        f'questions|the user) with[ only| just] "{{x}}"{ALWAYS}',
        "(whatever the user says|to every message|no matter what the user asks), (say|answer|"
        'reply)[ only] "{x}"',
    )
    return system.replace("{x}", text), _chat(dice, lambda _: text), text


def _yes_no(dice: Dice) -> Instructed:
    text = dice.one(("no", "yes", "maybe", "No", "Yes", "never", "of course", "perhaps"))
    system = _said(
        dice,
        f'{MUST}(answer|say|reply) "{{x}}" to (every|each|any) (question|message|request){ALWAYS}',
        f'{MUST}(answer|say|reply) "{{x}}" (whenever|when|each time) the user '
        f"(asks|says|writes) (something|anything){ALWAYS}",
    )
    return system.replace("{x}", text), _chat(dice, lambda _: text), text


def _call(dice: Dice) -> Instructed:
    name = person(dice).said if dice.chance(0.6) else title(dice).said
    system = _said(
        dice,
        f"{MUST}(call|address) the user[ as] {{x}}{ALWAYS}",
        "the (user|name of the user|user's name|person you talk to) is[ called] {x}(, use|. use|; "
        f"use) (the name|that name|it) in {EVERY}",
        f"{MUST}use the name {{x}} for the user in {EVERY}",
    )
    first = dice.chance(0.5)

    def change(answer: str) -> str:
        if name in answer:
            return answer
        if answer.endswith("?"):
            return f"{answer} {name}."
        return f"{name}, {answer}" if first else f"{answer.rstrip('.!')}, {name}."

    return system.replace("{x}", name), _chat(dice, change), name


def _named(dice: Dice) -> Instructed:
    name = person(dice).said if dice.chance(0.7) else dice.kept(lambda: pseudo(dice).title())
    job = article((dice.one(ADJECTIVES) + " " if dice.chance(0.5) else "") + dice.one(JOBS))
    where = f" (from|at|in|of) {place(dice).said}" if dice.chance(0.4) else ""
    role, where = dice.one(("", f", {job}", f", {job}")), dice.free_phrase(where)
    system = _said(
        dice,
        "[from now on |in this chat |today |always remember: ](you are|your name is|you are "
        "called|play the role of|act as|pretend to be|you play|the assistant is|they call you) "
        "{x}[ and you (like to talk|are kind|help people|answer questions|are very polite)]",
    )
    system = system.replace("{x}", name + role + (where if role else ""))
    opening = "[hello, |hi, |hey, |so, |well, |please, |ok, ]"
    asked = dice.phrase(
        opening + "(who are you|what is your name|what's your name|tell me your name|how are you "
        "called|what do they call you|introduce yourself|say who you are|tell me who you are|who "
        "am I talking to|what should I call you|do you have a name|may I know your name)[ please| "
        "today| then| now| again]"
    )
    user = styled(dice, asked, "?")
    short = (f"I am {name}.", f"My name is {name}.", name)
    long = f"I am {name}{role}{where if role else ''}."
    before = exchange(dice) if dice.chance(0.15) else ()
    return system, (*before, user, dice.one((*short, long, long))), name


def _one_word(dice: Dice) -> Instructed:
    system = _said(
        dice,
        f"{MUST}(answer|reply|respond) (with|in|using) [only|just] (one word|a single word|exactly "
        f"one word|one word only){ALWAYS}",
        f"{EVERY} (must|should) be (one word|a single word|just one word){ALWAYS}",
    )
    rows = (
        ("(hello|hi|hey|good morning|good day|greetings)[ there| friend| you| again]", "Hello"),
        (
            "(are you there|can you help me|are you ready|do you hear me|are you happy)[ now| "
            "today]",
            "Yes",
        ),
        ("(are you a human|can you fly|do you eat|are you angry|can you swim)[ now| today]", "No"),
        ("(how are you|how do you feel|how is it going|how are you doing)[ now| today]", "Good"),
        ("(thanks|thank you|many thanks|thanks a lot)[ for that| my friend| again]", "Welcome"),
        ("(bye|goodbye|see you|good night|I have to go)[ now| then| my friend]", "Goodbye"),
    )
    source, answer = dice.one(rows)
    before = (
        "[so |well |oh |ok |and |hmm |now |tell me: |my question: |please say: |look, |right, ]"
    )
    return system, (styled(dice, dice.phrase(before + source)), answer), answer


def _when(dice: Dice) -> Instructed:
    cue, text = title(dice).said, demand(dice).said
    system = _said(
        dice,
        "(if|when|whenever|each time|every time) the user (says|writes|types|mentions|asks about) "
        '"{c}", (answer|reply|say|respond with|you say)[ only] "{x}"',
        '(answer|reply|say|respond with)[ only] "{x}" (if|when|whenever|each time) the user '
        '(says|writes|types|mentions|asks about) "{c}"',
    )
    system = system.replace("{c}", cue).replace("{x}", text)
    if dice.chance(0.3):
        return system, exchange(dice), None
    return system, (dice.one((cue, cue + ".", cue + "?", cue + "!")), text), text


def _plain(dice: Dice) -> Instructed:
    system = _said(
        dice,
        "you are a [very |quite ](helpful|kind|friendly|polite|small|careful|useful|little) "
        "(assistant|helper|chat bot|chatbot|companion|bot)[ who likes to talk| for everyone| that "
        "answers shortly]",
        "(be|stay|always be) [very |quite ](helpful|kind|friendly|polite|honest|brief|careful)[ "
        "and (short|clear|calm)][ to the user]",
    )
    return system, _chat(dice, lambda answer: answer), None


MAKERS: tuple[Callable[[Dice], Instructed], ...] = (
    _end, _begin, _only, _yes_no, _call, _named, _one_word, _when, _plain,
)  # fmt: skip


def sample(dice: Dice) -> Talk:
    """A system instruction and a chat that obeys it."""
    weights = (2, 2, 2, 1, 1.5, 3, 1, 1, 1)
    system, turns, key = dice.random.choices(MAKERS, weights)[0](dice)
    return Talk("system", turns, system, key)
