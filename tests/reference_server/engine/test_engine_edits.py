"""Penalties, biases, stop tokens and log-probabilities, in both decoders, against numpy."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from reference_server.blas import mx  # isort: skip - MKL before MLX
from mlx_lm.models.cache import make_prompt_cache

from reference_server.engine.decoder import BatchDecoder
from reference_server.engine.sequence import Sampling
from reference_server.engine.slots import SlotDecoder
from tests.reference_server.engine.engine_rig import endless, prompt_of, watched

DECODERS = {"slots": SlotDecoder, "batch": BatchDecoder}
COUNT = 25


@pytest.fixture(params=DECODERS)
def make(request):
    model = endless()
    return lambda: DECODERS[request.param](model.model, model.end_tokens, max_batch=8)


def decoded(make, requests):
    """Outputs of each request, all of them in one batch."""

    async def go():
        decoder = make()
        boxes = [watched(prompt, count, **sampling) for prompt, count, sampling in requests]
        found = {box.sequence: [] for box in boxes}
        for box in boxes:
            decoder.add(box.sequence)
        left = set(found)
        while left:
            for output in decoder.step():
                found[output.sequence].append(output)
                left -= {output.sequence} if output.finish else set()
        decoder.close()
        return list(found.values())

    return asyncio.run(go())


def tokens_of(outputs):
    return [output.token for output in outputs if output.token is not None]


def edited(logits, sampling, prompt, generated):
    """What vLLM's and OpenAI's documentation say, written down with numpy."""
    scores = logits.astype(np.float64)
    for token, value in sampling.logit_bias:
        scores[token] += value
    counts = np.bincount(generated, minlength=len(scores)) if generated else np.zeros(len(scores))
    seen = (counts > 0) | np.isin(np.arange(len(scores)), prompt)
    weaker = np.where(
        scores > 0, scores / sampling.repetition_penalty, scores * sampling.repetition_penalty
    )
    scores = np.where(seen, weaker, scores)
    return scores - counts * sampling.frequency_penalty - (counts > 0) * sampling.presence_penalty


def expected(prompt, count, sampling):
    """Greedy tokens of the plain model with edits by numpy, and the model's log-probabilities."""
    model = endless().model
    cache, tokens, fed, scores = make_prompt_cache(model), [], prompt, []
    for _ in range(count):
        logits = np.array(model(mx.array([fed]), cache=cache)[0, -1])
        scores.append(logits - np.log(np.exp(logits.astype(np.float64)).sum()))
        tokens.append(int(edited(logits, sampling, prompt, tokens).argmax()))
        fed = tokens[-1:]
    return tokens, scores


# Random weights hardly repeat a token; with these two favoured they do, and penalties can show.
FAVOURED = {"logit_bias": ((400, 4.0), (500, 4.0))}
EDITS = [
    {**FAVOURED, "presence_penalty": 1.5},
    {**FAVOURED, "frequency_penalty": 0.7},
    {**FAVOURED, "repetition_penalty": 1.4},
    {"logit_bias": ((400, 100.0), (7, -100.0))},
    {**FAVOURED, "presence_penalty": -1.0, "frequency_penalty": 0.4, "repetition_penalty": 1.2},
]


def test_edits_are_those_of_the_documentation(make):
    requests = [
        (prompt_of(20 + at, 310 + at), COUNT, edit) for at, edit in enumerate([FAVOURED, *EDITS])
    ]
    found = [tokens_of(outputs) for outputs in decoded(make, requests)]
    wanted = [expected(prompt, count, Sampling(**edit))[0] for prompt, count, edit in requests]
    assert found == wanted
    for prompt, count, edit in requests[1:]:
        plain = expected(prompt, count, Sampling(**FAVOURED))[0]
        assert expected(prompt, count, Sampling(**edit))[0] != plain, f"{edit} changes nothing"


def test_logprobs_are_the_models_own(make):
    asked = {"logprobs": 3, "logit_bias": ((400, 100.0),)}
    plain, more, none = decoded(
        make,
        [
            (prompt_of(20), COUNT, {"logprobs": 0}),
            (prompt_of(20), 5, asked),
            (prompt_of(9), 5, {}),
        ],
    )
    tokens, scores = expected(prompt_of(20), COUNT, Sampling())
    assert tokens_of(plain) == tokens
    for output, score, token in zip(plain, scores, tokens, strict=True):
        assert output.logprobs.chosen == pytest.approx(score[token], abs=1e-4)
        assert output.logprobs.best == ()
    _, scores = expected(prompt_of(20), 5, Sampling(**asked))
    for output, score in zip(more, scores, strict=True):
        assert output.token == 400
        assert output.logprobs.chosen == pytest.approx(score[400], abs=1e-4)
        best = np.argsort(-score)[:3]
        assert [token for token, _ in output.logprobs.best] == best.tolist()
        assert [value for _, value in output.logprobs.best] == pytest.approx(score[best], abs=1e-4)
    assert all(output.logprobs is None for output in none)


def test_a_stop_token_of_the_request_ends_it_and_is_not_delivered(make):
    tokens = expected(prompt_of(20), COUNT, Sampling())[0]
    stop = tokens[6]
    mine, other = decoded(
        make,
        [
            (prompt_of(20), COUNT, {"stop_tokens": frozenset({stop})}),
            (prompt_of(20), COUNT, {}),
        ],
    )
    assert tokens_of(mine) == tokens[: tokens.index(stop)]
    assert mine[-1].finish == "stop"
    assert tokens_of(other) == tokens


def test_sampled_edits_do_not_depend_on_neighbours(make):
    mine = (
        prompt_of(30), COUNT,
        {"temperature": 0.9, "top_k": 40, "min_p": 0.01, "seed": 3, "presence_penalty": 0.8},
    )  # fmt: skip
    others = [(prompt_of(5, 400 + at), COUNT + at, {"logprobs": 2}) for at in range(3)]
    [alone] = decoded(make, [mine])
    crowd = decoded(make, [*others, mine])
    assert tokens_of(crowd[-1]) == tokens_of(alone)
