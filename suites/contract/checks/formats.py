"""Rules of response_format."""

from __future__ import annotations

from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, ignored, passed
from suites.contract.probe import Probe
from suites.contract.reading import Tally, answer, decoded, settle_refusal

FORMAT = "OpenAI OpenAPI 2.3.0 ResponseFormat"
# Room for a small object by a model that is held to JSON; a free one shows itself sooner.
JSON_TOKENS = 64


@check("CHT-61", "MUST", FORMAT, "response_format text changes nothing")
async def text(probe: Probe) -> Finding:
    """response_format {"type": "text"}: the plain answer."""
    plain = answer(await probe.plain()).text
    got = answer(await probe.chat(response_format={"type": "text"})).text
    if got != plain:
        return failed("the answer changed", expected=plain, got=got)
    return passed("the answer is the plain one")


@check("CHT-62", "MUST", FORMAT, "json_object gives JSON or is refused, never ignored")
async def json_object(probe: Probe) -> Finding:
    """json_object: a JSON object (its beginning when the cap cuts it), or HTTP 400 by name."""
    messages = [{"role": "user", "content": "Answer with a JSON object about the sea."}]
    exchange = await probe.chat(
        messages=messages, response_format={"type": "json_object"}, max_tokens=JSON_TOKENS
    )
    settle_refusal(exchange, "response_format")
    read = answer(exchange)
    whole = isinstance(decoded(read.text.encode()), dict)
    cut = read.finish_reason == "length" and read.text.lstrip().startswith("{")
    if whole or cut:
        return passed("the answer is a JSON object" if whole else "cut inside a JSON object")
    expected = "a JSON object, or HTTP 400 naming response_format"
    return ignored("the answer is no JSON", expected=expected, got=read.text)


@check(
    "CHT-65",
    "MUST",
    FORMAT,
    "An unknown format or an invalid schema is refused",
    stage=Stage.ADVERSARIAL,
)
async def bad_formats(probe: Probe) -> Finding:
    """Type "sound", json_schema without a schema, a schema that is a text: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400 each")
    nameless = {"type": "json_schema"}
    textual = {"type": "json_schema", "json_schema": {"name": "x", "schema": "banana"}}
    for label, bad in (("sound", {"type": "sound"}), ("no schema", nameless), ("text", textual)):
        tally.refused(label, await probe.chat(response_format=bad, max_tokens=2))
    return tally.finding("all are refused")
