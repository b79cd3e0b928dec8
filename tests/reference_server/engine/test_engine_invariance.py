"""A request's logits have the same bits at any load in invariant mode, and not in adaptive mode.

Judged on bits: tokens are equal long after bits are not. The schedule has joins, leaves, every
slot, mixed lengths, growth of the slab, and prompts of several runs.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import deque

import pytest

from reference_server.blas import BLAS, mx
from reference_server.engine.hashes import hashed
from reference_server.engine.policy import RUN, NotInvariant, Policy, invariant
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.slots import SlotDecoder
from tests.reference_server.engine.engine_rig import endless, prompt_of, watched

ROWS, REQUESTS, TOKENS = 8, 32, 128
# Prompts that cross growth steps and runs, and some that share a first run.
LENGTHS = [3, 40, RUN + 1, 17, 2 * RUN + 30, 100, 240, 64]


def decoder_of(batching, *, cache=None, watch=hashed, rows=ROWS):
    model = endless()
    return SlotDecoder(
        model.model, model.end_tokens, max_batch=rows, batching=batching, cache=cache, watch=watch
    )


def requests():
    """Prompts, numbers of tokens; some are cancelled halfway to make room."""
    plan = []
    for at in range(REQUESTS):
        prompt = prompt_of(LENGTHS[at % len(LENGTHS)], 300 + at)
        if at % 4 == 0:
            prompt = prompt_of(RUN) + prompt
        plan.append((prompt, TOKENS + at % 5))
    return plan


def crowd(decoder, plan, *, leave=frozenset()):
    """Hashes of every request when all come in waves; those in ``leave`` go after 30 tokens."""
    boxes = [watched(prompt, count) for prompt, count in plan]
    waiting, running, steps = deque(enumerate(boxes)), {}, 0
    while waiting or running:
        # A wave of one, then of two …: every width and every slot occurs.
        while waiting and len(running) < ROWS and len(running) <= steps // 7 % ROWS:
            at, box = waiting.popleft()
            decoder.add(box.sequence)
            running[box.sequence] = at
        ended = [output.sequence for output in decoder.step() if output.finish]
        gone = [s for s, at in running.items() if at in leave and len(s.generated) == 30]
        for sequence in gone:
            decoder.remove(sequence)
        for sequence in (*ended, *gone):
            running.pop(sequence, None)
        steps += 1
    return [box.sequence.logits_hashes for box in boxes]


def one_by_one(decoder, plan):
    found = []
    for prompt, count in plan:
        sequence = watched(prompt, count).sequence
        decoder.add(sequence)
        while not any(output.finish for output in decoder.step()):
            pass
        found.append(sequence.logits_hashes)
    return found


def equal(found, expected):
    """How many requests have the same bits in every step that both took."""
    same = 0
    for one, other in zip(found, expected, strict=True):
        steps = min(len(one), len(other))
        assert steps >= 30
        same += one[:steps] == other[:steps]
    return same


def run(function):
    async def go():
        return function()

    return asyncio.run(go())


def shown(count=REQUESTS):
    """Requests with equal bits in invariant and in adaptive mode, alone against in a crowd."""
    plan = requests()[:count]
    result = {}
    for batching in ("invariant", "adaptive"):
        decoder = decoder_of(batching)
        expected = one_by_one(decoder, plan)
        result[batching] = equal(crowd(decoder, plan), expected)
    return result


needs_classes = pytest.mark.skipif(
    BLAS.startswith("bundled"),
    reason="MLX's bundled BLAS sums in one order at any row count; install the extra linux-blas",
)


@needs_classes
def test_bits_are_equal_at_any_load_and_adaptive_bits_are_not():
    found = run(shown)
    assert found["invariant"] == REQUESTS
    assert found["adaptive"] < REQUESTS, "the negative control shows no difference"


def test_reversed_bursts_leaves_and_cached_prefixes_change_no_bits():
    def go():
        plan = requests()
        expected = one_by_one(decoder_of("invariant"), plan)
        cache = PrefixCache(RUN, 1 << 30, "a model")
        decoder = decoder_of("invariant", cache=cache)
        backwards = crowd(decoder, plan[::-1], leave=frozenset(range(0, REQUESTS, 3)))[::-1]
        assert equal(backwards, expected) == REQUESTS
        warm = crowd(decoder, plan)
        assert cache.stats().hit_tokens > REQUESTS / 4 * RUN
        assert equal(warm, expected) == REQUESTS

    run(go)


def test_other_neighbours_of_the_same_shape_change_no_bits():
    """No leak: holds in adaptive mode too."""

    def go():
        mine = (prompt_of(50, 450), TOKENS)
        found = []
        for first in (300, 700):
            plan = [(prompt_of(50, first + at), TOKENS) for at in range(ROWS - 1)]
            decoder = decoder_of("adaptive")
            boxes = [watched(prompt, count) for prompt, count in [*plan[:3], mine, *plan[3:]]]
            for box in boxes:
                decoder.add(box.sequence)
            while any(len(box.sequence.generated) < TOKENS for box in boxes):
                decoder.step()
            found.append([box.sequence.logits_hashes for box in boxes])
        assert found[0][3] == found[1][3]
        assert found[0][2] != found[1][2]

    run(go)


def test_one_bit_in_one_step_of_one_row_is_seen():
    def go():
        plan = requests()[:ROWS]
        expected = one_by_one(decoder_of("invariant"), plan)
        steps = iter(range(10_000))

        def flipped(rows, logits):
            bits = logits.view(mx.uint32)
            slot = rows[0][1]
            if next(steps) == 60:
                bits[slot, 5] = bits[slot, 5] ^ 1
            hashed(rows, bits.view(mx.float32))

        assert equal(crowd(decoder_of("invariant", watch=flipped), plan), expected) == ROWS - 1

    run(go)


def test_a_place_that_matters_is_refused_by_name(monkeypatch):
    forward = decoder_of("adaptive")._forward
    step = type(forward).step

    def uneven(self, slab, tokens, positions, seen):
        logits = step(self, slab, tokens, positions, seen)
        return logits * (1 + 1e-6 * mx.arange(logits.shape[0])[:, None])

    monkeypatch.setattr(type(forward), "step", uneven)
    with pytest.raises(NotInvariant, match="a row's place among 8 changes its bits"):
        invariant(forward, 8)


def test_padding_that_matters_is_refused_by_name(monkeypatch):
    forward = decoder_of("adaptive")._forward
    step = type(forward).step
    monkeypatch.setattr(
        type(forward),
        "step",
        lambda self, slab, tokens, positions, seen: (
            step(self, slab, tokens, positions, seen) * (1 + 1e-6 * seen)
        ),
    )
    with pytest.raises(NotInvariant, match="padding behind"):
        invariant(forward, 8)


def test_widths_never_leave_the_class():
    policy = Policy("invariant", most=16, least=4, run=RUN)
    assert policy.widths() == [4, 8, 12, 16]
    assert Policy("adaptive", most=6).widths() == [1, 2, 4, 6]


FEW = 8
SCRIPT = f"""
from tests.reference_server.engine.test_engine_invariance import NotInvariant, run, shown
try:
    print(run(lambda: shown({FEW})))
except NotInvariant as error:
    print("refused:", error)
"""


@needs_classes
@pytest.mark.skipif(sys.platform != "linux", reason="MKL is for Linux")
@pytest.mark.parametrize("mode", ["AVX2", "AVX2,STRICT", "COMPATIBLE"])
def test_other_kernels_hold_or_are_refused(mode):
    """MKL reads its mode when it loads, so each has a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], env={**os.environ, "MKL_CBWR": mode},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert f"'invariant': {FEW}," in ran.stdout or ran.stdout.startswith("refused: invariant")
