"""From the exchanges of one window to the raw values of a measurement. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from harness.load import LoadResult
from harness.records import Exchange, Json
from harness.wire import Answer, DialectModule

# A stream is buffered when more than half of its output comes in the last 5 % of its time.
_LATE_TIME = 0.05
_LATE_OUTPUT = 0.5


@dataclass(frozen=True, slots=True)
class Stream:
    """One finished request: the stamps of the chunks that carried output, and its tokens."""

    send_ns: int
    end_ns: int
    stamps_ns: tuple[int, ...]
    tokens: int
    counted: str  # "usage": as the server states; "chunks": chunks, which are not tokens
    prompt_tokens: int | None

    @property
    def ttft_s(self) -> float:
        """From the first byte sent to the first chunk that carries output."""
        return (self.stamps_ns[0] - self.send_ns) / 1e9

    @property
    def gaps_s(self) -> list[float]:
        """Between successive chunks that carry output."""
        pairs = zip(self.stamps_ns, self.stamps_ns[1:], strict=False)
        return [(later - earlier) / 1e9 for earlier, later in pairs]

    @property
    def tpot_s(self) -> float | None:
        """(last - first) / (tokens - 1); None for a single token."""
        if self.tokens < 2:
            return None
        return (self.stamps_ns[-1] - self.stamps_ns[0]) / 1e9 / (self.tokens - 1)


def failure_kind(exchange: Exchange, answer: Answer) -> str | None:
    """``timeout``, ``reset`` …, ``http_503``, ``no_output``, ``malformed``; None when finished."""
    if exchange.error is not None:
        return exchange.error
    if exchange.status is not None and not 200 <= exchange.status < 300:
        return f"http_{exchange.status}"
    if answer.problem is not None:
        return "malformed"
    return None if answer.events else "no_output"


def is_buffered(exchange: Exchange, answer: Answer, service_s: float) -> bool:
    """Whether most output came in the last 5 % of the stream's time.

    Output is counted in characters: the events that end a stream weigh as much as several tokens.
    The time is the whole request's, but no more than ``service_s``, the window's share of one
    request: behind a queue an honest stream is short beside the time that it waited.
    """
    if not answer.events:
        return False
    last_ns = answer.events[-1].at_ns
    time_ns = min(last_ns - exchange.send_ns, service_s * 1e9)
    cut_ns = last_ns - _LATE_TIME * time_ns
    late = sum(len(event.text) for event in answer.events if event.at_ns >= cut_ns)
    return late > _LATE_OUTPUT * sum(len(event.text) for event in answer.events)


def failures(exchanges: Sequence[Exchange], dialect: DialectModule) -> dict[str, Json]:
    """Failed requests counted by kind, with the first one's sentence."""
    kinds: Counter[str] = Counter()
    problem = None
    for exchange in exchanges:
        answer = dialect.read(exchange)
        kind = failure_kind(exchange, answer)
        if kind is not None:
            kinds[kind] += 1
            problem = problem or answer.problem or "The answer holds no output."
    return {"asked": len(exchanges), "failures": dict(kinds), "problem": problem}


def sample(load: LoadResult, dialect: DialectModule) -> dict[str, Json]:
    """The values of one window; times in seconds, rounded to the microsecond."""
    service_s = load.window_s / len(load.exchanges)
    streams, honest = [], []
    for exchange in load.exchanges:
        answer = dialect.read(exchange)
        if failure_kind(exchange, answer) is not None:
            continue
        stream = _stream(exchange, answer)
        streams.append(stream)
        if not is_buffered(exchange, answer, service_s):
            honest.append(stream)
    return {
        **failures(load.exchanges, dialect),
        "finished": len(streams),
        "buffered": len(streams) - len(honest),
        "window_s": _us(load.window_s),
        **_rates(streams, load.window_s),
        **_times(streams, honest),
        "client": {
            "loop_lag_p99_s": _us(load.lag.loop_lag_p99_s),
            "late_share": round(load.lag.late_share, 4),
            "cpu_share": round(load.lag.client_cpu_share, 4),
            "limited": load.lag.client_limited,
        },
    }


def _stream(exchange: Exchange, answer: Answer) -> Stream:
    stamps_ns = tuple(dict.fromkeys(event.at_ns for event in answer.events))
    return Stream(
        send_ns=exchange.send_ns,
        end_ns=exchange.end_ns,
        stamps_ns=stamps_ns,
        tokens=answer.usage.completion_tokens if answer.usage else len(stamps_ns),
        counted="usage" if answer.usage else "chunks",
        prompt_tokens=answer.usage.prompt_tokens if answer.usage else None,
    )


def _rates(streams: Sequence[Stream], window_s: float) -> dict[str, Json]:
    tokens = [stream.tokens for stream in streams]
    prompt_tokens = [n for stream in streams if (n := stream.prompt_tokens) is not None]
    sources = sorted({stream.counted for stream in streams})
    chunks = sum(len(stream.stamps_ns) for stream in streams)
    return {
        "tokens": tokens,
        "tokens_source": sources[0] if len(sources) == 1 else " and ".join(sources) or "none",
        "tokens_per_chunk": round(sum(tokens) / chunks, 4) if chunks else None,
        "prompt_tokens": prompt_tokens,
        "output_tok_s": sum(tokens) / window_s if window_s > 0 else 0.0,
        "requests_s": len(streams) / window_s if window_s > 0 else 0.0,
    }


def _times(streams: Sequence[Stream], honest: Sequence[Stream]) -> dict[str, Json]:
    return {
        "ttft_s": [_us(stream.ttft_s) for stream in streams],
        "e2e_s": [_us((stream.end_ns - stream.send_ns) / 1e9) for stream in streams],
        "itl_s": [_us(gap) for stream in honest for gap in stream.gaps_s],
        "tpot_s": [_us(tpot) for stream in honest if (tpot := stream.tpot_s) is not None],
    }


def _us(seconds: float) -> float:
    return round(seconds, 6)
