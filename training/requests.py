"""Clauses become what a user types; and what the model thinks before it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from training.dice import Dice
from training.family import Ask, Call, Family
from training.sample import Sample
from training.tools import fill, make_tool, parameters

DO = (
    "{do}", "{do}", "{do}", "{do}", "please {do}", "please {do}", "can you {do}?",
    "could you {do}?", "could you please {do}?", "{do} please", "{do}, please",
    "i need you to {do}", "i want you to {do}", "i'd like you to {do}", "would you {do}?",
    "would you mind: {do}", "hey, {do}", "now {do}", "{do}, thanks", "{do}. thanks!",
    "{do}. Thank you.", "kindly {do}", "your task: {do}", "you should {do}", "let's {do}",
    "ok, {do}", "I want to {do}", "I need to {do}", "help me {do}", "next, {do}", "go and {do}",
    "hello! {do}", "hi, can you {do}?", "{do} for me", "{do} right now", "just {do}",
    "time to {do}", "pls {do}", "can u {do}?", "could u pls {do}?", "do me a favour and {do}",
    "would you be able to {do}?", "any chance you could {do}?", "i was wondering if you could {do}",
    "it would be great if you could {do}", "if possible, {do}", "when you have a moment, {do}",
    "alright, {do}", "hey can you {do}?", "hi there, could you {do}?", "quick one: {do}",
    "be a dear and {do}", "sorry, can you {do}?", "{do} pls", "{do} asap", "{do}, would you",
    "{do} when you get a sec", "{do}. thx", "{do}. Cheers!",
)  # fmt: skip
# Wrappers that add words at the end can only follow a clause that says where its values end.
TAIL_SAFE = ('"', "'", ")", "]", "}")
ASK = (
    "{ask}?", "{ask}?", "{ask}?", "{ask}?", "{ask}", "please tell me: {ask}?", "hey, {ask}?",
    "hi! {ask}?", "quick question: {ask}?", "so, {ask}?", "{ask}? Thanks!", "tell me, {ask}?",
    "one question: {ask}?", "I wonder: {ask}?", "hello, {ask}?", "{ask}? please check",
    "yo, {ask}?", "just checking: {ask}?", "sorry to bother you: {ask}?", "random question: {ask}?",
    "ok so {ask}?", "{ask}? thx", "{ask}? Asking for a friend.", "one more thing: {ask}?",
)  # fmt: skip
BEFORE_WHOLE = (
    "", "", "", "hi, ", "hello, ", "ok, ", "hey, ", "so, ", "yo, ",
    "good morning, ", "hi there, ", "right, ", "listen, ", "well, ",
)  # fmt: skip
HINTS = ("Use the tool.", "Use a tool.", "use the tool", "Please use a tool.", "Use your tools.",
         "Call the tool.", "Use a function.", "Use the right tool.", "Look it up with a tool.",
         "Please call the function.", "use tools if you can")  # fmt: skip
SCENES = (
    "I am (planning|packing for|dreaming of) a (trip|holiday|party|visit|walk).",
    "(I had|It was|We had) a (long|good|busy|strange|quiet) (day|week|morning).",
    "(Thanks|Thank you) for (your help|helping|being here).",
    "I am [a bit|very|rather] (tired|busy|late|happy|curious|hungry)[ today].",
    "(Good|Fine) (morning|evening|afternoon).",
    "My (friend|sister|boss|neighbour|brother) (asked|wants to know|told me).",
    "(This|It) is (urgent|important|not urgent).",
    "I (hope|think) (you are well|this works|you can help).",
    "I (am|have been) (in a hurry|on my phone|at work|on the road|on the train).",
    "Sorry (for the typos|to bother you[ again]|for asking so late).",
    "My (kids|parents|colleagues|friends) are (waiting|asking|here).",
    "(Quick|Small|Another|One more) (favour|favor|thing|request).",
    "(I don't have much|There is not much|Not much) time.",
    "You were (great|very helpful|a big help) last time.",
    "I can't (do it|do this|check) myself (now|right now|here).",
    "(Hope|I hope) you're (well|fine|having a good day).",
)


def request(dice: Dice, one: Ask) -> str:
    """The clause with its wrapper, capital, end mark, and sometimes a hint or a scene."""
    text = _wrapped(dice, one)
    if dice.chance(0.1):
        text = f"{_ended(text)} {dice.one(HINTS)}"
    if dice.chance(0.08):
        text = f"{dice.free_phrase(*SCENES)} {text}"
    return text


def _wrapped(dice: Dice, one: Ask) -> str:
    lower = dice.chance(0.2)
    if one.whole:
        text = dice.one(BEFORE_WHOLE) + one.text
        text += "." if not text.endswith(("?", "!", ".")) and not lower else ""
    elif one.question:
        text = dice.one(ASK).replace("{ask}", one.text)
    else:
        wrapper = dice.one(DO)
        if wrapper.endswith(("do}", "do}?")) or one.text.endswith(TAIL_SAFE) or "do}." in wrapper:
            text = wrapper.replace("{do}", one.text)
        else:
            text = one.text
        if not text.endswith(("?", "!", ".")) and not lower and dice.chance(0.75):
            text += "." if dice.chance(0.9) else "!"
    own = text.startswith(tuple(one.text[:4])) and _starts_with_value(one)
    return text if lower or own else text[0].upper() + text[1:]


def _starts_with_value(one: Ask) -> bool:
    said = [str(value) for value in one.call.arguments.values()] + [one.tool.name]
    return any(one.text.startswith(text) for text in said)


def _ended(text: str) -> str:
    return text if text.endswith(("?", "!", ".")) else text + "."


def enumerated(dice: Dice, parts: Sequence[str]) -> str:
    """The parts as a list in a sentence: "a and b", "a, b and c"."""
    if len(parts) == 2:
        return dice.one((" and ", " and ", " and also ", ", ")).join(parts)
    return ", ".join(parts[:-1]) + dice.one((" and ", ", and ")) + parts[-1]


THEN: tuple[str, ...] = (" and then ", ", then ", " and after that ", ". Then ", " and ")
THEN_AFTER_A_QUESTION = (" Then ", " Then please ", " And then ")
AFTER_A_STATEMENT = (" Also, ", " And ", " ", " One more thing: ")
AND = (" and ", ", and ", " and also ", ". Also, ", "; ", " and then ", ". ", ", and please ")
BEFORE_SEVERAL = ("please ", "can you ", "hey, ", "I need two things: ", "two things: ")


def joined(dice: Dice, asks: Sequence[Ask], *, then: bool = False) -> str:
    """Several clauses in one message. Asks without a text are said by the one before."""
    texts = [one for one in asks if one.text]
    if len(texts) == 1:
        return request(dice, texts[0])
    glue = THEN if then else AND
    clauses = [one.text + ("?" if one.question and not then else "") for one in texts]
    if then and texts[0].question:
        clauses[0] += "?"
        glue = THEN_AFTER_A_QUESTION
    if any(one.whole for one in texts):
        clauses = [_ended(clause) for clause in clauses]
        glue = THEN_AFTER_A_QUESTION if then else AFTER_A_STATEMENT
    text = dice.one(glue).join(clauses)
    if dice.chance(0.25) and not texts[0].whole:
        text = dice.one(BEFORE_SEVERAL) + text
    if dice.chance(0.6):
        text = _ended(text)
    return text if dice.chance(0.2) or _starts_with_value(texts[0]) else text[0].upper() + text[1:]


def linked(dice: Dice, family: Family, free: str, sources: Sequence[str]) -> tuple[Ask, str] | None:
    """A request for a tool of the family whose slot ``free`` will come from an earlier result."""
    parts = parameters(dice, family)
    made = {slot.key: slot.kind(dice) for slot, _ in parts}
    text = dice.phrase(*sources)
    tool = make_tool(dice, family, parts, {slot.key: made[slot.key].schema for slot, _ in parts})
    names = {slot.key: name for slot, name in parts}
    places = {key: text.find("{" + key + "}") for key in names} | {free: _place(text)}
    said = sorted((key for key in names if places[key] >= 0), key=lambda key: places[key])
    needed = {slot.key for slot, _ in parts if not slot.optional}
    if not needed <= set(said):
        return None
    arguments = {names[key]: made[key].json for key in said}
    one = Ask(family.name, tool, fill(text, made), False, Call(tool.name, arguments))
    return one, names[free]


def _place(text: str) -> int:
    """Where a clause speaks of an earlier result."""
    found = re.search(r"\b(result|answer|outcome|it|what you found)\b", text)
    return found.start() if found else len(text)


# How a user asks for thinking, when the template's switch is not set.
THINK = (
    "Think first.", "Think before you answer.", "Think step by step.", "Please think first.",
    "Think about it.", "Reason step by step.", "Take your time and think.", "think carefully",
)  # fmt: skip


def thought_call(calls: Sequence[Call]) -> str:
    """The thought before calls: which tool fits, and with what."""
    parts = []
    for call in calls:
        pairs = [f"{k} is {json.dumps(v, ensure_ascii=False)}" for k, v in call.arguments.items()]
        parts.append(f"{call.name} fits." + (f" {', '.join(pairs)}." if pairs else ""))
    return " ".join(parts)


def with_thought(dice: Dice, sample: Sample, thought: str) -> Sample:
    """Now and then: thinking switched on, off, or asked for by the user."""
    roll = dice.random.random()
    if roll < 0.08:
        return replace(sample, thinking=False)
    if roll > 0.17:
        return sample
    last = sample.messages[-1]
    content = f"<think>\n{thought}\n</think>"
    if last["content"]:
        content += f"\n\n{last['content']}"
    messages = (*sample.messages[:-1], {**last, "content": content})
    if roll < 0.135:
        return replace(sample, messages=messages, thinking=True)
    asked = messages[-2]["content"]
    question = f"{_ended(asked)} {dice.one(THINK)}"
    messages = (*messages[:-2], {**messages[-2], "content": question}, messages[-1])
    return replace(sample, messages=messages)
