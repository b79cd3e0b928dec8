"""Rules of API keys."""

from __future__ import annotations

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.checks.cors import allowed_origin, preflight, refused
from suites.contract.errorbody import openai_error_problem
from suites.contract.finding import Finding, Settled, failed, passed, skipped
from suites.contract.probe import ANTHROPIC_VERSION, Probe
from suites.contract.reading import Tally, refusal_problem, settle_silence, shown

WRONG = "sk-wrong-7f3a91"
ABSENT_ROUTE = frozenset({404, 405, 501})


@check(
    "AUT-01",
    "MUST",
    "OpenAI's API",
    "Without the key there is a 401 with error",
    needs="an API key",
)
async def without(probe: Probe) -> Finding:
    """No Authorization header: HTTP 401 with an error object. Needs a target with a key."""
    if not probe.target.api_key:
        return skipped("no API key was given for this target")
    body = probe.chat_body(max_tokens=1)
    exchange = await probe.send(probe.request("POST", "/chat/completions", body, auth=False))
    settle_silence(exchange)
    problem = openai_error_problem(exchange)
    if exchange.status != 401 or problem:
        told = problem or f"HTTP {exchange.status}"
        return failed(told, expected="HTTP 401 with an error object", got=shown(exchange))
    return passed("401 with an error object")


@check(
    "AUT-02",
    "MUST",
    "RFC 6750",
    "A wrong key is a 401, never a server error",
    stage=Stage.ADVERSARIAL,
    needs="an API key",
)
async def wrong(probe: Probe) -> Finding:
    """A wrong, an empty and a Basic key: HTTP 401. Needs a target with a key."""
    if not probe.target.api_key:
        return skipped("no API key was given for this target")
    tally = Tally(expected="HTTP 401 each")
    body = probe.chat_body(max_tokens=1)
    for label, value in (("wrong", "Bearer nope"), ("empty", "Bearer "), ("Basic", "Basic eDp5")):
        headers = {"Authorization": value}
        request = probe.request("POST", "/chat/completions", body, headers=headers, auth=False)
        tally.refused(label, await probe.send(request), frozenset({401}))
    return tally.finding("all are refused")


@check(
    "AUT-04",
    "MUST",
    "SDKs always send a key",
    "A server without a key takes any Authorization",
    needs="no API key",
)
async def anything(probe: Probe) -> Finding:
    """No header, a bearer token, Basic: HTTP 200. Needs a target without a key."""
    if probe.target.api_key:
        return skipped("this target has an API key")
    tally = Tally(expected="HTTP 200 each")
    body = probe.chat_body(max_tokens=1)
    for label, value in (("none", ""), ("Bearer", "Bearer sk-x"), ("Basic", "Basic eDp5")):
        headers = {"Authorization": value} if value else {}
        request = probe.request("POST", "/chat/completions", body, headers=headers, auth=False)
        exchange = await probe.send(request)
        tally.note(label, exchange, refusal_problem(exchange, frozenset({200})))
    return tally.finding("all are accepted")


@check("AUT-03", "MAY", "RFC 9110, 11.6.1", "A 401 names its scheme", needs="an API key")
async def challenge(probe: Probe) -> Finding:
    """No key: the 401 carries WWW-Authenticate. Needs a target with a key."""
    exchange = await _without(probe, "POST", "/chat/completions", probe.chat_body(max_tokens=1))
    value = exchange.header("www-authenticate")
    if not value:
        expected = "WWW-Authenticate: Bearer"
        return failed("the header is missing", expected=expected, got=None, exchange=exchange)
    return passed(f"WWW-Authenticate: {value}")


@check(
    "AUT-05",
    "SHOULD",
    "supervisors have no keys",
    "Health is open, everything that works is closed",
    needs="an API key",
)
async def matrix(probe: Probe) -> Finding:
    """No key: /health 200 (where it is); models, completions, messages 401. Needs a key."""
    tally = Tally(expected="HTTP 200 for /health, HTTP 401 for the API")
    health = await _without(probe, "GET", probe.client.root_url("/health"))
    if health.status not in ABSENT_ROUTE:
        tally.note("/health", health, refusal_problem(health, frozenset({200})))
    bodies = {
        "/models": None,
        "/completions": probe.completion_body(max_tokens=1),
        "/messages": probe.message_body(max_tokens=1),
        "/embeddings": {"model": probe.target.model, "input": "a"},
        "/responses": {"model": probe.target.model, "input": "a"},
    }
    for path, body in bodies.items():
        exchange = await _without(probe, "POST" if body else "GET", path, body)
        if exchange.status not in ABSENT_ROUTE:
            tally.refused(path, exchange, frozenset({401}))
    return tally.finding("health is open, the API closed")


@check(
    "AUT-06",
    "MUST",
    "anthropic SDK 2 sends Bearer, 1 and gateways x-api-key",
    "Messages take the key in either header",
    needs="an API key",
)
async def either_header(probe: Probe) -> Finding:
    """The right key in each header: 200; a wrong one: 401; with both dialects' spelling alike."""
    key = _key(probe)
    await probe.needs_route("/messages", "Anthropic's messages")
    tally = Tally(expected="HTTP 200 with the key, HTTP 401 with another, in both headers")
    for name, spell in (("x-api-key", "{}"), ("Authorization", "Bearer {}")):
        for label, value, status in (("right", key, 200), ("wrong", WRONG, 401)):
            exchange = await _message(probe, {name: spell.format(value)})
            tally.refused(f"{label} {name}", exchange, frozenset({status}))
    return tally.finding("both headers agree")


@check(
    "AUT-07",
    "SHOULD",
    "clients send both",
    "Two keys that differ are judged by one rule",
    stage=Stage.ADVERSARIAL,
    needs="an API key",
)
async def both_headers(probe: Probe) -> Finding:
    """Right Bearer with wrong x-api-key, and the reverse: 200 or 401, plain and streamed alike."""
    key = _key(probe)
    await probe.needs_route("/messages", "Anthropic's messages")
    tally = Tally(expected="HTTP 200 or 401, plain and streamed alike")
    rule = []
    for label, bearer, other in (("Bearer right", key, WRONG), ("x-api-key right", WRONG, key)):
        headers = {"Authorization": f"Bearer {bearer}", "x-api-key": other}
        statuses = []
        for streamed in (False, True):
            exchange = await _message(probe, headers, stream=streamed)
            statuses.append(exchange.status)
            tally.refused(label, exchange, frozenset({200, 401}))
        if len(set(statuses)) > 1:
            tally.note(label, exchange, f"HTTP {statuses[0]} plain, {statuses[1]} streamed")
        rule.append(f"{label}: {statuses[0]}")
    return tally.finding(", ".join(rule))


@check(
    "AUT-08",
    "SHOULD",
    "CWE-204",
    "The key is asked for before anything else is told",
    stage=Stage.ADVERSARIAL,
    needs="an API key",
)
async def first(probe: Probe) -> Finding:
    """Broken JSON, an unknown model, method and path, all without a key: HTTP 401."""
    _key(probe)
    unknown = probe.chat_body(model="no-such-model-7f3a91")
    tally = Tally(expected="HTTP 401 each")
    for label, method, path, body in (
        ("broken JSON", "POST", "/chat/completions", b"{bad"),
        ("unknown model", "POST", "/chat/completions", unknown),
        ("wrong method", "DELETE", "/chat/completions", b""),
        ("unknown path", "GET", "/no/such/path", b""),
    ):
        exchange = await _without(probe, method, path, body)
        tally.refused(label, exchange, frozenset({401}))
    return tally.finding("a 401 each")


@check(
    "AUT-09",
    "SHOULD",
    "CWE-209",
    "No answer repeats a key",
    stage=Stage.SCAN,
    needs="an API key",
)
async def unspoken(probe: Probe) -> Finding:
    """Every answer of this run, and one to a wrong key: neither key is in body or headers."""
    key = _key(probe)
    probe.exchanges.clear()
    body = probe.chat_body(max_tokens=1)
    headers = {"Authorization": f"Bearer {WRONG}"}
    await probe.post("/chat/completions", body, headers=headers)
    for exchange in probe.state.log:
        told = exchange.body + repr(exchange.headers).encode()
        if key.encode() in told or WRONG.encode() in told:
            probe.attach(exchange)
            reason = "a key is in an answer"
            return failed(
                reason, expected="no key", got=f"HTTP {exchange.status}", exchange=exchange
            )
    return passed(f"{len(probe.state.log)} answers without a key")


@check(
    "AUT-10",
    "MUST",
    "Fetch standard: preflights carry no credentials",
    "A preflight needs no key",
    needs="an API key",
)
async def keyless_preflight(probe: Probe) -> Finding:
    """OPTIONS from a page that is let in, without the key: HTTP 2xx. Needs a key, and CORS on."""
    _key(probe)
    origin = await allowed_origin(probe)
    exchange = await preflight(probe, origin, "/chat/completions", "POST", "authorization")
    problem = refused(exchange, origin)
    if problem:
        return failed(problem, expected="HTTP 2xx", got=shown(exchange), exchange=exchange)
    return passed(f"HTTP {exchange.status}")


def _key(probe: Probe) -> str:
    """The target's key.

    Raises:
        Settled: it has none (skip).
    """
    if not probe.target.api_key:
        raise Settled(skipped("no API key was given for this target"))
    return probe.target.api_key


async def _without(probe: Probe, method: str, path: str, body: Json | bytes = None) -> Exchange:
    _key(probe)
    payload = b"" if body is None else body
    return await probe.send(probe.request(method, path, payload, auth=False))


async def _message(probe: Probe, headers: dict[str, str], *, stream: bool = False) -> Exchange:
    named = {"anthropic-version": ANTHROPIC_VERSION, **headers}
    body = probe.message_body(max_tokens=1, stream=stream)
    return await probe.send(probe.request("POST", "/messages", body, headers=named, auth=False))
