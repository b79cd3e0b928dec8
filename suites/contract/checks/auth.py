"""Rules of API keys."""

from __future__ import annotations

from suites.contract.check import Stage, check
from suites.contract.errorbody import openai_error_problem
from suites.contract.finding import Finding, failed, passed, skipped
from suites.contract.probe import Probe
from suites.contract.reading import Tally, refusal_problem, settle_silence, shown


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
