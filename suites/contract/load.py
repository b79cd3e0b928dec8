"""A server that is busy: what it says meanwhile about itself, and how fast."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from harness.records import Exchange
from harness.wire import Ask, dialect_for
from suites.contract.finding import Finding, failed, inconclusive, passed
from suites.contract.probe import REQUEST_S, Probe

# Eight requests at a time fill a server that works one by one, and load one that batches; more in
# longer profiles, to fill batches as well. Few tokens each: a slow server has to end them all.
QUICK_CLIENTS, THOROUGH_CLIENTS = 8, 40
LOAD_TOKENS = 32
# Clients have to be on their way before the first question: a round trip on loopback is 1 ms.
RAMP_S = 0.1
ROUNDS = 5
# A poll that takes longer is what supervisors and routers call a dead server.
POLL_S = 1.0


@dataclass(slots=True)
class Load:
    """Requests that follow each other without a pause; ``durations_s`` of those that ended."""

    probe: Probe
    running: bool = True
    refused: int = 0
    durations_s: list[float] = field(default_factory=list)

    async def client(self, number: int) -> None:
        """One client: the next request as soon as the last one has its answer."""
        turn = {"role": "user", "content": f"Tell story number {number} about the sea."}
        ask = Ask(messages=(turn,), max_tokens=LOAD_TOKENS, stream=False)
        request = dialect_for(self.probe.target.dialect).request(self.probe.client, ask)
        while self.running:
            exchange = await self.probe.client.send(request, timeout_s=REQUEST_S)
            if exchange.status != 200:
                self.refused += 1
                return
            self.durations_s.append((exchange.end_ns - exchange.send_ns) / 1e9)


@asynccontextmanager
async def busy(probe: Probe) -> AsyncIterator[Load]:
    """The server is kept busy inside; on leaving, what still runs is waited for."""
    load = Load(probe)
    count = THOROUGH_CLIENTS if probe.thorough else QUICK_CLIENTS
    clients = [asyncio.create_task(load.client(number)) for number in range(count)]
    try:
        await asyncio.sleep(RAMP_S)
        yield load
    finally:
        load.running = False
        await asyncio.gather(*clients)


@dataclass(slots=True)
class Polls:
    """What was asked while the server was busy, by name."""

    asked: dict[str, list[Exchange]] = field(default_factory=dict)
    load: Load | None = None


async def polls(probe: Probe) -> Polls:
    """Models, health, metrics and a bad request, in turn, under load; asked once a run."""
    if "polls" not in probe.state.memo:
        probe.state.memo["polls"] = await _poll(probe)
    taken: Polls = probe.state.memo["polls"]
    return taken


async def _poll(probe: Probe) -> Polls:
    taken = Polls()
    requests = {
        "models": probe.request("GET", "/models"),
        "health": probe.request("GET", probe.client.root_url("/health")),
        "metrics": probe.request("GET", probe.client.root_url("/metrics")),
        "bad request": probe.request(
            "POST", "/chat/completions", probe.chat_body(messages=[{"role": "banana"}])
        ),
    }
    async with busy(probe) as load:
        taken.load = load
        for _ in range(ROUNDS):
            for name, request in requests.items():
                taken.asked.setdefault(name, []).append(await probe.send(request))
    probe.exchanges.clear()  # each check takes its own as evidence
    return taken


def took_s(exchange: Exchange) -> float:
    """From the first byte sent to the last received, in seconds."""
    return (exchange.end_ns - exchange.send_ns) / 1e9


async def prompt_polls(probe: Probe, name: str, statuses: frozenset[int]) -> Finding:
    """Whether all polls of a name came with a right status within ``POLL_S``."""
    taken = await polls(probe)
    exchanges = taken.asked[name]
    probe.attach(*exchanges)
    if taken.load is None or taken.load.refused:
        return inconclusive("the load itself was refused")
    slowest = max(exchanges, key=took_s)
    wrong = [e for e in exchanges if e.error or e.status not in statuses]
    if wrong or took_s(slowest) > POLL_S:
        worst = wrong[0] if wrong else slowest
        told = f"HTTP {worst.status} after {took_s(worst):.2f} s, while others generate"
        return failed(told, expected=f"an answer within {POLL_S:.0f} s", got=told, exchange=worst)
    return passed(f"{len(exchanges)} times under load, at most {took_s(slowest) * 1e3:.0f} ms")
