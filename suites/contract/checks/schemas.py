"""Rules of answers that a schema bounds: they hold for a model of random weights, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.records import Exchange, Json
from suites.contract.check import check
from suites.contract.finding import Finding, failed, inconclusive, passed, unsupported
from suites.contract.probe import Probe
from suites.contract.reading import (
    REFUSALS,
    Tally,
    answer,
    decoded,
    is_int,
    names,
    settle_refusal,
)

FORMAT = "OpenAI OpenAPI 2.3.0 ResponseFormatJsonSchema, strict"
# Room for the longest answer and for a thought before it.
ROOM = 160
LONG = "far " * 50

Fits = Callable[[Any], bool]


def _object(key: str, schema: Json, **more: Json) -> Json:
    shape = {"type": "object", "properties": {key: schema}, "required": [key]}
    return {**shape, "additionalProperties": False, **more}


def _of(key: str, fits: Fits) -> Fits:
    return lambda value: isinstance(value, dict) and set(value) == {key} and fits(value[key])


_SMALL = {"type": "integer", "minimum": 1, "maximum": 9}
_FLAG = {"type": "boolean"}
# What every one of them asks is bounded: the greedy answer of any weights comes to its end.
SCHEMAS: dict[str, tuple[Json, Fits]] = {
    "enum": (_object("a", {"enum": ["red", "green"]}), _of("a", lambda v: v in {"red", "green"})),
    "const": (_object("a", {"const": "fixed"}), _of("a", lambda v: v == "fixed")),
    "nested": (
        _object("a", _object("b", _FLAG)),
        _of("a", _of("b", lambda v: isinstance(v, bool))),
    ),
    "array": (
        _object("a", {"type": "array", "items": _FLAG, "minItems": 1, "maxItems": 2}),
        _of(
            "a",
            lambda v: (
                isinstance(v, list) and 1 <= len(v) <= 2 and all(isinstance(one, bool) for one in v)
            ),
        ),
    ),
    "$ref": (
        _object("a", {"$ref": "#/$defs/flag"}, **{"$defs": {"flag": _FLAG}}),
        _of("a", lambda v: isinstance(v, bool)),
    ),
    "anyOf": (
        _object("a", {"anyOf": [_FLAG, {"type": "null"}]}),
        _of("a", lambda v: v is None or isinstance(v, bool)),
    ),
    "bounds": (_object("a", _SMALL), _of("a", lambda v: is_int(v) and 1 <= v <= 9)),
    "unicode key": (_object("größe", _FLAG), _of("größe", lambda v: isinstance(v, bool))),
}


async def _bounded(probe: Probe, schema: Json, **changes: Json) -> Exchange:
    wanted = {"name": "answer", "strict": True, "schema": schema}
    form: Json = {"type": "json_schema", "json_schema": wanted}
    return await probe.chat(**{"response_format": form, "max_tokens": ROOM, **changes})


@check("CHT-63", "MUST", FORMAT, "json_schema gives what the schema allows, or is refused")
async def kept(probe: Probe) -> Finding:
    """Enum, const, nesting, arrays, $ref, anyOf, bounds, a key of other letters: each is kept.

    A schema that is refused by name is no failure; one that is taken must be kept.
    """
    tally = Tally(expected="JSON that keeps the schema, or HTTP 400 naming response_format")
    refused, cut = [], []
    for label, (schema, fits) in SCHEMAS.items():
        exchange = await _bounded(probe, schema)
        if exchange.status in REFUSALS and names(exchange, "response_format"):
            refused.append(label)
            continue
        settle_refusal(exchange, "response_format")
        read = answer(exchange)
        begun = read.text.lstrip()[:1] in {"", "{"}
        if read.finish_reason == "length" and begun:
            cut.append(label)
            continue
        problem = None if fits(decoded(read.text.encode())) else f"{read.text!r}"
        tally.note(label, exchange, problem)
    if len(refused) == len(SCHEMAS):
        return unsupported("json_schema is refused by name")
    told = [f"refused: {', '.join(refused)}"] if refused else []
    told += [f"cut by the cap: {', '.join(cut)}"] if cut else []
    return tally.finding("; ".join(["all that was taken is kept", *told]))


@check(
    "CHT-64", "SHOULD", "a cut document is no document", "A cut JSON answer finishes with length"
)
async def cut(probe: Probe) -> Finding:
    """A schema that demands a text of 200 characters, max_tokens 3: length, and no whole JSON."""
    exchange = await _bounded(probe, _object("a", {"const": LONG}), max_tokens=3)
    settle_refusal(exchange, "response_format")
    read = answer(exchange)
    if read.finish_reason != "length":
        return failed("the finish differs", expected="length", got=read.finish_reason)
    if isinstance(decoded(read.text.encode()), dict):
        return failed("the document was closed", expected="its beginning", got=read.text)
    if LONG in read.text:
        return inconclusive("three tokens were enough")
    return passed("length")
