"""Rules of the shape of a chat stream, judged on one plain stream."""

from __future__ import annotations

from collections import Counter
from typing import Any

from harness.records import Exchange, Json
from suites.contract.check import check
from suites.contract.finding import Finding, failed, passed
from suites.contract.probe import Probe
from suites.contract.reading import MISSING, StreamView, at, is_done, is_int, shown, stream

CHUNK = "OpenAI OpenAPI 2.3.0 CreateChatCompletionStreamResponse"
SSE = "WHATWG HTML 9.2 Server-sent events"
# As many odd chunks as a reader needs to see the pattern.
SHOWN = 3


async def _view(probe: Probe) -> StreamView:
    return stream(await probe.plain_stream())


def _all_chunks(bad: list[dict[str, Any]], count: int, expected: Json, good: str) -> Finding:
    if bad:
        return failed(f"{len(bad)} of {count} chunks are wrong", expected=expected, got=bad[:SHOWN])
    return passed(f"{good} ({count} chunks)")


@check("STR-01", "MUST", SSE, "A stream is text/event-stream of no announced length")
async def head(probe: Probe) -> Finding:
    """Content-Type is text/event-stream, a charset is utf-8, there is no Content-Length."""
    exchange = (await _view(probe)).exchange
    content_type = (exchange.header("content-type") or "none").lower()
    kind, _, charset = content_type.replace(" ", "").partition(";charset=")
    if kind.partition(";")[0] != "text/event-stream" or charset not in {"", "utf-8", "utf8"}:
        return failed("the content type is wrong", expected="text/event-stream", got=content_type)
    if exchange.header("content-length") is not None:
        length = exchange.header("content-length")
        return failed("there is a Content-Length", expected="none", got=length)
    return passed(content_type)


@check("STR-02", "MUST", SSE, "Each event is data with JSON, ended by a blank line")
async def framing(probe: Probe) -> Finding:
    """The raw bytes, parsed by the standard: every event's data is a JSON object or [DONE]."""
    view = await _view(probe)
    if view.broken:
        return failed(
            view.broken, expected="data: {JSON} and a blank line", got=shown(view.exchange)
        )
    if view.unfinished:
        told = "the last event has no blank line, so clients drop it"
        return failed(told, expected="a blank line", got=repr(view.exchange.body[-80:]))
    return passed(f"{len(view.events)} events")


@check("STR-04", "MUST", CHUNK, "Each chunk has id, object, created, model and choices")
async def required_keys(probe: Probe) -> Finding:
    """All five keys in every chunk, with their types."""
    values = (await _view(probe)).values
    bad = [
        value
        for value in values
        if not (
            isinstance(value.get("id"), str)
            and value.get("object") == "chat.completion.chunk"
            and is_int(value.get("created"))
            and isinstance(value.get("model"), str)
            and isinstance(value.get("choices"), list)
        )
    ]
    expected = "id, object 'chat.completion.chunk', created, model, choices"
    return _all_chunks(bad, len(values), expected, "all five keys")


@check("STR-05", "MUST", CHUNK, "id, created and model do not change within a stream")
async def constant(probe: Probe) -> Finding:
    """One id, one created, one model over all chunks."""
    values = (await _view(probe)).values
    for key in ("id", "created", "model"):
        found = sorted({str(value.get(key)) for value in values})
        if len(found) > 1:
            return failed(f"{key} changes", expected="one value", got=found[:SHOWN])
    return passed("all three are constant")


@check("STR-06", "MUST", CHUNK, "The first delta says role assistant, and only the first")
async def role(probe: Probe) -> Finding:
    """The role is in the first delta (MUST) and in no other (SHOULD)."""
    deltas = [delta for _, delta in (await _view(probe)).deltas]
    roles = [delta.get("role") for delta in deltas]
    if not roles or roles[0] != "assistant":
        got = roles[:SHOWN]
        return failed("the first delta has no role", expected="assistant", got=got)
    repeated = sum(one is not None for one in roles) - 1
    if repeated:
        told = f"the role comes again in {repeated} of {len(roles)} deltas"
        return failed(told, expected="one role", got=deltas[1], severity="SHOULD")
    return passed("the role comes first and once")


@check("STR-07", "MUST", f"{CHUNK}, required", "finish_reason is there, null, before the end")
async def finish_key(probe: Probe) -> Finding:
    """Every choice of every chunk holds the key."""
    choices = [choice for choice, _ in (await _view(probe)).deltas]
    bad = [choice for choice in choices if "finish_reason" not in choice]
    return _all_chunks(bad, len(choices), {"finish_reason": None}, "the key is always there")


@check("STR-08", "MUST", CHUNK, "A choice finishes exactly once")
async def one_finish(probe: Probe) -> Finding:
    """One finish_reason that is not null for each index."""
    counts: Counter[str] = Counter()
    for choice, _ in (await _view(probe)).deltas:
        counts[str(choice.get("index"))] += choice.get("finish_reason") is not None
    if not counts or any(count != 1 for count in counts.values()):
        return failed("not one finish each", expected={"0": 1}, got=dict(counts))
    return passed("one finish_reason")


@check("STR-09", "MUST", "clients stop reading", "Nothing is said after the finish")
async def nothing_after(probe: Probe) -> Finding:
    """No delta after the finishing chunk carries content or tool calls."""
    finished = False
    for choice, delta in (await _view(probe)).deltas:
        if finished and (delta.get("content") or delta.get("tool_calls")):
            return failed("content after the finish", expected="nothing", got=delta)
        finished = finished or choice.get("finish_reason") is not None
    return passed("the finish is last")


@check("STR-10", "SHOULD", "OpenAI's examples", "The finishing delta is empty")
async def empty_finish(probe: Probe) -> Finding:
    """The delta of the finishing chunk holds no content."""
    for choice, delta in (await _view(probe)).deltas:
        if choice.get("finish_reason") is not None and delta.get("content"):
            return failed("the finishing delta has content", expected={}, got=delta)
    return passed("no content with the finish")


@check("STR-11", "MUST", "OpenAI API reference, streaming", "The stream ends with one [DONE]")
async def done(probe: Probe) -> Finding:
    """The literal data: [DONE], once, as the last event."""
    view = await _view(probe)
    if view.done != 1 or not is_done(view.events[-1]):
        got = {"[DONE]": view.done, "last": view.events[-1].data[:80]}
        return failed("no single [DONE] at the end", expected="data: [DONE]", got=got)
    return passed("one [DONE], last")


@check("STR-18", "MUST", "clients read choices[0]", "choices is always a list")
async def choices(probe: Probe) -> Finding:
    """choices is a list in every chunk, and empty in none but one with usage."""
    values = (await _view(probe)).values
    bad = [
        value
        for value in values
        if not isinstance(value.get("choices"), list)
        or (not value["choices"] and not value.get("usage"))
    ]
    return _all_chunks(bad, len(values), "choices: [...]", "a list each time")


@check("STR-21", "MUST", SSE, "Each event is UTF-8 by itself")
async def utf8(probe: Probe) -> Finding:
    """Every line of the stream decodes as UTF-8."""
    view = await _view(probe)
    if view.invalid_utf8:
        return failed(f"{view.invalid_utf8} lines are not UTF-8", expected="UTF-8", got="bytes")
    return passed("all lines decode")


def usage_chunks(view: StreamView) -> list[dict[str, Any]]:
    """Chunks with a usage that is not null."""
    return [value for value in view.values if value.get("usage")]


def usage_of(exchange: Exchange) -> Json:
    """The usage that a stream tells, or MISSING."""
    found = usage_chunks(stream(exchange))
    return found[-1]["usage"] if found else MISSING


def text_in(view: StreamView) -> str:
    """All content deltas together."""
    pieces = [delta.get("content") for _, delta in view.deltas]
    return "".join(piece for piece in pieces if isinstance(piece, str))


def finish_in(view: StreamView) -> Json:
    """The last finish_reason that is not null."""
    reasons = [at(choice, "finish_reason") for choice, _ in view.deltas]
    return next((reason for reason in reversed(reasons) if reason), None)
