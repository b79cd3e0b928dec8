"""The fake's surroundings: web pages, names, sizes, metrics, and rare fields of completions."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tests.suites.contract import fake_contract
from tests.suites.contract.fake_contract_model import Generated
from tests.suites.contract.fake_contract_rules import CONTEXT, Refused

Headers = dict[str, list[str]]
PAGE = "http://localhost:3000"  # the one that is let in
LARGE = 16 * 1024 * 1024


def early(method: str, headers: Headers, lenient: Collection[str]) -> fake_contract.Reply | None:
    """What is answered before a key is asked for: strange hosts and preflights."""
    host = headers.get("host", [""])[0].partition(":")[0]
    if host not in {"127.0.0.1", "localhost"} and "host" not in lenient:
        raise Refused("Host", "is somebody else's", 403, "host_not_allowed")
    if method != "OPTIONS" or "access-control-request-method" not in headers:
        return None
    wanted = headers.get("access-control-request-headers", [""])[0]
    allowed = {"access-control-allow-methods": "GET, POST, DELETE"}
    return fake_contract.Reply(b"", 204, {**allowed, "access-control-allow-headers": wanted})


def finish(reply: fake_contract.Reply, path: str, meters: Meters) -> None:
    """What every answer carries, and its count."""
    if reply.asked.get("origin") == [PAGE]:
        reply.headers |= {"access-control-allow-origin": PAGE, "vary": "Origin"}
    if reply.status == 401:
        reply.headers["www-authenticate"] = "Bearer"
    meters.count(reply, path)


class Meters:
    """Prometheus's instruments of one fake."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("route", "status")
        self._requests = Counter("fake_requests", "Requests.", labels, registry=self._registry)
        self._prompt = Counter("fake_prompt_tokens", "Read.", registry=self._registry)
        self._written = Counter("fake_generation_tokens", "Written.", registry=self._registry)
        self.running = Gauge("fake_num_requests_running", "Running.", registry=self._registry)
        self._time = Histogram("fake_latency_seconds", "Latency.", registry=self._registry)

    def count(self, reply: fake_contract.Reply, path: str) -> None:
        """One answer."""
        self._requests.labels(path, str(reply.status)).inc()
        self._time.observe(0.01)
        usage = reply.body.get("usage") if isinstance(reply.body, dict) else None
        if isinstance(usage, dict):
            self._prompt.inc(usage.get("prompt_tokens", usage.get("input_tokens", 0)))
            self._written.inc(usage.get("completion_tokens", usage.get("output_tokens", 0)))

    def reply(self) -> fake_contract.Reply:
        """All of them."""
        kind = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
        return fake_contract.Reply(generate_latest(self._registry), headers=kind)


def too_large(headers: Headers) -> bool:
    length = headers.get("content-length", ["0"])[0]
    return length.isdigit() and int(length) > LARGE


def large() -> fake_contract.Reply:
    refused = Refused("body", "is too large", 413, "request_too_large")
    reply = fake_contract.refusal("/v1", refused)
    reply.headers["connection"] = "close"
    return reply


async def drained(reader: asyncio.StreamReader) -> None:
    """Read on until the client has seen the answer: a close now would be a reset."""
    with suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(5):
            while await reader.read(2**20):
                pass


async def read_body(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    headers: dict[str, list[str]],
    lenient: Collection[str],
) -> bytes | None:
    """The request's body, or None when its length makes no sense."""
    if "chunked" in headers.get("transfer-encoding", []) and "chunked" not in lenient:
        parts = []
        while size := int((await reader.readline()).strip(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return b"".join(parts)
    lengths = headers.get("content-length", ["0"])
    if len(set(lengths)) > 1 or not lengths[0].isdigit():
        return None
    if "100-continue" in headers.get("expect", []):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return await reader.readexactly(int(lengths[0]))


async def half_closed(reader: asyncio.StreamReader) -> bool:
    await asyncio.sleep(0.02)
    return reader.at_eof()


def check_text(body: dict[str, Any], lenient: Collection[str]) -> None:
    """best_of and logprobs; the cap that a text completion has by default."""
    if "default cap" not in lenient and body.get("max_tokens") is None:
        body["max_tokens"] = 16
    best = body.get("best_of")
    if best is not None and "best_of" not in lenient:
        sound = isinstance(best, int) and best >= (body.get("n") or 1)
        if not sound or body.get("stream"):
            raise Refused("best_of", "must be n at least, and not streamed")
    if not isinstance(body.get("logprobs", 0), int):
        raise Refused("logprobs", "must be a number")


def check_context(count: int, body: dict[str, Any], lenient: Collection[str]) -> None:
    if "text context" not in lenient and count + body["max_tokens"] > CONTEXT:
        raise Refused("prompt", "is too long", code="context_length_exceeded")


def with_logprobs(
    answer: dict[str, Any], done: list[Generated], body: dict[str, Any]
) -> dict[str, Any]:
    """The answer, with the lists that legacy clients read."""
    if not body.get("logprobs"):
        return answer
    for choice, one in zip(answer["choices"], done, strict=True):
        starts = [sum(map(len, one.pieces[:n])) for n in range(len(one.pieces))]
        choice["logprobs"] = {
            "tokens": list(one.pieces),
            "token_logprobs": [-0.5] * len(one.pieces),
            "top_logprobs": [{piece: -0.5, "or": -1.5} for piece in one.pieces],
            "text_offset": starts,
        }
    return answer
