"""Throughput: closed loops at rising concurrency; tokens per second, TTFT, ITL."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.load import LoadResult, closed_loop, prompts
from harness.records import Case, Exchange, Json, Measurement, Request, Verdict
from harness.suite import Context, Options
from harness.wire import Ask, dialect_for
from suites.throughput import judge, levels
from suites.throughput.sample import failures, sample

# In the run's scratch: why there is no point in waiting for this server again.
_HOPELESS = "throughput.hopeless"


@dataclass(frozen=True)
class Throughput:
    """The suite. It never fails a server for being slow, only for requests that fail."""

    name: str = levels.SUITE
    version: str = "1"
    summary: str = "Output tokens per second, TTFT and ITL in closed loops at rising concurrency"
    turn: int = 10

    def cases(self, options: Options) -> Sequence[Case]:
        """One case a concurrency, lowest first."""
        return levels.plan(options.profile)

    def duration_s(self, cases: Sequence[Case]) -> float:
        """Tokens to be asked over the rate of a small model on two cores."""
        return levels.duration_s(cases)

    async def measure(self, case: Case, repeat: int, context: Context) -> Measurement:
        """Warm up at the level's concurrency, then measure one window."""
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        clock = time.perf_counter()
        values, exchanges = await _measure(case, repeat, context)
        duration_s = time.perf_counter() - clock
        return Measurement(case.id, repeat, started, duration_s, values, exchanges)

    def judge(self, cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
        """One verdict a level, and the scaling from the lowest to the highest."""
        return judge.judge(cases, measurements)


async def _measure(
    case: Case, repeat: int, context: Context
) -> tuple[dict[str, Json], tuple[Exchange, ...]]:
    if _HOPELESS in context.scratch:
        return {"asked": 0, "not_asked": context.scratch[_HOPELESS]}, ()
    dialect = dialect_for(context.target.dialect)
    concurrency = case.parameters["concurrency"]
    seed = levels.seed(concurrency, repeat)
    clock = time.perf_counter()
    warm = await _load(case, context, case.parameters["warmup_requests"], seed + levels.WARMUP_SEED)
    warmup = failures(warm.exchanges, dialect)
    warmup["wall_s"] = round(time.perf_counter() - clock, 3)
    failed = warmup["failures"]
    if sum(failed.values()) == len(warm.exchanges):
        if set(failed) == {"timeout"}:
            context.scratch[_HOPELESS] = f"not asked: {case.id} warmed up with time-outs only"
        return {**warmup, "finished": 0, "warmup": warmup}, warm.exchanges
    load = await _load(case, context, case.parameters["requests"], seed)
    return {**sample(load, dialect), "warmup": warmup}, load.exchanges


async def _load(case: Case, context: Context, count: int, seed: int) -> LoadResult:
    dialect = dialect_for(context.target.dialect)
    texts = prompts(count, seed=seed, words=case.parameters["prompt_words"])

    def make(index: int) -> Request:
        ask = Ask(
            messages=({"role": "user", "content": texts[index]},),
            max_tokens=case.parameters["max_tokens"],
            temperature=case.parameters["temperature"],
        )
        return dialect.request(context.client, ask)

    return await closed_loop(
        context.client,
        make,
        concurrency=case.parameters["concurrency"],
        count=count,
        timeout_s=case.parameters["timeout_s"],
    )


SUITE = Throughput()
