"""A server without a model that keeps every rule of the suite, and breaks one when told to.

It speaks HTTP/1.1 itself, so that a fault can be a reset or a silence as well as a wrong word.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from tests.suites.contract import fake_contract_beside as beside
from tests.suites.contract import fake_contract_bodies as bodies
from tests.suites.contract import fake_contract_chat as chat
from tests.suites.contract import fake_contract_rules as rules
from tests.suites.contract import fake_contract_scripts as scripts
from tests.suites.contract import fake_contract_serving as serving
from tests.suites.contract.fake_contract_bodies import framed, serialised
from tests.suites.contract.fake_contract_chat import Event
from tests.suites.contract.fake_contract_course import Course
from tests.suites.contract.fake_contract_model import Generated, Options, generate, prompt_tokens
from tests.suites.contract.fake_contract_rules import Refused

HEAD_LIMIT = 32 * 1024
LONG, LASTING_S = 300, 0.8  # tokens, and the time to make that many in one piece


@dataclass
class Reply:
    """A response before it becomes bytes."""

    body: Any = None  # JSON, or bytes as they are
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    events: list[Event] | None = None
    asked: dict[str, list[str]] = field(default_factory=dict)  # the request's headers
    lasts_s: float = 0.0  # how long the answer takes to make


@dataclass(frozen=True)
class Fault:
    """What goes wrong. The checks of all ``rules`` must fail; ``seen`` is a public report of it."""

    name: str
    rules: tuple[str, ...]
    request: Callable[[str, dict[str, Any]], None] | None = None  # edits the body in place
    lenient: tuple[str, ...] = ()  # what is not validated
    generated: Callable[[Generated, Options], Generated] | None = None
    reply: Callable[[str, Reply], Reply] | None = None
    frame: Callable[[bytes], bytes] | None = None
    decode: Callable[[bytes], bytes] | None = None  # of the request's body
    raw: Callable[[str, bytes], str | None] | None = None  # reset, hang, die or zombie
    late: Callable[[Any, str, bytes], Awaitable[str | None]] | None = None  # may wait before that
    seen: str = ""


@dataclass
class Fake:
    """A running fake."""

    fault: Fault | None = None
    api_key: str | None = None
    port: int = 0
    state: str = "alive"
    split: int = 0  # bytes a write; 0: an event a write
    pace_s: float = 0.0  # between two events
    absent: tuple[str, ...] = ()  # routes that it does not have
    plays: bool = True  # scripts
    requests: list[tuple[str, str]] = field(default_factory=list)
    server: asyncio.Server | None = None
    writers: dict[asyncio.StreamWriter, asyncio.StreamReader] = field(default_factory=dict)
    prompts: set[str] = field(default_factory=set)  # seen before
    beside: beside.Beside = field(default_factory=beside.Beside)
    meters: serving.Meters = field(default_factory=serving.Meters)
    course: Course = field(init=False)

    def __post_init__(self) -> None:
        self.course = Course(self.lenient, self.meters.running, self.pace_s)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def start(self) -> None:
        self.server = await asyncio.start_server(
            self._connection, "127.0.0.1", self.port, limit=HEAD_LIMIT
        )
        self.port = self.server.sockets[0].getsockname()[1]
        self.state = "alive"

    async def stop(self) -> None:
        if self.server:
            self.server.close()
        for writer in list(self.writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def restart(self) -> None:
        """As a manager would: away with the old one, a new one on the same port."""
        await self.stop()
        await self.start()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers[writer] = reader
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._one(reader, writer):
                pass
        self.writers.pop(writer, None)
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            status = 500 if "long header" in self.lenient else 431
            await self._send(writer, Reply(b"", status, {"connection": "close"}), "GET")
            return False
        line, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, target, _ = line.split(" ")
        headers: dict[str, list[str]] = {}
        for one in lines:
            name, _, value = one.partition(":")
            headers.setdefault(name.lower(), []).append(value.strip())
        if serving.too_large(headers):
            if "large body" not in self.lenient:
                await self._send(writer, serving.large(), method)
                await serving.drained(reader)
            return False
        body = await serving.read_body(reader, writer, headers, self.lenient)
        if "half close" in self.lenient and await serving.half_closed(reader):
            await self._send(writer, refusal("/v1", Refused("connection", "is closed")), method)
            return False
        if body is None and "length" in self.lenient:
            writer.transport.abort()
            return False
        if body is None:
            reply = refusal("/v1", Refused("Content-Length", "is wrong"))
            await self._send(writer, reply, method)
            return False
        return await self._answer(writer, method, target, headers, body)

    async def _answer(
        self,
        writer: asyncio.StreamWriter,
        method: str,
        target: str,
        headers: dict[str, list[str]],
        body: bytes,
    ) -> bool:
        path = target if "query" in self.lenient else urlsplit(target).path
        self.requests.append((method, path))
        action = self.fault.raw(path, body) if self.fault and self.fault.raw else None
        if self.fault and self.fault.late:
            action = await self.fault.late(self, path, body) or action
        if action in {"die", "zombie", "hang"}:
            self.state = action
        if self.state == "die":
            await self.stop()
        if action == "reset" or self.state == "die":
            writer.transport.abort()
            return False
        if self.state == "hang" and path != "/health":
            await asyncio.sleep(60)
        reply = self.reply(method, path, body, headers)
        if self.state == "zombie" and path != "/health":
            reply = Reply({"error": "generation thread died"}, 500)
        if reply.lasts_s:
            await self.course.work(reply.lasts_s, self.writers[writer])
        await self._send(writer, reply, method)
        closes = headers.get("connection", [""])[0].lower() == "close"
        return not closes and "keep-alive" not in self.lenient

    def reply(self, method: str, path: str, body: bytes, headers: dict[str, list[str]]) -> Reply:
        """The response, with the fault in it."""
        try:
            reply = serving.early(method, headers, self.lenient)
            if reply is None:
                self._check_key(path, headers)
                reply = self._route(method, path, body)
        except Refused as refused:
            reply = refusal(path, refused)
            if "streamed errors" in self.lenient and b'"stream": true' in body:
                reply = Reply(events=[(None, reply.body), (None, "[DONE]")])
        reply.asked = headers
        reply.headers.setdefault("x-request-id", uuid4().hex)
        serving.finish(reply, path, self.meters)
        if self.fault and self.fault.reply:
            reply = self.fault.reply(path, reply)
        return reply

    def _check_key(self, path: str, headers: dict[str, list[str]]) -> None:
        locked = self.api_key and path != "/health" and "key" not in self.lenient
        if locked and not _has_key(headers, self.api_key or ""):
            raise Refused("Authorization", "is wrong", 401, "invalid_api_key")

    def _route(self, method: str, path: str, body: bytes) -> Reply:
        gets = {"/health": {"status": "ok"}, "/v1/models": bodies.models()}
        if path == "/metrics" and path not in self.absent:
            return self.meters.reply()
        posts = {
            "/v1/chat/completions": self._chat,
            "/v1/completions": self._text,
            "/v1/messages": self._message,
            "/v1/messages/count_tokens": self._count,
            **dict.fromkeys(beside.POSTS, self._beside),
        }
        if path.startswith("/v1/requests/") and method == "POST":
            return Reply(self.course.cancel(path.split("/")[3]))
        known = path in gets or path in posts or path.startswith(("/v1/models/", beside.KEPT))
        if not known or path in self.absent:
            raise Refused("path", "is not here", 404, "not_found")
        if path in posts:
            if method != "POST":
                raise Refused("method", "is POST", 405, "method_not_allowed")
            return posts[path](path, self._parsed(path, body))
        if path.startswith(beside.KEPT):
            return Reply(self.beside.kept(method, path, self.lenient))
        if method not in {"GET", "HEAD"}:
            raise Refused("method", "is GET", 405, "method_not_allowed")
        if path in gets:
            return Reply(gets[path])
        if unquote(path.removeprefix("/v1/models/")) != rules.MODEL:
            raise Refused("model", "is not here", 404, "model_not_found")
        return Reply(bodies.model())

    def _parsed(self, path: str, body: bytes) -> dict[str, Any]:
        if self.fault and self.fault.decode:
            body = self.fault.decode(body)
        try:
            constant = None if "NaN" in self.lenient else _no_constant
            value = json.loads(body, parse_constant=constant)
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise Refused("body", "is no JSON", code="invalid_json") from None
        if not isinstance(value, dict):
            raise Refused("body", "must be an object", code="invalid_json")
        if not self.plays and scripts.is_script(value.get("model")):
            raise Refused("model", "is not here", 404, "model_not_found")
        if self.fault and self.fault.request:
            self.fault.request(path, value)
        return value

    @property
    def lenient(self) -> tuple[str, ...]:
        return self.fault.lenient if self.fault else ()

    def _generate(self, body: dict[str, Any], prompt: str, stops: Any) -> Generated:
        cap = body.get("max_completion_tokens") or body.get("max_tokens") or 64
        temperature = body.get("temperature")
        options = Options(
            min(cap, 400) if isinstance(cap, int) else 8,
            [one for one in ([stops] if isinstance(stops, str) else stops or []) if one],
            1.0 if temperature is None else temperature,
            body.get("seed"),
            body,
        )
        text = scripts.text_for(body)
        done = generate(prompt, options) if text is None else scripts.play(text, options)
        if self.fault and self.fault.generated:
            done = self.fault.generated(done, options)
        return done

    def _chat(self, path: str, body: dict[str, Any]) -> Reply:
        rules.check_chat(body, self.lenient)
        prompt = rules.render(body.get("messages"), self.lenient)
        prompt += "".join(tool["function"]["name"] for tool in body.get("tools") or [])
        count = prompt_tokens(prompt)
        if count > rules.CONTEXT:
            raise Refused("messages", "are too long", code="context_length_exceeded")
        done = [self._generate(body, prompt, body.get("stop")) for _ in range(body.get("n") or 1)]
        top = (body.get("top_logprobs") or 0) if body.get("logprobs") else None
        if body.get("stream"):
            counts = bool((body.get("stream_options") or {}).get("include_usage"))
            return Reply(events=chat.events(done, count, counts=counts, top=top))
        cached = count if prompt in self.prompts else 0
        self.prompts.add(prompt)
        lasts_s = LASTING_S if done[0].tokens >= LONG else 0.0
        return Reply(chat.whole(done, count, cached=cached, top=top), lasts_s=lasts_s)

    def _text(self, path: str, body: dict[str, Any]) -> Reply:
        rules.check(body, rules.COMPLETION, self.lenient)
        serving.check_text(body, self.lenient)
        prompt = body.get("prompt")
        if prompt is None:
            raise Refused("prompt", "is required")
        several = isinstance(prompt, list) and prompt and isinstance(prompt[0], str)
        prompts = prompt if several else [str(prompt)]
        ids = isinstance(prompt, list) and not several
        count = len(prompt) if ids else sum(prompt_tokens(one) for one in prompts)
        count += prompt_tokens(body.get("suffix") or "")
        serving.check_context(count, body, self.lenient)
        done = [self._generate(body, one, body.get("stop")) for one in prompts]
        if body.get("stream"):
            counts = bool((body.get("stream_options") or {}).get("include_usage"))
            return Reply(events=bodies.text_events(done[0], count, counts=counts))
        return Reply(serving.with_logprobs(bodies.text(done, count), done, body))

    def _message(self, path: str, body: dict[str, Any]) -> Reply:
        if body.get("max_tokens") is None and "max_tokens" not in self.lenient:
            raise Refused("max_tokens", "is required")
        rules.check(body, rules.MESSAGE, self.lenient)
        prompt = self._message_prompt(body)
        done = self._generate(body, prompt, body.get("stop_sequences"))
        if body.get("stream"):
            return Reply(events=bodies.message_events(done, prompt_tokens(prompt)))
        return Reply(bodies.message(done, prompt_tokens(prompt)))

    def _message_prompt(self, body: dict[str, Any]) -> str:
        system = body.get("system")
        head = [{"role": "system", "content": system}] if system else []
        messages = body.get("messages")
        return rules.render(head + messages if isinstance(messages, list) and messages else [], ())

    def _count(self, path: str, body: dict[str, Any]) -> Reply:
        return Reply({"input_tokens": prompt_tokens(self._message_prompt(body))})

    def _beside(self, path: str, body: dict[str, Any]) -> Reply:
        made = self.beside.post(path, body, self._generate, self.lenient)
        return Reply(events=made) if isinstance(made, list) else Reply(made)

    async def _send(self, writer: asyncio.StreamWriter, reply: Reply, method: str) -> None:
        streamed = reply.events is not None
        kind = "text/event-stream; charset=utf-8" if streamed else "application/json"
        kind = "application/json" if "stream type" in self.lenient else kind
        headers = {"content-type": kind, **reply.headers}
        if reply.status == 405:
            headers["allow"] = "GET, POST"
        whole = b"" if streamed else serialised(reply.body)
        framing = "transfer-encoding: chunked" if streamed else f"content-length: {len(whole)}"
        lines = [f"HTTP/1.1 {reply.status} X", *(f"{k}: {v}" for k, v in headers.items()), framing]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        if method != "HEAD" or "head body" in self.lenient:
            writer.write(whole)
            if reply.events is not None:
                await self._stream(writer, reply.events)
        await writer.drain()

    async def _stream(self, writer: asyncio.StreamWriter, events: list[Event]) -> None:
        async for event in self.course.run(writer, events):
            frame = framed(event)
            data = self.fault.frame(frame) if self.fault and self.fault.frame else frame
            if writer.is_closing():
                continue
            size = self.split or len(data)
            for start in range(0, len(data), size):
                part = data[start : start + size]
                writer.write(b"%x\r\n%b\r\n" % (len(part), part))
        writer.write(b"0\r\n\r\n")
        await writer.drain()


def refusal(path: str, refused: Refused) -> Reply:
    """The error in the dialect of the path."""
    if path.startswith("/v1/messages"):
        return Reply(bodies.anthropic_error(str(refused), refused.status), refused.status)
    return Reply(bodies.openai_error(str(refused), refused.field, refused.code), refused.status)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _has_key(headers: dict[str, list[str]], key: str) -> bool:
    return headers.get("authorization") == [f"Bearer {key}"] or headers.get("x-api-key") == [key]


@asynccontextmanager
async def fake_server(fault: Fault | None = None, **options: Any) -> AsyncIterator[Fake]:
    """A running fake; stopped on leaving."""
    fake = Fake(fault, **options)
    await fake.start()
    try:
        yield fake
    finally:
        await fake.stop()
