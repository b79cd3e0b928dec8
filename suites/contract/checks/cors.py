"""Rules of web pages that ask the server: CORS, and the names that it answers to."""

from __future__ import annotations

import json

from harness.records import Exchange
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, Settled, failed, passed, skipped, unsupported
from suites.contract.probe import Probe
from suites.contract.reading import Tally, settle_silence, shown
from suites.contract.resources import is_local

FETCH = "Fetch standard"
# A page of the user's own machine, and one of a stranger.
LOCAL, FOREIGN = "http://localhost:3000", "https://evil.example"
ALLOW = "access-control-allow-"
ROUTES = (("POST", "/chat/completions"), ("POST", "/completions"), ("GET", "/models"))
# What openai's and anthropic's SDKs send from a browser (measured: openai 3.52, anthropic 2.11).
SDK_HEADERS = (
    *("authorization", "content-type", "x-api-key", "anthropic-version", "anthropic-beta"),
    "anthropic-dangerous-direct-browser-access",
    *(f"x-stainless-{name}" for name in ("arch", "lang", "os", "package-version")),
    *(f"x-stainless-{name}" for name in ("retry-count", "runtime", "runtime-version", "timeout")),
)


async def _asked(probe: Probe, origin: str) -> Exchange:
    """GET /models as a page of that origin."""
    request = probe.request("GET", "/models", headers={"Origin": origin})
    return await probe.shared(f"origin {origin}", lambda: probe.send(request))


async def allowed_origin(probe: Probe) -> str:
    """An origin that is let in.

    Raises:
        Settled: neither is (unsupported).
    """
    for origin in (LOCAL, FOREIGN):
        if (await _asked(probe, origin)).header(f"{ALLOW}origin") in {"*", origin}:
            return origin
    told = f"neither {LOCAL} nor {FOREIGN} is let in: CORS is off, or on for other pages"
    raise Settled(unsupported(told))


async def preflight(
    probe: Probe, origin: str, path: str, method: str = "POST", headers: str = ""
) -> Exchange:
    """What a browser asks first; never with a key."""
    named = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        named["Access-Control-Request-Headers"] = headers
    return await probe.send(probe.request("OPTIONS", path, headers=named, auth=False))


def listed(exchange: Exchange, name: str) -> set[str]:
    """The comma-separated words of a header, in lower case."""
    value = exchange.header(f"{ALLOW}{name}") or ""
    return {word.strip().lower() for word in value.split(",") if word.strip()}


def refused(exchange: Exchange, origin: str) -> str | None:
    """Why a browser would go no further, or None."""
    if exchange.error or not 200 <= (exchange.status or 0) < 300:
        return shown(exchange)
    allowed = exchange.header(f"{ALLOW}origin")
    return None if allowed in {"*", origin} else f"allow-origin is {allowed!r}"


@check("COR-01", "SHOULD", FETCH, "A preflight of each route is answered")
async def preflights(probe: Probe) -> Finding:
    """OPTIONS of chat, completions and models: 2xx with allow-origin, -methods and -headers."""
    origin = await allowed_origin(probe)
    tally = Tally(expected="HTTP 2xx that allows origin, method and header")
    for method, path in ROUTES:
        exchange = await preflight(probe, origin, path, method, "content-type")
        problem = refused(exchange, origin)
        if not problem and not listed(exchange, "methods") & {"*", method.lower()}:
            problem = f"{method} is not allowed"
        if not problem and not listed(exchange, "headers") & {"*", "content-type"}:
            problem = "content-type is not allowed"
        tally.note(f"{method} {path}", exchange, problem)
    return tally.finding("preflights are answered")


@check(
    "COR-02", "MUST", f"{FETCH}: * does not cover Authorization", "The SDKs' headers are allowed"
)
async def sdk_headers(probe: Probe) -> Finding:
    """A preflight with what the SDKs send, x-stainless-* too: each is named, or * where it may be.

    Where CORS is on.
    """
    origin = await allowed_origin(probe)
    tally = Tally(expected=list(SDK_HEADERS))
    for path in ("/chat/completions", "/messages"):
        exchange = await preflight(probe, origin, path, "POST", ",".join(SDK_HEADERS))
        if path == "/messages" and exchange.status in {404, 405, 501}:
            continue
        names = listed(exchange, "headers")
        covered = names | (set(SDK_HEADERS) - {"authorization"} if "*" in names else set())
        lacking = [name for name in SDK_HEADERS if name not in covered]
        problem = refused(exchange, origin)
        if not problem and lacking:
            problem = f"not allowed: {', '.join(lacking)}"
        tally.note(path, exchange, problem)
    return tally.finding("all headers are allowed")


@check("COR-03", "MUST", FETCH, "Answers, errors and streams can be read by the page")
async def readable(probe: Probe) -> Finding:
    """An answer, a stream, a bad value and an unknown path carry allow-origin, where CORS is on."""
    origin = await allowed_origin(probe)
    headers = {"Origin": origin}
    tally = Tally(expected=f"{ALLOW}origin")
    bodies = {
        "an answer": probe.chat_body(max_tokens=1),
        "a stream": probe.chat_body(max_tokens=1, stream=True),
        "an error": probe.chat_body(max_tokens=-1),
    }
    for label, body in bodies.items():
        exchange = await probe.post("/chat/completions", body, headers=headers)
        tally.note(label, exchange, _closed(exchange, origin))
    request = probe.request("GET", "/no/such/path", headers=headers)
    nowhere = await probe.send(request)
    tally.note("an unknown path", nowhere, _closed(nowhere, origin))
    return tally.finding("all can be read")


def _closed(exchange: Exchange, origin: str) -> str | None:
    if exchange.error:
        return shown(exchange)
    allowed = exchange.header(f"{ALLOW}origin")
    return (
        None if allowed in {"*", origin} else f"HTTP {exchange.status}, {ALLOW}origin {allowed!r}"
    )


@check("COR-04", "MUST", FETCH, "No * together with credentials")
async def credentials(probe: Probe) -> Finding:
    """Answers and preflights for two origins: never allow-origin * with allow-credentials."""
    tally = Tally(expected=f"{ALLOW}origin * or {ALLOW}credentials true, not both")
    for origin in (LOCAL, FOREIGN):
        both = {
            "answer": await _asked(probe, origin),
            "preflight": await preflight(probe, origin, "/models", "GET"),
        }
        for label, exchange in both.items():
            star = exchange.header(f"{ALLOW}origin") == "*"
            with_cookies = (exchange.header(f"{ALLOW}credentials") or "").lower() == "true"
            problem = "both are sent" if star and with_cookies else None
            tally.note(f"{label} for {origin}", exchange, problem)
    return tally.finding("never both")


@check(
    "COR-05",
    "SHOULD",
    "CWE-942; DNS rebinding",
    "A stranger's page cannot read a server without a key",
    stage=Stage.ADVERSARIAL,
    needs="no API key",
)
async def strangers(probe: Probe) -> Finding:
    """Origin https://evil.example is not let in; on this machine Host evil.example is refused.

    A page whose name is made to point at 127.0.0.1 shows itself by the Host header alone.
    """
    if probe.target.api_key:
        return skipped("this target has an API key, which a stranger's page does not know")
    tally = Tally(expected="no allow-origin for a stranger; HTTP 4xx for a strange Host")
    exchange = await _asked(probe, FOREIGN)
    settle_silence(exchange)
    allowed = exchange.header(f"{ALLOW}origin")
    open_ = allowed in {"*", FOREIGN}
    tally.note("origin", exchange, f"allow-origin is {allowed!r}" if open_ else None)
    if is_local(probe):
        body = json.dumps(probe.chat_body(max_tokens=1)).encode()
        headers = {"Host": "evil.example"}
        exchange = await probe.raw(probe.raw_post("/chat/completions", body, headers=headers))
        closed = exchange.error is None and 400 <= (exchange.status or 0) < 500
        tally.note("Host evil.example", exchange, None if closed else f"HTTP {exchange.status}")
    return tally.finding("strangers are kept out")


@check(
    "COR-06", "SHOULD", f"{FETCH}; RFC 9110, 12.5.5", "Who reflects the origin says Vary: Origin"
)
async def vary(probe: Probe) -> Finding:
    """allow-origin that repeats the origin comes with Vary: Origin, or caches mix pages up."""
    origin = await allowed_origin(probe)
    exchange = await _asked(probe, origin)
    if exchange.header(f"{ALLOW}origin") == "*":
        return passed("the answer is the same for all origins")
    values = ",".join(value for name, value in exchange.headers if name.lower() == "vary")
    if not {word.strip().lower() for word in values.split(",")} & {"origin", "*"}:
        told = f"Vary is {values!r}"
        return failed(told, expected="Vary: Origin", got=values, exchange=exchange)
    return passed("Vary names Origin")
