"""Rules about everything that was answered in a run, and about what the canaries saw."""

from __future__ import annotations

import re

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.curl import curl
from suites.contract.finding import Finding, failed, passed, skipped
from suites.contract.probe import Probe
from suites.contract.reading import decoded, text_of

# What an error's text must not tell: where the server's code lies and what it is made of.
LEAKS = re.compile(
    r"Traceback \(most recent|File \"[^\"]+\", line|\[Errno -?\d+\]|site-packages"
    r"|\b[A-Z]\w+(?:Error|Exception)\b|'\w+' object (?:has no|is not)|\bhuggingface\.co\b"
    r"|(?:/[\w.-]+){2,}\.(?:py|json|safetensors)\b"
)
SHOWN = 5


async def _errors(probe: Probe) -> list[Exchange]:
    """Errors seen so far in this run; a few are asked for when the check runs alone."""
    asked = [await probe.chat(model="no-such-model-7f3a91")]
    asked.append(await probe.post("/chat/completions", b"{bad"))
    asked.append(await probe.chat(messages="text", max_tokens=2))
    probe.exchanges.clear()  # only what is at fault becomes evidence
    return [e for e in probe.state.log if e.status is not None and e.status >= 400]


def _found(probe: Probe, bad: list[Exchange], reason: str, expected: str) -> Finding:
    probe.attach(*bad[:SHOWN])
    got = [f"{curl(e)[:200]} → {e.status} {text_of(e.body)}" for e in bad[:SHOWN]]
    return failed(f"{len(bad)} {reason}", expected=expected, got=got, exchange=bad[0])


@check("ERR-16", "MUST", "SDKs trust the status", "A 200 never carries an error", stage=Stage.SCAN)
async def success_with_error(probe: Probe) -> Finding:
    """Every HTTP 200 of this run: no body that is an error and no answer."""
    errors = await _errors(probe)
    answers = [e for e in probe.state.log if e.status == 200]
    bad = [e for e in answers if _is_error(decoded(e.body))]
    if bad:
        return _found(probe, bad, "answers are errors with HTTP 200", "an HTTP error status")
    return passed(f"{len(answers)} answers and {len(errors)} errors of this run")


def _is_error(body: Json) -> bool:
    whole = any(key in body for key in ("choices", "content", "data")) if body else False
    return isinstance(body, dict) and not whole and bool(body.get("error") or body.get("detail"))


@check(
    "ERR-17",
    "MUST",
    "RFC 9112",
    "A request that can be parsed is never met with silence",
    stage=Stage.SCAN,
)
async def silence(probe: Probe) -> Finding:
    """Every request of this run got an HTTP response: no empty reply, no reset."""
    await _errors(probe)
    bad = [e for e in probe.state.log if e.error in {"reset", "protocol"}]
    if bad:
        return _found(probe, bad, "requests were met with silence", "an HTTP response")
    return passed(f"{len(probe.state.log)} requests, a response each")


@check("ERR-19", "SHOULD", "CWE-209", "Errors tell nothing about the inside", stage=Stage.SCAN)
async def leaks(probe: Probe) -> Finding:
    """Every error of this run: no traceback, file path, exception's class name or hub address."""
    errors = await _errors(probe)
    bad = [e for e in errors if LEAKS.search(e.body.decode(errors="replace"))]
    if bad:
        return _found(probe, bad, "errors leak", "a sentence about the request")
    return passed(f"{len(errors)} errors of this run")


@check(
    "ERR-15",
    "MUST",
    "SDKs repeat a 5xx twice",
    "What a request holds never makes a server error",
    stage=Stage.SCAN,
)
async def server_errors(probe: Probe) -> Finding:
    """Every response of this run: none has a 5xx status but 501 and 503."""
    await _errors(probe)
    log = probe.state.log
    bad = [e for e in log if e.status and e.status >= 500 and e.status not in {501, 503}]
    if bad:
        return _found(probe, bad, "requests made a server error", "HTTP 4xx")
    return passed(f"{len(log)} requests, no server error")


@check(
    "ERR-18",
    "MUST",
    "one request must not end the service",
    "After each adversarial request a plain one is answered as before",
    stage=Stage.LAST,
)
async def canaries(probe: Probe) -> Finding:
    """What the canaries of this run saw; each death is told in its own check, too."""
    state = probe.state
    if not state.canaries:
        return skipped("no adversarial check was asked in this run")
    if state.deaths:
        got = [f"{death.check_id}: {death.sentence}" for death in state.deaths]
        told = f"the server died {len(got)} times"
        return failed(told, expected="the reference answer after each request", got=got)
    return passed(f"{state.canaries} canaries got their answer")


@check(
    "HEA-02",
    "MUST",
    "supervisors restart by it",
    "Health is not 200 when nothing can be generated",
    stage=Stage.LAST,
)
async def truthful(probe: Probe) -> Finding:
    """What /health said each time that the canary found the server dead."""
    deaths = [death for death in probe.state.deaths if death.health is not None]
    if not deaths:
        return skipped("the server never stopped answering, so health was never put to the test")
    lies = [death.check_id for death in deaths if death.health == 200]
    if lies:
        told = "health said 200 while no request was answered"
        return failed(told, expected="another status", got=lies)
    return passed(f"{len(deaths)} times dead, never healthy")
