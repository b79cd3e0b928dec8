"""A draft model changes how many tokens a step gives, and none of them."""

from __future__ import annotations

import asyncio
import functools
from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from reference_server.blas import mx  # isort: skip - MKL before MLX
from mlx.utils import tree_map
from mlx_lm.models import llama

from reference_server.engine import speculation
from reference_server.engine.forward import Forward
from reference_server.engine.loop import Engine
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.slab import GROWTH
from reference_server.engine.slots import SlotDecoder
from reference_server.engine.speculation import MOST_ROWS, Draft, SpeculativeDecoder, common
from reference_server.models.load import load_model
from tests.reference_server.engine.engine_rig import endless, prompt_of, run_all, watched

# Lengths on both sides of a class of attention, a growth of the slab and a share of the prompt.
PLAN = [(10, 25), (250, 20), (3, 60), (600, 20), (30, 12), (1, 50), (200, 70), (2, 3)]
SAMPLED = [{}, {"temperature": 0.9, "seed": 4}, {"temperature": 1.2, "top_p": 0.9, "seed": 8}]


@functools.cache
def model_of(kind):
    """Draft models for ``random:1m``: itself, itself with noise, and another one."""
    if kind == "other":
        return load_model("random:1m@3").model
    if kind == "itself":
        return endless().model
    model = load_model("random:1m").model
    mx.random.seed(1)
    noisy = lambda w: w + 0.006 * mx.abs(w).mean() * mx.random.normal(w.shape)  # noqa: E731
    model.update(tree_map(noisy, model.parameters()))
    mx.eval(model.parameters())
    return model


DRAFTS = ["itself", "noisy", "other"]


def draft_of(kind, tokens=4):
    return Draft(kind, model_of(kind), tokens)


def decoder_of(draft, *, max_batch=6, cache=None, ends=()):
    return SpeculativeDecoder(endless().model, ends, draft, max_batch=max_batch, cache=cache)


def finish(decoder, sequences):
    """Step until all of them have ended; the outputs of each step."""
    steps, left = [], set(sequences)
    while left:
        steps.append(decoder.step())
        left -= {output.sequence for output in steps[-1] if output.finish}
    return steps


@functools.cache
def plain(ends=()):
    return SlotDecoder(endless().model, ends, max_batch=1)


def alone(prompt, count, ends=(), **sampling):
    """The tokens of a request without a draft model and without neighbours."""
    return _alone(tuple(prompt), count, ends, tuple(sampling.items()))


@functools.cache
def _alone(prompt, count, ends, sampling):
    prompt, sampling = list(prompt), dict(sampling)
    sequence = watched(prompt, count, **sampling).sequence
    plain(ends).add(sequence)
    finish(plain(ends), [sequence])
    return sequence.generated


def run(function):
    async def go():
        return function()

    return asyncio.run(go())


def crowd(decoder, boxes, most):
    """Joins and leaves: at most ``most`` at a time."""
    waiting, running = deque(boxes), set()
    while waiting or running:
        while waiting and len(running) < most:
            box = waiting.popleft()
            decoder.add(box.sequence)
            running.add(box.sequence)
        running -= {output.sequence for output in decoder.step() if output.finish}
    return [box.sequence.generated for box in boxes]


@pytest.mark.parametrize("most", [1, 3, 6])
@pytest.mark.parametrize("kind", DRAFTS)
def test_tokens_are_those_without_a_draft_model(kind, most):
    def go():
        boxes, expected = [], []
        for at, (length, count) in enumerate(PLAN):
            sampling = SAMPLED[at % 3]
            boxes.append(watched(prompt_of(length, 300 + at), count, **sampling))
            expected.append(alone(prompt_of(length, 300 + at), count, **sampling))
        draft = draft_of(kind)
        assert crowd(decoder_of(draft), boxes, most) == expected
        stats = draft.stats()
        share = stats.accepted / stats.proposed
        assert stats.proposed == 4 * stats.rounds > 40
        low, high = {"itself": (0.9, 1), "noisy": (0.05, 0.95), "other": (0, 0.05)}[kind]
        assert low <= share <= high

    run(go)


@pytest.mark.parametrize("tokens", [1, 2, 7])
def test_any_number_of_proposals_gives_the_same_tokens(tokens):
    def go():
        for kind in DRAFTS:
            draft = draft_of(kind, tokens)
            boxes = [watched(prompt_of(20, 300 + at), 50) for at in range(3)]
            found = crowd(decoder_of(draft), boxes, 2)
            assert found == [alone(prompt_of(20, 300 + at), 50) for at in range(3)]
            assert draft.stats().rounds

    run(go)


def test_accepting_what_is_not_checked_is_noticed(monkeypatch):
    """Negative control: the tokens do depend on the comparison."""
    monkeypatch.setattr(speculation, "common", lambda guesses, answers: len(guesses))

    def go():
        box = watched(prompt_of(20), 50)
        crowd(decoder_of(draft_of("noisy")), [box], 1)
        assert box.sequence.generated != alone(prompt_of(20), 50)

    run(go)


def test_the_right_proposals_save_steps():
    def go():
        box = watched(prompt_of(20), 101)
        decoder = decoder_of(draft_of("itself"))
        decoder.add(box.sequence)
        steps = finish(decoder, [box.sequence])
        assert max(map(len, steps)) == 6, "what was launched, and a round of five"
        # One token before the first round, one to four after the last; a step late, both.
        assert len(steps) <= 101 / 5 + 2 + 5

    run(go)


@pytest.mark.parametrize("how", ["end", "stop token"])
def test_an_end_inside_an_accepted_run_ends_there(how):
    def go():
        said = alone(prompt_of(20), 60)
        for place in range(20, 25):  # each place of a run
            end = said[place]
            first = said.index(end)
            ends = (end,) if how == "end" else ()
            stops = {} if how == "end" else {"stop_tokens": frozenset([end])}
            decoder, box = decoder_of(draft_of("itself"), ends=ends), watched(
                prompt_of(20), 60, **stops
            )  # fmt: skip
            beside = watched(prompt_of(30, 350), 60)
            decoder.add(box.sequence)
            decoder.add(beside.sequence)
            steps = finish(decoder, [box.sequence, beside.sequence])
            mine = [one for outputs in steps for one in outputs if one.sequence is box.sequence]
            assert [one.token for one in mine] == [*said[:first], None]
            assert [one.finish for one in mine] == [None] * first + ["stop"]
            assert box.sequence.generated == said[:first]
            assert beside.sequence.generated == alone(prompt_of(30, 350), 60, ends)

    run(go)


@pytest.mark.parametrize("kind", DRAFTS)
def test_what_rounds_have_entered_is_good_for_the_prefix_cache(kind):
    def go():
        decoder = decoder_of(draft_of(kind), cache=PrefixCache(32, 1 << 30, "a model"))
        first = watched(prompt_of(50), 60)
        crowd(decoder, [first], 1)
        longer = prompt_of(50) + first.sequence.generated + prompt_of(7, 400)
        second, again = watched(longer, 40), watched(prompt_of(50), 60)
        crowd(decoder, [second, again], 2)
        assert second.sequence.cached_tokens == (50 + 60 - 1) // 32 * 32
        assert again.sequence.cached_tokens == 32
        assert second.sequence.generated == alone(longer, 40)
        assert again.sequence.generated == alone(prompt_of(50), 60)

    run(go)


def test_a_row_that_leaves_and_one_that_takes_its_slot():
    def go():
        decoder = decoder_of(draft_of("noisy"))
        boxes = [watched(prompt_of(20, 300 + at), 60) for at in range(3)]
        for box in boxes:
            decoder.add(box.sequence)
        for _ in range(6):
            decoder.step()
        decoder.remove(boxes[0].sequence)
        late = watched(prompt_of(40, 500), 60)
        decoder.add(late.sequence)
        finish(decoder, [box.sequence for box in (*boxes[1:], late)])
        for at in (1, 2):
            assert boxes[at].sequence.generated == alone(prompt_of(20, 300 + at), 60)
        assert late.sequence.generated == alone(prompt_of(40, 500), 60)

    run(go)


OUT_OF_SCOPE = [
    {"logprobs": 2}, {"frequency_penalty": 0.5}, {"logit_bias": ((5, 3.0),)}, {"script": (7,) * 40},
]  # fmt: skip


@pytest.mark.parametrize("sampling", OUT_OF_SCOPE, ids=lambda one: next(iter(one)))
def test_what_is_out_of_scope_runs_as_without_a_draft_model(sampling):
    def go():
        draft = draft_of("itself")
        decoder = decoder_of(draft)
        box, beside = watched(prompt_of(20), 30, **sampling), watched(prompt_of(25, 400), 60)
        assert crowd(decoder, [box], 1) == [alone(prompt_of(20), 30, **sampling)]
        assert draft.stats().rounds == 0
        again = watched(prompt_of(20), 30, **sampling)
        assert crowd(decoder, [again, beside], 2)[1] == alone(prompt_of(25, 400), 60)
        assert draft.stats().rounds > 0, "the other goes on with rounds when it is alone"

    run(go)


def test_too_many_rows_run_without_rounds_and_the_last_ones_with_them():
    def go():
        draft = draft_of("itself")
        decoder = decoder_of(draft)
        boxes = [watched(prompt_of(20, 300 + at), 20) for at in range(MOST_ROWS + 1)]
        boxes.append(watched(prompt_of(700, 500), 200))
        for box in boxes:
            decoder.add(box.sequence)
        finish(decoder, [box.sequence for box in boxes[:-1]])
        assert draft.stats().rounds == 0
        finish(decoder, [boxes[-1].sequence])
        assert draft.stats().accepted / draft.stats().proposed > 0.9
        assert boxes[-1].sequence.generated == alone(prompt_of(700, 500), 200)

    run(go)


def test_little_is_written_behind_what_a_request_may_become(monkeypatch):
    """Memory is admitted for the whole length and the proposals."""
    seen, steps = [], Forward.steps

    def watching(self, slab, tokens, positions, length):
        seen.append(max(positions.tolist()) + tokens.shape[1])
        assert seen[-1] <= slab.capacity
        return steps(self, slab, tokens, positions, length)

    def go():
        decoder = decoder_of(draft_of("itself"))
        monkeypatch.setattr(Forward, "steps", watching)
        for count in range(37, 43):
            boxes = [watched(prompt_of(GROWTH - 43), count), watched(prompt_of(9), 80)]
            seen.clear()
            crowd(decoder, boxes, 2)
            assert boxes[0].sequence.generated == alone(prompt_of(GROWTH - 43), count)
            assert max(seen) <= GROWTH - 43 + count + 4

    run(go)


def test_an_empty_decoder_holds_no_memory_and_both_slabs_count():
    def go():
        draft = draft_of("other")
        decoder, box = decoder_of(draft), watched(prompt_of(20), 20)
        without = SlotDecoder(endless().model, (), max_batch=6)
        for rows in (2, 6):
            drafted = without.bytes_for(min(rows, MOST_ROWS), 300)  # the models are of one size
            assert decoder.bytes_for(rows, 300) == without.bytes_for(rows, 300) + drafted
        decoder.add(box.sequence)
        for _ in range(4):
            decoder.step()
        assert draft._slab.nbytes
        finish(decoder, [box.sequence])
        assert (draft._slab.nbytes, decoder._slab.nbytes) == (0, 0)

    run(go)


def test_a_draft_model_that_fails_harms_no_answer():
    async def go():
        draft = draft_of("itself")
        propose, calls = draft.propose, iter(range(10_000))

        def failing(rows, width):
            if next(calls) == 3:
                raise RuntimeError("the draft model broke")
            return propose(rows, width)

        draft.propose = failing
        engine = Engine(lambda: decoder_of(draft), max_batch=4, max_queue=8)
        engine.start()
        try:
            boxes = [watched(prompt_of(20, 300 + at), 60) for at in range(3)]
            found = await run_all(engine, boxes)
        finally:
            engine.close(0)
        assert next(calls) > 4
        assert found == [alone(prompt_of(20, 300 + at), 60) for at in range(3)]

    asyncio.run(go())


TINY = 6  # as many as the tokens that the slots are tried with


def tiny(seed):
    """A model of four tokens whose distributions are far from even."""
    config = llama.ModelArgs(
        model_type="llama", vocab_size=TINY, hidden_size=32, intermediate_size=48,
        num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2, rms_norm_eps=1e-5,
        tie_word_embeddings=False,
    )  # fmt: skip
    mx.random.seed(seed)
    model = llama.Model(config)
    model.lm_head.weight = model.lm_head.weight * 4
    mx.eval(model.parameters())
    return model


def pairs(model, prompt):
    """Probabilities (4, 4) of the second and the third token after ``prompt``."""
    share = lambda rows: mx.softmax(model(mx.array(rows))[:, -1].astype(mx.float32), axis=-1)  # noqa: E731
    first = np.array(share([prompt]).tolist())[0]
    second = np.array(share([[*prompt, a] for a in range(TINY)]).tolist())
    third = share([[*prompt, a, b] for a in range(TINY) for b in range(TINY)])
    cube = np.array(third.tolist()).reshape(TINY, TINY, TINY)
    return np.einsum("a,ab,abc->bc", first, second, cube)


def fits(counts, expected):
    kept = expected >= 5
    observed = np.append(counts[kept], counts[~kept].sum())
    wanted = np.append(expected[kept], expected[~kept].sum())
    return chisquare(observed, wanted).pvalue


@pytest.mark.parametrize("same", [False, True])
def test_sampled_tokens_follow_the_served_models_distribution(same):
    def go():
        served, other = tiny(1), tiny(2)
        draft = Draft("tiny", served if same else other, 2)
        decoder = SpeculativeDecoder(served, (), draft, max_batch=4)
        prompt, counts, many = [1, 2, 3], np.zeros((TINY, TINY)), 600
        boxes = [watched(prompt, 4, temperature=1.0, seed=at) for at in range(many)]
        for tokens in crowd(decoder, boxes, 4):
            counts[tokens[1], tokens[2]] += 1
        expected, wrong = pairs(served, prompt), pairs(other, prompt)
        expected, wrong = (many * share / share.sum() for share in (expected, wrong))
        assert fits(counts, expected) > 1e-3
        assert fits(counts, wrong) < 1e-6, "the test could not tell the two models apart"
        stats = draft.stats()
        assert stats.rounds > many / 4
        assert (stats.accepted == stats.proposed) is same
        assert stats.accepted > 0

    run(go)


@given(st.lists(st.integers(0, 2), max_size=6), st.lists(st.integers(0, 2), min_size=7, max_size=7))
def test_common_is_the_length_of_the_common_beginning(guesses, answers):
    count = common(guesses, answers)
    assert guesses[:count] == answers[:count]
    assert count == len(guesses) or guesses[count] != answers[count]
