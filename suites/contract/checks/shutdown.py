"""Rules of a server's end: what becomes of those who are still waiting."""

from __future__ import annotations

import asyncio
import json

from harness.errors import TargetError
from harness.records import Exchange
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, inconclusive, skipped
from suites.contract.greedy import PROMPTS
from suites.contract.lines import Line, evidence, held, record
from suites.contract.probe import Probe
from suites.contract.reading import Tally, at, stream

# Long enough to run when the signal comes, short enough for a grace period of ten seconds.
STREAM_TOKENS = 128
END_S = 30.0


@check(
    "ROB-20",
    "SHOULD",
    "process managers send SIGTERM",
    "Streams that run at SIGTERM end with a finish or an error",
    stage=Stage.LETHAL,
)
async def graceful(probe: Probe) -> Finding:
    """Three streams while a server of ours is restarted (longer profiles only): none is just cut.

    Each must end with a finish_reason, with an error event, or with an HTTP error.
    """
    restart = probe.context.restart
    if restart is None:
        return skipped("somebody else started this server: it is not stopped")
    if not probe.thorough:
        return skipped("asked in the standard and full profiles")
    payloads = [_payload(probe, prompt) for prompt in PROMPTS]
    async with held(probe, payloads) as lines:
        await asyncio.gather(*(_begin(line) for line in lines))
        running = not all(line.settled for line in lines)
        stopping = asyncio.ensure_future(restart())
        replies = await asyncio.gather(
            *(
                line.reply(evidence(probe, one), END_S)
                for line, one in zip(lines, payloads, strict=False)
            )
        )
        try:
            await stopping
        except TargetError as error:
            return inconclusive(f"the server did not come back: {error}")
    if not running:
        return inconclusive("all streams had ended before the signal")
    tally = Tally(expected="a finish_reason, or an error event")
    for number, exchange in enumerate(replies):
        tally.note(f"stream {number}", record(probe, exchange), _cut(exchange))
    return tally.finding("no stream is just cut")


def _payload(probe: Probe, prompt: str) -> bytes:
    messages = [{"role": "user", "content": prompt}]
    body = probe.chat_body(messages=messages, stream=True, max_tokens=STREAM_TOKENS)
    return probe.raw_post("/chat/completions", json.dumps(body).encode())


async def _begin(line: Line) -> None:
    """Wait for the first bytes."""
    try:
        async with asyncio.timeout(END_S):
            await line.read()
    except (TimeoutError, ConnectionError):
        return


def _cut(exchange: Exchange) -> str | None:
    if exchange.error:
        return f"cut: {exchange.error_text}"
    if (exchange.status or 0) >= 400:
        return None
    ends = [
        value
        for value in stream(exchange).values
        if value.get("error") or at(value, "choices", 0, "finish_reason")
    ]
    return None if ends else "it ends without a finish_reason or an error"
