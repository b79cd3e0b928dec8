"""One check: ask, then see whether the server survived, and bring it back if it did not."""

from __future__ import annotations

from harness.errors import TargetError
from harness.records import Exchange, Json
from harness.suite import Context
from suites.contract.canary import Canary, Silenced, health, learn, sing
from suites.contract.check import Check
from suites.contract.curl import curl
from suites.contract.finding import Finding, Settled, failed, inconclusive
from suites.contract.probe import Probe
from suites.contract.state import CanaryDeath

Values = dict[str, Json]
# Families that are asked on the chat route: a server of the other dialect may not have it.
ON_CHAT = frozenset({"CHT", "TOL", "STR", "ERR", "ROB", "AUT"})


async def run(check: Check, context: Context) -> tuple[Values, tuple[Exchange, ...]]:
    """The values of a measurement and its evidence."""
    probe = Probe(context)
    if probe.state.dead_after is not None:
        told = f"not asked: the server stopped answering after {probe.state.dead_after}"
        return _values(check, inconclusive(told), probe), ()
    if probe.state.reference is None:
        problem = await learn(probe)
        if problem is not None:
            finding = inconclusive(f"not asked: a plain request is not answered: {problem}")
            return {**_values(check, finding, probe), "target_dead": True}, tuple(probe.exchanges)
        probe.exchanges.clear()  # the evidence of this check alone
    finding, canary, culprit = await _ask(check, probe)
    values: Values = {}
    if canary is not None and not canary.ok:
        finding = _blamed(finding, canary, culprit)
        values = await _after_death(check, probe, canary)
    judged = _values(check, finding, probe)
    if canary is not None:
        judged["canary"] = canary.sentence
    return {**judged, **values}, tuple(probe.exchanges)


async def _ask(check: Check, probe: Probe) -> tuple[Finding, Canary | None, Exchange | None]:
    try:
        if probe.target.dialect == "anthropic" and check.id.partition("-")[0] in ON_CHAT:
            await probe.needs_route("/chat/completions", "chat completions")
        finding = await check.run(probe)
    except Settled as settled:
        finding = settled.finding
    except Silenced as silenced:
        return failed("", exchange=silenced.exchange), silenced.canary, silenced.exchange
    culprit = probe.exchanges[-1] if probe.exchanges else None
    broke = any(e.error in {"connect", "reset", "timeout"} for e in probe.exchanges)
    canary = await sing(probe) if check.adversarial or broke else None
    return finding, canary, finding.exchange or culprit


def _blamed(finding: Finding, canary: Canary, culprit: Exchange | None) -> Finding:
    what = "no longer answers" if not canary.alive else "is not the same any more"
    reason = f"after this request the server {what}: {canary.sentence}"
    if finding.failing and finding.reason:
        reason = f"{reason}; before that: {finding.reason}"
    expected = finding.expected or "the reference answer to a plain request afterwards"
    return failed(reason, expected=expected, got=finding.got or canary.sentence, exchange=culprit)


async def _after_death(check: Check, probe: Probe, canary: Canary) -> Values:
    """Record, and restart where that can be done; else the run ends here."""
    if canary.alive:  # the answer changed: later checks are not to be blamed for it
        await learn(probe)
        return {}
    state = probe.state
    status = await health(probe)
    state.deaths.append(CanaryDeath(check.id, canary.sentence, status))
    context = probe.context
    if context.restart is not None:
        try:
            await context.restart()
            problem = await learn(probe)
        except TargetError as error:
            problem = str(error)
        if problem is None:
            context.note(f"The server stopped answering after {check.id} and was restarted.")
            return {"health": status, "restarted": True}
        context.note(f"The server could not be restarted after {check.id}: {problem}")
    state.dead_after = check.id
    return {"health": status, "target_dead": True}


def _values(check: Check, finding: Finding, probe: Probe) -> Values:
    values: Values = {
        "finding": finding.kind,
        "reason": finding.reason,
        "severity": finding.severity or check.severity,
        "expected": finding.expected,
        "got": finding.got,
    }
    if finding.failing:
        exchange = finding.exchange or (probe.exchanges[-1] if probe.exchanges else None)
        if exchange is not None:
            values["curl"] = curl(exchange, probe.target.api_key)
    return values
