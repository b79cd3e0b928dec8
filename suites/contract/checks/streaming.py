"""Rules of what streams say and of their options."""

from __future__ import annotations

from harness.records import Json
from suites.contract.check import check
from suites.contract.checks.streams import finish_in, text_in, usage_chunks, usage_of
from suites.contract.errorbody import json_problem
from suites.contract.finding import Finding, failed, passed
from suites.contract.greedy import PROMPTS, ask_greedy
from suites.contract.probe import Probe
from suites.contract.reading import MISSING, Tally, answer, at, decoded, ok_object, shown, stream

OPTIONS = "OpenAI OpenAPI 2.3.0 ChatCompletionStreamOptions"
WITH_USAGE: Json = {"include_usage": True}
PLAIN_TOKENS = 24  # a few dozen: drift between the two modes shows late


@check(
    "STR-12",
    "MUST",
    "a stream is the same answer",
    "All deltas together are the answer in one piece",
    needs="repeatable greedy output",
)
async def same_text(probe: Probe) -> Finding:
    """Several prompts at temperature 0, both ways: one text."""
    tally = Tally(expected="the text of the answer in one piece")
    for prompt in PROMPTS:
        whole = answer(await ask_greedy(probe, prompt, max_tokens=PLAIN_TOKENS))
        again = answer(await ask_greedy(probe, prompt, max_tokens=PLAIN_TOKENS))
        streamed = await ask_greedy(probe, prompt, max_tokens=PLAIN_TOKENS, stream=True)
        if whole.text != again.text:
            continue  # not repeatable: no yardstick
        text = text_in(stream(streamed))
        problem = None if text == whole.text else f"{text!r} is not {whole.text!r}"
        tally.note(repr(prompt), streamed, problem)
    return tally.finding("stream and answer agree")


@check("STR-13", "MUST", "a stream is the same answer", "finish_reason and usage are the same, too")
async def same_end(probe: Probe) -> Finding:
    """The plain answer against the plain stream with usage."""
    whole = answer(await probe.plain())
    exchange = await _with_usage(probe)
    view, usage = stream(exchange), usage_of(exchange)
    finish = finish_in(view)
    if finish != whole.finish_reason:
        return failed("finish_reason differs", expected=whole.finish_reason, got=finish)
    counts = (at(usage, "prompt_tokens"), at(usage, "completion_tokens"))
    if whole.usage and usage is not MISSING:
        expected = (whole.usage.prompt_tokens, whole.usage.completion_tokens)
        if counts != expected:
            return failed("usage differs", expected=list(expected), got=repr(counts))
    return passed(f"{finish}, {counts}")


async def _with_usage(probe: Probe) -> Json:
    return await probe.shared(
        "stream with usage", lambda: probe.chat(stream=True, stream_options=WITH_USAGE)
    )


@check("STR-14", "MUST", OPTIONS, "include_usage adds one chunk with usage before [DONE]")
async def usage_chunk(probe: Probe) -> Finding:
    """include_usage true: one last chunk with choices [] and a filled usage."""
    view = stream(await _with_usage(probe))
    found = usage_chunks(view)
    expected = {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}
    if not found:
        return failed("no chunk has usage", expected=expected, got=view.values[-1])
    last = view.values[-1]
    if last is not found[-1] or last.get("choices") != []:
        return failed("usage is not in a last chunk of its own", expected=expected, got=last)
    keys = ("prompt_tokens", "completion_tokens", "total_tokens")
    if not all(isinstance(at(last, "usage", key), int) for key in keys):
        return failed("usage is no three counts", expected=list(keys), got=last["usage"])
    return passed("one chunk, last, without choices")


@check("STR-15", "SHOULD", OPTIONS, "Other chunks have usage null")
async def usage_null(probe: Probe) -> Finding:
    """include_usage true: usage is null or absent in all chunks but the last."""
    view = stream(await _with_usage(probe))
    early = [value for value in view.values[:-1] if value.get("usage")]
    if early:
        told = f"{len(early)} of {len(view.values)} chunks carry usage"
        return failed(told, expected=None, got=early[0])
    return passed("usage comes once")


@check("STR-16", "SHOULD", OPTIONS, "No usage chunk unless asked")
async def no_usage(probe: Probe) -> Finding:
    """No stream_options, {} and include_usage false: no chunk without choices, a whole stream."""
    tally = Tally(expected="a whole stream without a usage chunk")
    probes: dict[str, dict[str, Json]] = {
        "absent": {},
        "{}": {"stream_options": {}},
        "false": {"stream_options": {"include_usage": False}},
    }
    for label, more in probes.items():
        exchange = await probe.chat(stream=True, max_tokens=4, **more)
        view = stream(exchange)
        extra = any(value.get("choices") == [] for value in view.values)
        whole = finish_in(view) and view.done == 1
        problem = "a usage chunk" if extra else None if whole else "the stream breaks off"
        tally.note(label, exchange, problem)
    return tally.finding("no usage chunk")


@check("STR-35", "MUST", "SDKs raise by status", "A bad request is no 200 because it streams")
async def early_error(probe: Probe) -> Finding:
    """Unknown role and negative max_tokens with stream true: HTTP 4xx with a JSON body."""
    bad: dict[str, dict[str, Json]] = {
        "unknown role": {"messages": [{"role": "banana", "content": "Hi"}]},
        "max_tokens -1": {"max_tokens": -1},
    }
    tally = Tally(expected="HTTP 4xx with JSON")
    for label, more in bad.items():
        exchange = await probe.chat(**{"max_tokens": 2, "stream": True, **more})
        refused = exchange.status is not None and 400 <= exchange.status < 500
        problem = json_problem(exchange) if refused else shown(exchange)
        tally.note(label, exchange, problem)
    return tally.finding("errors have their status")


@check("STR-43", "MUST", "openai SDKs send Accept: application/json", "stream true decides")
async def accept(probe: Probe) -> Finding:
    """stream true with Accept: application/json: still a stream of events."""
    body = probe.chat_body(stream=True, max_tokens=4)
    headers = {"Accept": "application/json"}
    view = stream(await probe.post("/chat/completions", body, headers=headers))
    if view.broken or not view.values:
        return failed("it is no stream", expected="events", got=shown(view.exchange))
    return passed("it streams")


@check("STR-44", "SHOULD", "OpenAI OpenAPI 2.3.0, boolean", "stream is true, false or null")
async def strict(probe: Probe) -> Finding:
    """stream "yes": HTTP 400 (or 422). stream null: an answer in one piece."""
    tally = Tally(expected='HTTP 400 for "yes", a JSON answer for null')
    tally.refused('"yes"', await probe.chat(stream="yes", max_tokens=2))
    exchange = await probe.chat(stream=None, max_tokens=2)
    whole = exchange.status == 200 and isinstance(decoded(exchange.body), dict)
    tally.note("null", exchange, None if whole else shown(exchange))
    return tally.finding("stream is strict")


@check("STR-20", "MUST", "clients print deltas", "No character is split between deltas")
async def whole_characters(probe: Probe) -> Finding:
    """U+FFFD in the deltas of a long greedy stream: no more than in the answer in one piece."""
    exchange = await ask_greedy(probe, PROMPTS[0])
    whole = ok_object(exchange)
    text = at(whole, "choices", 0, "message", "content")
    expected = text.count("\ufffd") if isinstance(text, str) else 0
    streamed = await ask_greedy(probe, PROMPTS[0], stream=True)
    got = text_in(stream(streamed)).count("\ufffd")
    if got > expected:
        return failed("characters are split", expected=expected, got=got, exchange=streamed)
    return passed(f"{got} replacement characters both ways")
