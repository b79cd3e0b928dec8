"""Rules of tools in Anthropic's Messages API."""

from __future__ import annotations

import json
from typing import Any

from harness.records import Exchange, Json
from harness.wire import dialect_for
from suites.contract.check import Stage, check
from suites.contract.checks.calls import fits
from suites.contract.finding import (
    Finding,
    Settled,
    failed,
    ignored,
    inconclusive,
    passed,
    unsupported,
)
from suites.contract.probe import Probe
from suites.contract.reading import REFUSALS, answer, at, decoded, names, ok_object, shown, stream
from suites.contract.scripts import (
    ARGUMENTS,
    FORCED_TOKENS,
    NAME,
    WEATHER_BLOCK,
    call_text,
    played_calls,
    plays,
    plays_calls,
)

TOOL_USE = "anthropic SDK 2.11 ToolUseBlock"
CHOICE = "Anthropic Messages API, tool_choice"


async def _used(probe: Probe, *, streamed: bool = False) -> Exchange:
    """A message with a tool_use block: played where possible, else forced.

    Raises:
        Settled: there is no such route, or a call can be neither played nor forced.
    """
    await probe.needs_route("/messages", "the Messages API")
    name = f"tool use {streamed}"
    if await plays(probe, "anthropic") and await plays_calls(probe):
        return await probe.shared(
            name,
            lambda: played_calls(probe, call_text(), dialect="anthropic", stream=streamed),
        )
    choice: Json = {"type": "tool", "name": NAME}
    exchange = await probe.shared(name, lambda: _choose(probe, choice, stream=streamed))
    if exchange.status in REFUSALS and names(exchange, "tool_choice"):
        raise Settled(unsupported("tool_choice is refused by name"))
    if not answer(exchange, "anthropic").tool_calls:
        raise Settled(inconclusive("the message holds no tool use to look at (see ANT-23)"))
    return exchange


async def _choose(probe: Probe, choice: Json, **more: Json) -> Exchange:
    body = {"tools": [WEATHER_BLOCK], "max_tokens": FORCED_TOKENS, **more}
    return await probe.message(tool_choice=choice, **body)


def _uses(exchange: Exchange) -> list[dict[str, Any]]:
    content = ok_object(exchange).get("content")
    blocks = content if isinstance(content, list) else []
    return [block for block in blocks if at(block, "type") == "tool_use"]


@check("ANT-20", "MUST", TOOL_USE, "A call is a tool_use block, and the stop_reason says so")
async def block(probe: Probe) -> Finding:
    """type tool_use, a filled id, the name, input an object; stop_reason tool_use."""
    exchange = await _used(probe)
    found, reason = _uses(exchange), ok_object(exchange).get("stop_reason")
    sound = [
        one
        for one in found
        if isinstance(one.get("id"), str)
        and one["id"]
        and one.get("name") == NAME
        and isinstance(one.get("input"), dict)
    ]
    if not found or len(sound) < len(found):
        expected = {"type": "tool_use", "id": "…", "name": NAME, "input": json.loads(ARGUMENTS)}
        return failed("no sound tool_use block", expected=expected, got=ok_object(exchange))
    if reason not in {"tool_use", "max_tokens"}:
        return failed("stop_reason differs", expected="tool_use", got=repr(reason))
    return passed(f"{len(found)} block, {reason}")


@check(
    "ANT-21", "MUST", "anthropic SDK 2.11 InputJSONDelta", "The fragments together are the input"
)
async def fragments(probe: Probe) -> Finding:
    """One tool use both ways: the joined partial_json is JSON and the input in one piece.

    The block starts with an empty input; without deltas it would stay empty.
    """
    uses = _uses(await _used(probe))
    exchange = await _used(probe, streamed=True)
    values = stream(exchange).values
    starts = [at(value, "content_block") for value in values]
    started = [one for one in starts if at(one, "type") == "tool_use"]
    deltas = [at(value, "delta", "partial_json") for value in values]
    text = "".join(one for one in deltas if isinstance(one, str))
    expected = [use.get("input") for use in uses][:1]
    if [decoded(text.encode())] != expected:
        return failed("the fragments differ", expected=expected, got=text, exchange=exchange)
    if any(at(one, "input") for one in started) or not started:
        got = repr(started)
        return failed("a block does not start with an empty input", expected={}, got=got)
    return passed(f"{sum(isinstance(one, str) for one in deltas)} fragments")


@check("ANT-23", "MUST", CHOICE, "tool_choice is kept or refused")
async def choice(probe: Probe) -> Finding:
    """auto: HTTP 200; any and tool: a tool_use block; none: no such block."""
    await probe.needs_route("/messages", "the Messages API")
    refused: list[str] = []
    for kind in ("auto", "any", "tool", "none"):
        wanted: Json = {"type": kind, **({"name": NAME} if kind == "tool" else {})}
        exchange = await _choose(probe, wanted)
        if exchange.status in REFUSALS and names(exchange, "tool_choice"):
            refused.append(kind)
            continue
        read = answer(exchange, "anthropic")
        got: list[Json] = [call.name for call in read.tool_calls]
        if kind == "none" and got:
            return ignored("none is ignored", expected=[], got=got, exchange=exchange)
        if kind in {"any", "tool"} and got[:1] != [NAME]:
            if read.finish_reason == "max_tokens" and not read.text:
                return inconclusive("the cap came before the call was whole")
            told = f"{kind} gave no call"
            return ignored(told, expected=[NAME], got=got or read.text, exchange=exchange)
        bad = [c.arguments for c in read.tool_calls if kind == "tool" and not _fits(c.arguments)]
        if bad and read.finish_reason == "tool_use":
            return failed("the input breaks the schema", expected=ARGUMENTS, got=bad)
    if "any" in refused and "tool" in refused:
        return unsupported("tool_choice is refused by name")
    told = f"; refused by name: {', '.join(refused)}" if refused else ""
    return passed(f"kept{told}")


def _fits(arguments: str) -> bool:
    return fits(decoded(arguments.encode()))


@check("ANT-31", "SHOULD", "clients pay for it", "Counted tokens are shown", stage=Stage.SCAN)
async def not_silent(probe: Probe) -> Finding:
    """Every message of this run: output_tokens above 1 come with at least one block.

    One token may be the end alone; what a stop sequence cut away is let pass.
    """
    await probe.needs_route("/messages", "the Messages API")
    await probe.shared("message", probe.message)
    count = 0
    for exchange in probe.state.log:
        if "/messages" not in exchange.request.url or exchange.status != 200:
            continue
        read = dialect_for("anthropic").read(exchange)
        seen = read.text or read.reasoning or read.tool_calls
        spent = read.usage.completion_tokens if read.usage else 0
        count += 1
        if (
            read.problem is None
            and spent > 1
            and not seen
            and read.finish_reason != "stop_sequence"
        ):
            told = f"{spent} tokens and nothing to see"
            return failed(told, expected="a block", got=shown(exchange), exchange=exchange)
    return passed(f"{count} messages of this run")
