"""From bytes with times to samples: definitions checked on exchanges with known stamps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from harness.load import LoadResult, SelfCheck
from harness.records import Chunk, Exchange, Request
from harness.wire import dialect_for
from suites.throughput.sample import is_buffered, sample

OPENAI = dialect_for("openai")
MS = 1_000_000
CALM = SelfCheck(0.001, 0.1, None)


def event(value: Any) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def token(text: str) -> bytes:
    return event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})


def ending(tokens: int | None) -> bytes:
    end = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]})
    if tokens is not None:
        usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}
        end += event({"choices": [], "usage": usage})
    return end + b"data: [DONE]\n\n"


def stream(
    at_ms: Sequence[float], *, send_ms: float = 0, tokens: int | None = None, usage: bool = True
) -> Exchange:
    """One token a chunk at these times; the last chunk brings the end too."""
    chunks = [Chunk(int(at * MS), token("word ")) for at in at_ms]
    stated = (tokens or len(at_ms)) if usage else None
    chunks[-1] = Chunk(chunks[-1].at_ns, chunks[-1].data + ending(stated))
    return Exchange(
        request=Request("POST", "http://127.0.0.1:9/v1/chat/completions"),
        due_ns=int(send_ms * MS),
        send_ns=int(send_ms * MS),
        headers_ns=int(at_ms[0] * MS),
        end_ns=int(at_ms[-1] * MS) + MS,
        status=200,
        headers=(("content-type", "text/event-stream"),),
        chunks=tuple(chunks),
    )


def values(*exchanges: Exchange, window_s: float = 1.0) -> dict[str, Any]:
    return sample(LoadResult(exchanges, window_s, CALM), OPENAI)


STEADY = stream([100, 120, 150, 170, 200], send_ms=50)


def test_times_follow_their_definitions() -> None:
    found = values(STEADY, window_s=0.5)
    assert found["ttft_s"] == [0.05]
    assert found["itl_s"] == pytest.approx([0.02, 0.03, 0.02, 0.03])
    assert found["tpot_s"] == [0.025]  # (200 - 100) / (5 - 1)
    assert found["e2e_s"] == [0.151]
    assert (found["tokens"], found["output_tok_s"]) == ([5], 10.0)
    assert (found["tokens_source"], found["prompt_tokens"]) == ("usage", [9])
    assert (found["asked"], found["finished"], found["failures"]) == (1, 1, {})


def test_chunks_are_not_tokens() -> None:
    counted = values(stream([10, 20, 30, 40], tokens=12))
    assert (counted["tokens"], counted["tokens_per_chunk"]) == ([12], 3.0)
    guessed = values(stream([10, 20, 30, 40], usage=False))
    assert guessed["tokens_source"] == "chunks"
    mixed = values(stream([10, 20, 30]), stream([10, 20, 30], usage=False))
    assert mixed["tokens_source"] == "chunks and usage"


def test_tokens_of_one_chunk_leave_no_gap_between_them() -> None:
    three = stream([10, 30, 50])
    packed = Chunk(10 * MS, token("a ") + token("b "))
    found = values(Exchange(**{**fields(three), "chunks": (packed, *three.chunks[1:])}))
    assert found["itl_s"] == pytest.approx([0.02, 0.02])


def fields(exchange: Exchange) -> dict[str, Any]:
    return {name: getattr(exchange, name) for name in exchange.__slots__}


def test_failures_are_counted_by_kind_and_leave_the_samples() -> None:
    late = Exchange(**{**fields(STEADY), "error": "timeout", "error_text": "no answer in 60 s"})
    busy = Exchange(**{**fields(STEADY), "status": 503, "chunks": (Chunk(60 * MS, b"busy"),)})
    torn = Exchange(**{**fields(STEADY), "chunks": STEADY.chunks[:3]})
    mute = Exchange(**{**fields(STEADY), "chunks": (Chunk(60 * MS, ending(0)),)})
    found = values(STEADY, late, busy, torn, mute)
    kinds = {"timeout": 1, "http_503": 1, "malformed": 1, "no_output": 1}
    assert found["failures"] == kinds
    assert (found["asked"], found["finished"], len(found["ttft_s"])) == (5, 1, 1)
    assert "no answer in 60 s" in found["problem"]


def late(exchange: Exchange, service_s: float) -> bool:
    return is_buffered(exchange, OPENAI.read(exchange), service_s)


@pytest.mark.parametrize(
    ("at_ms", "service_s", "buffered"),
    [
        ([10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.1, False),
        ([100] * 10, 0.1, True),  # all at once at the end
        ([97, 98, 99, 100], 0.1, True),  # a buffer that is emptied piece by piece
        ([10, 97, 98, 99, 100], 0.1, True),  # the first token comes through, the rest is held
        ([10, 20, 30, 97, 98], 0.1, False),
    ],
)
def test_a_buffered_stream_is_known_by_its_late_bytes(
    at_ms: list[float], service_s: float, buffered: bool
) -> None:
    assert late(stream(at_ms), service_s) is buffered


def test_a_stream_behind_a_queue_is_not_buffered() -> None:
    queued = stream([9_600 + 40 * n for n in range(10)])  # the last one served of 25
    assert not late(queued, 0.4)
    assert late(queued, 10.0)  # alone, these times would say so


def test_a_buffered_stream_gives_no_gaps() -> None:
    found = values(STEADY, stream([200] * 5, send_ms=50), window_s=0.3)
    assert (found["buffered"], found["finished"]) == (1, 2)
    assert len(found["itl_s"]) == 4
    assert len(found["ttft_s"]) == 2
