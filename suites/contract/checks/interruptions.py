"""Rules of streams that the server has to break off: asked where it can be made to."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import closing
from time import perf_counter_ns
from urllib.parse import urlsplit
from uuid import uuid4

from harness.records import Dialect, Json, Request
from harness.wire.http import Response
from suites.contract.check import Stage, check
from suites.contract.checks.streams import finish_in
from suites.contract.finding import Finding, Settled, failed, inconclusive, passed, skipped
from suites.contract.probe import ANTHROPIC_VERSION, REQUEST_S, Probe
from suites.contract.rawreply import exchanges_of
from suites.contract.reading import StreamView, at, stream
from suites.contract.running import FOREVER, LASTING_TOKENS
from suites.contract.scripts import model_id, plays

# The Messages API has no logit_bias: a script takes its place.
LASTING_TEXT = "far " * 600
ID = re.compile(rb'"id": ?"([\w-]+)"')
PIECE = 4096  # bytes


async def _interrupted(probe: Probe, dialect: Dialect) -> StreamView:
    """A stream that its operator ends by ``POST /v1/requests/{id}/cancel``.

    Raises:
        Settled: the server has no such route (skip), the answer was whole before it could be
            cancelled (inconclusive), or it does not end.
    """
    name = f"contract-{uuid4().hex}"
    unknown = await probe.post(f"/requests/{name}/cancel", {})
    if unknown.status != 404 or name.encode() not in unknown.body:
        raise Settled(skipped("the server has no route that cancels a request"))
    payload = await _payload(probe, dialect)
    reply, cancelled = await _broken_off(probe, payload)
    if not cancelled:
        raise Settled(inconclusive("the stream ended before it could be cancelled"))
    exchange = exchanges_of(Request("RAW", probe.target.base_url, (), payload), reply)[0]
    probe.attach(exchange)
    return stream(exchange)


async def _payload(probe: Probe, dialect: Dialect) -> bytes:
    more: dict[str, Json] = {"max_tokens": LASTING_TOKENS, "stream": True}
    if dialect == "openai":
        body = probe.chat_body(logit_bias=FOREVER, **more)
        return probe.raw_post("/chat/completions", json.dumps(body).encode())
    if await plays(probe, "anthropic"):
        more["model"] = model_id(LASTING_TEXT)
    body = probe.message_body(**more)
    headers = {"anthropic-version": ANTHROPIC_VERSION}
    return probe.raw_post("/messages", json.dumps(body).encode(), headers=headers)


async def _broken_off(probe: Probe, payload: bytes) -> tuple[bytes, bool]:
    """What came until the server closed, and whether its answer could be cancelled."""
    url = urlsplit(probe.target.base_url)
    secure = url.scheme == "https"
    port = url.port or (443 if secure else 80)
    got, cancelled, response = b"", False, Response("POST")
    try:
        async with asyncio.timeout(REQUEST_S):
            reader, writer = await asyncio.open_connection(url.hostname, port, ssl=secure or None)
            with closing(writer):
                writer.write(payload)
                while not response.complete and (piece := await reader.read(PIECE)):
                    got += piece
                    response.take(perf_counter_ns(), piece)
                    found = None if cancelled else ID.search(_body(response))
                    cancelled = cancelled or (found is not None and await _cancel(probe, found[1]))
                    if found and not cancelled:
                        break
    except (TimeoutError, OSError) as error:
        told = f"the stream has no end ({type(error).__name__})"
        raise Settled(failed(told, expected="an error event, then the end")) from error
    return got, cancelled


async def _cancel(probe: Probe, name: bytes) -> bool:
    return (await probe.post(f"/requests/{name.decode()}/cancel", {})).status == 200


def _body(response: Response) -> bytes:
    return b"".join(data for _, data in response.chunks)


@check(
    "STR-36",
    "MUST",
    "openai SDK 3.52 raises APIError on it",
    "A stream that breaks off says so in an error event",
    stage=Stage.ADVERSARIAL,
)
async def chat_error(probe: Probe) -> Finding:
    """A stream that is cancelled by its operator: data with an error object, and no finish.

    Asked where the server has POST /v1/requests/{id}/cancel.
    """
    view = await _interrupted(probe, "openai")
    errors = [value["error"] for value in view.values if value.get("error")]
    expected = 'data: {"error": {"message": "…", "type": "…"}}'
    if not errors or not all(isinstance(at(errors[0], key), str) for key in ("message", "type")):
        got = view.events[-1].data[:200]
        return failed("no event holds an error object", expected=expected, got=got)
    if finish_in(view):
        return failed("it finishes as if it were whole", expected=None, got=finish_in(view))
    return passed("an error and no finish")


@check(
    "ANT-30",
    "MUST",
    "anthropic SDK 2.11 raises on it",
    "A message that breaks off says so in an error event",
    stage=Stage.ADVERSARIAL,
)
async def message_error(probe: Probe) -> Finding:
    """The same on the Messages route: event: error with {"type": "error", "error": {…}}."""
    await probe.needs_route("/messages", "the Messages API")
    view = await _interrupted(probe, "anthropic")
    errors = [event for event in view.events if event.event == "error"]
    values = [value for value in view.values if value.get("type") == "error"]
    kinds = [at(value, "error", key) for value in values[:1] for key in ("type", "message")]
    if not errors or not kinds or not all(isinstance(one, str) and one for one in kinds):
        got = view.events[-1].data[:200]
        expected = 'event: error, {"type": "error", "error": {"type": "…", "message": "…"}}'
        return failed("no event is an error", expected=expected, got=got)
    if any(value.get("type") == "message_stop" for value in view.values):
        return failed("message_stop as if it were whole", expected=None, got="message_stop")
    return passed("an error and no message_stop")
