"""What a check holds in its hand: requests to ask, and the evidence they leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from harness.errors import TargetUnreachable
from harness.records import Exchange, Json, Request
from harness.suite import Context
from suites.contract.finding import Settled, unsupported
from suites.contract.rawreply import broken, exchanges_of
from suites.contract.state import State

# A short answer of a small model takes well below a second, of a large one on a laptop a few; a
# server that is silent for longer than this hangs.
REQUEST_S = 20.0
# Raw requests that leave a server waiting for bytes that never come end here.
RAW_S = 6.0
# Enough tokens for a shape, few enough for a large model.
MAX_TOKENS = 8
PROMPT = "Tell me about the sea."
# One red pixel, PNG in base64.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJ"
    "RU5ErkJggg=="
)
ANTHROPIC_VERSION = "2023-06-01"


class _Absent:
    """Takes a key out of a default body."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
Body = dict[str, Any]


class Probe:
    """One check's access to the target. Every exchange that it makes or uses is evidence."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.client = context.client
        self.target = context.target
        self.state = State.of(context)
        self.exchanges: list[Exchange] = []

    @property
    def thorough(self) -> bool:
        """Whether there is time for more than the quick profile's samples."""
        return self.context.options.profile != "quick"

    def api(self, path: str) -> str:
        """A URL of the API, whatever dialect the base URL was given for."""
        if self.target.dialect == "anthropic":
            return self.client.root_url(f"/v1{path}")
        return self.client.url(path)

    def chat_body(self, **changes: Json) -> Body:
        """A small greedy chat completion; ``ABSENT`` takes a key out."""
        body = {
            "model": self.target.model,
            "messages": [{"role": "user", "content": PROMPT}],
            "max_tokens": MAX_TOKENS,
            "temperature": 0,
        }
        return _changed(body, changes)

    def completion_body(self, **changes: Json) -> Body:
        """A small greedy text completion."""
        body = {
            "model": self.target.model,
            "prompt": PROMPT,
            "max_tokens": MAX_TOKENS,
            "temperature": 0,
        }
        return _changed(body, changes)

    def message_body(self, **changes: Json) -> Body:
        """A small greedy message of the Anthropic dialect."""
        return self.chat_body(**changes)

    async def chat(self, **changes: Json) -> Exchange:
        """``POST /chat/completions``."""
        return await self.post("/chat/completions", self.chat_body(**changes))

    async def complete(self, **changes: Json) -> Exchange:
        """``POST /completions``."""
        return await self.post("/completions", self.completion_body(**changes))

    async def message(self, **changes: Json) -> Exchange:
        """``POST /messages`` with the headers that Anthropic's clients send."""
        return await self.post("/messages", self.message_body(**changes), anthropic=True)

    async def post(
        self,
        path: str,
        body: Json | bytes,
        *,
        anthropic: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Any POST. ``headers`` replace the dialect's own of the same name."""
        return await self.send(self.request("POST", path, body, anthropic, headers))

    async def get(self, path: str) -> Exchange:
        """A GET of a path under the API, or of an absolute URL."""
        return await self.send(self.request("GET", path))

    def request(
        self,
        method: str,
        path: str,
        body: Json | bytes = b"",
        anthropic: bool = False,
        headers: Mapping[str, str] | None = None,
        *,
        auth: bool = True,
    ) -> Request:
        """A request with the key of the target in the dialect's own header."""
        url = path if path.startswith("http") else self.api(path)
        given = {**(self._auth(anthropic) if auth else {}), **(headers or {})}
        return self.client.request(method, url, body, headers=tuple(given.items()), auth=False)

    def _auth(self, anthropic: bool) -> dict[str, str]:
        key = self.target.api_key or "not-needed"
        if anthropic:
            return {"x-api-key": key, "anthropic-version": ANTHROPIC_VERSION}
        return {"Authorization": f"Bearer {key}"}

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """One request; its exchange becomes evidence."""
        limit_s = REQUEST_S if timeout_s is None else timeout_s
        return self._seen(await self.client.send(request, timeout_s=limit_s))

    async def glimpse(self, **changes: Json) -> Exchange:
        """A streamed chat completion that is dropped after its first pieces."""
        body = self.chat_body(stream=True, **changes)
        request = self.request("POST", "/chat/completions", body)
        return self._seen(await self.client.abandon(request, after_chunks=2, timeout_s=REQUEST_S))

    async def raw(self, payload: bytes) -> Exchange:
        """Bytes to a fresh socket; the first response that comes back."""
        return (await self.raw_all(payload))[0]

    async def raw_all(self, payload: bytes) -> list[Exchange]:
        """Bytes to a fresh socket; every response that comes back, at least one exchange.

        ``error`` is ``connect`` for a refused connection, ``reset`` for an empty reply and
        ``protocol`` for bytes that are not an HTTP response.
        """
        request = Request("RAW", self.target.base_url, (), payload)
        try:
            reply = await self.client.raw(payload, timeout_s=RAW_S)
        except TargetUnreachable as error:
            return [self._seen(broken(request, "connect", error.sentence))]
        return [self._seen(exchange) for exchange in exchanges_of(request, reply)]

    def raw_post(
        self,
        path: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        length: bool = True,
    ) -> bytes:
        """The bytes of a POST that a well-behaved client library would refuse to send."""
        named = {"Content-Type": "application/json", "Connection": "close", **(headers or {})}
        if length:
            named["Content-Length"] = str(len(body))
        return self.raw_head("POST", path, named) + body

    def raw_head(self, method: str, path: str, headers: Mapping[str, str]) -> bytes:
        """A request line and its headers; the key of the target is added."""
        url = urlsplit(path if path.startswith("http") else self.api(path))
        where = url.path + (f"?{url.query}" if url.query else "")
        named = {"Host": url.netloc, **self._auth(False), **headers}
        lines = [f"{method} {where} HTTP/1.1", *(f"{k}: {v}" for k, v in named.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    async def shared(self, name: str, make: Callable[[], Awaitable[Exchange]]) -> Exchange:
        """An exchange that several checks look at: made once a run, evidence for each."""
        if name not in self.state.shared:
            self.state.shared[name] = await make()
        else:
            self.attach(self.state.shared[name])
        return self.state.shared[name]

    async def plain(self) -> Exchange:
        """The plain chat completion that the checks of shapes look at."""
        return await self.shared("plain", self.chat)

    async def plain_stream(self) -> Exchange:
        """The same, streamed."""
        return await self.shared("stream", lambda: self.chat(stream=True))

    def attach(self, *exchanges: Exchange) -> None:
        """Add evidence that another check made."""
        self.exchanges.extend(exchanges)

    def _seen(self, exchange: Exchange) -> Exchange:
        self.exchanges.append(exchange)
        self.state.log.append(exchange)
        return exchange

    async def needs_route(self, path: str, what: str) -> None:
        """End the check as unsupported when the server has no such route (asked once a run).

        Raises:
            Settled: the route is not there.
        """
        body = self.completion_body() if path == "/completions" else self.message_body()
        name = f"route {path}"
        exchange = await self.shared(
            name, lambda: self.post(path, body, anthropic=path == "/messages")
        )
        if exchange.status in {404, 405, 501}:
            told = f"POST {path} is HTTP {exchange.status}: the server does not have {what}"
            raise Settled(unsupported(told))


def _changed(body: Body, changes: Mapping[str, Json]) -> Body:
    merged = {**body, **changes}
    return {key: value for key, value in merged.items() if value is not ABSENT}
