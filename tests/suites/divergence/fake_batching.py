"""A fake server with slots: it knows how many requests it generates at a time.

Answers are a function of the prompt, the temperature and, in the faulty ones, of the load.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

WORDS = ("ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine")


@dataclass
class Batching:
    """``diverging`` holds the prompts whose answer changes under load, ``noisy`` those whose
    answer changes each time; ``hot``: what a temperature above 0 does (vary, nothing, fixed).
    """

    slots: int = 8
    tokens: int = 6
    gap_s: float = 0.001
    diverging: frozenset[str] = frozenset()
    noisy: frozenset[str] = frozenset()
    hot: str = "vary"
    fails_under_load: bool = False
    silent: bool = False
    usage: bool = True
    port: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    active: int = 0

    def __post_init__(self) -> None:
        self.free = asyncio.Semaphore(self.slots)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def words(self, body: dict[str, Any], number: int) -> list[str]:
        prompt = body["messages"][-1]["content"]
        salt = number if prompt in self.noisy else 0
        if body.get("temperature"):
            salt += {"vary": number, "fixed": 7, "nothing": 0}[self.hot]
        start = sum(prompt.encode()) + salt
        return [WORDS[(start + n * (1 + salt)) % len(WORDS)] + " " for n in range(self.tokens)]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.split("content-length:")[1].split("\r\n")[0])
            body = json.loads(await reader.readexactly(length))
            self.asked.append(body)
            await self.answer(body, len(self.asked), writer)

    async def answer(self, body: dict[str, Any], number: int, writer: Any) -> None:
        if self.silent:
            await asyncio.sleep(60)
        async with self.free:
            self.active += 1
            try:
                await self.generate(body, number, writer)
            finally:
                self.active -= 1

    async def generate(self, body: dict[str, Any], number: int, writer: Any) -> None:
        await asyncio.sleep(self.gap_s)
        if self.fails_under_load and self.active > 1:
            error = b'{"error": {"message": "out of memory"}}'
            head = (
                f"HTTP/1.1 500 X\r\nContent-Type: application/json\r\nContent-Length: {len(error)}"
            )
            writer.write(head.encode() + b"\r\n\r\n" + error)
            return
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        words = self.words(body, number)
        crowded = self.active > 1 and body["messages"][-1]["content"] in self.diverging
        for position, word in enumerate(words):
            late = crowded and position >= len(words) // 2
            self.send(writer, {"index": 0, "delta": {"content": "yew " if late else word}})
            await asyncio.sleep(self.gap_s)
        self.send(writer, {"index": 0, "delta": {}, "finish_reason": "length"})
        if self.usage:
            usage = {"prompt_tokens": 5, "completion_tokens": len(words)}
            self.event(writer, {"choices": [], "usage": usage})
        writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
        await writer.drain()

    def send(self, writer: Any, choice: dict[str, Any]) -> None:
        self.event(writer, {"choices": [choice]})

    def event(self, writer: Any, value: Any) -> None:
        data = f"data: {json.dumps(value)}\n\n".encode()
        writer.write(b"%x\r\n%b\r\n" % (len(data), data))


@contextmanager
def serving(**options: Any) -> Iterator[Batching]:
    """Runs the fake in a thread on a free port; stops it always."""
    fake = Batching(**options)
    loop = asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await fake.talk(reader, writer)
        writer.transport.abort()

    async def run() -> None:
        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        fake.port = server.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)  # transports close in callbacks

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    try:
        assert ready.wait(10)
        yield fake
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
