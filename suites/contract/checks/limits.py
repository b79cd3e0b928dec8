"""Rules of sizes: bodies, prompts, numbers and connections at their limits."""

from __future__ import annotations

import json
from typing import Any

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.context import declared_context
from suites.contract.errorbody import openai_error_problem
from suites.contract.finding import (
    Finding,
    Settled,
    divergent,
    failed,
    passed,
    skipped,
    unsupported,
)
from suites.contract.greedy import ask_greedy, greedy
from suites.contract.lines import flood, half_closed, held
from suites.contract.probe import REQUEST_S, Probe
from suites.contract.reading import (
    REFUSALS,
    Tally,
    answer,
    at,
    decoded,
    is_int,
    ok_object,
    refusal_problem,
    shown,
)

CHAT, TEXT, MESSAGES = "/chat/completions", "/completions", "/messages"
# Beyond the limits that servers and proxies set for JSON (1 to 32 MiB), and quick on loopback.
FLOOD_BYTES = 64 * 1024 * 1024
FLOOD_S = 15.0
HALF_OPEN = 50
# A prompt as long as the context is a slow request; a small model reads 4,000 in ten seconds.
QUICK_CONTEXT, THOROUGH_CONTEXT = 2_048, 40_000


async def _routes(probe: Probe) -> list[str]:
    """The generating routes that are there."""
    found = [CHAT]
    for path in (TEXT, MESSAGES):
        try:
            await probe.needs_route(path, path)
        except Settled:
            continue
        found.append(path)
    return found


def _post_body(probe: Probe, path: str, changes: dict[str, Json]) -> dict[str, Any]:
    make = probe.completion_body if path == TEXT else probe.chat_body
    return make(**changes)


async def _post(probe: Probe, path: str, **changes: Json) -> Exchange:
    return await probe.post(path, _post_body(probe, path, changes), anthropic=path == MESSAGES)


@check(
    "ERR-08",
    "MUST",
    "OpenAI OpenAPI 2.3.0; Anthropic's API, minimum 1",
    "A cap below the least is refused on every route",
    stage=Stage.ADVERSARIAL,
)
async def caps(probe: Probe) -> Finding:
    """-1 as each route's cap, and 0 where the route knows no empty answer: HTTP 400.

    0 is fair on /completions (lm-eval scores prompts with it) and on /messages (it warms a cache).
    """
    tally = Tally(expected="HTTP 400 (or 422) each")
    for path in await _routes(probe):
        for value in (-1, 0) if path == CHAT else (-1,):
            exchange = await _post(probe, path, max_tokens=value)
            tally.refused(f"{path} max_tokens {value}", exchange)
    for value in (-1, 0):
        changes: dict[str, Json] = {"max_tokens": 2, "max_completion_tokens": value}
        exchange = await _post(probe, CHAT, **changes)
        tally.refused(f"max_completion_tokens {value}", exchange)
    return tally.finding("all are refused")


@check(
    "ERR-09",
    "MUST",
    "OpenAI OpenAPI 2.3.0; Anthropic's API, enum",
    "A role that is none is refused on every route",
    stage=Stage.ADVERSARIAL,
)
async def roles(probe: Probe) -> Finding:
    """Role "banana", "", 5, null and none, on chat and on messages: HTTP 400."""
    tally = Tally(expected="HTTP 400 (or 422) each")
    nameless: dict[str, Json] = {"content": "Hi"}
    for path in [path for path in await _routes(probe) if path != TEXT]:
        turns = [nameless, *({**nameless, "role": role} for role in ("banana", "", 5, None))]
        for turn in turns:
            exchange = await _post(probe, path, messages=[turn], max_tokens=2)
            told = f"{path} role {turn.get('role', 'absent')!r}"
            tally.refused(told, exchange)
    return tally.finding("all are refused")


@check(
    "ERR-10",
    "MUST",
    "RFC 9110, 15.5.14",
    "A body over the limit is a 413 that can be read",
    stage=Stage.LETHAL,
)
async def large_body(probe: Probe) -> Finding:
    """64 MiB, most of it white space: HTTP 413, and time to read it. Without a limit: an answer.

    Writing stops as soon as the server says something.
    """
    body = json.dumps(probe.chat_body(max_tokens=1)).encode()
    head = probe.raw_post(
        CHAT,
        b"",
        headers={
            "Content-Length": str(FLOOD_BYTES + len(body)),
            "Connection": "keep-alive",
        },
        length=False,
    )
    exchange = await flood(probe, head, FLOOD_BYTES, body, FLOOD_S)
    if exchange.error:
        expected = "HTTP 413, or an answer"
        return failed(shown(exchange), expected=expected, got=shown(exchange), exchange=exchange)
    if exchange.status == 413:
        problem = openai_error_problem(exchange)
        if problem:
            return failed(problem, expected="an error object", got=shown(exchange))
        return passed("HTTP 413 with an error object")
    if exchange.status in {200, *REFUSALS}:
        return skipped(f"64 MiB are not over this server's limit (HTTP {exchange.status})")
    return failed(f"HTTP {exchange.status}", expected="HTTP 413", got=shown(exchange))


@check("ERR-23", "MAY", "RFC 8259, 4", "Of two equal keys the last one counts, on every route")
async def duplicates(probe: Probe) -> Finding:
    """max_tokens 1 and then 3 in one object: the cap is 3, or HTTP 400."""
    outcomes: dict[str, str] = {}
    tally = Tally(expected="the last value, or HTTP 400, on all routes alike")
    for path in await _routes(probe):
        body = json.dumps(_post_body(probe, path, {"max_tokens": 3})).encode()
        raw = b'{"max_tokens": 1, ' + body[1:]
        exchange = await probe.post(path, raw, anthropic=path == MESSAGES)
        if exchange.status in REFUSALS:
            outcomes[path] = "refused"
            continue
        read = answer(exchange, "anthropic" if path == MESSAGES else "openai")
        first = read.finish_reason in {"length", "max_tokens"} and _completion(exchange) == 1
        outcomes[path] = "first" if first else "last"
        tally.note(path, exchange, "the first value counts" if first else None)
    if len(set(outcomes.values())) > 1:
        return failed("routes differ", expected="one way", got=outcomes)
    if set(outcomes.values()) == {"refused"}:
        return passed("two equal keys are refused")
    return tally.finding("the last value counts")


def _completion(exchange: Exchange) -> Json:
    usage = at(decoded(exchange.body), "usage")
    value = at(usage, "completion_tokens")
    return value if is_int(value) else at(usage, "output_tokens")


@check("ERR-24", "MAY", "RFC 8259, 6", "Integers in other spellings are read or refused")
async def spellings(probe: Probe) -> Finding:
    """max_tokens 2.0 and 2e0, seed 2^70: HTTP 400, or HTTP 200 with two tokens at most."""
    tally = Tally(expected="HTTP 200 with at most two tokens, or HTTP 400")
    whole = json.dumps(probe.chat_body(max_tokens=2)).encode()
    bodies = {
        text: whole.replace(b'"max_tokens": 2', b'"max_tokens": ' + text)
        for text in (b"2.0", b"2e0")
    }
    bodies[b"a seed of 71 bits"] = whole.replace(b"{", b'{"seed": %d, ' % 2**70, 1)
    for label, body in bodies.items():
        exchange = await probe.post(CHAT, body)
        problem = refusal_problem(exchange, REFUSALS | {200})
        tokens = _completion(exchange) if exchange.status == 200 else 0
        if is_int(tokens) and tokens > 2:
            problem = f"{tokens} tokens"
        tally.note(label.decode(), exchange, problem)
    return tally.finding("each is read or refused")


@check(
    "ROB-14",
    "SHOULD",
    "CWE-400; slowloris",
    "Requests that never end do not keep others out",
    stage=Stage.ADVERSARIAL,
)
async def slowloris(probe: Probe) -> Finding:
    """25 half heads and 25 half bodies stay open: a plain request is answered meanwhile."""
    body = json.dumps(probe.chat_body(max_tokens=1)).encode()
    whole = probe.raw_post(CHAT, body, headers={"Connection": "keep-alive"})
    half_head, half_body = whole[:40], whole[: -len(body) // 2]
    async with held(probe, [half_head, half_body] * (HALF_OPEN // 2)) as lines:
        exchange = await probe.chat(max_tokens=1)
        tally = Tally(expected="an answer")
        tally.accepted(f"beside {len(lines)} half requests", exchange)
    return tally.finding("it is answered")


@check("ROB-16", "MAY", "RFC 9112, 9.6", "A client that has no more to say still gets its answer")
async def half_close(probe: Probe) -> Finding:
    """The sending side is shut after a whole request: HTTP 200; a close without a word is recorded.

    TCP lets a client do so; servers that notice clients which leave by the same sign close at once.
    """
    body = json.dumps(probe.chat_body(max_tokens=4)).encode()
    exchange = await half_closed(probe, probe.raw_post(CHAT, body), REQUEST_S)
    if exchange.error == "reset" and not exchange.body:
        return divergent("a half-closed connection is taken for a client that left")
    tally = Tally(expected="HTTP 200")
    tally.refused("half-closed", exchange, frozenset({200}))
    return tally.finding("the answer comes")


@check(
    "ROB-17",
    "MUST",
    "the smallest input and output",
    "A prompt of a letter and an answer of nothing are no accident",
    stage=Stage.ADVERSARIAL,
)
async def smallest(probe: Probe) -> Finding:
    """The prompt "a" on each route; the first character of a greedy answer as its stop.

    The empty answer has finish_reason "stop" and no text, plain and streamed.
    """
    tally = Tally(expected="HTTP 200; an empty answer ends with stop")
    turns = [{"role": "user", "content": "a"}]
    for path in await _routes(probe):
        first: Json = {"prompt": "a"} if path == TEXT else {"messages": turns}
        exchange = await _post(probe, path, max_tokens=2, **first)
        tally.accepted(path, exchange, "anthropic" if path == MESSAGES else "openai")
    try:
        learned = await greedy(probe)
    except Settled:
        return tally.finding("short prompts are answered; greedy output is not repeatable")
    for streamed in (False, True):
        stop = learned.text.lstrip("\ufffd")[:1]
        exchange = await ask_greedy(probe, learned.prompt, stop=stop, stream=streamed)
        read = answer(exchange)
        empty = read.text.strip() == "" and read.finish_reason == "stop"
        told = f"{read.text!r} with finish_reason {read.finish_reason!r}"
        tally.note("streamed" if streamed else "plain", exchange, None if empty else told)
    return tally.finding("all are answered")


@check(
    "ROB-18",
    "SHOULD",
    "a limit is a number",
    "A prompt up to the declared context works, one over it is refused",
    stage=Stage.ADVERSARIAL,
)
async def boundary(probe: Probe) -> Finding:
    """Token ids as a text prompt: one fewer than max_model_len with a token to come; one more."""
    await probe.needs_route(TEXT, "text completions")
    limit = await declared_context(probe)
    if limit is None or limit > (THOROUGH_CONTEXT if probe.thorough else QUICK_CONTEXT):
        return skipped("the model's entry declares no context length that is quick to fill")
    short = await probe.complete(prompt=[5, 6], max_tokens=1)
    if refusal_problem(short) is None:
        return unsupported("token ids are refused, so no length can be met exactly")
    counted = at(ok_object(short), "usage", "prompt_tokens")
    added = counted - 2 if is_int(counted) else 0  # a start token that the server puts in front
    tally = Tally(expected="HTTP 200 at the limit, HTTP 400 above it")
    fits = await probe.complete(prompt=[5] * (limit - 1 - added), max_tokens=1)
    tally.note(f"{limit - 1} tokens and one to come", fits, refusal_problem(fits, frozenset({200})))
    over = await probe.complete(prompt=[5] * (limit + 1 - added), max_tokens=1)
    tally.refused(f"{limit + 1} tokens", over, REFUSALS | {413})
    return tally.finding(f"the limit of {limit} is exact")
