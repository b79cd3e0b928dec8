"""What can happen in a conversation with tools, each as a function that makes a sample."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from training import requests, values
from training.anyfunction import any_ask
from training.catalogue import FAMILIES, GROUPS
from training.dice import Dice
from training.family import Ask, Call, Json, Tool
from training.sample import Sample
from training.tools import ask, listed, spoken

Message = dict[str, Any]

# Families whose single required value can be said several times in one clause.
FANS = ("weather", "stock", "clock_time", "contacts", "tracking")
NO_TOOL = (
    "I have no tool for that.",
    "None of my tools can do that.",
    "Sorry, no tool here can do that.",
    "I cannot do that with my tools.",
)
ASKING = ("What is the {x}?", "Which {x} should I use?", "Please tell me the {x}.")
FAILED = ("That did not work: {x}.", "The tool failed: {x}.", "Sorry, that failed: {x}.")


def any_family(dice: Dice) -> Ask:
    """A request of some family; a third are for functions that nobody has written."""
    if dice.chance(0.34):
        return any_ask(dice)
    return ask(dice, dice.one(FAMILIES))


def group(family: str) -> str:
    """Families in one group could serve each other's requests."""
    return GROUPS.get(family, family)


def offered(dice: Dice, wanted: Sequence[Ask], most: int, *, strangers: bool = False) -> list[Tool]:
    """The tools of the asks among others, at most ``most`` in all, in random order.

    ``strangers`` leaves the asks' own tools out, and all that could serve them.
    """
    own = {group(one.family) for one in wanted}
    tools = {} if strangers else {one.tool.name: one.tool for one in wanted}
    few = 1 if dice.chance(0.45) else dice.whole(1, min(most, 3 if dice.chance(0.6) else 8))
    count = max(len(tools), few)
    while len(tools) < count:
        other = any_family(dice)
        close = group(other.family) in own and other.family != "any function"
        if close and (strangers or other.family in {one.family for one in wanted}):
            continue
        tools.setdefault(other.tool.name, other.tool)
    return dice.shuffled(list(tools.values()))


def user(text: str) -> Message:
    """A user's message."""
    return {"role": "user", "content": text}


def says(text: str) -> Message:
    """An assistant's message."""
    return {"role": "assistant", "content": text}


def turns(texts: Sequence[str]) -> list[Message]:
    """What the user and the assistant say in turn."""
    return [(user, says)[number % 2](text) for number, text in enumerate(texts)]


def calling(calls: Sequence[Call], first: int = 1) -> Message:
    """An assistant's message that calls; the calls' ids count from ``first``."""
    entries = [call.message(number) for number, call in enumerate(calls, first)]
    return {"role": "assistant", "content": "", "tool_calls": entries}


def tool(content: str, number: int = 1) -> Message:
    """A tool's answer."""
    return {"role": "tool", "tool_call_id": f"call_{number}", "content": content}


def call(dice: Dice, most: int, one: Ask | None = None) -> Sample:
    """One request, one call."""
    one = one or any_family(dice)
    messages = (user(requests.request(dice, one)), calling([one.call]))
    thought = requests.thought_call([one.call])
    tools = tuple(offered(dice, [one], most))
    made = Sample("call", one.family, messages, tools, calls=(one.call,))
    return requests.with_thought(dice, made, thought)


def two(dice: Dice, most: int) -> Sample:
    """Two requests, or seldom three, in one message: as many calls at once."""
    asks = _fan(dice) if dice.chance(0.4) else [any_family(dice), any_family(dice)]
    names = {one.tool.name for one in asks}
    if len(names) != len({id(one.tool) for one in asks}):
        return two(dice, most)
    if len(asks) == 2 and asks[0].tool is not asks[1].tool and dice.chance(0.1):
        asks.append(any_family(dice))
    text = requests.joined(dice, asks)
    calls = tuple(one.call for one in asks)
    messages = (user(text), calling(calls))
    made = Sample("two", asks[0].family, messages, tuple(offered(dice, asks, most)), None, calls)
    return requests.with_thought(dice, made, requests.thought_call(calls))


def _fan(dice: Dice) -> list[Ask]:
    """The same tool for two or three values, said in one clause or in several."""
    chosen = dice.one([family for family in FAMILIES if family.name in FANS])
    first = ask(dice, chosen)
    if len(first.call.arguments) != 1:
        return _fan(dice)
    ((name, value),) = first.call.arguments.items()
    if first.text.count(str(value)) != 1:
        return _fan(dice)
    more = [chosen.slots[0].kind(dice).json for _ in range(1 if dice.chance(0.75) else 2)]
    every = [value, *more]
    if len(set(every)) < len(every):
        return _fan(dice)
    text = first.text.replace(str(value), requests.enumerated(dice, every))
    asks = [
        Ask(first.family, first.tool, "", first.question, Call(first.tool.name, {name: one}))
        for one in every
    ]
    asks[0] = Ask(first.family, first.tool, text, first.question, first.call, whole=first.whole)
    return asks


def lacking(dice: Dice) -> Ask:
    """A request of some family, or for any function, that leaves a required value out."""
    if dice.chance(0.6):
        return any_ask(dice, missing=True)
    family = dice.one([family for family in FAMILIES if family.missing])
    return ask(dice, family, missing=dice.one(sorted(family.missing)))


def missing(dice: Dice, most: int) -> Sample:
    """A required value is not there: the right answer asks for it."""
    one = lacking(dice)
    wanted = one.missing or ""
    answer = dice.one(ASKING).replace("{x}", wanted)
    messages = (user(requests.request(dice, one)), says(answer))
    made = Sample("missing", one.family, messages, tuple(offered(dice, [one], most)), key=wanted)
    return requests.with_thought(dice, made, f"{one.tool.name} fits, but the {wanted} is missing.")


def unserved(dice: Dice) -> Ask:
    """A request that no tool will fit: mostly of a family, since a strange name is easily seen."""
    return any_ask(dice) if dice.chance(0.12) else ask(dice, dice.one(FAMILIES))


def nofit(dice: Dice, most: int) -> Sample:
    """No tool can serve the request (or there are none at all)."""
    one = unserved(dice)
    answer, text = dice.one(NO_TOOL), requests.request(dice, one)
    tools = [] if dice.chance(0.1) else offered(dice, [one], most, strangers=True)
    if any(other.name in text for other in tools):
        return nofit(dice, most)
    made = Sample("nofit", one.family, (user(text), says(answer)), tuple(tools))
    return requests.with_thought(dice, made, "No tool fits.")


def content(dice: Dice, result: Json) -> str:
    """A tool's answer as text: mostly JSON, sometimes indented, sometimes a bare value."""
    if len(result) == 1 and dice.chance(0.3):
        return spoken(next(iter(result.values())))
    if dice.chance(0.15):
        return "\n".join(f"{key}: {spoken(value)}" for key, value in result.items())
    return json.dumps(result, ensure_ascii=False, indent=2 if dice.chance(0.1) else None)


def retold(one: Ask, told: str) -> str:
    """What is said of a tool's answer; of a bare value, whose key nobody sees, just the value."""
    bare = len(one.result) == 1 and not told.startswith(("{", "["))
    return f"The result is {told}." if bare else one.answer


def result(dice: Dice, most: int) -> Sample:
    """The tool has answered: the model tells it. Sometimes the tool has failed."""
    one = any_family(dice)
    opening = (user(requests.request(dice, one)), calling([one.call]))
    tools = tuple(offered(dice, [one], most))
    if dice.chance(0.2):
        problem = values.words(dice, 2, 6)
        failed = dice.one(('{"error": "X"}', "Error: X", '{"status": "error", "message": "X"}'))
        excuse = dice.one(FAILED).replace("{x}", problem)
        last = (tool(failed.replace("X", problem)), says(excuse))
        return Sample("error", one.family, opening + last, tools, key=problem)
    told = content(dice, one.result)
    answer, key = retold(one, told), spoken(next(iter(one.result.values())))
    last = (tool(told), says(answer))
    held = key if key in answer else None
    return Sample("result", one.family, opening + last, tools, key=held)


def two_results(dice: Dice, most: int) -> Sample:
    """Two calls, two answers, one sentence each."""
    asks = [any_ask(dice), any_ask(dice)]
    if asks[0].tool.name == asks[1].tool.name:
        return two_results(dice, most)
    outcomes = [{next(iter(one.result)): next(iter(one.result.values()))} for one in asks]
    messages = (
        user(requests.joined(dice, asks)),
        calling([one.call for one in asks]),
        *(tool(json.dumps(o, ensure_ascii=False), n) for n, o in enumerate(outcomes, 1)),
        says(" ".join(listed(outcome) for outcome in outcomes)),
    )
    key = spoken(next(iter(outcomes[1].values())))
    tools = tuple(offered(dice, asks, most))
    return Sample("result", "any function", messages, tools, key=key)


LINKS = {
    "message": (
        "(send|text|message|forward) the (result|answer|outcome) to {to}",
        "(send|text|tell) {to} the (result|answer|outcome)",
        "let {to} know (the result|what you found)",
    ),
    "notes": (
        "(save|note|write down|keep|store) the (result|answer|outcome) [in my notes]",
        "make a note of (it|the result|the answer)",
    ),
    "search": (
        "search [the web|online] for the (result|answer|outcome)",
        "look the (result|answer) up online",
    ),
    "translation": ("translate the (result|answer|outcome) (to|into) {target}",),
}


def chain(dice: Dice, most: int) -> Sample:
    """Two steps: what the first tool answers is what the second one needs."""
    first, second = any_family(dice), _second(dice)
    if not first.result or second is None or first.tool.name == second[0].tool.name:
        return chain(dice, most)
    step, slot = second
    value = spoken(next(iter(first.result.values())))
    then = Call(step.call.name, {**step.call.arguments, slot: value})
    outcome = {next(iter(first.result)): next(iter(first.result.values()))}
    text = requests.joined(dice, [first, step], then=True)
    messages: tuple[Message, ...] = (
        user(text),
        calling([first.call]),
        tool(content(dice, outcome)),
        calling([then], 2),
    )
    tools = tuple(offered(dice, [first, step], most))
    if dice.chance(0.4):
        done = dice.one(('{"status": "ok"}', "ok", "{}", '{"done": true}'))
        return Sample("result", "chain", (*messages, tool(done, 2), says("Done.")), tools)
    return Sample("chain", "chain", messages, tools, calls=(then,))


def _second(dice: Dice) -> tuple[Ask, str] | None:
    """A request that speaks of "the result", and the parameter that it goes to."""
    name = dice.one(sorted(LINKS))
    family = next(f for f in FAMILIES if f.name == name)
    free = {"message": "text", "notes": "text", "search": "query", "translation": "text"}[name]
    return requests.linked(dice, family, free, LINKS[name])


KINDS = {
    "call": (call, 36),
    "two": (two, 20),
    "missing": (missing, 28),
    "nofit": (nofit, 24),
    "result": (result, 6),
    "results": (two_results, 2),
    "chain": (chain, 6),
}
