"""The layers by themselves, driven over ASGI: the last resort, streams, clients that leave."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from starlette.requests import ClientDisconnect

from reference_server.api import sse
from reference_server.api.boundary import Boundary
from reference_server.api.gone import unless_gone
from reference_server.api.sse import EventStream
from reference_server.errors import GenerationFailed

START = {"type": "http.response.start", "status": 200}


def call(app, path="/v1/completions", *, leaves=False):
    """What an ASGI application sends to one request, whose client may have left already."""
    sent = []

    async def receive():
        if not leaves:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "POST", "headers": []}
    scope["state"] = {"request_id": "req_1"}
    asyncio.run(app(scope, receive, send))
    return sent


def body(sent):
    return b"".join(message.get("body", b"") for message in sent)


async def broken(scope, receive, send):
    raise KeyError("secret")


async def fine(scope, receive, send):
    await send({**START, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


async def broken_stream(scope, receive, send):
    await send({**START, "headers": [(b"content-type", b"text/event-stream; charset=utf-8")]})
    await send({"type": "http.response.body", "body": b"data: {}\n\n", "more_body": True})
    raise KeyError("secret")


def test_a_fault_becomes_a_500_that_tells_nothing(caplog):
    with caplog.at_level(logging.ERROR):
        sent = call(Boundary(broken))
    assert sent[0]["status"] == 500
    error = json.loads(body(sent))["error"]
    assert (error["type"], error["code"]) == ("server_error", "internal_error")
    assert b"secret" not in body(sent)
    assert b"KeyError" not in body(sent)
    request_id = dict(sent[0]["headers"])[b"x-request-id"].decode()
    assert request_id in caplog.text
    anthropic = json.loads(body(call(Boundary(broken), "/v1/messages")))
    assert anthropic["error"]["type"] == "api_error"


def test_what_works_passes_unchanged(caplog):
    sent = call(Boundary(fine))
    assert (sent[0]["status"], body(sent)) == (200, b"ok")
    assert dict(sent[0]["headers"])[b"x-request-id"].startswith(b"req_")
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/v1/completions", b'data: {"error":'),
        ("/v1/messages", b'event: error\ndata: {"type":"error"'),
    ],
)
def test_a_fault_in_a_stream_becomes_its_last_event(path, start):
    last = body(call(Boundary(broken_stream), path)).removeprefix(b"data: {}\n\n")
    assert last.startswith(start)
    assert last.endswith(b"\n\n")
    assert b"secret" not in last


class Cancellable:
    """As much of a generation as a stream needs to know."""

    def __init__(self):
        self.cancelled = 0

    def cancel(self):
        self.cancelled += 1


async def never():
    await asyncio.Event().wait()
    yield b""


async def two():
    yield b"data: 1\n\n"
    yield b"data: 2\n\n"


async def fails_at(place):
    for index in range(place):
        yield b"data: %d\n\n" % index
    raise GenerationFailed("KeyError: inside")


def test_stream_of_events():
    generation = Cancellable()
    sent = call(EventStream(generation, two(), {"x-a": "b"}))
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"] == b"text/event-stream; charset=utf-8"
    assert headers[b"x-a"] == b"b"
    assert b"content-length" not in headers
    assert [message.get("body") for message in sent[1:]] == [b"data: 1\n\n", b"data: 2\n\n", b""]
    assert [message["more_body"] for message in sent[1:]] == [True, True, False]
    assert generation.cancelled


def test_failure_before_the_first_event_is_raised():
    generation = Cancellable()
    with pytest.raises(GenerationFailed):
        call(EventStream(generation, fails_at(0), {}))
    assert generation.cancelled


def test_failure_after_the_first_event_is_told():
    sent = call(EventStream(Cancellable(), fails_at(1), {}))
    first, last, end = [message["body"] for message in sent[1:]]
    assert (first, end) == (b"data: 0\n\n", b"")
    error = json.loads(last[6:])["error"]
    assert error["code"] == "generation_failed"
    assert "KeyError" not in error["message"]
    named = body(call(EventStream(Cancellable(), fails_at(1), {}), "/v1/messages"))
    assert b"event: error\n" in named


def test_client_that_left():
    generation = Cancellable()
    with pytest.raises(ClientDisconnect):
        call(EventStream(generation, never(), {}), leaves=True)
    assert generation.cancelled


def test_silence_is_bridged(monkeypatch):
    monkeypatch.setattr(sse, "KEEP_ALIVE_S", 0.01)

    async def slow():
        await asyncio.sleep(0.1)
        yield b"data: 1\n\n"

    sent = call(EventStream(Cancellable(), slow(), {}))
    assert sent[0]["type"] == "http.response.start"
    assert sent[1]["body"] == b": keep-alive\n\n"
    assert body(sent).endswith(b"data: 1\n\n")


def test_no_comment_without_silence():
    assert b"keep-alive" not in body(call(EventStream(Cancellable(), two(), {})))


async def gone():
    return {"type": "http.disconnect"}


async def still_there():
    await asyncio.Event().wait()


def test_unless_gone():
    async def work():
        return 5

    async def fault():
        raise ValueError("x")

    async def forever():
        await asyncio.Event().wait()

    assert asyncio.run(unless_gone(still_there, work())) == 5
    with pytest.raises(ValueError, match="x"):
        asyncio.run(unless_gone(still_there, fault()))
    with pytest.raises(ClientDisconnect):
        asyncio.run(unless_gone(gone, forever()))
