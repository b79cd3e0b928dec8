"""Rules of a stream's course in time, and of everything that streams of a run held."""

from __future__ import annotations

import re
from itertools import pairwise

from harness.records import Exchange
from suites.contract.check import Stage, check
from suites.contract.checks.scans import LEAKS
from suites.contract.finding import Finding, failed, inconclusive, passed
from suites.contract.greedy import PROMPTS, ask_greedy
from suites.contract.probe import Probe
from suites.contract.reading import at, decoded, shown, stream

SSE = "WHATWG HTML 9.2.6"
# The share of a stream's time that must lie between its first and its last text: a prompt of one
# line is read in less than the rest.
SPREAD = 0.25
FEW = 4  # pieces at different times
# Below this, all of a stream may be one packet.
TOO_QUICK_S = 0.01
# Proxies give up on a silent connection after 60 s, the strictest after much less.
GAP_S = 15.0
FIELD = re.compile(rb"^(data|event|id|retry)(:.*)?$|^:|^$")


@check("STR-32", "SHOULD", "people read along", "Pieces come while the answer is made")
async def gradual(probe: Probe) -> Finding:
    """A stream of 48 tokens: its pieces come at four times or more, over a quarter of its time."""
    for prompt in PROMPTS:
        exchange = await ask_greedy(probe, prompt, stream=True)
        pieces = _text_events(exchange)
        if len(pieces) >= 2 * FEW:
            break
    else:
        return inconclusive("no prompt got an answer of eight pieces")
    whole_s = (exchange.end_ns - exchange.send_ns) / 1e9
    if whole_s < TOO_QUICK_S:
        return inconclusive(f"the whole stream took {whole_s:.3f} s")
    times = sorted(set(pieces))
    share = (times[-1] - times[0]) / 1e9 / whole_s
    told = f"{len(pieces)} pieces at {len(times)} times over {share:.0%} of {whole_s:.2f} s"
    if len(times) < FEW or share < SPREAD:
        expected = f"{FEW} times or more, over {SPREAD:.0%} of the time"
        return failed("the stream comes in one piece", expected=expected, got=told)
    return passed(told)


def _text_events(exchange: Exchange) -> list[int]:
    """When the events with text came, in ns."""
    view = stream(exchange)
    return [
        event.at_ns
        for event in view.events
        if at(decoded(event.data.encode()), "choices", 0, "delta", "content")
    ]


def _is_stream(exchange: Exchange) -> bool:
    kind = exchange.header("content-type") or ""
    return exchange.status == 200 and kind.startswith("text/event-stream")


def _streams(probe: Probe) -> list[Exchange]:
    return [one for one in probe.state.log if _is_stream(one)]


def _lines(exchange: Exchange) -> list[bytes]:
    """The lines of a stream; the last one may be cut off by the client."""
    return exchange.body.splitlines()[: None if exchange.error is None else -1]


@check(
    "STR-33",
    "SHOULD",
    f"{SSE}; openai-python#2722",
    "What keeps a stream alive is a comment, and not next to ids",
    stage=Stage.SCAN,
)
async def comments(probe: Probe) -> Finding:
    """Every stream of this run: lines are fields of the standard or comments, no event is empty.

    A stream with id: fields holds no comment: the openai SDK breaks at it.
    """
    await probe.plain_stream()
    streams, count = _streams(probe), 0
    for exchange in streams:
        lines = _lines(exchange)
        odd = [line for line in lines if not FIELD.match(line)]
        empty = [line for line in lines if line.strip() in {b"data:", b"data: {}"}]
        found = [line for line in lines if line.startswith(b":")]
        count += len(found)
        mixed = found if any(line.startswith(b"id:") for line in lines) else []
        bad = odd or empty or mixed
        if bad:
            reasons = {"no field": odd, "an empty event": empty, "a comment next to ids": mixed}
            told = next(reason for reason, one in reasons.items() if one)
            got = bad[0].decode(errors="replace")
            return failed(told, expected=": keep-alive", got=got, exchange=exchange)
    return passed(f"{len(streams)} streams, {count} comments")


@check("STR-34", "SHOULD", "proxies give up", "A stream is never silent for long", stage=Stage.SCAN)
async def no_silence(probe: Probe) -> Finding:
    """Every stream of this run: no more than 15 s between its bytes, the head included."""
    await probe.plain_stream()
    streams, worst, worst_s = _streams(probe), None, 0.0
    for exchange in streams:
        times = [exchange.send_ns, *(chunk.at_ns for chunk in exchange.chunks)]
        gap_s = max((b - a) / 1e9 for a, b in pairwise(times)) if len(times) > 1 else 0.0
        if gap_s > worst_s:
            worst, worst_s = exchange, gap_s
    if worst_s > GAP_S:
        told = f"{worst_s:.1f} s without a byte"
        return failed(told, expected=f"at most {GAP_S:.0f} s", got=told, exchange=worst)
    return passed(f"{len(streams)} streams, at most {worst_s:.1f} s")


@check(
    "STR-37", "MUST", "CWE-209", "Errors of streams tell nothing of the inside", stage=Stage.SCAN
)
async def leaks(probe: Probe) -> Finding:
    """Refusals of streamed requests and error events of this run: no traceback, path, class."""
    await probe.chat(messages="text", stream=True, max_tokens=2)
    await probe.chat(messages=[{"role": "banana", "content": "Hi"}], stream=True, max_tokens=2)
    count = 0
    for exchange in probe.state.log:
        text = _error_text(exchange)
        count += text is not None
        if text and LEAKS.search(text):
            expected = "a sentence about the request"
            got = shown(exchange)
            return failed("the error leaks", expected=expected, got=got, exchange=exchange)
    return passed(f"{count} errors of this run")


def _error_text(exchange: Exchange) -> str | None:
    """What a streamed request was told when it failed; None when it did not."""
    text = exchange.body.decode(errors="replace")
    if exchange.status is not None and exchange.status >= 400:
        return text if b'"stream": true' in exchange.request.body else None
    if not _is_stream(exchange):
        return None
    errors = [line for line in text.splitlines() if line.startswith("data:") and '"error"' in line]
    return "\n".join(errors) or None
