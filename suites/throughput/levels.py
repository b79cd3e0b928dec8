"""The plan: which concurrencies, how many requests of how many tokens, how often."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from harness.load import prompts
from harness.records import Case, Profile

SUITE = "throughput"
# Long enough that the prompt is more than its template, short enough that decoding dominates.
PROMPT_WORDS = 24
# A loaded laptop needs seconds for a level's slowest request; a minute without an end is a failure.
TIMEOUT_S = 60.0
# Output tokens per second of a small model on two CPU cores, by concurrency: what the reference
# server gives there, rounded down. Only the estimate of the duration depends on them.
_ASSUMED_TOK_S = {1: 200.0, 2: 300.0, 4: 450.0}
_ASSUMED_MOST_TOK_S = 600.0

# Seeds of the prompts: warm-up and window differ, so do all repetitions of all levels.
_SEED_STRIDE = 1000
WARMUP_SEED = 500

_EXPLAIN = (
    "Keeps {c} request(s) in flight: the next one starts when one ends. Each of {r} repetitions "
    "first warms up with {c} request(s) at the same concurrency, which are not counted, then asks "
    "{n} different prompts for {t} tokens each, streamed, temperature 0, without a seed. "
    "Output tokens per second are the completion tokens that the server states for finished "
    "requests over the wall time of the window; the interval is Student's t over the repetitions. "
    "TTFT runs from the first byte sent to the first event that carries output; ITL is the gap "
    "between successive chunks that carry output, all requests pooled. "
    "Fails when requests fail, never for being slow. Inconclusive when the client was the limit "
    "(its event loop over 20 ms late for more than 5 % of a window, and on average for more than "
    "the interval reaches; or 80 % of its core used), "
    "when the stream was buffered, or when answers have not the length that was asked."
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a profile asks at each of its concurrencies."""

    concurrencies: tuple[int, ...]
    tokens: int
    repeats: int

    def requests(self, concurrency: int) -> int:
        """Three rounds of the slots, so that joins and leaves are part of what is measured."""
        return max(8, 3 * concurrency)


SHAPES: dict[Profile, Shape] = {
    "quick": Shape((1, 4, 8), tokens=64, repeats=3),
    "standard": Shape((1, 2, 4, 8, 16), tokens=128, repeats=5),
    "full": Shape((1, 2, 4, 8, 16, 32), tokens=256, repeats=10),
}


def plan(profile: Profile) -> list[Case]:
    """One case a concurrency, lowest first."""
    return [_case(SHAPES[profile], concurrency) for concurrency in SHAPES[profile].concurrencies]


def _case(shape: Shape, concurrency: int) -> Case:
    requests = shape.requests(concurrency)
    return Case(
        id=f"closed-{concurrency}",
        suite=SUITE,
        title=f"{concurrency} in flight, closed loop",
        parameters={
            "concurrency": concurrency,
            "requests": requests,
            "max_tokens": shape.tokens,
            "warmup_requests": concurrency,
            "prompt_words": PROMPT_WORDS,
            "prompt_set": _prompt_hash(concurrency, requests, shape.repeats),
            "temperature": 0.0,
            "timeout_s": TIMEOUT_S,
        },
        repeats=shape.repeats,
        explain=_EXPLAIN.format(c=concurrency, r=shape.repeats, n=requests, t=shape.tokens),
    )


def seed(concurrency: int, repeat: int) -> int:
    """Of the prompts that one repetition of a level measures."""
    return _SEED_STRIDE * concurrency + repeat


def _prompt_hash(concurrency: int, requests: int, repeats: int) -> str:
    """SHA-256 of all measured prompts: runs whose prompts were made otherwise are not compared."""
    seeds = [seed(concurrency, repeat) for repeat in range(repeats)]
    texts = [text for one in seeds for text in prompts(requests, seed=one, words=PROMPT_WORDS)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def duration_s(cases: Sequence[Case]) -> float:
    """The tokens that will be asked over the rates assumed for a small model."""
    total = 0.0
    for case in cases:
        asked = case.parameters["requests"] + case.parameters["warmup_requests"]
        rate = _ASSUMED_TOK_S.get(case.parameters["concurrency"], _ASSUMED_MOST_TOK_S)
        total += case.repeats * asked * case.parameters["max_tokens"] / rate
    return total
