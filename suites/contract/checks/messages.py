"""Rules of Anthropic's Messages API in one piece."""

from __future__ import annotations

from typing import Any

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.errorbody import anthropic_error_problem
from suites.contract.finding import Finding, Settled, failed, inconclusive, passed, unsupported
from suites.contract.greedy import LEARN_TOKENS, PROMPTS, ask_greedy, greedy, windows
from suites.contract.probe import ABSENT, ANTHROPIC_VERSION, PROMPT, Probe
from suites.contract.reading import (
    REFUSALS,
    Tally,
    answer,
    at,
    decoded,
    is_int,
    names,
    ok_object,
    settle_silence,
)

MESSAGES = "Anthropic Messages API"
SDK = "anthropic SDK 2.11"
ROUTE = "/messages"
STOP_REASONS = frozenset(
    {
        *("end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal"),
        "model_context_window_exceeded",
    }
)
SYSTEM = "Answer in few and simple words."
STOPS = 4


async def _here(probe: Probe) -> None:
    await probe.needs_route(ROUTE, "the Messages API")


async def _plain(probe: Probe) -> Exchange:
    await _here(probe)
    return await probe.shared("message", probe.message)


@check("ANT-01", "MUST", f"{MESSAGES}; {SDK} Message", "A message has the published shape")
async def shape(probe: Probe) -> Finding:
    """type, id, role, model, content list, stop_reason, the key stop_sequence, usage."""
    body = ok_object(await _plain(probe))
    content = body.get("content")
    blocks = content if isinstance(content, list) else []
    problems = [
        *([] if body.get("type") == "message" else ["type"]),
        *([] if isinstance(body.get("id"), str) and body["id"] else ["id"]),
        *([] if body.get("role") == "assistant" else ["role"]),
        *([] if isinstance(body.get("model"), str) else ["model"]),
        *([] if blocks and all(_block_is_sound(block) for block in blocks) else ["content"]),
        *([] if "stop_reason" in body else ["stop_reason"]),
        *([] if "stop_sequence" in body else ["stop_sequence"]),
        *([] if _counts(body.get("usage")) else ["usage"]),
    ]
    if problems:
        expected = "type, id, role, model, content, stop_reason, stop_sequence, usage"
        return failed(f"wrong or absent: {', '.join(problems)}", expected=expected, got=body)
    return passed("all keys are there")


def _block_is_sound(block: Json) -> bool:
    kind = at(block, "type")
    keys = {"text": "text", "thinking": "thinking", "tool_use": "id"}
    return kind in keys and isinstance(at(block, keys[kind]), str)


def _counts(usage: Json) -> bool:
    return all(is_int(at(usage, key)) for key in ("input_tokens", "output_tokens"))


@check("ANT-02", "MUST", f"{SDK} StopReason", "stop_reason is one of the published words")
async def stop_reason(probe: Probe) -> Finding:
    """stop_reason of a plain message."""
    got = ok_object(await _plain(probe)).get("stop_reason")
    if got not in STOP_REASONS:
        expected: list[Json] = sorted(STOP_REASONS)
        return failed(f"stop_reason is {got!r}", expected=expected, got=got)
    return passed(f"{got}")


@check("ANT-03", "MUST", MESSAGES, "A message cut by the cap says max_tokens")
async def cut(probe: Probe) -> Finding:
    """max_tokens 1, in one piece and streamed: stop_reason max_tokens."""
    await _here(probe)
    tally = Tally(expected="max_tokens")
    for streamed in (False, True):
        exchange = await probe.message(max_tokens=1, stream=streamed)
        read = answer(exchange, "anthropic")
        # A model that stops at its first token has not met the cap.
        fine = read.finish_reason == "max_tokens" or not (read.text or read.reasoning)
        label = "streamed" if streamed else "plain"
        tally.note(label, exchange, None if fine else f"{read.finish_reason}")
    return tally.finding("both say so")


@check(
    "ANT-04",
    "MUST",
    MESSAGES,
    "A stop sequence ends the text before it and is named",
    needs="repeatable greedy output",
)
async def stop_sequences(probe: Probe) -> Finding:
    """Windows of the greedy text T: T up to the window, stop_sequence the window itself."""
    await _here(probe)
    messages, text = await _greedy_message(probe)
    tally = Tally(expected="the text before the stop, stop_sequence, and the stop itself")
    for offset, stop in windows(text, STOPS):
        exchange = await probe.message(
            messages=messages, max_tokens=LEARN_TOKENS, stop_sequences=[stop]
        )
        read = answer(exchange, "anthropic")
        named = at(ok_object(exchange), "stop_sequence")
        got = (read.text, read.finish_reason, named)
        fine = got == (text[:offset], "stop_sequence", stop)
        tally.note(f"stop {stop!r}", exchange, None if fine else f"gave {got!r}")
    return tally.finding("each ends exactly there")


async def _greedy_message(probe: Probe) -> tuple[list[Json], str]:
    """A conversation whose greedy answer came twice and has room for stops."""
    for prompt in PROMPTS:
        messages = [{"role": "user", "content": prompt}]
        asked = [await probe.message(messages=messages, max_tokens=LEARN_TOKENS) for _ in range(2)]
        first, second = (answer(exchange, "anthropic").text for exchange in asked)
        if first != second:
            raise Settled(inconclusive("greedy output is not repeatable on this route"))
        if windows(first, STOPS):
            return messages, first
    raise Settled(inconclusive("the greedy messages are too short for stops"))


@check("ANT-05", "MUST", f"{MESSAGES}, required", "A message without max_tokens is refused")
async def no_cap(probe: Probe) -> Finding:
    """max_tokens absent: HTTP 400 (or 422)."""
    await _here(probe)
    tally = Tally(expected="HTTP 400")
    tally.refused("no max_tokens", await probe.message(max_tokens=ABSENT))
    return tally.finding("it is refused")


async def _equal(probe: Probe, first: dict[str, Json], second: dict[str, Json]) -> Finding:
    await _here(probe)
    one, two = await probe.message(**first), await probe.message(**second)
    a, b = answer(one, "anthropic"), answer(two, "anthropic")
    if (a.usage, a.text) != (b.usage, b.text):
        expected, got = (str((read.usage, read.text)) for read in (a, b))
        return failed("the two forms differ", expected=expected, got=got, exchange=two)
    return passed("both forms give one answer")


@check("ANT-06", "MUST", MESSAGES, "system is a string or text blocks")
async def system(probe: Probe) -> Finding:
    """Both forms: equal usage and greedy text; and the system prompt reaches the model."""
    blocks = [{"type": "text", "text": SYSTEM}]
    finding = await _equal(probe, {"system": SYSTEM}, {"system": blocks})
    if finding.failing:
        return finding
    alone = answer(await _plain(probe), "anthropic").usage
    with_system = answer(await probe.message(system=SYSTEM), "anthropic").usage
    if alone and with_system and with_system.prompt_tokens <= alone.prompt_tokens:
        expected = f"more than {alone.prompt_tokens}"
        return failed("system is dropped", expected=expected, got=with_system.prompt_tokens)
    return finding


@check("ANT-07", "MUST", MESSAGES, "content is a string or text blocks")
async def content(probe: Probe) -> Finding:
    """Both forms: equal usage and greedy text."""
    blocks = [{"role": "user", "content": [{"type": "text", "text": PROMPT}]}]
    return await _equal(probe, {}, {"messages": blocks})


@check("ANT-08", "SHOULD", MESSAGES, "Sampling parameters are accepted in the body")
async def sampling(probe: Probe) -> Finding:
    """temperature, top_p and top_k, each alone: HTTP 200, or HTTP 400 by name (unsupported)."""
    await _here(probe)
    refused = []
    for field, value in (("temperature", 0.5), ("top_p", 0.9), ("top_k", 20)):
        exchange = await probe.message(**{"temperature": ABSENT, "max_tokens": 2, field: value})
        settle_silence(exchange)
        if exchange.status in REFUSALS and names(exchange, field):
            refused.append(field)
            continue
        answer(exchange, "anthropic")
    if refused:
        return unsupported(f"refused by name: {', '.join(refused)}")
    return passed("all three are accepted")


async def _with_headers(probe: Probe, headers: dict[str, str], query: str = "") -> Exchange:
    body = probe.message_body(max_tokens=2)
    request = probe.request("POST", ROUTE + query, body, headers=headers, auth=False)
    return await probe.send(request)


async def _accepts(probe: Probe, variants: dict[str, tuple[dict[str, str], str]]) -> Finding:
    await _here(probe)
    tally = Tally(expected="HTTP 200 each")
    for label, (headers, query) in variants.items():
        tally.accepted(label, await _with_headers(probe, headers, query), "anthropic")
    return tally.finding("accepted")


def _key(probe: Probe) -> str:
    return probe.target.api_key or "not-needed"


@check("ANT-09", "MUST", f"{SDK}, on the wire", "Authorization: Bearer is accepted")
async def bearer(probe: Probe) -> Finding:
    """The key as a bearer token, no x-api-key: HTTP 200."""
    headers = {"Authorization": f"Bearer {_key(probe)}", "anthropic-version": ANTHROPIC_VERSION}
    return await _accepts(probe, {"Bearer": (headers, "")})


@check("ANT-10", "MUST", "anthropic SDKs to 1.17, on the wire", "x-api-key is accepted")
async def api_key(probe: Probe) -> Finding:
    """The key as x-api-key, no Authorization: HTTP 200."""
    headers = {"x-api-key": _key(probe), "anthropic-version": ANTHROPIC_VERSION}
    return await _accepts(probe, {"x-api-key": (headers, "")})


@check("ANT-11", "MUST", "SDKs send different versions", "Any anthropic-version is accepted")
async def versions(probe: Probe) -> Finding:
    """2023-06-01, a later date, and no header at all: HTTP 200."""
    key = {"x-api-key": _key(probe)}
    variants: dict[str, tuple[dict[str, str], str]] = {
        one: ({**key, "anthropic-version": one}, "") for one in (ANTHROPIC_VERSION, "2026-10-21")
    }
    return await _accepts(probe, {**variants, "absent": (key, "")})


@check("ANT-12", "MUST", "coding agents send them", "Beta flags are ignored")
async def beta(probe: Probe) -> Finding:
    """An anthropic-beta header, and ?beta=true: HTTP 200."""
    headers = {"x-api-key": _key(probe), "anthropic-version": ANTHROPIC_VERSION}
    flagged = {**headers, "anthropic-beta": "interleaved-thinking-2025-05-14"}
    return await _accepts(probe, {"header": (flagged, ""), "query": (headers, "?beta=true")})


@check("ANT-27", "MUST", f"{MESSAGES}, count_tokens", "count_tokens agrees with usage")
async def count(probe: Probe) -> Finding:
    """The same body, without max_tokens: {"input_tokens": n} equals usage.input_tokens."""
    usage = answer(await _plain(probe), "anthropic").usage
    body = probe.message_body(max_tokens=ABSENT, temperature=ABSENT)
    exchange = await probe.post(f"{ROUTE}/count_tokens", body, anthropic=True)
    if exchange.status in {404, 405, 501}:
        return unsupported("there is no count_tokens")
    got = at(ok_object(exchange), "input_tokens")
    if usage is None or not is_int(got) or got != usage.prompt_tokens:
        expected = usage.prompt_tokens if usage else "an integer"
        return failed("the counts differ", expected=expected, got=repr(got), exchange=exchange)
    return passed(f"{got} both ways")


def _bad_messages(probe: Probe) -> dict[str, Json | bytes]:
    return {
        "no JSON": b"{bad",
        "no max_tokens": probe.message_body(max_tokens=ABSENT),
        "no messages": probe.message_body(messages=ABSENT),
        "messages []": probe.message_body(messages=[]),
        "unknown role": probe.message_body(messages=[{"role": "banana", "content": "Hi"}]),
        "unknown model": probe.message_body(model="no-such-model-7f3a91"),
        "max_tokens 0": probe.message_body(max_tokens=0),
    }


@check(
    "ANT-28",
    "MUST",
    f"{SDK} ErrorResponse",
    "Every error has Anthropic's envelope",
    stage=Stage.ADVERSARIAL,
)
async def errors(probe: Probe) -> Finding:
    """Seven bad bodies: HTTP 4xx with {"type": "error", "error": {"type", "message"}}."""
    await _here(probe)
    tally = Tally(expected={"type": "error", "error": {"type": "…", "message": "…"}})
    for label, body in _bad_messages(probe).items():
        exchange = await probe.post(ROUTE, body, anthropic=True)
        tally.note(label, exchange, anthropic_error_problem(exchange))
    return tally.finding("all have the envelope")


@check("ANT-29", "MUST", "Anthropic API, errors", "Status and error type belong together")
async def error_types(probe: Probe) -> Finding:
    """A bad body is 400 invalid_request_error, an unknown model 404 not_found_error."""
    await _here(probe)
    table: tuple[tuple[str, int, str, dict[str, Json]], ...] = (
        ("bad body", 400, "invalid_request_error", {"max_tokens": -1}),
        ("unknown model", 404, "not_found_error", {"model": "no-such-model-7f3a91"}),
    )
    tally = Tally(expected=[f"{label}: {status} {kind}" for label, status, kind, _ in table])
    for label, status, kind, more in table:
        exchange = await probe.message(**more)
        value: Any = at(decoded(exchange.body), "error", "type")
        fine = (exchange.status, value) == (status, kind)
        tally.note(label, exchange, None if fine else f"{exchange.status} {value!r}")
    return tally.finding("statuses and types agree")


@check(
    "ANT-32",
    "SHOULD",
    "one model, one answer",
    "Chat and messages give one prompt one answer",
    needs="repeatable greedy output",
)
async def same_as_chat(probe: Probe) -> Finding:
    """One question on both routes: equal token counts and greedy text."""
    await _here(probe)
    await probe.needs_route("/chat/completions", "chat completions")
    learned = await greedy(probe)
    chat = answer(await ask_greedy(probe, learned.prompt, max_tokens=16))
    messages = [{"role": "user", "content": learned.prompt}]
    message = answer(await probe.message(messages=messages, max_tokens=16), "anthropic")
    if (chat.usage, chat.text) != (message.usage, message.text):
        expected, got = (str((read.usage, read.text)) for read in (chat, message))
        return failed("the two routes differ", expected=expected, got=got)
    return passed("one answer on both routes")
