"""Rules of what a response may be asked with: items, instructions, earlier responses."""

from __future__ import annotations

from harness.records import Exchange, Json
from suites.contract.check import check
from suites.contract.errorbody import openai_error_problem
from suites.contract.finding import Finding, failed, ignored, passed, unsupported
from suites.contract.probe import PROMPT, Probe
from suites.contract.reading import Tally, at, ok_object, refusal_problem, settle_refusal, shown
from suites.contract.responding import input_tokens, plain, respond, said
from suites.contract.routes import NO_ROUTE

INPUT = "OpenAI OpenAPI 2.3.0 InputParam"
CREATE = "OpenAI OpenAPI 2.3.0 CreateResponse"
USER: Json = {"role": "user", "content": PROMPT}
# Long enough to be seen in a count of tokens, by whatever tokenizer.
WORDS = 120
LONG = "The tide comes and goes. " * (WORDS // 5)
UNKNOWN = "resp_00000000000000000000000000000000"
REFUSED = frozenset({400, 404, 422})


def _parts(role: str, kind: str, text: str, **more: Json) -> Json:
    return {"role": role, "content": [{"type": kind, "text": text}], **more}


@check("RSP-02", "MUST", INPUT, "A string and a list of items are the same input")
async def forms(probe: Probe) -> Finding:
    """A string, a message, a message of input_text: as many tokens, and the same greedy answer."""
    first = await plain(probe)
    again = ok_object(await respond(probe))
    count, text = input_tokens(first), said(ok_object(first))
    repeatable = text == said(again)
    listed: dict[str, Json] = {
        "a message": [USER],
        "typed": [{"type": "message", **USER}],
        "input_text": [_parts("user", "input_text", PROMPT, type="message")],
    }
    tally = Tally(expected=f"{count} input tokens and {text!r}")
    for label, items in listed.items():
        exchange = await respond(probe, input=items)
        problem = _accepted(exchange)
        if problem is None and input_tokens(exchange) != count:
            problem = f"{input_tokens(exchange)} input tokens"
        elif problem is None and repeatable and said(ok_object(exchange)) != text:
            problem = f"another answer: {said(ok_object(exchange))!r}"
        tally.note(label, exchange, problem)
    return tally.finding("all forms are one input")


def _accepted(exchange: Exchange) -> str | None:
    return None if exchange.status == 200 else shown(exchange)


@check("RSP-07", "MUST", CREATE, "instructions are what the system says, of this response alone")
async def instructions(probe: Probe) -> Finding:
    """They add to the input tokens, and those of an earlier response are not carried over."""
    base = input_tokens(await plain(probe))
    exchange = await respond(probe, instructions=LONG)
    settle_refusal(exchange, "instructions")
    count = input_tokens(exchange)
    if count < base + WORDS // 2:
        told = "instructions do not reach the model"
        expected = f"at least {base + WORDS // 2} input tokens"
        return ignored(told, expected=expected, got=count, exchange=exchange)
    first = ok_object(exchange)
    after = await respond(probe, input="Go on.", previous_response_id=first.get("id"))
    if after.status == 200 and input_tokens(after) >= count:
        told = "instructions of the earlier response are kept"
        expected = f"fewer than {count} input tokens"
        return failed(told, expected=expected, got=input_tokens(after), exchange=after)
    if first.get("instructions") != LONG:
        got = first.get("instructions")
        return failed("they are not repeated", expected=LONG, got=got, severity="SHOULD")
    return passed(f"{base} input tokens without, {count} with them")


@check("RSP-09", "MUST", CREATE, "previous_response_id continues a response or is refused")
async def previous(probe: Probe) -> Finding:
    """An unknown id: HTTP 400 or 404. A known one: what was said is read again, or a refusal."""
    first = await respond(probe, input=LONG)
    count, name = input_tokens(first), ok_object(first).get("id")
    unknown = await respond(probe, previous_response_id=UNKNOWN)
    if unknown.status == 200:
        return ignored("an id that nobody gave is taken", expected="HTTP 400 or 404",
                       got=shown(unknown), exchange=unknown)  # fmt: skip
    problem = refusal_problem(unknown, REFUSED) or openai_error_problem(unknown)
    if problem:
        expected = "HTTP 400 or 404 with an error object"
        return failed(problem, expected=expected, got=shown(unknown), exchange=unknown)
    after = await respond(probe, input="Go on.", previous_response_id=name)
    if after.status in REFUSED:
        return unsupported(f"previous_response_id is refused: {shown(after)}")
    read = input_tokens(after)
    if read <= count:
        told = "the earlier input does not reach the model"
        expected = f"more than {count} input tokens"
        return ignored(told, expected=expected, got=read, exchange=after)
    return passed(f"{read} input tokens after {count}")


@check("RSP-10", "MAY", "OpenAI API reference, responses", "Responses are kept, read and deleted")
async def kept(probe: Probe) -> Finding:
    """GET gives the response; after DELETE and with store false HTTP 404 with an error object."""
    exchange = await respond(probe, store=True)
    settle_refusal(exchange, "store")
    first = ok_object(exchange)
    path = f"/responses/{first.get('id')}"
    read = await probe.get(path)
    if read.status in NO_ROUTE:
        return unsupported(f"GET {path} is HTTP {read.status}")
    if ok_object(read).get("output") != first.get("output"):
        return failed("another response is read", expected=first, got=shown(read), exchange=read)
    tally = Tally(expected="HTTP 404 with an error object")
    deleted = await probe.send(probe.request("DELETE", path))
    if deleted.status not in NO_ROUTE:
        tally.note("DELETE", deleted, _accepted(deleted))
        _is_gone(tally, "after DELETE", await probe.get(path))
    exchange = await respond(probe, store=False)
    settle_refusal(exchange, "store")
    forgotten = ok_object(exchange)
    _is_gone(tally, "store false", await probe.get(f"/responses/{forgotten.get('id')}"))
    _is_gone(tally, "unknown id", await probe.get(f"/responses/{UNKNOWN}"))
    return tally.finding("kept, read and deleted")


def _is_gone(tally: Tally, label: str, exchange: Exchange) -> None:
    problem = refusal_problem(exchange, frozenset({404})) or openai_error_problem(exchange)
    tally.note(label, exchange, problem)


@check("RSP-11", "MUST", INPUT, "What the assistant said before is read in all its forms")
async def history(probe: Probe) -> Finding:
    """content as text, as output_text, as the item of an output: accepted, and read."""
    part: Json = {"type": "output_text", "text": LONG, "annotations": []}
    whole: Json = {
        "type": "message",
        "id": "msg_1",
        "status": "completed",
        "role": "assistant",
        "content": [part],
    }
    turns: dict[str, Json] = {
        "text": {"role": "assistant", "content": LONG},
        "output_text": _parts("assistant", "output_text", LONG),
        "an output item": whole,
    }
    return await _read(probe, {k: [USER, turn, USER] for k, turn in turns.items()})


@check("RSP-12", "MUST", "coding agents send it", "What a developer says is read")
async def developer(probe: Probe) -> Finding:
    """Items of the role developer as text and as input_text: accepted, and read."""
    turns: dict[str, Json] = {
        "text": {"role": "developer", "content": LONG},
        "input_text": _parts("developer", "input_text", LONG, type="message"),
    }
    return await _read(probe, {k: [turn, USER] for k, turn in turns.items()})


async def _read(probe: Probe, inputs: dict[str, Json]) -> Finding:
    """Each of the inputs, which hold a long text, must be accepted and counted."""
    least = input_tokens(await plain(probe)) + WORDS // 2
    tally = Tally(expected=f"HTTP 200 with at least {least} input tokens, each")
    for label, items in inputs.items():
        exchange = await respond(probe, input=items)
        problem = _accepted(exchange)
        if problem is None and input_tokens(exchange) < least:
            problem = f"not read: {at(ok_object(exchange), 'usage')}"
        tally.note(label, exchange, problem)
    return tally.finding("accepted and read")
