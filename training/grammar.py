"""The whole grammar: which conversations there are, and how often each comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from training import requests, situations
from training.dice import Dice
from training.family import Json
from training.sample import Sample
from training.sessions import session
from training.talk import essay, facts, repeat, smalltalk, system
from training.talk.talk import Talk

TALKS: dict[str, tuple[Callable[[Dice], Talk], int]] = {
    "essay": (essay.sample, 6),
    "facts": (facts.sample, 6),
    "repeat": (repeat.sample, 4),
    "smalltalk": (smalltalk.sample, 6),
    "system": (system.sample, 3),
}
# Of all samples; the rest are conversations with tools.
TALK_SHARE = 0.24
DOCUMENT_SHARE = 0.01
SESSION_SHARE = 0.34  # of the conversations with tools
# Conversations with turns before: some short, and few as long as the context.
HISTORY_SHARE, LONG_SHARE = 0.06, 0.01
# Characters of history: 2.5 are a token, and the whole must fit the context.
SHORT_HISTORY, LONG_HISTORY = (100, 1500), (1500, 9200)


def sample(dice: Dice, progress: float = 1.0) -> Sample:
    """One conversation. ``progress`` from 0 to 1 is where training stands: copying comes first."""
    early = progress < 0.06
    most = 2 if early else 8
    if not early and dice.chance(HISTORY_SHARE):
        return later(dice, most, dice.whole(*SHORT_HISTORY))
    if not early and dice.chance(LONG_SHARE):
        return later(dice, 3, dice.whole(*LONG_HISTORY))
    roll = dice.random.random()
    if not early and roll < DOCUMENT_SHARE:
        return Sample("document", "essay", (), document=essay.document(dice))
    if roll < TALK_SHARE:
        return talk(dice, most, only=("repeat", "facts") if early else tuple(TALKS))
    if early:
        return situations.call(dice, most)
    if dice.chance(SESSION_SHARE):
        return session(dice, most)
    names = list(situations.KINDS)
    weights = [situations.KINDS[name][1] for name in names]
    (name,) = dice.random.choices(names, weights)
    return situations.KINDS[name][0](dice, most)


def talk(dice: Dice, most: int, only: tuple[str, ...]) -> Sample:
    """A conversation that needs no tool, sometimes with tools on offer."""
    (name,) = dice.random.choices(only, [TALKS[one][1] for one in only])
    made = TALKS[name][0](dice)
    messages: list[dict[str, Json]] = []
    if made.system:
        messages.append({"role": "system", "content": made.system})
    messages += situations.turns(made.turns)
    tools = situations.offered(dice, [], most) if dice.chance(0.3) else []
    roll = dice.random.random()
    thinking = False if roll < 0.08 else None
    one = Sample(f"talk {name}", name, tuple(messages), tuple(tools), thinking, key=made.key)
    if roll > 0.9 and name != "essay":
        return requests.with_thought(dice, one, "No tool is needed.")
    return one


def later(dice: Dice, most: int, characters: int) -> Sample:
    """A call, or a question about what was said at the beginning, after ``characters`` of talk."""
    one = situations.call(dice, most) if dice.chance(0.5) else talk(dice, most, ("facts",))
    messages = list(one.messages)
    opening = 1 if messages[0]["role"] == "system" else 0
    at = opening + 2 if len(messages) - opening > 2 else opening
    between: list[dict[str, Json]] = []
    while sum(len(message["content"]) for message in between) < characters:
        name = dice.one(("essay", "smalltalk", "repeat"))
        between += situations.turns(TALKS[name][0](dice).turns)
    whole = (*messages[:at], *between, *messages[at:])
    return replace(one, situation=f"later {one.situation}", messages=whole)
