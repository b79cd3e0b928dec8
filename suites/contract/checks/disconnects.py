"""Rules of clients that go away, and of neighbours."""

from __future__ import annotations

import asyncio

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, inconclusive, passed
from suites.contract.greedy import PROMPTS, ask_greedy, greedy
from suites.contract.probe import Probe
from suites.contract.reading import answer, settle_refusal
from suites.contract.running import dropped, freed, lasting, limit_s, running

GONE = "nobody reads the answer of a client that is gone"
# Time for the request to be read and begun.
BEGUN_S = 0.15
LONG_PROMPT = "The sea is wide and blue. " * 60
SEEDED_TOKENS = 16


async def _is_freed(
    probe: Probe, label: str, *, after_chunks: int = 0, hold_s: float = 0, **changes: Json
) -> Finding | None:
    """None when the request that is dropped so no longer runs in time."""
    limit = await limit_s(probe)
    exchange = await dropped(probe, await lasting(probe, **changes), after_chunks, hold_s)
    if exchange.error not in {"abandoned", "timeout"}:
        return inconclusive(f"{label}: the answer came before it could be dropped")
    took_s = await freed(probe, limit)
    if took_s is not None:
        return None
    told = f"{label}: it still runs {limit:.1f} s after the connection was closed"
    return failed(told, expected=f"no request runs after {limit:.1f} s", got=await running(probe))


@check("STR-38", "MUST", GONE, "A dropped stream ends its generation", stage=Stage.ADVERSARIAL)
async def stream_dropped(probe: Probe) -> Finding:
    """A stream closed after two pieces: two seconds later /metrics tells no running request.

    Half of what the answer takes undisturbed, when that is less. Needs a gauge in /metrics.
    """
    bad = await _is_freed(probe, "a stream", after_chunks=2, stream=True)
    return bad or passed("it no longer runs")


@check("STR-39", "SHOULD", GONE, "So does one dropped while it begins", stage=Stage.ADVERSARIAL)
async def dropped_early(probe: Probe) -> Finding:
    """Streams closed 150 ms after they were sent: with a short prompt, and with a long one."""
    for label, prompt in (("a short prompt", PROMPTS[0]), ("a long prompt", LONG_PROMPT)):
        messages: Json = [{"role": "user", "content": prompt}]
        bad = await _is_freed(probe, label, hold_s=BEGUN_S, stream=True, messages=messages)
        if bad:
            return bad
    return passed("none of them runs")


@check("STR-41", "SHOULD", GONE, "So does an answer in one piece", stage=Stage.ADVERSARIAL)
async def whole_dropped(probe: Probe) -> Finding:
    """A request without stream, closed shortly after it was sent."""
    bad = await _is_freed(probe, "an answer in one piece", hold_s=BEGUN_S, stream=False)
    return bad or passed("it no longer runs")


@check(
    "STR-40",
    "MUST",
    "requests are strangers",
    "A dropped stream changes no other answer",
    stage=Stage.ADVERSARIAL,
    needs="repeatable greedy output",
)
async def neighbours(probe: Probe) -> Finding:
    """The greedy text, streamed while two others are dropped: the text as it is alone.

    Where it differs next to two that are not dropped, too, this is inconclusive.
    """
    learned = await greedy(probe)

    async def beside(*others: Exchange | object) -> str:
        asked = ask_greedy(probe, learned.prompt, stream=True)
        found = await asyncio.gather(asked, *others)
        return answer(found[0]).text

    other = {"messages": [{"role": "user", "content": PROMPTS[1]}], "max_tokens": 200}
    disturbed = await beside(*(probe.glimpse(**other) for _ in range(2)))
    if disturbed == learned.text:
        return passed("the text is the same")
    calm = await beside(*(ask_greedy(probe, PROMPTS[1], stream=True) for _ in range(2)))
    if calm != learned.text:
        return inconclusive("the text differs next to any other request")
    return failed("the text differs", expected=learned.text, got=disturbed)


@check(
    "CHT-44", "SHOULD", "OpenAI OpenAPI 2.3.0, seed", "A neighbour does not change a seeded text"
)
async def isolated(probe: Probe) -> Finding:
    """Temperature 1 and a seed, alone twice and next to two others: one text."""

    async def sampled(seed: int) -> Exchange:
        return await probe.chat(temperature=1, seed=seed, max_tokens=SEEDED_TOKENS)

    first = await sampled(7)
    settle_refusal(first, "seed")
    alone, again = answer(first).text, answer(await sampled(7)).text
    if alone != again:
        return inconclusive("one seed gives two texts alone (see CHT-43)")
    among = await asyncio.gather(sampled(8), sampled(7), sampled(9))
    got = answer(among[1]).text
    if got != alone:
        return failed("neighbours change it", expected=alone, got=got, exchange=among[1])
    return passed("the same text among others")
