"""Rules of the events of a response."""

from __future__ import annotations

from typing import Any

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.eventorder import ENDS, order_problem
from suites.contract.finding import Finding, Settled, failed, passed, skipped
from suites.contract.probe import Probe
from suites.contract.reading import MISSING, StreamView, at, is_done, is_int, stream
from suites.contract.responding import ROUTE, call_events, content, plain, plain_events, respond

EVENTS = "OpenAI OpenAPI 2.3.0 ResponseStreamEvent"
SDK = "openai SDK 3.52"
TEXT, PART, ITEM = "response.output_text", "response.content_part", "response.output_item"


def _of(view: StreamView, kind: str) -> list[dict[str, Any]]:
    return [value for value in view.values if value.get("type") == kind]


def _kinds(view: StreamView) -> list[Any]:
    return [value.get("type") for value in view.values]


@check("RSP-13", "MUST", EVENTS, "Each event's name is its data's type")
async def event_names(probe: Probe) -> Finding:
    """The event: line is there and equals data.type."""
    view = await plain_events(probe)
    if view.broken:
        return failed(view.broken, expected="data: {JSON}", got=_kinds(view))
    named = [event for event in view.events if not is_done(event)]
    for event, value in zip(named, view.values, strict=False):
        if event.event != value.get("type"):
            told = f"event {event.event!r} carries type {value.get('type')!r}"
            return failed(told, expected=value.get("type"), got=event.event)
    return passed(f"names and types of {len(named)} events agree")


@check("RSP-14", "MUST", EVENTS, "Events come in the published order")
async def order(probe: Probe) -> Finding:
    """Of a text, and of a call if one can be forced: items, parts, texts begin, grow and end."""
    views = [await plain_events(probe), await call_events(probe)]
    for view in filter(None, views):
        problem = view.broken or order_problem(view.values)
        if problem:
            expected = (
                "created, in_progress, (item added, (part added, deltas, text done, part done)* or "
                "arguments, item done)*, completed"
            )
            got = _kinds(view)
            return failed(problem, expected=expected, got=got, exchange=view.exchange)
    return passed(f"{[len(view.values) for view in filter(None, views)]} events in order")


@check("RSP-15", "MUST", f"{SDK} requires it", "sequence_number counts the events")
async def numbers(probe: Probe) -> Finding:
    """An integer in each event, one more than in the event before."""
    found = [value.get("sequence_number", MISSING) for value in (await plain_events(probe)).values]
    first = found[0] if is_int(found[0]) else 0
    expected = list(range(first, first + len(found)))
    if found != expected or not all(map(is_int, found)):
        return failed("the numbers do not count", expected=expected, got=repr(found))
    return passed(f"{first} to {found[-1]}")


@check("RSP-16", "MUST", EVENTS, "All deltas together are the text of each end")
async def texts(probe: Probe) -> Finding:
    """Deltas = text done = part done = item done = the last response; a call's arguments alike."""
    view = await plain_events(probe)
    joined = "".join(str(value.get("delta")) for value in _of(view, f"{TEXT}.delta"))
    last = view.values[-1]
    told = {
        f"{TEXT}.done": [value.get("text") for value in _of(view, f"{TEXT}.done")],
        f"{PART}.done": [
            at(value, "part", "text")
            for value in _of(view, f"{PART}.done")
            if at(value, "part", "type") == "output_text"
        ],
        f"{ITEM}.done": _texts(value.get("item") for value in _of(view, f"{ITEM}.done")),
        str(last.get("type")): _texts(at(last, "response", "output") or []),
    }
    wrong = {kind: texts for kind, texts in told.items() if "".join(map(str, texts)) != joined}
    if wrong:
        return failed(f"{', '.join(wrong)} differ from the deltas", expected=joined, got=wrong)
    if not joined and not _of(view, "response.reasoning_text.delta"):
        return failed("there is no delta", expected="some text", got=_kinds(view))
    return _arguments(await call_events(probe)) or passed(f"{joined!r}, five times")


def _arguments(view: StreamView | None) -> Finding | None:
    """The failure of a call's arguments, if it is one."""
    name = "response.function_call_arguments"
    if view is None or not _of(view, f"{name}.done"):
        return None
    joined = "".join(str(value.get("delta")) for value in _of(view, f"{name}.delta"))
    done = "".join(str(value.get("arguments")) for value in _of(view, f"{name}.done"))
    found = [value.get("item") for value in _of(view, f"{ITEM}.done")]
    told = [at(item, "arguments") for item in found if at(item, "type") == "function_call"]
    if [joined, joined] == [done, "".join(map(str, told))]:
        return None
    got = {"done": done, "item": told}
    return failed("arguments differ", expected=joined, got=got, exchange=view.exchange)


def _texts(items: Any) -> list[Any]:  # noqa: ANN401 - items of JSON
    parts = [part for item in items if at(item, "type") == "message" for part in content(item)]
    return [at(part, "text") for part in parts if at(part, "type") == "output_text"]


@check("RSP-17", "MUST", f"{SDK} accumulates by them", "Ids and indices mean one item")
async def places(probe: Probe) -> Finding:
    """Items are numbered from 0, parts from 0 in each; all events of an item carry its id."""
    view = await plain_events(probe)
    ids: dict[int, Json] = {}
    parts: dict[int, int] = {}
    for value in view.values:
        kind, index = str(value.get("type")), value.get("output_index")
        problem = None
        if kind == f"{ITEM}.added":
            problem = None if index == len(ids) else f"output_index {index!r} after {len(ids)}"
            ids[len(ids)] = at(value, "item", "id")
        elif kind == f"{ITEM}.done":
            problem = _other(ids, index, at(value, "item", "id"))
        elif "item_id" in value or kind.startswith((TEXT, PART)):
            problem = _other(ids, index, value.get("item_id", MISSING))
            problem = problem or _part_problem(kind, value, parts)
        if problem:
            expected = {"ids": {str(k): str(v) for k, v in ids.items()}}
            return failed(f"{kind}: {problem}", expected=expected, got=value)
    return _one_response(view, ids)


def _other(ids: dict[int, Json], index: Json, name: Json) -> str | None:
    if not is_int(index) or index not in ids:
        return f"output_index {index!r} is no item's"
    if not isinstance(name, str) or name != ids[index]:
        return f"the item's id is {name!r}, it was {ids[index]!r}"
    return None


def _part_problem(kind: str, value: dict[str, Any], parts: dict[int, int]) -> str | None:
    if not kind.startswith((TEXT, PART)):
        return None
    item, index = value["output_index"], value.get("content_index", MISSING)
    if kind == f"{PART}.added":
        parts[item] = parts.get(item, 0) + 1
        return None if index == parts[item] - 1 else f"content_index {index!r} is out of turn"
    return None if index == parts.get(item, 0) - 1 else f"content_index {index!r} is no open part's"


def _one_response(view: StreamView, ids: dict[int, Json]) -> Finding:
    responses = [value["response"] for value in view.values if "response" in value]
    names = {str(at(response, "id")) for response in responses}
    if len(names) != 1:
        return failed("the response has several ids", expected="one", got=sorted(names))
    output = at(responses[-1], "output") or []
    last = [at(item, "id") for item in output]
    if last != list(ids.values()):
        told = "the items of the last response have other ids"
        return failed(told, expected=repr(list(ids.values())), got=repr(last))
    return passed(f"one response of {len(ids)} items")


@check("RSP-18", "MUST", EVENTS, "One event ends the stream, and it holds the response")
async def end(probe: Probe) -> Finding:
    """Exactly one of completed, incomplete and failed, last, with output, usage and status."""
    view = await plain_events(probe)
    found = [value for value in view.values if value.get("type") in ENDS]
    expected = sorted(ENDS)
    if len(found) != 1 or view.values[-1] is not found[0]:
        return failed(f"{len(found)} ends", expected=expected, got=_kinds(view))
    kind, last = str(found[0]["type"]), found[0].get("response")
    status = at(last, "status")
    if kind != f"response.{status}":
        return failed(f"{kind} holds status {status!r}", expected=kind, got=status)
    if not isinstance(at(last, "output"), list) or not is_int(at(last, "usage", "output_tokens")):
        return failed("the last response is not whole", expected="output and usage", got=last)
    return passed(kind)


@check(
    "RSP-19",
    "MUST",
    f"{SDK} ResponseErrorEvent",
    "An error inside a stream is an event of its own",
    stage=Stage.SCAN,
)
async def errors(probe: Probe) -> Finding:
    """Every error in a stream of responses of this run: type "error", code, message, number."""
    await plain(probe)
    await respond(probe, stream=True, input=[{"role": "banana", "content": "Hi"}])
    seen = [(exchange, value) for exchange in probe.state.log for value in _errors_in(exchange)]
    for exchange, value in seen:
        problem = _error_problem(value)
        if problem:
            expected = {"type": "error", "code": None, "message": "…", "sequence_number": 3}
            probe.attach(exchange)
            return failed(problem, expected=expected, got=value, exchange=exchange)
    if not seen:
        return skipped("no stream of responses in this run met an error")
    return passed(f"{len(seen)} errors, each an event")


def _errors_in(exchange: Exchange) -> list[dict[str, Any]]:
    """Events that tell of an error, also those that tell it in another dialect's words."""
    kind = (exchange.header("content-type") or "").lower()
    if not exchange.request.url.endswith(ROUTE) or not kind.startswith("text/event-stream"):
        return []
    try:
        values = stream(exchange).values
    except Settled:  # broken off before its first event
        return []
    return [v for v in values if v.get("type") == "error" or (v.get("error") and "type" not in v)]


def _error_problem(value: dict[str, Any]) -> str | None:
    if value.get("type") != "error":
        return f"the event's type is {value.get('type', MISSING)!r}"
    if not isinstance(value.get("message"), str) or not value["message"]:
        return "there is no message"
    if not isinstance(value.get("code", MISSING), str | None):
        return "there is no code"
    return None if is_int(value.get("sequence_number")) else "there is no sequence_number"
