"""Many requests at once, each of which can be told from the others by what it must get back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from harness.records import Exchange
from harness.wire import Answer, dialect_for
from suites.contract.finding import Settled, inconclusive
from suites.contract.probe import Probe
from suites.contract.reading import at, decoded, is_int

CROWD = 32
TOPICS = ("rain", "a long road", "three old ships at sea", "the bread of a small town in spring")
TOKENS = 8  # of the answers that are learned alone; a crowd's are beginnings of them
CAPS = (8, 3, 5, 1)
# A shorter text may begin two different answers.
TELLING = 8  # characters


@dataclass(frozen=True, slots=True)
class Alone:
    """What a prompt gets when nobody else asks."""

    text: str
    prompt_tokens: int | None


@dataclass(frozen=True, slots=True)
class Guest:
    """One request of the crowd and its answer."""

    topic: int
    cap: int
    exchange: Exchange
    answer: Answer


@dataclass(frozen=True, slots=True)
class Crowd:
    """All of them, with what each topic gets alone."""

    alone: tuple[Alone, ...]
    guests: tuple[Guest, ...]


async def crowd(probe: Probe) -> Crowd:
    """The crowd's answers; asked once a run, evidence for each check.

    Raises:
        Settled: the topics are not answered alone either (inconclusive).
    """
    if "crowd" not in probe.state.memo:
        probe.state.memo["crowd"] = Crowd(await _singles(probe), await _guests(probe))
    gathered: Crowd = probe.state.memo["crowd"]
    probe.exchanges.clear()
    probe.attach(*(guest.exchange for guest in gathered.guests))
    return gathered


def _messages(topic: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": f"Tell me about {TOPICS[topic]}."}]


async def _singles(probe: Probe) -> tuple[Alone, ...]:
    found = []
    for topic in range(len(TOPICS)):
        exchange = await probe.chat(messages=_messages(topic), max_tokens=TOKENS)
        read = dialect_for("openai").read(exchange)
        if read.problem:
            raise Settled(inconclusive(f"a plain request is not answered: {read.problem}"))
        counted = at(decoded(exchange.body), "usage", "prompt_tokens")
        found.append(Alone(read.text, counted if is_int(counted) else None))
    return tuple(found)


async def _guests(probe: Probe) -> tuple[Guest, ...]:
    return tuple(await asyncio.gather(*(_guest(probe, number) for number in range(CROWD))))


async def _guest(probe: Probe, number: int) -> Guest:
    # Every topic meets every cap, both ways: the counts of the three cycles differ.
    topic, cap, streamed = number % 4, CAPS[number // 4 % 4], number // 16 == 1
    exchange = await probe.chat(messages=_messages(topic), max_tokens=cap, stream=streamed)
    return Guest(topic, cap, exchange, dialect_for("openai").read(exchange))


def problem(guest: Guest, alone: tuple[Alone, ...]) -> str | None:
    """What shows that an answer is none, or another request's."""
    read = guest.answer
    if read.problem:
        return read.problem
    mine = alone[guest.topic]
    if read.usage and mine.prompt_tokens not in {None, read.usage.prompt_tokens}:
        return f"{read.usage.prompt_tokens} prompt tokens, alone {mine.prompt_tokens}"
    if read.usage and (read.usage.completion_tokens or 0) > guest.cap:
        return f"{read.usage.completion_tokens} tokens, {guest.cap} asked for"
    others = [one.text for n, one in enumerate(alone) if n != guest.topic]
    telling = len(read.text) >= TELLING and not same(guest, alone)
    if telling and any(text.startswith(read.text) for text in others):
        return f"the text of another request: {read.text!r}"
    return None


def same(guest: Guest, alone: tuple[Alone, ...]) -> bool:
    """Whether the text begins the one that the prompt gets alone."""
    return alone[guest.topic].text.startswith(guest.answer.text)
