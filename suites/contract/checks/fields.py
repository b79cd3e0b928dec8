"""Rules of fields as such: null, unknown, of a wrong type."""

from __future__ import annotations

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, divergent, failed, passed
from suites.contract.probe import ABSENT, Probe
from suites.contract.reading import REFUSALS, Tally, names, refusal_problem, settle_silence, shown

REQUEST = "OpenAI OpenAPI 2.3.0 CreateChatCompletionRequest"
# The nullable properties of the request (temperature, top_p and the penalties are CHT-45's,
# max_tokens CHT-34's).
NULLABLE = (
    *("logit_bias", "logprobs", "max_completion_tokens", "metadata", "modalities", "n"),
    *("prediction", "reasoning_effort", "seed", "service_tier", "stop", "store", "stream"),
    *("stream_options", "top_logprobs", "verbosity"),
)
NEUTRAL: dict[str, Json] = {
    "user": "somebody",
    "metadata": {"run": "1"},
    "store": False,
    "service_tier": "auto",
    "parallel_tool_calls": True,
    "reasoning_effort": "low",
}
WRONG: dict[str, Json] = {
    "model": 5,
    "messages": "text",
    "temperature": "hot",
    "top_p": "all",
    "max_tokens": [],
    "stream": "yes",
    "n": {},
    "seed": "one",
    "tools": 7,
    "presence_penalty": "much",
}


@check("CHT-79", "MUST", f"{REQUEST}, nullable", "A null optional field is an absent one")
async def nulls(probe: Probe) -> Finding:
    """Each nullable field of the request as null, one at a time: HTTP 200."""
    tally = Tally(expected="HTTP 200 each")
    for field in NULLABLE:
        tally.accepted(field, await probe.chat(max_tokens=1, **{field: None}))
    return tally.finding("all are accepted")


@check("CHT-85", "SHOULD", "client libraries pass extra fields", "An unknown field has one effect")
async def unknown(probe: Probe) -> Finding:
    """zzz_unknown: 1 on each route: HTTP 200, or a 400 that names it; the same on all routes."""
    found: dict[str, Exchange] = {"chat": await probe.chat(max_tokens=1, zzz_unknown=1)}
    for label, exchange in (
        ("completions", await probe.complete(max_tokens=1, zzz_unknown=1)),
        ("messages", await probe.message(max_tokens=1, zzz_unknown=1)),
    ):
        if exchange.status not in {404, 405, 501}:
            found[label] = exchange
    for label, exchange in found.items():
        settle_silence(exchange)
        clear = exchange.status in REFUSALS and names(exchange, "zzz_unknown")
        if exchange.status != 200 and not clear:
            told, expected = f"{label} neither ignores nor names it", "HTTP 200, or 400 by name"
            return failed(told, expected=expected, got=shown(exchange), exchange=exchange)
    statuses = {label: exchange.status for label, exchange in found.items()}
    if len({status == 200 for status in statuses.values()}) > 1:
        return failed("the routes differ", expected="one way on all routes", got=statuses)
    return passed(f"the same on all routes: {statuses}")


@check("CHT-86", "SHOULD", REQUEST, "Fields without effect on a local model are accepted")
async def neutral(probe: Probe) -> Finding:
    """user, metadata, store, service_tier, parallel_tool_calls, reasoning_effort, each alone."""
    tally = Tally(expected="HTTP 200, or a 400 that names the field")
    for field, value in NEUTRAL.items():
        exchange = await probe.chat(max_tokens=1, **{field: value})
        clear = exchange.status in REFUSALS and names(exchange, field)
        fine = exchange.error is None and (exchange.status == 200 or clear)
        tally.note(field, exchange, None if fine else shown(exchange))
    return tally.finding("each is accepted or refused by name")


@check(
    "ERR-04",
    "MUST",
    f"{REQUEST}, types",
    "A field of a wrong type is refused by name",
    stage=Stage.ADVERSARIAL,
)
async def wrong_types(probe: Probe) -> Finding:
    """Ten known fields with a value of another type, one at a time: HTTP 400 naming the field."""
    tally = Tally(expected="HTTP 400 naming the field, each")
    for field, bad in WRONG.items():
        exchange = await probe.chat(**{"max_tokens": 1, field: bad})
        problem = refusal_problem(exchange)
        if problem is None and not names(exchange, field):
            problem = f"the refusal does not name it: {shown(exchange)}"
        tally.note(field, exchange, problem)
    return tally.finding("all are refused by name")


@check("ERR-05", "MUST", f"{REQUEST}, required", "A request without a model is refused")
async def no_model(probe: Probe) -> Finding:
    """model absent: HTTP 400. HTTP 200 is recorded: servers of one model document a default."""
    exchange = await probe.chat(model=ABSENT, max_tokens=1)
    settle_silence(exchange)
    if exchange.status == 200:
        told = "answered with a default model: required by the specification, documented by some"
        return divergent(told, got=shown(exchange))
    tally = Tally(expected="HTTP 400")
    tally.refused("no model", exchange)
    return tally.finding("it is refused")
