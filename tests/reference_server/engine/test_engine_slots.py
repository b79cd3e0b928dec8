"""Slots: growth, moves, reuse, the prefix cache, and bounds counted in steps."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest

from reference_server.engine.decoder import PREFILL_CHUNK
from reference_server.engine.loop import Engine
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.slab import GROWTH, Slab
from reference_server.engine.slots import SlotDecoder
from tests.reference_server.engine.engine_rig import endless, prompt_of, run_all, watched

BLOCK = 32


def decoder_of(max_batch=8, cache=None):
    model = endless()
    return SlotDecoder(model.model, model.end_tokens, max_batch=max_batch, cache=cache)


def finish(decoder, sequences):
    """Step until all of them have ended; the number of steps."""
    steps, left = 0, set(sequences)
    while left:
        left -= {output.sequence for output in decoder.step() if output.finish}
        steps += 1
    return steps


def alone(prompt, count, **sampling):
    decoder, box = decoder_of(1), watched(prompt, count, **sampling)
    decoder.add(box.sequence)
    finish(decoder, [box.sequence])
    decoder.close()
    return box.sequence.generated


def run(coroutine_function):
    async def go():
        coroutine_function()

    asyncio.run(go())


def test_growth_moves_and_reuse_change_nobody(monkeypatch):
    """Requests that end at different times, cross growth steps, and take the slots of others."""
    moves, move = [], Slab.move
    monkeypatch.setattr(
        Slab, "move", lambda self, *places: (moves.append(places), move(self, *places))
    )

    def go():
        plan = [(10, 5), (250, 20), (3, 300), (600, 40), (30, 12), (1, 90), (200, 70), (64, 64)]
        sampled = [{}, {"temperature": 0.9, "seed": 4}] * 4
        boxes = [
            watched(prompt_of(length, 300 + at), count, **sampled[at])
            for at, (length, count) in enumerate(plan)
        ]
        expected = [
            alone(prompt_of(length, 300 + at), count, **sampled[at])
            for at, (length, count) in enumerate(plan)
        ]
        moves.clear()
        decoder = decoder_of(5)
        waiting, running = deque(boxes), set()
        while waiting or running:
            while waiting and len(running) < 5:
                box = waiting.popleft()
                decoder.add(box.sequence)
                running.add(box.sequence)
            running -= {output.sequence for output in decoder.step() if output.finish}
        assert [box.sequence.generated for box in boxes] == expected
        assert moves, "no row was moved: the test shows nothing about moves"
        assert max(length + count for length, count in plan) > 2 * GROWTH

    run(go)


def test_an_empty_decoder_holds_no_memory():
    def go():
        decoder, box = decoder_of(), watched(prompt_of(300), 4)
        decoder.add(box.sequence)
        decoder.step()
        assert decoder._slab.nbytes >= 300 * decoder._slab.token_bytes
        finish(decoder, [box.sequence])
        assert decoder._slab.nbytes == 0

    run(go)


def test_a_long_request_that_leaves_gives_its_memory_back_and_touches_nobody(monkeypatch):
    copies, resize = [], Slab._resize

    def counting(self, *shape):
        before = self.rows, self.capacity
        resize(self, *shape)
        if before != (self.rows, self.capacity):
            copies.append(self.capacity)

    monkeypatch.setattr(Slab, "_resize", counting)

    def go():
        decoder = decoder_of(cache=cache_of())
        short = [watched(prompt_of(20, 300 + at), 150) for at in range(3)]
        long = watched(prompt_of(1500, 500), 8)
        for box in (short[0], long, *short[1:]):
            decoder.add(box.sequence)
        finish(decoder, [long.sequence])
        assert decoder._slab.capacity >= 1500
        for _ in range(3):
            decoder.step()
        assert decoder._slab.capacity == GROWTH
        copies.clear()
        finish(decoder, [box.sequence for box in short])
        assert not copies
        for at, box in enumerate(short):
            assert box.sequence.generated == alone(prompt_of(20, 300 + at), 150)
        assert long.sequence.generated == alone(prompt_of(1500, 500), 8)

    run(go)


def test_a_slab_is_not_copied_for_less_than_half():
    slab = Slab(SlotDecoder(endless().model, (), max_batch=1)._forward.layers)
    slab.reserve(2, 4 * GROWTH)
    slab.fit(2, 2 * GROWTH + 1)
    assert slab.capacity == 4 * GROWTH
    slab.fit(1, 2 * GROWTH)
    assert (slab.rows, slab.capacity) == (2, 2 * GROWTH)


def test_a_short_prompt_behind_a_long_one_has_its_first_token_in_two_steps():
    def go():
        decoder = decoder_of()
        long, short = watched(prompt_of(8 * PREFILL_CHUNK - 100), 2), watched(prompt_of(200), 3)
        decoder.add(long.sequence)
        assert decoder.step() == []
        decoder.add(short.sequence)
        outputs = [*decoder.step(), *decoder.step()]
        assert [output.sequence for output in outputs] == [short.sequence]
        assert not long.sequence.generated
        assert finish(decoder, [long.sequence, short.sequence]) <= 9

    run(go)


def test_running_rows_get_a_token_in_every_step_while_a_long_prompt_enters():
    def go():
        decoder = decoder_of()
        running, long = watched(prompt_of(5), 100), watched(prompt_of(6 * PREFILL_CHUNK), 1)
        decoder.add(running.sequence)
        decoder.step()
        decoder.add(long.sequence)
        for _ in range(6):
            assert [output.sequence for output in decoder.step()] == [running.sequence]
        decoder.close()

    run(go)


def test_who_does_not_fit_waits_until_the_others_have_left():
    async def go():
        model = endless()

        def build():
            decoder = SlotDecoder(model.model, model.end_tokens, max_batch=8)
            # Room for two rows of two growth steps, or for four of one.
            decoder._kv_bytes = decoder.bytes_for(2, 2 * GROWTH)
            return decoder

        engine = Engine(build, max_batch=8, max_queue=8)
        engine.start()
        try:
            most, boxes = [], []
            for at, length in enumerate((20, 300, 300, 20)):
                box = watched(prompt_of(length, 300 + at), 60)
                box.sequence.listener = lambda event, hear=box.hear: (
                    most.append(engine.running), hear(event),
                )  # fmt: skip
                boxes.append(box)
            await run_all(engine, boxes)
        finally:
            engine.close(0)
        assert max(most) == 2, "without the bound all four run at once"
        for at, length in enumerate((20, 300, 300, 20)):
            assert boxes[at].tokens == alone(prompt_of(length, 300 + at), 60)

    asyncio.run(go())


def cache_of(budget=1 << 30):
    return PrefixCache(BLOCK, budget, "a model")


@pytest.mark.parametrize("length", [BLOCK, BLOCK + 1, 5 * BLOCK, 300, 1000])
def test_warm_equals_cold(length):
    def go():
        cache = cache_of()
        decoder = decoder_of(cache=cache)
        for number in range(3):
            box = watched(prompt_of(length), 40, temperature=0.7, seed=2)
            decoder.add(box.sequence)
            finish(decoder, [box.sequence])
            assert box.sequence.generated == alone(prompt_of(length), 40, temperature=0.7, seed=2)
            known = (length - 1) // BLOCK * BLOCK if number else 0
            assert box.sequence.cached_tokens == known
        assert cache.stats().hits == (2 if length > BLOCK else 0)

    run(go)


def test_an_answer_can_be_the_beginning_of_the_next_prompt():
    def go():
        decoder = decoder_of(cache=cache_of())
        first = watched(prompt_of(50), 60)
        decoder.add(first.sequence)
        finish(decoder, [first.sequence])
        longer = prompt_of(50) + first.sequence.generated + prompt_of(7, 400)
        second = watched(longer, 20)
        decoder.add(second.sequence)
        finish(decoder, [second.sequence])
        assert second.sequence.cached_tokens == (50 + 60 - 1) // BLOCK * BLOCK
        assert second.sequence.generated == alone(longer, 20)

    run(go)


def test_a_neighbour_with_the_same_beginning_shares_it_while_both_run():
    def go():
        decoder = decoder_of(cache=cache_of())
        shared = prompt_of(4 * BLOCK)
        boxes = [watched(shared + prompt_of(9, 400 + at), 30) for at in range(4)]
        decoder.add(boxes[0].sequence)
        decoder.step()
        for box in boxes[1:]:
            decoder.add(box.sequence)
        finish(decoder, [box.sequence for box in boxes])
        assert [box.sequence.cached_tokens for box in boxes] == [0] + [4 * BLOCK] * 3
        for at, box in enumerate(boxes):
            assert box.sequence.generated == alone(shared + prompt_of(9, 400 + at), 30)

    run(go)


def test_wrong_blocks_give_wrong_tokens():
    """Negative control: the tokens of a hit do come from the stored blocks."""

    def go():
        cache = cache_of()
        decoder = decoder_of(cache=cache)
        for _ in range(2):
            box = watched(prompt_of(200), 40)
            decoder.add(box.sequence)
            finish(decoder, [box.sequence])
            for block in cache._blocks.values():
                block.payload = [part * 0.5 for part in block.payload]
        assert box.sequence.cached_tokens
        assert box.sequence.generated != alone(prompt_of(200), 40)

    run(go)


def test_a_budget_too_small_for_a_block_keeps_nothing():
    def go():
        cache = cache_of(budget=10)
        decoder = decoder_of(cache=cache)
        for _ in range(2):
            box = watched(prompt_of(200), 4)
            decoder.add(box.sequence)
            finish(decoder, [box.sequence])
        assert (box.sequence.cached_tokens, len(cache)) == (0, 0)

    run(go)
