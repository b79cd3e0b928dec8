"""Rows with the same prompt: it passes the model once, and nobody's tokens change."""

from __future__ import annotations

import asyncio

import pytest

from reference_server.engine.decoder import PREFILL_CHUNK
from reference_server.engine.slots import SlotDecoder
from tests.reference_server.engine.engine_rig import endless, prompt_of, watched

LENGTH = PREFILL_CHUNK + 90  # enters in two steps


def decoder_of(max_batch=8, **more):
    model = endless()
    return SlotDecoder(model.model, model.end_tokens, max_batch=max_batch, **more)


def boxes_of(count, prompt, tokens=6):
    """Requests with the same prompt and a random stream each."""
    return [watched(list(prompt), tokens, temperature=1.0, seed=at) for at in range(count)]


def finish(decoder, sequences):
    left = {one for one in sequences if len(one.generated) < one.max_tokens}
    while left:
        left -= {output.sequence for output in decoder.step() if output.finish}


def run(function):
    async def go():
        function()

    asyncio.run(go())


def expected(prompt, count, **more):
    """What each gets that is alone."""
    found = []
    for box in boxes_of(count, prompt):
        decoder = decoder_of(1, **more)
        decoder.add(box.sequence)
        finish(decoder, [box.sequence])
        decoder.close()
        found.append(box.sequence.generated)
    return found


@pytest.mark.parametrize("count", [2, 5, 8])
def test_a_prompt_enters_once(count):
    def go():
        prompt = prompt_of(LENGTH)
        decoder, boxes = decoder_of(), boxes_of(count, prompt)
        for box in boxes:
            decoder.add(box.sequence)
        finish(decoder, [box.sequence for box in boxes])
        assert decoder.prefilled == LENGTH - 1
        assert [box.sequence.generated for box in boxes] == expected(prompt, count)
        assert [box.sequence.cached_tokens for box in boxes] == [0] + [LENGTH - 1] * (count - 1)
        decoder.close()

    run(go)


def test_other_prompts_enter_by_themselves():
    """The control: one token less, or another last but one."""

    def go():
        prompt = prompt_of(LENGTH)
        others = [prompt, prompt[:-1], [*prompt[:-2], prompt[-2] + 1, prompt[-1]]]
        decoder, boxes = decoder_of(), [watched(one, 3) for one in others]
        for box in boxes:
            decoder.add(box.sequence)
        finish(decoder, [box.sequence for box in boxes])
        assert decoder.prefilled == sum(len(one) - 1 for one in others)
        decoder.close()

    run(go)


def test_who_comes_later_takes_it_from_who_runs():
    def go():
        prompt = prompt_of(LENGTH)
        decoder, (first, second) = decoder_of(), boxes_of(2, prompt)
        decoder.add(first.sequence)
        while not first.sequence.generated:
            decoder.step()
        decoder.add(second.sequence)
        finish(decoder, [first.sequence, second.sequence])
        assert decoder.prefilled == LENGTH - 1
        found = [first.sequence.generated, second.sequence.generated]
        assert found == expected(prompt, 2)
        decoder.close()

    run(go)


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_when_the_first_leaves_another_goes_on(steps):
    """Before it entered, half way, and when it had entered."""

    def go():
        prompt = prompt_of(LENGTH)
        decoder, boxes = decoder_of(), boxes_of(4, prompt)
        for box in boxes:
            decoder.add(box.sequence)
        for _ in range(steps):
            decoder.step()
        decoder.remove(boxes[0].sequence)
        rest = [box.sequence for box in boxes[1:]]
        finish(decoder, rest)
        assert [one.generated for one in rest] == expected(prompt, 4)[1:]
        lost = {0: 0, 1: PREFILL_CHUNK, 2: 0}[steps]
        assert decoder.prefilled == LENGTH - 1 + lost
        decoder.close()

    run(go)


def test_one_token_needs_no_twin():
    def go():
        decoder, boxes = decoder_of(), boxes_of(3, [400])
        for box in boxes:
            decoder.add(box.sequence)
        finish(decoder, [box.sequence for box in boxes])
        assert [box.sequence.generated for box in boxes] == expected([400], 3)
        assert decoder.prefilled == 0
        decoder.close()

    run(go)


def test_a_copied_prompt_has_the_bits_of_an_entered_one():
    """In invariant mode, where a request's bits are promised."""

    def go():
        prompt, seen = prompt_of(300), {}

        def watch(rows, logits):
            for sequence, slot in rows:
                seen.setdefault(sequence, []).append(bytes(memoryview(logits[slot])))

        decoder = decoder_of(batching="invariant", watch=watch)
        boxes = [watched(list(prompt), 6) for _ in range(3)]
        for box in boxes:
            decoder.add(box.sequence)
        finish(decoder, [box.sequence for box in boxes])
        assert decoder.prefilled == 299
        alone = watched(list(prompt), 6)
        decoder.add(alone.sequence)
        finish(decoder, [alone.sequence])
        assert decoder.prefilled == 2 * 299
        assert len({tuple(seen[box.sequence][:6]) for box in (*boxes, alone)}) == 1
        assert len(set(seen[alone.sequence])) > 1  # the control: bits do change with tokens
        decoder.close()

    run(go)
