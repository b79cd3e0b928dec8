"""A storm of good, bad and vanishing clients: the others are served, and nothing is left behind."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress

import httpx2
import psutil
import pytest

from tests.reference_server.api.test_api_process import serving, until_ready

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

USER = [{"role": "user", "content": "Tell me about the sea."}]
CANARY = {"model": "default", "prompt": "The sea is", "max_tokens": 12, "temperature": 0}
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": {}}}
MIXED = [
    ("/v1/chat/completions", {"model": "default", "messages": USER, "max_tokens": 40}),
    (
        "/v1/chat/completions",
        {"model": "default", "messages": USER, "max_tokens": 60, "stream": True},
    ),
    ("/v1/chat/completions", {"model": "default", "messages": USER, "tools": [WEATHER]}),
    ("/v1/completions", {"model": "default", "prompt": "sea " * 700, "max_tokens": 20}),
    ("/v1/messages", {"model": "default", "messages": USER, "max_tokens": 30, "stream": True}),
    ("/v1/messages/count_tokens", {"model": "default", "messages": USER}),
    ("/v1/chat/completions", {"model": "default", "messages": "wrong"}),
    ("/v1/completions", {"model": "default", "prompt": [10**9]}),
]
HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n"
POISON = [
    b"[" * 100_000,
    b'{"model": "\xff\xfe"}',
    b'{"model": "default", "messages": [{"role": "user", "content": "\\ud800"}]}',
    json.dumps({"model": "default", "prompt": "a" * 1_000_000}).encode(),
    b"not json at all",
]
# A hang, and nothing slower than one, reaches it on any machine.
PATIENCE_S = 240.0
# What allocators keep of a storm that was as large as the one before.
SLACK_BYTES = 64 * 2**20


@asynccontextmanager
async def connected(port):
    """A connection that is closed whatever happens, by the other side too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        try:
            yield reader, writer
        finally:
            writer.close()
            await writer.wait_closed()


async def mixed(http, number):
    path, body = MIXED[number % len(MIXED)]
    return (await http.post(path, json=body)).status_code


async def dropped(port, number):
    """Connect, say nothing, half or all of a request, and vanish."""
    body = json.dumps({"model": "default", "messages": USER, "stream": True}).encode()
    request = HEAD + b"content-length: %d\r\n\r\n" % len(body) + body
    async with connected(port) as (_, writer):
        writer.write(request[: len(request) * (number % 3) // 2])
        await writer.drain()
        await asyncio.sleep(0.01 * (number % 7))


async def poisoned(http, payload):
    answer = await http.post("/v1/completions", content=payload)
    return answer.status_code


async def long_header(port):
    """64 KB of one header: refused, not read for ever."""
    async with connected(port) as (reader, writer):
        writer.write(b"GET /health HTTP/1.1\r\nhost: x\r\nx: " + b"a" * 65_536 + b"\r\n\r\n")
        await reader.read()


async def slow_reader(port, over):
    """Ask for a stream and read a few bytes now and then."""
    ask = {"model": "default", "messages": USER, "max_tokens": 200, "stream": True}
    body = json.dumps(ask).encode()
    async with connected(port) as (reader, writer):
        writer.write(HEAD + b"content-length: %d\r\n\r\n" % len(body) + body)
        while not over.is_set():
            with suppress(TimeoutError):  # behind the end the connection stays open
                await asyncio.wait_for(reader.read(16), 1)
            await asyncio.sleep(0.05)


async def half_open(port, over):
    """Send half a header and wait."""
    async with connected(port) as (_, writer):
        writer.write(HEAD)
        await over.wait()


async def canaries(http, over):
    """The texts that short requests got meanwhile, and the longest that one waited."""
    texts, longest, clock = [], 0.0, asyncio.get_running_loop().time
    while not over.is_set():
        start = clock()
        answer = await http.post("/v1/completions", json=CANARY)
        longest = max(longest, clock() - start)
        texts.append(answer.json()["choices"][0]["text"])
    return texts, longest


async def storm(port):
    over = asyncio.Event()
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S, limits=limits
    ) as http:
        held = [asyncio.create_task(half_open(port, over)) for _ in range(20)]
        held += [asyncio.create_task(slow_reader(port, over)) for _ in range(4)]
        canary = asyncio.create_task(canaries(http, over))
        try:
            statuses, bad, *_ = await asyncio.gather(
                asyncio.gather(*(mixed(http, number) for number in range(64))),
                asyncio.gather(*(poisoned(http, payload) for payload in POISON * 2)),
                *(dropped(port, number) for number in range(200)),
                *(long_header(port) for _ in range(4)),
            )
        finally:
            over.set()
        await asyncio.gather(*held)
        return statuses, bad, *(await canary)


def idle(http):
    state = http.get("/health").json()
    return state["running"] == 0 and state["waiting"] == 0


def test_a_storm_leaves_nothing_behind(until, record_property):
    # Quiet: nobody reads the log here, and a full pipe would hold the server up.
    with serving("--max-batch", "16", "--log-level", "warning") as (process, http):
        until_ready(process, http)
        right = http.post("/v1/completions", json=CANARY).json()["choices"][0]["text"]
        memory = psutil.Process(process.pid).memory_info
        sizes = []
        for _ in range(3):
            statuses, bad, texts, longest = asyncio.run(storm(http.base_url.port))
            assert set(statuses) == {200, 400}
            assert statuses.count(400) == 2 * 64 // len(MIXED)
            assert set(bad) <= {400, 413}
            assert set(texts) == {right}
            record_property("longest wait of a short request, s", longest)
            until(lambda: idle(http), "all rows to be free")
            sizes.append(memory().rss)
        assert sizes[2] - sizes[1] < SLACK_BYTES, sizes
        assert http.post("/v1/completions", json=CANARY).json()["choices"][0]["text"] == right
        assert process.poll() is None
