"""Rules of the shape of a response."""

from __future__ import annotations

from typing import Any

from harness.records import Json
from suites.contract.check import check
from suites.contract.finding import Finding, failed, ignored, inconclusive, passed
from suites.contract.greedy import PROMPTS
from suites.contract.probe import Probe
from suites.contract.reading import MISSING, REFUSALS, at, is_int, ok_object
from suites.contract.responding import TOKENS, content, items, plain, respond

RESPONSE = "OpenAI OpenAPI 2.3.0 Response"
USAGE = "OpenAI OpenAPI 2.3.0 ResponseUsage"
MESSAGE = "OpenAI OpenAPI 2.3.0 OutputMessage"
ENDED = frozenset({"completed", "incomplete"})
# Required in the schema; the SDKs read an answer without them.
SETTINGS = (
    *("instructions", "metadata", "model", "parallel_tool_calls", "temperature"),
    *("tool_choice", "tools", "top_p"),
)


@check("RSP-01", "MUST", RESPONSE, "A response has the published shape")
async def shape(probe: Probe) -> Finding:
    """id, object "response", status, output, usage; error null; the settings are a SHOULD."""
    body = ok_object(await plain(probe))
    cut = body.get("status") == "incomplete"
    details = body.get("incomplete_details", MISSING)
    created = body.get("created_at")
    usage = [at(body, "usage", k) for k in ("input_tokens", "output_tokens", "total_tokens")]
    sound = {
        "id": isinstance(body.get("id"), str) and bool(body["id"]),
        "object": body.get("object") == "response",
        "created_at": isinstance(created, int | float) and not isinstance(created, bool),
        "status": body.get("status") in ENDED,
        "output": isinstance(body.get("output"), list) and bool(body["output"]),
        "usage": all(is_int(count) for count in usage),
        "error": body.get("error", MISSING) is None,
        "incomplete_details": isinstance(details, dict) if cut else details is None,
    }
    wrong = [key for key, kept in sound.items() if not kept]
    if wrong:
        expected = "id, object, created_at, status, output, usage, error and incomplete_details"
        return failed(f"wrong or absent: {', '.join(wrong)}", expected=expected, got=body)
    lacking = [key for key in SETTINGS if key not in body]
    lacking += [] if body["id"].startswith("resp_") else ["the prefix resp_ of id"]
    if lacking:
        told = f"absent: {', '.join(lacking)}"
        return failed(told, expected=list(SETTINGS), got=body, severity="SHOULD")
    return passed(f"all keys are there, status {body['status']}")


@check("RSP-03", "MUST", MESSAGE, "A message of the output has the published shape")
async def message(probe: Probe) -> Finding:
    """id, type, role, status and content of output_text parts with text and annotations."""
    body = ok_object(await plain(probe))
    found = items(body, "message")
    if not found:
        kinds = [at(item, "type") for item in body.get("output") or []]
        told = f"the answer has no message, only {kinds}"
        return inconclusive(told) if "reasoning" in kinds else failed(told, got=body)
    problem = next((p for p in map(_message_problem, found) if p), None)
    if problem:
        expected = "id, type, role, status, content [{type, text, annotations}]"
        return failed(problem, expected=expected, got=found)
    return passed(f"{len(found)} message")


def _message_problem(item: dict[str, Any]) -> str | None:
    if not isinstance(item.get("id"), str) or not item["id"]:
        return "the message has no id"
    if item.get("role") != "assistant":
        return f"role is {item.get('role', MISSING)!r}"
    if item.get("status") not in ENDED:
        return f"the message's status is {item.get('status', MISSING)!r}"
    if not content(item):
        return "the message has no content"
    for part in content(item):
        if at(part, "type") == "refusal" and isinstance(at(part, "refusal"), str):
            continue
        if at(part, "type") != "output_text" or not isinstance(at(part, "text"), str):
            return f"a part is no output_text with text: {part!r}"
        if not isinstance(at(part, "annotations"), list):
            return "output_text has no list of annotations"
    return None


@check("RSP-04", "MUST", USAGE, "usage adds up and has its details")
async def usage(probe: Probe) -> Finding:
    """total = input + output; cached tokens are input, reasoning tokens are output."""
    counted = ok_object(await plain(probe)).get("usage")
    keys = ("input_tokens", "output_tokens", "total_tokens")
    entered, made, total = (at(counted, key) for key in keys)
    if not all(is_int(one) and one >= 0 for one in (entered, made, total)):
        return failed("usage is no three counts", expected=list(keys), got=repr(counted))
    if entered + made != total:
        return failed("the sum is wrong", expected=entered + made, got=total)
    cached = at(counted, "input_tokens_details", "cached_tokens")
    thought = at(counted, "output_tokens_details", "reasoning_tokens")
    for name, part, whole in (("cached", cached, entered), ("reasoning", thought, made)):
        if not is_int(part) or not 0 <= part <= whole:
            told = f"{name}_tokens is {part!r} of {whole}"
            return failed(told, expected=f"an integer up to {whole}", got=repr(counted))
    return passed(f"{entered} + {made} = {total}, {cached} cached, {thought} of reasoning")


@check("RSP-05", "MUST", RESPONSE, "max_output_tokens ends an answer as incomplete")
async def cap(probe: Probe) -> Finding:
    """max_output_tokens 1 (16 where 1 is refused): incomplete, and the reason is the cap."""
    late: list[Json] = []
    for prompt in PROMPTS:
        limit = 1
        exchange = await respond(probe, input=prompt, max_output_tokens=limit)
        if exchange.status in REFUSALS:
            limit = TOKENS
            exchange = await respond(probe, input=prompt, max_output_tokens=limit)
        body = ok_object(exchange)
        made = at(body, "usage", "output_tokens")
        if is_int(made) and made > limit:
            return ignored(f"{made} tokens came", expected=f"at most {limit}", got=body)
        if body.get("status") == "incomplete":
            return _reason(body)
        if made is MISSING or made == limit:
            late.append(body.get("status"))
    if len(late) == len(PROMPTS):  # one may have ended by itself just there, not all
        return failed("answers that reach the cap are not incomplete", expected="incomplete",
                      got=late)  # fmt: skip
    return inconclusive("the model ends its answers before the cap")


def _reason(body: dict[str, Any]) -> Finding:
    reason = at(body, "incomplete_details", "reason")
    if reason != "max_output_tokens":
        told = "incomplete_details do not name the cap"
        return failed(told, expected="max_output_tokens", got=repr(reason))
    return passed("incomplete, by max_output_tokens")
