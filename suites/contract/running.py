"""How many requests a target runs, by its own metrics, and an answer that lasts."""

from __future__ import annotations

import asyncio
import re
import time

from harness.records import Exchange, Json, Request
from suites.contract.finding import Settled, inconclusive, skipped
from suites.contract.probe import Probe
from suites.contract.reading import REFUSALS

# Gauges of requests that run: this project's server, vLLM, llama.cpp, SGLang, TGI.
GAUGE = re.compile(
    r"^(?:\w+[_:])?(?:num_requests_running|requests_processing|num_running_reqs|tgi_batch_current_size)"
    r"(?:\{[^}]*\})? ([0-9.e+]+)",
    re.MULTILINE,
)
# One token again and again: the answer has no end but the cap.
FOREVER: Json = {"300": 100}
LASTING_TOKENS = 1500
# No longer is waited for a lasting answer; what lasts longer is dropped, which is a disconnect.
LASTING_S = 4.0
FREED_S = 2.0
# Below this, freeing cannot be told from finishing.
TOO_QUICK_S = 0.25
POLL_S = 0.02


async def running(probe: Probe) -> float | None:
    """The sum of the gauges, None where the target tells none."""
    exchange = await probe.client.send(
        probe.request("GET", probe.client.root_url("/metrics")), timeout_s=FREED_S
    )
    return told(exchange.body.decode(errors="replace")) if exchange.status == 200 else None


def told(metrics: str) -> float | None:
    """What the gauges in a text of Prometheus's format add up to, None where there is none."""
    found = GAUGE.findall(metrics)
    return sum(map(float, found)) if found else None


async def lasting(probe: Probe, **changes: Json) -> Request:
    """A request whose answer takes long."""
    name = "lasting logit_bias"
    if name not in probe.state.memo:
        exchange = await probe.chat(logit_bias=FOREVER, max_tokens=1)
        probe.state.memo[name] = exchange.status not in REFUSALS
    bias = {"logit_bias": FOREVER} if probe.state.memo[name] else {}
    body = probe.chat_body(**{**bias, "max_tokens": LASTING_TOKENS, **changes})
    return probe.request("POST", "/chat/completions", body)


async def limit_s(probe: Probe) -> float:
    """How soon a dropped answer must be gone: two seconds, or half of what it takes undisturbed.

    Raises:
        Settled: the target tells no number of running requests (skip), or is too quick for the
            question (inconclusive).
    """
    if "freed limit" not in probe.state.memo:
        probe.state.memo["freed limit"] = await _learn_limit(probe)
    limit: float | None = probe.state.memo["freed limit"]
    if limit is None:
        raise Settled(skipped("/metrics tells no number of running requests"))
    if limit < TOO_QUICK_S:
        sentence = (
            f"{LASTING_TOKENS} tokens are made in {2 * limit:.2f} s: nothing lasts long enough"
        )
        raise Settled(inconclusive(sentence))
    return limit


async def _learn_limit(probe: Probe) -> float | None:
    base = probe.state.memo["running before"] = await running(probe)
    if base is None:
        return None
    started = time.perf_counter()
    exchange = await probe.client.send(await lasting(probe, stream=True), timeout_s=LASTING_S)
    took_s = time.perf_counter() - started
    if exchange.error == "timeout":
        await freed(probe, LASTING_S)
    return min(FREED_S, took_s / 2)


async def freed(probe: Probe, within_s: float) -> float | None:
    """After how many seconds no more requests run than before the first of ours; None: never."""
    base: float = probe.state.memo["running before"]
    started = time.perf_counter()
    while True:
        now = await running(probe)
        passed_s = time.perf_counter() - started
        if now is not None and now <= base:
            return passed_s
        if passed_s > within_s:
            return None
        await asyncio.sleep(POLL_S)


async def dropped(probe: Probe, request: Request, after_chunks: int, hold_s: float = 0) -> Exchange:
    """A request whose connection is closed after that many chunks, or after a time."""
    if hold_s:
        exchange = await probe.client.send(request, timeout_s=hold_s)
    else:
        exchange = await probe.client.abandon(request, after_chunks=after_chunks, timeout_s=FREED_S)
    probe.attach(exchange)
    return exchange
