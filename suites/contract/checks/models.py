"""Rules of the model listing and of health."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from harness.records import Exchange, Json
from suites.contract.check import check
from suites.contract.errorbody import openai_error_problem
from suites.contract.finding import (
    Finding,
    Settled,
    failed,
    inconclusive,
    passed,
    skipped,
    unsupported,
)
from suites.contract.probe import Probe
from suites.contract.reading import Tally, at, decoded, is_int, ok_object, settle_silence, shown

OAS = "OpenAI OpenAPI 2.3.0"
# A model made before 2001 or after 2033 is a time in milliseconds, or none at all.
OLDEST, NEWEST = 1_000_000_000, 2_000_000_000
NOWHERE = "no-such-model-7f3a91"


async def _listing(probe: Probe) -> Exchange:
    return await probe.shared("models", lambda: probe.get("/models"))


async def _entries(probe: Probe) -> list[Any]:
    """The entries of the listing; a listing that cannot be read is MOD-01's failure alone."""
    data = at(decoded((await _listing(probe)).body), "data")
    if not isinstance(data, list) or not data:
        raise Settled(inconclusive("the model listing is empty or cannot be read (see MOD-01)"))
    return data


@check("MOD-01", "MUST", f"{OAS} ListModelsResponse", "GET /models lists models as JSON")
async def listing(probe: Probe) -> Finding:
    """GET /models: HTTP 200, application/json, {"object": "list", "data": [...]}."""
    exchange = await _listing(probe)
    body = ok_object(exchange)
    content_type = exchange.header("content-type") or "none"
    if not content_type.startswith("application/json"):
        return failed("the content type is wrong", expected="application/json", got=content_type)
    if body.get("object") != "list" or not isinstance(body.get("data"), list):
        expected = {"object": "list", "data": []}
        return failed("the listing has another shape", expected=expected, got=body)
    return passed(f"{len(body['data'])} models are listed")


@check(
    "MOD-02", "MUST", f"{OAS} Model", "Each model has id, object, created in seconds and owned_by"
)
async def entries(probe: Probe) -> Finding:
    """Each entry of the listing: types are strict, created lies between 2001 and 2033."""
    expected = {"id": "text", "object": "model", "created": "seconds", "owned_by": "text"}
    for entry in await _entries(probe):
        created = at(entry, "created")
        sound = (
            isinstance(at(entry, "id"), str)
            and at(entry, "id")
            and at(entry, "object") == "model"
            and is_int(created)
            and OLDEST <= created <= NEWEST
            and isinstance(at(entry, "owned_by"), str)
        )
        if not sound:
            return failed("an entry has another shape", expected=expected, got=entry)
    return passed("all entries have the four keys")


@check("MOD-03", "MUST", "clients pick from the list", "The id used for generation is listed")
async def membership(probe: Probe) -> Finding:
    """The model that this run uses is among the ids of the listing."""
    data = at(decoded((await _listing(probe)).body), "data")
    ids = [at(entry, "id") for entry in data] if isinstance(data, list) else []
    wanted = probe.target.model
    if wanted in ids:
        return passed(f"{wanted!r} is listed")
    return failed(f"{wanted!r} is served but not listed", expected=wanted, got=repr(ids))


@check("MOD-04", "SHOULD", f"{OAS} retrieveModel", "GET /models/{id} gives the listed object")
async def retrieval(probe: Probe) -> Finding:
    """GET /models/{id} for the first listed id: the same object as in the listing."""
    entry = (await _entries(probe))[0]
    exchange = await probe.get(f"/models/{quote(str(at(entry, 'id')), safe='')}")
    body = ok_object(exchange)
    if body != entry:
        return failed("the two objects differ", expected=entry, got=body, exchange=exchange)
    return passed("list and retrieval agree")


@check("MOD-05", "MUST", "openai SDKs send %2F or /", "An id with a slash is found either way")
async def slashes(probe: Probe) -> Finding:
    """GET of a listed id that holds a slash, raw and as %2F."""
    ids = [str(at(entry, "id")) for entry in await _entries(probe)]
    wanted = next((one for one in ids if "/" in one), None)
    if wanted is None:
        return skipped("no listed id holds a slash")
    tally = Tally(expected=f"HTTP 200 with id {wanted!r}")
    found = []
    for label, path in (("raw", quote(wanted)), ("%2F", quote(wanted, safe=""))):
        exchange = await probe.get(f"/models/{path}")
        right = exchange.status == 200 and at(decoded(exchange.body), "id") == wanted
        found.append(exchange.status)
        tally.note(label, exchange, None if right else f"HTTP {exchange.status}")
    if all(status in {404, 405, 501} for status in found):
        return unsupported("no model can be retrieved by id (see MOD-04)")
    return tally.finding("both spellings find it")


@check("MOD-06", "MUST", f"{OAS} ErrorResponse", "An unknown id on retrieval is a 404 with error")
async def unknown(probe: Probe) -> Finding:
    """GET /models/no-such-model: HTTP 404 with an error object."""
    exchange = await probe.get(f"/models/{NOWHERE}")
    settle_silence(exchange)
    problem = openai_error_problem(exchange)
    if exchange.status != 404 or problem:
        expected = "HTTP 404 with an error object"
        told = problem or f"HTTP {exchange.status}"
        return failed(told, expected=expected, got=shown(exchange), exchange=exchange)
    return passed("404 with an error object")


@check("HEA-01", "MUST", "routers and supervisors ask it", "GET /health is 200 when able to answer")
async def healthy(probe: Probe) -> Finding:
    """GET /health, then /healthz above the API: HTTP 200; a body must be JSON."""
    for path in ("/health", "/healthz"):
        exchange = await probe.get(probe.client.root_url(path))
        settle_silence(exchange)
        if exchange.status in {404, 405, 501}:
            continue
        readable = not exchange.body or isinstance(decoded(exchange.body), dict)
        if exchange.status == 200 and readable:
            return passed(f"{path} is 200")
        expected = "HTTP 200 with JSON"
        return failed(f"{path} is not healthy", expected=expected, got=shown(exchange))
    return unsupported("there is neither /health nor /healthz")


@check("HEA-04", "SHOULD", "RFC 9110, 9.3.2", "HEAD is answered where GET is, without a body")
async def head(probe: Probe) -> Finding:
    """HEAD /models (and /health where there is one): GET's status and no body."""
    tally = Tally(expected="HTTP 200 without a body")
    paths = [probe.api("/models")]
    if (await probe.get(probe.client.root_url("/health"))).status == 200:
        paths.append(probe.client.root_url("/health"))
    for path in paths:
        raw = probe.raw_head("HEAD", path, {"Connection": "close"})
        exchange = await probe.raw(raw)
        tally.note(path, exchange, _head_problem(exchange))
    return tally.finding("HEAD is answered")


def _head_problem(exchange: Exchange) -> Json:
    if exchange.error:
        return exchange.error_text
    if exchange.status != 200:
        return f"HTTP {exchange.status}"
    return "it has a body" if exchange.body else None
