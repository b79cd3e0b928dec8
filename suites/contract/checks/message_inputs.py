"""Rules of what a message of the Anthropic dialect may hold."""

from __future__ import annotations

from harness.records import Json
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, ignored, passed
from suites.contract.probe import PIXEL, PROMPT, Probe
from suites.contract.reading import REFUSALS, Tally, answer, settle_silence, shown

MESSAGES = "Anthropic Messages API"
USER: Json = {"role": "user", "content": PROMPT}
TOOL: Json = {
    "name": "depth",
    "description": "The depth of a place.",
    "input_schema": {"type": "object", "properties": {"at": {"type": "string"}}},
}
USE: Json = {"type": "tool_use", "id": "toolu_1", "name": "depth", "input": {"at": "trench"}}
IMAGE: Json = {
    "type": "image",
    "source": {
        "type": "base64",
        "media_type": "image/png",
        "data": PIXEL,
    },
}


async def _here(probe: Probe) -> None:
    await probe.needs_route("/messages", "the Messages API")


def _turns(result: Json, *more: Json) -> list[Json]:
    answered = {"type": "tool_result", "tool_use_id": "toolu_1", **result}
    return [
        USER,
        {"role": "assistant", "content": [USE]},
        {"role": "user", "content": [answered, *more]},
    ]


@check("ANT-22", "MUST", MESSAGES, "Tool results are accepted in all their forms")
async def tool_results(probe: Probe) -> Finding:
    """A string, text blocks, is_error, mixed with text: HTTP 200."""
    await _here(probe)
    text: Json = {"type": "text", "text": "Go on."}
    forms: dict[str, list[Json]] = {
        "string": _turns({"content": "11 km"}),
        "blocks": _turns({"content": [{"type": "text", "text": "11 km"}]}),
        "is_error": _turns({"content": "no such place", "is_error": True}),
        "with text": _turns({"content": "11 km"}, text),
    }
    tally = Tally(expected="HTTP 200 each")
    for label, messages in forms.items():
        exchange = await probe.message(messages=messages, tools=[TOOL], max_tokens=2)
        tally.accepted(label, exchange, "anthropic")
    return tally.finding("all are accepted")


@check("ANT-25", "MUST", "coding agents replay them", "Past thinking blocks are accepted")
async def past_thinking(probe: Probe) -> Finding:
    """An assistant turn of a thinking and a text block: HTTP 200."""
    await _here(probe)
    thinking = {"type": "thinking", "thinking": "The sea is deep.", "signature": "c2ln"}
    blocks = [thinking, {"type": "text", "text": "It is deep."}]
    messages = [USER, {"role": "assistant", "content": blocks}, USER]
    tally = Tally(expected="HTTP 200")
    exchange = await probe.message(messages=messages, max_tokens=2)
    tally.accepted("thinking", exchange, "anthropic")
    return tally.finding("accepted")


@check("ANT-26", "MUST", "coding agents send it", "cache_control is accepted")
async def cache_control(probe: Probe) -> Finding:
    """cache_control on a system block, a message's block and a tool: HTTP 200."""
    await _here(probe)
    mark = {"cache_control": {"type": "ephemeral"}}
    block = {"type": "text", "text": PROMPT, **mark}
    variants: dict[str, dict[str, Json]] = {
        "system": {"system": [block]},
        "message": {"messages": [{"role": "user", "content": [block]}]},
        "tool": {"tools": [{**TOOL, **mark}]},
    }
    tally = Tally(expected="HTTP 200 each")
    for label, more in variants.items():
        tally.accepted(label, await probe.message(max_tokens=2, **more), "anthropic")
    return tally.finding("accepted everywhere")


@check(
    "ANT-33",
    "MUST",
    MESSAGES,
    "A block that the model cannot read is refused, never dropped",
    stage=Stage.ADVERSARIAL,
)
async def foreign_blocks(probe: Probe) -> Finding:
    """An image, and a block of type banana: HTTP 400, or input_tokens that grow."""
    await _here(probe)
    alone = answer(await probe.message(), "anthropic").usage
    text = {"type": "text", "text": PROMPT}
    for label, block in (("image", IMAGE), ("banana", {"type": "banana", "banana": 1})):
        exchange = await probe.message(messages=[{"role": "user", "content": [text, block]}])
        settle_silence(exchange)
        if exchange.status in REFUSALS:
            continue
        if exchange.status != 200:
            told, expected = f"no clear refusal of the {label} block", "HTTP 400"
            return failed(told, expected=expected, got=shown(exchange), exchange=exchange)
        counted = answer(exchange, "anthropic").usage
        if counted and alone and counted.prompt_tokens <= alone.prompt_tokens:
            return ignored(f"the {label} block is dropped", got=shown(exchange), exchange=exchange)
    return passed("neither is dropped")
