"""Rules of bytes that no client library would send."""

from __future__ import annotations

import json

from harness.records import Json
from suites.contract.canary import risky
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, passed, skipped
from suites.contract.probe import PROMPT, Probe
from suites.contract.reading import REFUSALS, Tally, refusal_problem, shown

CHAT = "/chat/completions"
DEPTH, QUICK_DEPTH = 100_000, 20_000  # either is far beyond any parser that recurses
LONG_HEADER = 64 * 1024


@check(
    "ROB-04",
    "MUST",
    "RFC 8259, 8.1",
    "A body that is not UTF-8 is refused",
    stage=Stage.ADVERSARIAL,
)
async def invalid_utf8(probe: Probe) -> Finding:
    """A byte 0xFF inside the prompt: HTTP 400 (or 422)."""
    body = json.dumps(probe.chat_body(messages=[{"role": "user", "content": "X"}])).encode()
    exchange = await probe.raw(probe.raw_post(CHAT, body.replace(b'"X"', b'"\xff"')))
    tally = Tally(expected="HTTP 400")
    tally.refused("0xFF", exchange)
    return tally.finding("it is refused")


@check(
    "ROB-05",
    "MUST",
    "RFC 8259, 8.2",
    "A lone surrogate is refused or replaced, both modes alike",
    stage=Stage.LETHAL,
)
async def surrogate(probe: Probe) -> Finding:
    r"""\ud83d alone in the prompt, in the system prompt and as a stop: HTTP 200 or 400."""
    lone = "\\ud83d"
    tally = Tally(expected="HTTP 200 or 400, plain and streamed alike")
    places: dict[str, dict[str, Json]] = {
        "prompt": {"messages": [{"role": "user", "content": "LONE"}]},
        "system": {
            "messages": [{"role": "system", "content": "LONE"}, {"role": "user", "content": "Hi"}]
        },
        "stop": {"stop": "LONE"},
    }
    for label, more in places.items():
        statuses = []
        for streamed in (False, True):
            body = probe.chat_body(**{"max_tokens": 2, "stream": streamed, **more})
            raw = json.dumps(body).replace("LONE", lone).encode()
            exchange = await risky(probe, await probe.post(CHAT, raw))
            statuses.append(exchange.status)
            fine = exchange.error is None and exchange.status in {200, *REFUSALS}
            tally.note(label, exchange, None if fine else shown(exchange))
        if statuses[0] != statuses[1]:
            tally.note(label, exchange, f"HTTP {statuses[0]} plain, {statuses[1]} streamed")
    return tally.finding("each is refused or replaced")


@check("ROB-06", "SHOULD", "RFC 8259", "NUL, BOM and U+2028 are text", stage=Stage.ADVERSARIAL)
async def odd_characters(probe: Probe) -> Finding:
    """Each inside a prompt: HTTP 200 or 400."""
    tally = Tally(expected="HTTP 200 or 400")
    for label, character in (("NUL", "\0"), ("BOM", "\ufeff"), ("U+2028", "\u2028")):
        messages = [{"role": "user", "content": f"a{character}b"}]
        exchange = await probe.chat(messages=messages, max_tokens=2)
        fine = exchange.error is None and exchange.status in {200, *REFUSALS}
        tally.note(label, exchange, None if fine else shown(exchange))
    return tally.finding("each has a clear answer")


@check("ROB-07", "MUST", "parsers recurse", "Deeply nested JSON is refused", stage=Stage.LETHAL)
async def deep(probe: Probe) -> Finding:
    """20,000 nested arrays (100,000 in longer profiles) as messages: HTTP 400 (or 413, 422)."""
    depth = DEPTH if probe.thorough else QUICK_DEPTH
    body = b'{"messages": ' + b"[" * depth + b"]" * depth + b"}"
    exchange = await probe.raw(probe.raw_post(CHAT, body))
    tally = Tally(expected="HTTP 400")
    tally.refused(f"{depth} levels", exchange, REFUSALS | {413})
    return tally.finding("it is refused")


@check("ROB-09", "SHOULD", "RFC 6585, 5", "A huge header is refused", stage=Stage.ADVERSARIAL)
async def long_header(probe: Probe) -> Finding:
    """A header of 64 KiB: HTTP 431 or 400; an answer is fair as well."""
    body = json.dumps(probe.chat_body(max_tokens=1)).encode()
    raw = probe.raw_post(CHAT, body, headers={"X-Long": "x" * LONG_HEADER})
    exchange = await probe.raw(raw)
    problem = refusal_problem(exchange, frozenset({200, 400, 413, 431}))
    tally = Tally(expected="HTTP 431 or 400")
    tally.note("64 KiB", exchange, problem)
    return tally.finding("it is refused or read")


@check("ROB-10", "MUST", "RFC 9112, 6.3", "A bad Content-Length is a 400", stage=Stage.ADVERSARIAL)
async def content_length(probe: Probe) -> Finding:
    """Content-Length abc, -5, and two that differ: HTTP 400, and the server lives after each."""
    body = json.dumps(probe.chat_body(max_tokens=1)).encode()
    tally = Tally(expected="HTTP 400 each")
    twice = f"{len(body)}\r\nContent-Length: {len(body) + 1}"
    for label, value in (("abc", "abc"), ("-5", "-5"), ("two that differ", twice)):
        headers = {"Content-Length": value}
        exchange = await probe.raw(probe.raw_post(CHAT, body, headers=headers, length=False))
        tally.refused(label, exchange, frozenset({400}))
        await risky(probe, exchange)
    return tally.finding("all are refused")


@check("ROB-11", "SHOULD", "RFC 9112, 7.1", "A chunked request body is read or 411")
async def chunked(probe: Probe) -> Finding:
    """The body in two chunks: HTTP 200, or HTTP 411."""
    body = json.dumps(probe.chat_body(max_tokens=1)).encode()
    halves = (body[:20], body[20:])
    framed = b"".join(b"%x\r\n%b\r\n" % (len(half), half) for half in halves) + b"0\r\n\r\n"
    headers = {"Transfer-Encoding": "chunked"}
    exchange = await probe.raw(probe.raw_post(CHAT, framed, headers=headers, length=False))
    tally = Tally(expected="HTTP 200 or 411")
    tally.refused("chunked", exchange, frozenset({200, 411}))
    return tally.finding(f"HTTP {exchange.status}")


@check("ROB-12", "SHOULD", "RFC 9110, 10.1.1", "Expect: 100-continue is answered")
async def expect_continue(probe: Probe) -> Finding:
    """The header with the body sent at once: HTTP 200 (or 417)."""
    body = json.dumps(probe.chat_body(max_tokens=1)).encode()
    raw = probe.raw_post(CHAT, body, headers={"Expect": "100-continue"})
    exchange = await probe.raw(raw)
    tally = Tally(expected="HTTP 200 or 417")
    tally.refused("Expect", exchange, frozenset({200, 417}))
    return tally.finding(f"HTTP {exchange.status}")


@check("ROB-13", "SHOULD", "RFC 9112, 9.3", "A connection serves several requests")
async def keep_alive(probe: Probe) -> Finding:
    """Two requests on one socket: two answers in HTTP/1.1."""
    first = json.dumps(probe.chat_body(max_tokens=1)).encode()
    second = probe.raw_head("GET", probe.api("/models"), {"Connection": "close"})
    payload = probe.raw_post(CHAT, first, headers={"Connection": "keep-alive"}) + second
    exchanges = await probe.raw_all(payload)
    versions = [exchange.header("x-harness-http-version") for exchange in exchanges]
    statuses = [exchange.status for exchange in exchanges]
    if len(exchanges) != 2 or set(versions) != {"1.1"}:
        got = {"answers": len(exchanges), "versions": versions, "statuses": statuses}
        return failed("not two answers in HTTP/1.1", expected="two answers", got=got)
    return passed("two answers on one connection")


@check(
    "ROB-08",
    "MUST",
    "one prompt must not take the server away",
    "While a large prompt is handled, others are served",
    stage=Stage.ADVERSARIAL,
)
async def large_prompt(probe: Probe) -> Finding:
    """1 MB of prompt (longer profiles only): HTTP 200, 400 or 413, and the canary after it."""
    if not probe.thorough:
        return skipped("asked in the standard and full profiles")
    messages = [{"role": "user", "content": f"{PROMPT} " * (1_000_000 // len(PROMPT))}]
    exchange = await probe.chat(messages=messages, max_tokens=1)
    tally = Tally(expected="HTTP 200, 400 or 413")
    tally.refused("1 MB", exchange, REFUSALS | {200, 413})
    return tally.finding(f"HTTP {exchange.status}")
