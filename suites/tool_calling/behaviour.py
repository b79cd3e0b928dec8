"""Judging one try of a behaviour probe: the model's part and the server's part. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.records import Case, Json
from suites.tool_calling.shape import shape_faults
from suites.tool_calling.tools import parameters_of
from suites.tool_calling.values import decode, difference, violation
from suites.tool_calling.wire import FINISH

# How calls begin in the forms that models were trained on. A complete call after one of them, left
# in the text, is one that the server should have parsed.
_OPENINGS = (
    "<tool_call>",
    "[TOOL_CALLS]",
    "<|python_tag|>",
    "<|tool_call|>",
    "<TOOLCALL>",
    "functools",
)
# Statuses by which a server says that it does not do what was asked.
_REFUSALS = (400, 404, 405, 422, 501)


@dataclass(frozen=True, slots=True)
class Try:
    """One answer, judged. ``refused`` and ``fault`` are sentences; ``cut`` is an answer that
    reached max_tokens before it said anything that counts.
    """

    right: bool
    told: str
    called: bool
    fault: str | None = None
    refused: str | None = None
    cut: bool = False
    exact: bool = False
    valid_calls: int = 0
    calls: int = 0


def judge_try(case: Case, trial: Mapping[str, Json]) -> Try:
    """What one try shows."""
    refused = _refusal(case, trial)
    if refused:
        return Try(False, refused, False, refused=refused)
    calls = trial["calls"]
    fault = next(_server_faults(trial), None)
    told = _model_fault(case.parameters["expect"], trial)
    wanted = case.parameters["expect"]["call"]
    return Try(
        right=told is None and fault is None,
        told=fault or told or "as expected",
        called=bool(calls),
        fault=fault,
        cut=not calls and trial["finish"] == FINISH[trial["dialect"]]["length"],
        exact=wanted is not None and _call_difference(wanted, calls) is None,
        valid_calls=sum(_is_valid(call, case.parameters["tools"]) for call in calls),
        calls=len(calls),
    )


def _refusal(case: Case, trial: Mapping[str, Json]) -> str | None:
    if trial["status"] not in _REFUSALS:
        return None
    field = "tool_choice" if "tool_choice" in trial["error_body"] else "tools"
    if field not in trial["error_body"] or not case.parameters[field]:
        return None
    return f"the server refuses {field}: {trial['problem'].rstrip('.')}"


def _server_faults(trial: Mapping[str, Json]) -> Iterator[str]:
    if trial["status"] != 200 or trial["problem"]:
        yield (trial["problem"] or f"HTTP {trial['status']}").rstrip(".")
    for call in trial["calls"]:
        if not isinstance(_decoded(call["arguments"]), dict):
            shown = call["arguments"][:60]
            yield f"the arguments of {call['name']!r} are no JSON object: {shown!r}"
    if trial["calls"] and trial["finish"] == FINISH[trial["dialect"]]["stop"]:
        yield f"the answer calls a tool and ends with {trial['finish']!r}"
    ids = [call["id"] for call in trial["calls"]]
    if len(set(ids)) < len(ids) or not all(ids):
        yield "the calls have no ids of their own"
    if opening := leak(trial["text"]):
        yield f"a complete call is left in the text after {opening!r}"
    yield from shape_faults(trial)


def leak(text: str) -> str | None:
    """The opening after which a text holds a complete call, or None."""
    for opening in _OPENINGS:
        at = text.find(opening)
        while at >= 0:
            if _is_call(text[at + len(opening) :].lstrip()):
                return opening
            at = text.find(opening, at + 1)
    return None


def _is_call(text: str) -> bool:
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict) or not isinstance(first.get("name"), str):
        return False
    return isinstance(first.get("arguments", first.get("parameters")), dict)


def _model_fault(expect: Mapping[str, Json], trial: Mapping[str, Json]) -> str | None:
    calls, wanted = trial["calls"], expect["call"]
    if wanted is not None:
        return _call_difference(wanted, calls)
    if calls:
        return f"it called {calls[0]['name']}, although no call is right"
    if not trial["text"].strip():
        return "it said nothing"
    if expect["says"] not in trial["text"]:
        return f"the text does not hold {expect['says']!r}: {trial['text'][:60]!r}"
    return None


def _call_difference(wanted: Mapping[str, Json], calls: Sequence[Mapping[str, Json]]) -> str | None:
    if not calls:
        return "it called no tool"
    if len(calls) > 1:
        return f"it made {len(calls)} calls instead of one"
    if calls[0]["name"] != wanted["name"]:
        return f"it called {calls[0]['name']!r} instead of {wanted['name']!r}"
    return difference(wanted["arguments"], _decoded(calls[0]["arguments"]))


def _is_valid(call: Mapping[str, Json], offered: Sequence[str]) -> bool:
    """A call of an offered tool whose arguments keep to its schema."""
    schema = parameters_of(call["name"]) if call["name"] in offered else None
    return schema is not None and violation(schema, _decoded(call["arguments"])) is None


def _decoded(text: str) -> Json:
    try:
        return decode(text)
    except ValueError:
        return None
