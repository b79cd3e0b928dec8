"""Rules of errors and of routes."""

from __future__ import annotations

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.context import declared_context
from suites.contract.errorbody import json_problem, openai_error_problem
from suites.contract.finding import Finding, failed, passed, skipped
from suites.contract.probe import Probe
from suites.contract.reading import (
    REFUSALS,
    Tally,
    at,
    decoded,
    refusal_problem,
    settle_silence,
    shown,
)

ERROR = "OpenAI OpenAPI 2.3.0 ErrorResponse"
NOWHERE = "no-such-model-7f3a91"
# Looking a name up among loaded models takes no time; a download or a remote lookup does.
LOOKUP_S = 5.0
BROKEN = {
    "{bad": b"{bad",
    "an empty body": b"",
    "[]": b"[]",
    "5": b"5",
    "a trailing comma": b'{"model": "m", "messages": [],}',
}
# More would be a slow request even where it is refused.
CONTEXT_LIMIT = 40_000


@check("ERR-01", "MUST", ERROR, "A body that is no JSON object is refused", stage=Stage.ADVERSARIAL)
async def malformed(probe: Probe) -> Finding:
    """{bad, nothing, [], 5 and a trailing comma: HTTP 400 (or 422) with an error object."""
    tally = Tally(expected="HTTP 400 with an error object, each")
    for label, body in BROKEN.items():
        exchange = await probe.post("/chat/completions", body)
        problem = refusal_problem(exchange) or openai_error_problem(exchange)
        tally.note(label, exchange, problem)
    return tally.finding("all are refused")


async def _some_errors(probe: Probe) -> dict[str, Exchange]:
    """One error of each common kind; made once a run."""
    role = [{"role": "banana", "content": "Hi"}]
    makers = {
        "no JSON": lambda: probe.post("/chat/completions", b"{bad"),
        "unknown model": lambda: probe.chat(model=NOWHERE),
        "unknown role": lambda: probe.chat(messages=role, max_tokens=2),
        "bad value": lambda: probe.chat(max_tokens=-1),
        "unknown path": lambda: probe.get("/no/such/path"),
    }
    made = {name: await probe.shared(f"error {name}", make) for name, make in makers.items()}
    return {
        name: exchange
        for name, exchange in made.items()
        if exchange.error or (exchange.status or 0) >= 400
    }


@check("ERR-02", "MUST", ERROR, "error is an object of message, type, param and code")
async def error_shape(probe: Probe) -> Finding:
    """Five different errors: message and type are texts, param and code present and nullable."""
    tally = Tally(expected={"error": {"message": "…", "type": "…", "param": None, "code": None}})
    for label, exchange in (await _some_errors(probe)).items():
        tally.note(label, exchange, openai_error_problem(exchange))
    return tally.finding("all have the four keys")


@check("ERR-03", "MUST", "RFC 9110, 8.3", "Errors are JSON and say so")
async def error_type(probe: Probe) -> Finding:
    """The same five errors: Content-Type application/json, and a body that is JSON."""
    tally = Tally(expected="application/json with JSON")
    for label, exchange in (await _some_errors(probe)).items():
        tally.note(label, exchange, shown(exchange) if exchange.error else json_problem(exchange))
    return tally.finding("all are JSON")


@check(
    "ERR-06", "MUST", "OpenAI's API; no downloads on demand", "An unknown model is a 404, at once"
)
async def unknown_model(probe: Probe) -> Finding:
    """model no-such-model: HTTP 404, code model_not_found (SHOULD), within five seconds."""
    exchange = await probe.chat(model=NOWHERE)
    settle_silence(exchange)
    expected = "HTTP 404 with code model_not_found"
    if exchange.status != 404:
        return failed(f"HTTP {exchange.status}", expected=expected, got=shown(exchange))
    took_s = (exchange.end_ns - exchange.send_ns) / 1e9
    if took_s > LOOKUP_S:
        told = f"the refusal took {took_s:.1f} s"
        return failed(told, expected=f"less than {LOOKUP_S:.0f} s", got=round(took_s, 1))
    code = at(decoded(exchange.body), "error", "code")
    if code != "model_not_found":
        told = f"the code is {code!r}"
        return failed(told, expected=expected, got=shown(exchange), severity="SHOULD")
    return passed("404 model_not_found")


@check(
    "ERR-07",
    "MUST",
    "agents compact on it",
    "A prompt over the context is refused before any work",
    stage=Stage.ADVERSARIAL,
)
async def overflow(probe: Probe) -> Finding:
    """A prompt over the declared context: HTTP 400, code context_length_exceeded (SHOULD)."""
    limit = await declared_context(probe)
    if limit is None or limit > CONTEXT_LIMIT:
        return skipped("the model's entry declares no context length that is quick to exceed")
    messages = [{"role": "user", "content": "word " * (limit + 100)}]
    tally = Tally(expected="HTTP 400, code context_length_exceeded")
    codes = []
    for streamed in (False, True):
        exchange = await probe.chat(messages=messages, stream=streamed)
        tally.refused("streamed" if streamed else "plain", exchange, REFUSALS | {413})
        codes.append(at(decoded(exchange.body), "error", "code"))
    finding = tally.finding("refused both ways")
    if not finding.failing and codes != ["context_length_exceeded"] * 2:
        told = f"the codes are {codes}"
        expected = "context_length_exceeded"
        return failed(told, expected=expected, got=repr(codes), severity="SHOULD")
    return finding


@check("ERR-11", "SHOULD", "RFC 9110, 15.5.6", "A wrong method is a 405 that lists the right ones")
async def methods(probe: Probe) -> Finding:
    """PUT, DELETE and PATCH of chat, POST of models: HTTP 405 with Allow (404 is tolerated)."""
    tally = Tally(expected="HTTP 405 with Allow, or 404")
    wrong = [("/chat/completions", method) for method in ("PUT", "DELETE", "PATCH")]
    for path, method in [*wrong, ("/models", "POST")]:
        exchange = await probe.send(probe.request(method, path, {}))
        problem = refusal_problem(exchange, frozenset({404, 405}))
        if exchange.status == 405 and not exchange.header("allow"):
            problem = "no Allow header"
        tally.note(f"{method} {path}", exchange, problem)
    return tally.finding("wrong methods are told")


@check("ERR-12", "MUST", ERROR, "An unknown path is a 404 with an error object")
async def unknown_path(probe: Probe) -> Finding:
    """GET and POST of a path that does not exist."""
    tally = Tally(expected="HTTP 404 with an error object")
    for method in ("GET", "POST"):
        exchange = await probe.send(
            probe.request(method, "/no/such/path", {} if method == "POST" else b"")
        )
        problem = refusal_problem(exchange, frozenset({404})) or openai_error_problem(exchange)
        tally.note(method, exchange, problem)
    return tally.finding("404 with an error object")


@check("ERR-13", "SHOULD", "RFC 3986", "A query or a trailing slash does not mislead")
async def variants(probe: Probe) -> Finding:
    """?beta=true and a trailing slash on chat: an answer, HTTP 404, or a redirect."""
    tally = Tally(expected="HTTP 200, 404, 307 or 308")
    for label, path in (("query", "/chat/completions?beta=true"), ("slash", "/chat/completions/")):
        exchange = await probe.post(path, probe.chat_body(max_tokens=1))
        tally.refused(label, exchange, frozenset({200, 404, 307, 308}))
    return tally.finding("neither misleads")


@check("ERR-14", "SHOULD", "RFC 9110, 15.5.16", "Another Content-Type is answered or refused")
async def content_types(probe: Probe) -> Finding:
    """The body as text/plain and as JSON in Latin-1: HTTP 200, 400 or 415."""
    tally = Tally(expected="HTTP 200, 400 or 415")
    body = probe.chat_body(max_tokens=1)
    for kind in ("text/plain", "application/json; charset=latin1"):
        exchange = await probe.post("/chat/completions", body, headers={"Content-Type": kind})
        tally.refused(kind, exchange, REFUSALS | {200, 415})
    return tally.finding("each has a clear answer")


@check(
    "ERR-20", "MUST", "clients handle one status", "Streaming does not change a refusal's status"
)
async def same_status(probe: Probe) -> Finding:
    """Four bad bodies, plain and streamed: one status each."""
    bad: dict[str, dict[str, Json]] = {
        "unknown role": {"messages": [{"role": "banana", "content": "Hi"}]},
        "unknown model": {"model": NOWHERE},
        "max_tokens 0": {"max_tokens": 0},
        "no messages": {"messages": []},
    }
    tally = Tally(expected="the same status plain and streamed")
    for label, more in bad.items():
        plain = await probe.chat(**{"max_tokens": 2, **more})
        streamed = await probe.chat(**{"max_tokens": 2, "stream": True, **more})
        same = plain.status == streamed.status and not streamed.error
        told = f"HTTP {plain.status} plain, {streamed.status or streamed.error} streamed"
        tally.note(label, streamed, None if same else told)
    return tally.finding("statuses agree")


@check("ERR-22", "SHOULD", "openai SDKs log x-request-id", "Every response has an x-request-id")
async def request_id(probe: Probe) -> Finding:
    """An answer, a stream and an error: the header is there and differs."""
    exchanges = [await probe.plain(), await probe.plain_stream(), await probe.chat(model=NOWHERE)]
    ids = [
        exchange.header("x-request-id") or exchange.header("request-id") for exchange in exchanges
    ]
    if None in ids:
        return failed("a response has none", expected="x-request-id", got=repr(ids))
    if len(set(ids)) < len(ids):
        return failed("ids repeat", expected="three ids", got=repr(ids))
    return passed("each response has its own")
