"""Rules of what a response may hold besides text that is free: calls, JSON, thoughts."""

from __future__ import annotations

from typing import Any

from harness.records import Exchange, Json
from suites.contract.check import check
from suites.contract.checks.response_inputs import LONG, USER, WORDS
from suites.contract.eventorder import order_problem
from suites.contract.finding import Finding, Settled, failed, ignored, inconclusive, passed
from suites.contract.probe import Probe
from suites.contract.reading import at, decoded, names, ok_object, settle_refusal, shown, stream
from suites.contract.responding import (
    FORCED,
    FORM_TOKENS,
    TOOL,
    content,
    input_tokens,
    items,
    plain,
    respond,
    said,
)
from suites.contract.scripts import model_id, needs_scripts

CALL = "OpenAI OpenAPI 2.3.0 FunctionToolCall"
FORMAT = "OpenAI OpenAPI 2.3.0 TextResponseFormatJsonSchema"
REASONING = "OpenAI OpenAPI 2.3.0 ReasoningItem"
SCHEMA: Json = {
    "type": "object",
    "properties": {"known": {"type": "boolean"}},
    "required": ["known"],
    "additionalProperties": False,
}
# Where no call can be forced.
CALLED = {"type": "function_call", "name": "now", "call_id": "call_1", "arguments": "{}"}
THOUGHT, SPOKEN = "They ask about the sea.", "It is deep."


@check("RSP-06", "MUST", CALL, "Calls are items, and what they gave is read")
async def calls(probe: Probe) -> Finding:
    """A forced call has call_id, name and arguments; sent back with its output, both are read."""
    made = _forced(await respond(probe, **FORCED))
    call = made or CALLED
    counts = []
    for output in ("noon", LONG):
        result: Json = {
            "type": "function_call_output",
            "call_id": call["call_id"],
            "output": output,
        }
        after = await respond(probe, input=[USER, call, result], tools=[TOOL])
        if after.status != 200:
            told = "a call with its output is not taken back"
            return failed(told, expected="HTTP 200", got=shown(after), exchange=after)
        counts.append(input_tokens(after))
    if counts[1] - counts[0] < WORDS // 2:
        told = "the output of a call does not reach the model"
        expected = f"at least {counts[0] + WORDS // 2} input tokens"
        return ignored(told, expected=expected, got=counts[1])
    return passed("a call and its output" if made else "an output; the call could not be forced")


def _forced(exchange: Exchange) -> dict[str, Any] | None:
    """The call; None where the server clearly refuses to force one, or the cap came before it.

    Raises:
        Settled: there is no call, or it is none that a client can run.
    """
    if exchange.status != 200:
        try:
            settle_refusal(exchange, "tool_choice")
        except Settled as settled:
            if settled.finding.failing:
                raise
        return None
    body = ok_object(exchange)
    found = items(body, "function_call")
    if not found and body.get("status") == "incomplete" and not said(body):
        return None
    if not found:
        reason, expected = "a forced call did not come", "an item of type function_call"
        raise Settled(ignored(reason, expected=expected, got=body, exchange=exchange))
    problem = _call_problem(found[0])
    if problem and body.get("status") != "incomplete":
        expected = "call_id, name and arguments, which are JSON in a string"
        raise Settled(failed(problem, expected=expected, got=found, exchange=exchange))
    return None if problem else found[0]


def _call_problem(call: dict[str, Any]) -> str | None:
    if not isinstance(call.get("call_id"), str) or not call["call_id"]:
        return "the call has no call_id"
    if call.get("name") != "now":
        return f"the call's name is {at(call, 'name')!r}"
    arguments = call.get("arguments")
    if not isinstance(arguments, str) or not isinstance(decoded(arguments.encode()), dict):
        return f"arguments are no object as a string: {arguments!r}"
    return None


@check("RSP-08", "MUST", FORMAT, "text.format json_schema is kept or refused, never ignored")
async def json_schema(probe: Probe) -> Finding:
    """A strict schema: JSON that fits (its beginning when the cap cuts it), or HTTP 400 by name."""
    form = {"type": "json_schema", "name": "knowledge", "schema": SCHEMA, "strict": True}
    exchange = await respond(probe, text={"format": form}, max_output_tokens=FORM_TOKENS)
    settle_refusal(exchange, "json_schema" if names(exchange, "json_schema") else "format")
    body = ok_object(exchange)
    text = said(body)
    value = decoded(text.encode())
    fits = isinstance(value, dict) and set(value) == {"known"} and isinstance(value["known"], bool)
    if fits:
        return passed(text)
    if body.get("status") == "incomplete" and not text.strip():
        return inconclusive("the cap came before the text")
    if body.get("status") == "incomplete" and text.lstrip().startswith("{"):
        return passed(f"cut inside a JSON object: {text!r}")
    expected = 'an object with "known" true or false, or HTTP 400 naming text.format'
    return ignored("the answer does not fit the schema", expected=expected, got=text)


@check("RSP-20", "SHOULD", REASONING, "Thoughts are items of their own", needs="scripted outputs")
async def reasoning(probe: Probe) -> Finding:
    """A scripted thought, then a sentence: an item of reasoning, then a message; streamed, too."""
    await plain(probe)
    await needs_scripts(probe)
    model = model_id(f"<think>{THOUGHT}</think>{SPOKEN}")
    body = ok_object(await respond(probe, model=model, max_output_tokens=FORM_TOKENS))
    kinds = [at(item, "type") for item in body.get("output") or []]
    thoughts = [at(p, "text") for item in items(body, "reasoning") for p in content(item)]
    spoken = said(body).strip()
    if not thoughts and spoken.startswith("<think>"):
        return inconclusive("the model does not write its thoughts as <think>")
    if kinds != ["reasoning", "message"] or spoken != SPOKEN:
        told = f"items {kinds}, and the message is {spoken!r}"
        expected = f"an item of reasoning, then a message: {SPOKEN!r}"
        return failed(told, expected=expected, got=body)
    if "".join(map(str, thoughts)).strip() != THOUGHT:
        return failed("the thought is not its text", expected=THOUGHT, got=thoughts)
    streamed = await respond(probe, model=model, max_output_tokens=FORM_TOKENS, stream=True)
    problem = order_problem(stream(streamed).values)
    if problem:
        told = "events of a thought, then of a message"
        return failed(problem, expected=told, got=shown(streamed), exchange=streamed)
    return passed("a thought, then a message")
