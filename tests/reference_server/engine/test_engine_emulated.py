"""With emulated kernels a batch changes tokens; invariant batching gives the same bits."""

from __future__ import annotations

import functools

from reference_server.engine.hashes import hashed
from reference_server.engine.slots import SlotDecoder
from reference_server.models.load import load_model
from tests.reference_server.engine.engine_rig import prompt_of, watched
from tests.reference_server.engine.test_engine_invariance import crowd, equal, one_by_one, run

ROWS, REQUESTS, TOKENS = 8, 16, 128


@functools.cache
def emulated():
    return load_model("random:1m", emulate_kernels=True)


def decoder_of(batching):
    model = emulated()
    return SlotDecoder(
        model.model, model.end_tokens, max_batch=ROWS, batching=batching, watch=hashed
    )


def tokens_of(decoder, prompts):
    boxes = [watched(prompt, TOKENS) for prompt in prompts]
    for box in boxes:
        decoder.add(box.sequence)
    while any(len(box.sequence.generated) < TOKENS for box in boxes):
        decoder.step()
    return [box.sequence.generated for box in boxes]


def test_adaptive_batches_change_tokens_and_invariant_ones_change_no_bits():
    def go():
        plan = [(prompt_of(10 + 9 * at, 300 + at), TOKENS) for at in range(REQUESTS)]
        invariant = decoder_of("invariant")
        assert invariant.policy.least > 5, "widths of other classes are kept apart"
        assert equal(crowd(invariant, plan), one_by_one(invariant, plan)) == REQUESTS
        prompts = [prompt for prompt, _ in plan[:ROWS]]
        decoder = decoder_of("adaptive")
        alone = [tokens_of(decoder, [prompt])[0] for prompt in prompts]
        assert alone == [tokens_of(decoder, [prompt])[0] for prompt in prompts]
        together = tokens_of(decoder, prompts)
        assert sum(one != other for one, other in zip(alone, together, strict=True)) >= 2

    run(go)
