"""Rules of /metrics: what dashboards and autoscalers calculate with."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from harness.records import Exchange
from suites.contract.check import Stage, check
from suites.contract.exposition import Labels, Sample, Scrape, ask, growth, parsed, scrape, totals
from suites.contract.finding import Finding, failed, inconclusive, passed, unsupported
from suites.contract.load import prompt_polls
from suites.contract.probe import Probe
from suites.contract.reading import Tally, answer, shown

TEXT = "Prometheus text format 0.0.4"
DE_FACTO = "dashboards count by it"
GOOD, BAD = 3, 2  # requests between two scrapes
SETTLE_S = 5.0  # an answer is counted after it was sent; a dropped one when that was noticed
STATUS_LABELS = ("status", "status_code", "code", "http_status")
REQUESTS = r"request"
RUNNING = r"running|in_?flight|in_progress|active|processing|waiting|num_requests"
READ = r"(prompt|input)\w*token|token\w*(prompt|input)"
WRITTEN = r"(generat|complet|output|predict)\w*token|token\w*(generat|complet|output|predict)"


@check("MET-01", "SHOULD", TEXT, "The metrics can be read")
async def readable(probe: Probe) -> Finding:
    """GET /metrics: HTTP 200, text/plain (or OpenMetrics), every line of Prometheus's grammar."""
    exchange = await ask(probe)
    kind = (exchange.header("content-type") or "none").split(";")[0].strip()
    read = parsed(exchange)
    if exchange.status != 200 or kind not in {"text/plain", "application/openmetrics-text"}:
        told = f"HTTP {exchange.status}, {kind}"
        return failed(told, expected="HTTP 200, text/plain", got=shown(exchange), exchange=exchange)
    if isinstance(read, str):
        return failed(read, expected=TEXT, got=shown(exchange), exchange=exchange)
    return passed(f"{len(read.samples)} samples")


@dataclass(frozen=True, slots=True)
class _Counted:
    """Two scrapes, and the requests between them."""

    before: Scrape
    after: Scrape
    good: list[Exchange]


async def _counted(probe: Probe) -> _Counted:
    """Three answers and two refusals between two scrapes; asked once a run."""
    if "counted" not in probe.state.memo:
        ask_one = probe.message if probe.target.dialect == "anthropic" else probe.chat
        before = await scrape(probe)
        # A prompt of its own each: some servers count only what no cache has read.
        good = []
        for _ in range(GOOD):
            messages = [{"role": "user", "content": f"{uuid4().hex} Tell me about the sea."}]
            good.append(await ask_one(messages=messages, max_tokens=3))
        for _ in range(BAD):
            await ask_one(max_tokens=-1)
        await asyncio.sleep(0.1)  # what is counted after the answer was sent
        probe.state.memo["counted"] = _Counted(before, await scrape(probe), good)
    counted: _Counted = probe.state.memo["counted"]
    probe.attach(counted.before.exchange, counted.after.exchange)
    return counted


@check("MET-02", "SHOULD", DE_FACTO, "Counters never fall, and count each request by its status")
async def requests(probe: Probe) -> Finding:
    """Three answers and two refusals between two scrapes: a counter of requests grew by 3 and 2.

    Told apart by a label of the status. Nobody else may use the server meanwhile.
    """
    counted = await _counted(probe)
    fell = growth(counted.before, counted.after, counted.after.of("counter", ""))
    fallen = [name for (name, _), value in fell.items() if value < 0]
    if fallen:
        told = f"{fallen[0]} fell"
        return failed(told, expected="counters that grow", got=fallen)
    samples = counted.after.of("counter", REQUESTS)
    if not samples:
        return unsupported("there is no counter of requests")
    grown = growth(counted.before, counted.after, samples)
    by_status = _by_status(samples, grown)
    if (GOOD, BAD) in by_status.values():
        return passed(f"{GOOD} answers and {BAD} refusals are counted")
    got = {f"{n} {dict(labels)}": value for (n, labels), value in grown.items() if value}
    told = "no counter tells three answers from two refusals"
    expected = {"answers": GOOD, "refusals": BAD}
    return failed(told, expected=expected, got=got, exchange=counted.after.exchange)


def _by_status(
    samples: list[Sample], grown: dict[tuple[str, Labels], float]
) -> dict[tuple[str, Labels], tuple[float, float]]:
    """Growth of 2xx and of 4xx, by name and all labels but the status."""
    found: dict[tuple[str, Labels], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in samples:
        status = next((s for s in map(one.label, STATUS_LABELS) if s), "")
        rest = tuple(pair for pair in one.labels if pair[0] not in STATUS_LABELS)
        if status[:1] in {"2", "4"}:
            found[one.name, rest][status[:1] == "4"] += grown[one.key]
    return {key: (ok, refused) for key, (ok, refused) in found.items()}


@check("MET-03", "SHOULD", DE_FACTO, "Counters of tokens are the sums of usage")
async def tokens(probe: Probe) -> Finding:
    """The same five requests: prompt and completion tokens grew by what usage told."""
    counted = await _counted(probe)
    usages = [answer(exchange, probe.target.dialect).usage for exchange in counted.good]
    if not all(usages):
        return inconclusive("an answer has no usage (see CHT-15)")
    sums = {
        "prompt": (READ, sum(u.prompt_tokens or 0 for u in usages if u)),
        "completion": (WRITTEN, sum(u.completion_tokens or 0 for u in usages if u)),
    }
    told = []
    for what, (words, expected) in sums.items():
        samples = counted.after.of("counter", words)
        if not samples:
            continue
        grown = totals(growth(counted.before, counted.after, samples))
        if expected not in grown.values():
            reason = f"{what} tokens: usage tells {expected}, the counters {grown}"
            return failed(reason, expected=expected, got=grown, exchange=counted.after.exchange)
        told.append(f"{expected} {what} tokens")
    return passed(" and ".join(told)) if told else unsupported("there is no counter of tokens")


@check(
    "MET-04",
    "SHOULD",
    "sgl-project/sglang#36333",
    "Gauges of running requests fall to 0",
    stage=Stage.ADVERSARIAL,
)
async def running(probe: Probe) -> Finding:
    """After four streams were dropped: all gauges of requests are 0 within five seconds.

    A gauge of HTTP requests may count the scrape itself.
    """
    await probe.needs_route("/chat/completions", "chat completions")
    if not (await scrape(probe)).of("gauge", RUNNING):
        return unsupported("there is no gauge of requests")
    for _ in range(4):
        await probe.glimpse(max_tokens=64)
    left: list[Sample] = []
    for _ in range(int(SETTLE_S * 10)):
        now = await scrape(probe)
        left = [one for one in now.of("gauge", RUNNING) if one.value > ("http" in one.name)]
        if not left:
            return passed("nothing runs")
        await asyncio.sleep(0.1)
    got = {one.name: one.value for one in left}
    told = "gauges do not fall to 0 after clients have left"
    return failed(told, expected=0, got=got)


@check("MET-05", "SHOULD", TEXT, "Histograms add up")
async def histograms(probe: Probe) -> Finding:
    """Each histogram: buckets that do not fall, +Inf equal to _count, and a _sum."""
    now = await scrape(probe)
    series: dict[tuple[str, Labels], dict[str, float]] = defaultdict(dict)
    for one in now.of("histogram", ""):
        rest = tuple(pair for pair in one.labels if pair[0] != "le")
        part = one.name.removeprefix(one.family)
        key = f"le {one.label('le')}" if part == "_bucket" else part
        series[one.family, rest][key] = one.value
    series = {key: parts for key, parts in series.items() if set(parts) != {"_created"}}
    if not series:
        return unsupported("there is no histogram")
    for (name, labels), parts in series.items():
        problem = _sums_problem(parts)
        if problem:
            told = f"{name} {dict(labels) or ''}: {problem}"
            return failed(told, expected="+Inf equal to _count", got=parts, exchange=now.exchange)
    return passed(f"{len(series)} series add up")


def _sums_problem(parts: dict[str, float]) -> str | None:
    bound: Callable[[str], float] = lambda key: float(key.removeprefix("le "))  # noqa: E731
    buckets = sorted((bound(key), value) for key, value in parts.items() if key.startswith("le "))
    values = [value for _, value in buckets]
    if "_sum" not in parts or "_count" not in parts or not buckets:
        return f"it has only {sorted(parts)}"
    if values != sorted(values):
        return f"a bucket is below a smaller one: {values}"
    if buckets[-1] != (float("inf"), parts["_count"]):
        return f"the last bucket is {buckets[-1]}, the count {parts['_count']}"
    return None


@check(
    "MET-06",
    "SHOULD",
    f"{TEXT}: quotes, line breaks",
    "A scrape is quick under load, and no name breaks it",
    stage=Stage.ADVERSARIAL,
)
async def scrapes(probe: Probe) -> Finding:
    """Five times under load, within a second each; and after a request for a model x"\\n}."""
    await scrape(probe)
    prompt = await prompt_polls(probe, "metrics", frozenset({200}))
    if prompt.kind != "pass":
        return prompt
    await probe.chat(model='x"\n} 1\n', max_tokens=1)
    exchange = await ask(probe)
    read = parsed(exchange)
    tally = Tally(expected=TEXT)
    tally.note("after a model with a quote", exchange, read if isinstance(read, str) else None)
    return tally.finding(prompt.reason)
