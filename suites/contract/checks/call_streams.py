"""Rules of tool calls in streams."""

from __future__ import annotations

from typing import Any

from harness.records import Json
from suites.contract.check import check
from suites.contract.checks.calls import SAID
from suites.contract.checks.streams import text_in
from suites.contract.finding import Finding, Settled, failed, inconclusive, passed
from suites.contract.probe import Probe
from suites.contract.reading import StreamView, answer, at, decoded, is_int, stream
from suites.contract.scripts import (
    call_text,
    called,
    markup_in,
    played_calls,
    plays_calls,
    whole_call,
)

DELTA = "OpenAI OpenAPI 2.3.0 ChatCompletionMessageToolCallChunk"
ACCUMULATE = "SDKs concatenate what comes again"


def fragments(view: StreamView) -> list[dict[str, Any]]:
    """All entries of delta.tool_calls, in order."""
    found = [delta.get("tool_calls") for _, delta in view.deltas]
    return [one for calls in found if isinstance(calls, list) for one in calls if one]


async def _fragments(probe: Probe) -> list[dict[str, Any]]:
    found = fragments(stream(await called(probe, streamed=True)))
    if not found:
        raise Settled(inconclusive("the stream holds no call to look at (see STR-27)"))
    return found


@check("STR-23", "MUST", DELTA, "Every fragment of a call has an index")
async def index(probe: Probe) -> Finding:
    """index is an integer in each entry of delta.tool_calls."""
    found = await _fragments(probe)
    bad = [one for one in found if not is_int(one.get("index"))]
    if bad:
        told = f"{len(bad)} of {len(found)} fragments have no index"
        return failed(told, expected={"index": 0}, got=bad[0])
    return passed(f"{len(found)} fragments")


@check("STR-24", "MUST", ACCUMULATE, "id, type and name come once, with a call's first fragment")
async def once(probe: Probe) -> Finding:
    """The first fragment of each index has all three; later ones have none, or null."""
    seen: set[Any] = set()
    for one in await _fragments(probe):
        told = [one.get("id"), one.get("type"), at(one, "function", "name") or None]
        if one.get("index") in seen:
            if any(told):
                return failed("they come again", expected=[None] * 3, got=one)
        elif not all(told):
            return failed("the first fragment lacks one", expected="all three", got=one)
        seen.add(one.get("index"))
    return passed("once each")


@check("STR-25", "MUST", DELTA, "A second call has index 1", needs="scripted outputs")
async def second(probe: Probe) -> Finding:
    """A scripted answer with two calls: the indices are 0, then 1."""
    text = "\n".join([call_text(), call_text('{"city": "Rome", "days": 5}')])
    view = stream(await played_calls(probe, text, stream=True))
    got = list(dict.fromkeys(str(one.get("index")) for one in fragments(view)))
    if got != ["0", "1"]:
        return failed("the indices are others", expected=["0", "1"], got=got)
    return passed("0, then 1")


@check("STR-26", "MUST", DELTA, "All fragments together are the arguments in one piece")
async def joined(probe: Probe) -> Finding:
    """One call both ways: the joined fragments are JSON, and the same value."""
    whole = answer(await whole_call(probe)).tool_calls[0]
    found = await _fragments(probe)
    pieces = [at(one, "function", "arguments") or "" for one in found if one.get("index") == 0]
    text = "".join(str(piece) for piece in pieces)
    got, expected = decoded(text.encode()), decoded(whole.arguments.encode())
    finish = answer(await called(probe, streamed=True)).finish_reason
    if finish == "length":
        return inconclusive("the cap came before the call was whole")
    if got != expected:
        return failed("the arguments differ", expected=whole.arguments, got=text)
    return passed(f"{len(pieces)} fragments")


@check("STR-27", "MUST", "a stream is the same answer", "A stream has the call that the answer has")
async def there(probe: Probe) -> Finding:
    """One body both ways: as many calls, of the same names."""
    expected: list[Json] = [c.name for c in answer(await whole_call(probe)).tool_calls]
    exchange = await called(probe, streamed=True)
    got: list[Json] = [call.name for call in answer(exchange).tool_calls]
    if got != expected:
        return failed("the calls differ", expected=expected, got=got, exchange=exchange)
    return passed(f"{len(got)} call both ways")


@check("STR-28", "MUST", DELTA, "A call's name is never empty")
async def name(probe: Probe) -> Finding:
    """No fragment carries function.name ""; each call has one."""
    found = await _fragments(probe)
    empty = [one for one in found if at(one, "function", "name") == ""]
    if empty:
        return failed("a name is empty", expected="a name, or no key", got=empty[0])
    nameless = [c for c in answer(await called(probe, streamed=True)).tool_calls if not c.name]
    if nameless:
        return failed("a call has no name", expected="a name", got=len(nameless))
    return passed("every call is named")


@check("STR-29", "MUST", "clients print deltas", "Content deltas hold the text and no markup")
async def clean(probe: Probe) -> Finding:
    """A call alone, and where scripts are played one behind a sentence: no tag, nothing lost."""
    await _fragments(probe)
    exchange = await called(probe, streamed=True)
    text = text_in(stream(exchange))
    left = markup_in(text)
    if left:
        return failed(f"{left!r} is left", expected="no markup", got=text, exchange=exchange)
    if not await plays_calls(probe):
        return passed("no markup")
    exchange = await played_calls(probe, f"{SAID}\n{call_text()}", stream=True)
    text = text_in(stream(exchange))
    if text.strip() != SAID:
        return failed("the text differs", expected=SAID, got=text, exchange=exchange)
    return passed("the sentence alone is content")
