"""Rules of Anthropic's event streams."""

from __future__ import annotations

from typing import Any

from suites.contract.check import check
from suites.contract.finding import Finding, failed, passed
from suites.contract.probe import Probe
from suites.contract.reading import StreamView, answer, at, is_int, shown, stream

EVENTS = "Anthropic Messages API, streaming"
SDK = "anthropic SDK 2.11"
DELTAS = {
    "text": {"text_delta", "citations_delta"},
    "thinking": {"thinking_delta", "signature_delta"},
    "tool_use": {"input_json_delta"},
}


async def _view(probe: Probe) -> StreamView:
    await probe.needs_route("/messages", "the Messages API")
    return stream(await probe.shared("message stream", lambda: probe.message(stream=True)))


def _kinds(view: StreamView) -> list[Any]:
    return [value.get("type") for value in view.values if value.get("type") != "ping"]


@check("ANT-13", "MUST", EVENTS, "Events come in the published order")
async def order(probe: Probe) -> Finding:
    """message_start, blocks of start, deltas, stop, then message_delta and message_stop."""
    view = await _view(probe)
    problem = view.broken or _order_problem(_kinds(view))
    if problem:
        expected = "message_start, (block_start, block_delta*, block_stop)*, message_delta, stop"
        return failed(problem, expected=expected, got=_kinds(view))
    return passed(f"{len(view.values)} events in order")


def _order_problem(kinds: list[Any]) -> str | None:
    steps = {
        "start": {"message_start": "between"},
        "between": {"content_block_start": "block", "message_delta": "ending"},
        "block": {"content_block_delta": "block", "content_block_stop": "between"},
        "ending": {"message_delta": "ending", "message_stop": "end"},
        "end": {},
    }
    state = "start"
    for number, kind in enumerate(kinds):
        if kind not in steps[state]:
            return f"event {number} is {kind!r}, which cannot come after {kinds[:number][-1:]}"
        state = steps[state][kind]
    return None if state == "end" else f"the stream ends after {kinds[-1:]}"


@check("ANT-14", "MUST", f"{SDK} dispatches on it", "Each event's name is its data's type")
async def event_names(probe: Probe) -> Finding:
    """The event: line equals data.type."""
    view = await _view(probe)
    for event, value in zip(view.events, view.values, strict=False):
        if event.event != value.get("type"):
            told = f"event {event.event!r} carries type {value.get('type')!r}"
            return failed(told, expected=value.get("type"), got=event.event)
    return passed("names and types agree")


@check("ANT-15", "MUST", f"{SDK} accumulates by index", "Blocks are numbered from 0, one at a time")
async def block_indices(probe: Probe) -> Finding:
    """content_block_start has index 0, 1, …; deltas and stops carry the open block's index."""
    opened = -1
    for value in (await _view(probe)).values:
        kind, index = str(value.get("type")), value.get("index")
        if kind == "content_block_start":
            opened += 1
        if kind.startswith("content_block") and index != opened:
            return failed(f"{kind} has index {index!r}", expected=opened, got=index)
    return passed(f"{opened + 1} blocks")


@check("ANT-16", "MUST", f"{SDK} accumulates by type", "A delta's type fits its block")
async def delta_types(probe: Probe) -> Finding:
    """text_delta in text blocks, thinking_delta in thinking blocks, input_json_delta in tools."""
    block: Any = None
    for value in (await _view(probe)).values:
        if value.get("type") == "content_block_start":
            block = at(value, "content_block", "type")
        if value.get("type") == "content_block_delta":
            kind = at(value, "delta", "type")
            if kind not in DELTAS.get(block, set()):
                expected = sorted(DELTAS.get(block, set()))
                return failed(f"{kind!r} in a {block!r} block", expected=expected, got=kind)
    return passed("all deltas fit")


@check("ANT-17", "MUST", EVENTS, "message_start is an empty message with the real input_tokens")
async def start(probe: Probe) -> Finding:
    """message_start.message: content [], role, model, usage.input_tokens as in one piece."""
    view = await _view(probe)
    message = at(view.values[0], "message") if view.values else None
    whole = answer(await probe.shared("message", probe.message), "anthropic").usage
    tokens = at(message, "usage", "input_tokens")
    expected = {"content": [], "input_tokens": whole.prompt_tokens if whole else 1}
    if at(message, "content") != [] or at(message, "role") != "assistant" or not is_int(tokens):
        return failed("message_start is no empty message", expected=expected, got=repr(message))
    if whole and tokens != whole.prompt_tokens:
        return failed("input_tokens differ from the answer's", expected=expected, got=tokens)
    return passed(f"empty, {tokens} input tokens")


@check("ANT-18", "MUST", f"{SDK} reads it", "message_delta has the final output_tokens")
async def final_usage(probe: Probe) -> Finding:
    """usage.output_tokens of message_delta equals the answer's in one piece."""
    view = await _view(probe)
    whole = answer(await probe.shared("message", probe.message), "anthropic").usage
    found = [v for v in view.values if v.get("type") == "message_delta"]
    tokens = at(found[-1], "usage", "output_tokens") if found else None
    expected = whole.completion_tokens if whole else "an integer"
    if not is_int(tokens):
        return failed("there are no output_tokens", expected=expected, got=shown(view.exchange))
    if whole and tokens != whole.completion_tokens:
        return failed("the counts differ", expected=expected, got=tokens)
    return passed(f"{tokens} output tokens")


@check("ANT-19", "SHOULD", EVENTS, "There is no [DONE]")
async def no_done(probe: Probe) -> Finding:
    """[DONE] belongs to the other dialect."""
    if (await _view(probe)).done:
        return failed("[DONE] ends the stream", expected="message_stop", got="[DONE]")
    return passed("message_stop is last")
