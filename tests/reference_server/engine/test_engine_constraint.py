"""Constrained rows in every decoder: what they may say, and that nobody beside them notices."""

from __future__ import annotations

import asyncio
import functools
import json
import re

import pytest
from llguidance import LLMatcher, LLParserLimits, LLTokenizer

from reference_server.blas import mx
from reference_server.engine.constraint import BITS, Constraint, Grammar, masked
from reference_server.errors import BadRequest
from tests.reference_server.engine.engine_rig import (
    endless,
    prompt_of,
    run_all,
    serving,
    watched,
)

DECODERS = {"slots": {"slots": True}, "batch": {"slots": False}, "serial": {"max_batch": 1}}
LETTERS = "[ab]{3}"


@functools.cache
def tokens_of_the_model():
    loaded = endless()
    backend = loaded.tokenizer.backend_tokenizer
    return LLTokenizer(backend.to_str(), loaded.vocabulary, sorted(loaded.end_tokens))


def grammar(regex=LETTERS, **limits):
    tokens = tokens_of_the_model()
    limited = LLParserLimits(**limits) if limits else None
    matcher = LLMatcher(tokens, LLMatcher.grammar_from_regex(regex), log_level=0, limits=limited)
    assert not matcher.is_error(), matcher.get_error()
    return Grammar(matcher, -(-tokens.vocab_size // BITS), "response_format")


def bound(regex=LETTERS, first=300, max_tokens=12, limits=None, **sampling):
    box = watched(prompt_of(8, first), max_tokens, **sampling)
    box.sequence.constraint = Constraint(grammar(regex, **(limits or {})))
    return box


def text(box):
    return endless().tokenizer.decode(box.tokens)


def free(max_tokens=24, **sampling):
    return [watched(prompt_of(5 + at, 310 + at), max_tokens, **sampling) for at in range(3)]


@pytest.mark.parametrize("kind", DECODERS)
@pytest.mark.parametrize("temperature", [0, 1.5])
def test_only_words_of_the_grammar_come_and_then_the_end(kind, temperature):
    async def go():
        with serving(**DECODERS[kind]) as engine:
            boxes = [bound(temperature=temperature, seed=at, first=300 + at) for at in range(6)]
            await run_all(engine, boxes)
            ends = [box.events[-1].finish for box in boxes]
            control = watched(prompt_of(8), 12, temperature=temperature)
            await run_all(engine, [control])
            return [text(box) for box in boxes], ends, text(control)

    words, ends, control = asyncio.run(go())
    assert all(re.fullmatch(LETTERS, word) for word in words)
    assert ends == ["stop"] * 6
    assert not re.match("[ab]", control)


@pytest.mark.parametrize("kind", ["slots", "batch"])
@pytest.mark.parametrize("sampling", [{}, {"temperature": 1.0, "seed": 5, "logprobs": 2}], ids=str)
def test_neighbours_have_the_same_bits_before_beside_and_after(kind, sampling):
    """The same rows in the same places, with a constraint and without: others see no difference."""

    async def go(*, constrained):
        with serving(**DECODERS[kind], max_batch=4) as engine:
            # As long as the other one: steps of another width may have other bits by themselves.
            other = bound("[a-z ]{400}", max_tokens=20)
            if not constrained:
                other.sequence.constraint = None
            before, after = free(**sampling), free(**sampling)
            await run_all(engine, [*before, other])
            await run_all(engine, after)
            return [box.events for box in (*before, *after)], other.tokens

    (with_one, words), (without, plain) = (asyncio.run(go(constrained=c)) for c in (True, False))
    assert with_one == without
    assert words != plain


def test_only_rows_with_a_constraint_change():
    logits = mx.random.normal((5, 2100), key=mx.random.key(1))
    first, second = Constraint(grammar("a")), Constraint(grammar("[bc]"))
    found = masked(logits, [(1, first), (3, second)])
    for row in (0, 2, 4):
        assert mx.array_equal(found[row], logits[row]).item()
    names = endless().tokenizer.convert_ids_to_tokens
    allowed = {
        row: {names(at) for at, value in enumerate(found[row].tolist()) if value > -mx.inf}
        for row in (1, 3)
    }
    assert allowed == {1: {"a"}, 3: {"b", "c"}}  # and no id beyond the tokenizer's
    for row, token in ((1, "a"), (3, "b")):
        at = endless().tokenizer.convert_tokens_to_ids(token)
        assert found[row, at].item() == logits[row, at].item()


@pytest.mark.parametrize("kind", ["slots", "batch"])
def test_biases_penalties_and_cuts_do_not_break_the_grammar(kind):
    words = [(token, word) for word, token in endless().tokenizer.get_vocab().items()]
    words = [(token, word) for token, word in words if set(word) <= set("ab")]
    edits = [
        {"logit_bias": tuple((token, -100.0) for token, _ in words)},
        {"logit_bias": tuple((token, -100.0) for token, word in words if "a" in word)},
        {"frequency_penalty": 2.0, "presence_penalty": 2.0, "repetition_penalty": 10.0},
        {"temperature": 2.0, "top_k": 1, "min_p": 1.0, "top_p": 0.01},
    ]

    async def go():
        with serving(**DECODERS[kind]) as engine:
            boxes = [bound(**edit) for edit in edits]
            await run_all(engine, boxes)
            return [text(box) for box in boxes]

    words = asyncio.run(go())
    assert all(re.fullmatch(LETTERS, word) for word in words)
    assert "a" not in words[1]  # a bias still chooses among what the grammar leaves


@pytest.mark.parametrize("kind", ["slots", "batch"])
def test_log_probabilities_are_those_of_the_model_without_the_mask(kind):
    async def go():
        with serving(**DECODERS[kind]) as engine:
            box, control = bound(logprobs=3), watched(prompt_of(8), 1, logprobs=3)
            await run_all(engine, [box, control])
            return box.events[0].logprobs, control.events[0].logprobs

    constrained, plain = asyncio.run(go())
    assert constrained.best == plain.best
    assert constrained.chosen < plain.chosen


@pytest.mark.parametrize("kind", ["slots", "batch"])
def test_a_cut_is_a_cut(kind):
    async def go():
        with serving(**DECODERS[kind]) as engine:
            box = bound("[ab]{50}", max_tokens=4)
            await run_all(engine, [box])
            return box.events[-1].finish, text(box)

    finish, word = asyncio.run(go())
    assert finish == "length"
    assert re.fullmatch("[ab]{4,}", word)


@pytest.mark.parametrize("kind", ["slots", "batch"])
def test_a_script_is_played_as_far_as_the_grammar_admits_it(kind):
    tokenizer = endless().tokenizer
    good, bad = (tuple(tokenizer.encode(word, add_special_tokens=False)) for word in ("aba", "axb"))

    async def go():
        with serving(**DECODERS[kind]) as engine:
            boxes = [bound(script=good), bound(script=bad), watched(prompt_of(8), 12, script=bad)]
            await run_all(engine, boxes)
            return [text(box) for box in boxes]

    kept, mended, control = asyncio.run(go())
    assert kept == "aba"
    assert re.fullmatch("a[ab]{2}", mended)
    assert control == "axb"


@pytest.mark.parametrize("kind", ["slots", "batch"])
def test_a_row_that_is_filled_again_goes_on_in_its_grammar(kind):
    """After a fault that nobody is blamed for, all rows are emptied and go on where they were."""

    class Faulty:
        def __init__(self, decoder):
            self._decoder, self._steps = decoder, 0

        def __getattr__(self, name):
            return getattr(self._decoder, name)

        def step(self):
            self._steps += 1
            if self._steps == 6:
                raise RuntimeError("a fault of nobody's")
            return self._decoder.step()

    async def go(wrap):
        with serving(**DECODERS[kind], wrap=wrap) as engine:
            boxes = [bound("[ab]{9}", first=300 + at) for at in range(2)]
            await run_all(engine, boxes)
            return [(text(box), box.events[-1].finish) for box in boxes]

    broken, whole = asyncio.run(go(Faulty)), asyncio.run(go(lambda decoder: decoder))
    assert broken == whole
    assert all(re.fullmatch("[ab]{9}", word) and end == "stop" for word, end in broken)


@pytest.mark.parametrize("kind", ["slots", "batch"])
def test_a_grammar_that_takes_too_much_work_fails_alone(kind):
    heavy = {"regex": "(.*a.*b.*c.*){20}", "limits": {"step_lexer_fuel": 300}}

    async def go():
        with serving(**DECODERS[kind]) as engine:
            boxes = [bound(**heavy, max_tokens=30), bound(), *free()]
            for box in boxes:
                engine.submit(box.sequence)
            ends = [await box.end() for box in boxes]
            alone = free()
            await run_all(engine, alone)
            assert engine.failure is None
            return ends, [box.tokens for box in boxes[2:]], [box.tokens for box in alone]

    ends, beside, alone = asyncio.run(go())
    assert isinstance(ends[0].error, BadRequest)
    assert ends[0].error.field == "response_format"
    assert ends[1].finish == "stop"
    assert beside == alone


def test_a_grammar_serves_many_requests_and_stays_at_its_start():
    shared = grammar('[{]"n": [1-9][0-9][}]')

    async def go():
        with serving() as engine:
            boxes = [watched(prompt_of(8), 20, temperature=1.0, seed=at) for at in range(8)]
            for box in boxes:
                box.sequence.constraint = Constraint(shared)
            await run_all(engine, boxes)
            return [json.loads(text(box))["n"] for box in boxes]

    assert len(set(asyncio.run(go()))) > 1
