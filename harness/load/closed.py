"""Closed loop: a fixed number of requests in flight; the next starts when one ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from harness.load.selfcheck import SelfCheck, SelfChecker, assess
from harness.records import Exchange, Request
from harness.wire import Client


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load gave.

    ``exchanges`` are in the order in which they were started. ``window_s`` runs from the first
    request's first byte to the last answer's end; failures are among the exchanges.
    """

    exchanges: tuple[Exchange, ...]
    window_s: float
    lag: SelfCheck


async def closed_loop(
    client: Client,
    make: Callable[[int], Request],
    *,
    concurrency: int,
    count: int,
    timeout_s: float,
) -> LoadResult:
    """``count`` requests, ``concurrency`` at a time; ``make(i)`` is called before any is sent.

    Raises:
        ValueError: concurrency or count below 1.
    """
    if concurrency < 1 or count < 1:
        raise ValueError(f"needs at least 1 request and 1 at a time, not {count} and {concurrency}")
    requests = [make(index) for index in range(count)]  # encoding JSON is no part of the window
    exchanges: list[Exchange | None] = [None] * count
    indices = iter(range(count))

    async def work() -> None:
        for index in indices:  # shared: each worker takes the next one
            exchanges[index] = await client.send(requests[index], timeout_s=timeout_s)

    checker = SelfChecker()
    async with checker, asyncio.TaskGroup() as group:
        for _ in range(min(concurrency, count)):
            group.create_task(work())
    done = tuple(exchange for exchange in exchanges if exchange is not None)
    first_ns = min(exchange.send_ns for exchange in done)
    window_s = (max(exchange.end_ns for exchange in done) - first_ns) / 1e9
    return LoadResult(done, window_s, checker.result or assess([], 0.0, window_s))
