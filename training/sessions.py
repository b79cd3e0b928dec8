"""Long conversations over one list of tools: many answers to learn for one prompt to read."""

from __future__ import annotations

from training import requests
from training.dice import Dice
from training.family import Ask
from training.sample import Sample
from training.situations import (
    ASKING,
    FAILED,
    NO_TOOL,
    Message,
    any_family,
    calling,
    content,
    group,
    lacking,
    retold,
    says,
    tool,
    turns,
    unserved,
    user,
)
from training.talk import facts, repeat, smalltalk
from training.values import words

TALKS = (smalltalk.sample, smalltalk.sample, facts.sample, repeat.sample)


def session(dice: Dice, most: int) -> Sample:
    """Three to nine turns: calls, some with results, missing values, no fitting tool, and talk."""
    asks = [_ask(dice) for _ in range(dice.whole(2, min(6, most)))]
    others = [any_family(dice) for _ in range(dice.one((0, 0, 0, 1, 1, 2)))]
    offered = {one.tool.name: one.tool for one in (*asks, *others)}
    if len(offered) < len(asks) + len(others):
        return session(dice, most)
    groups = {group(one.family) for one in (*asks, *others)}
    parts = [_served(dice, one) for one in asks]
    for _ in range(dice.one((0, 1, 1, 2, 2, 3))):
        unfit = dice.chance(0.75)
        parts.append(_nofit(dice, groups) if unfit else turns(dice.one(TALKS)(dice).turns))
    messages = [message for part in dice.shuffled(parts) for message in part]
    return Sample(
        "session", "session", tuple(messages), tuple(dice.shuffled(list(offered.values())))
    )


def _ask(dice: Dice) -> Ask:
    if dice.chance(0.7):
        return any_family(dice)
    return lacking(dice)


def _served(dice: Dice, one: Ask) -> list[Message]:
    asked = user(requests.request(dice, one))
    if one.missing is not None:
        return [asked, says(dice.one(ASKING).replace("{x}", one.missing))]
    turn = [asked, calling([one.call])]
    if dice.chance(0.5):
        return turn
    if dice.chance(0.12):
        problem = words(dice, 2, 6)
        return [*turn, tool(f"Error: {problem}"), says(dice.one(FAILED).replace("{x}", problem))]
    told = content(dice, one.result)
    return [*turn, tool(told), says(retold(one, told))]


def _nofit(dice: Dice, groups: set[str]) -> list[Message]:
    one = unserved(dice)
    while group(one.family) in groups and one.family != "any function":
        one = unserved(dice)
    return [user(requests.request(dice, one)), says(dice.one(NO_TOOL))]
