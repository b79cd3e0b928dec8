"""Rules of a server that is busy: it still tells what it is, and lets nobody wait for ever."""

from __future__ import annotations

import asyncio
import statistics

from harness.records import Exchange
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, inconclusive, passed, unsupported
from suites.contract.load import polls, prompt_polls, took_s
from suites.contract.probe import REQUEST_S, Probe
from suites.contract.reading import answer, shown

# A refusal needs no model; on a busy machine it may still wait for a time slice or two.
REFUSAL_S = 0.1
LONG_TOKENS = 32
BEFORE, AFTER = 2, 6  # long requests sent before and after the short one


@check("MOD-07", "SHOULD", "routers poll the list", "The list of models does not wait for answers")
async def listing(probe: Probe) -> Finding:
    """GET /models five times while others generate: HTTP 200 within a second."""
    return await prompt_polls(probe, "models", frozenset({200}))


@check("HEA-03", "SHOULD", "supervisors restart by it", "Health answers while the server is busy")
async def health(probe: Probe) -> Finding:
    """GET /health five times while others generate: HTTP 200 within a second."""
    taken = await polls(probe)
    if all(e.status in {404, 405, 501} for e in taken.asked["health"]):
        return unsupported("there is no /health")
    return await prompt_polls(probe, "health", frozenset({200}))


@check(
    "ERR-25", "SHOULD", "a refusal needs no model", "A bad request does not queue for its refusal"
)
async def refusal(probe: Probe) -> Finding:
    """An unknown role, five times while others generate: within 100 ms or half an answer's time."""
    taken = await polls(probe)
    exchanges = taken.asked["bad request"]
    probe.attach(*exchanges)
    if taken.load is None or taken.load.refused or not taken.load.durations_s:
        return inconclusive("the load itself was refused")
    usual_s = statistics.median(taken.load.durations_s)
    limit_s = max(REFUSAL_S, usual_s / 2)
    median_s = statistics.median(map(took_s, exchanges))
    told = f"{median_s * 1e3:.0f} ms for a refusal, {usual_s * 1e3:.0f} ms for an answer"
    if median_s > limit_s:
        expected = f"at most {limit_s * 1e3:.0f} ms"
        return failed(told, expected=expected, got=told, exchange=exchanges[0])
    return passed(told)


@check(
    "ROB-19",
    "SHOULD",
    "schedulers starve what they sort",
    "A short request is not overtaken by all later long ones",
    stage=Stage.ADVERSARIAL,
)
async def fairness(probe: Probe) -> Finding:
    """Two long requests, a short one, six long ones: the short one is not the last to end."""

    async def one(number: int, tokens: int) -> Exchange:
        messages = [{"role": "user", "content": f"Tell story number {number} about a town."}]
        body = probe.chat_body(messages=messages, max_tokens=tokens)
        request = probe.request("POST", "/chat/completions", body)
        return await probe.send(request, timeout_s=2 * REQUEST_S)

    tasks = []
    for number in range(BEFORE + 1 + AFTER):
        tokens = 1 if number == BEFORE else LONG_TOKENS
        tasks.append(asyncio.create_task(one(number, tokens)))
        await asyncio.sleep(0.005)  # in this order on the wire
    exchanges = await asyncio.gather(*tasks)
    short, later = exchanges[BEFORE], exchanges[BEFORE + 1 :]
    answer(short)
    overtaken = sum(one.end_ns < short.end_ns for one in later)
    if overtaken == AFTER:
        told = f"all {AFTER} later requests of {LONG_TOKENS} tokens ended before one of 1 token"
        return failed(told, expected="an earlier turn", got=shown(short), exchange=short)
    return passed(f"{overtaken} of {AFTER} later long requests ended first")
