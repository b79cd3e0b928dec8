"""Choosing tokens: the cuts against numpy's, the draws against the distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from reference_server.blas import mx
from reference_server.engine.sampler import UNIFORM_BITS, choose, greedy, sampler_for, uniform
from reference_server.engine.sequence import Sampling

LOGITS = np.array([2.0, 1.0, 0.5, 0.0, -1.0, -3.0], np.float32)


def draws(sampling_of, count=4000, logits=LOGITS):
    rows = [(sampling_of(seed), 0) for seed in range(count)]
    return np.array(choose(mx.array(np.tile(logits, (count, 1))), rows).tolist())


def probabilities(temperature=1.0):
    raised = np.exp(LOGITS.astype(np.float64) / temperature)
    return raised / raised.sum()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.0])
def test_draws_follow_the_tempered_distribution(temperature):
    found = np.bincount(
        draws(lambda seed: Sampling(temperature=temperature, seed=seed)), minlength=6
    )
    expected = probabilities(temperature) * found.sum()
    kept = expected >= 5
    other = (
        np.append(found[kept], found[~kept].sum()),
        np.append(expected[kept], expected[~kept].sum()),
    )
    observed, wanted = (part[other[1] > 0] for part in other)
    assert chisquare(observed, wanted).pvalue > 1e-3
    uniform_share = np.full_like(wanted, wanted.sum() / len(wanted))
    assert chisquare(observed, uniform_share).pvalue < 1e-6


def kept_by_numpy(top_k=0, top_p=1.0, min_p=0.0):
    """Which tokens may come, computed as vLLM documents it: min_p and top_k first, then top_p."""
    share = probabilities()
    allowed = share >= min_p * share.max()
    if top_k:
        allowed &= share >= np.sort(share)[-min(top_k, len(share))]
    left = np.where(allowed, share, 0) / share[allowed].sum()
    order = np.argsort(-left)
    above = np.concatenate(([0], np.cumsum(left[order])[:-1]))
    stays = {int(token) for token, mass in zip(order, above, strict=True) if mass < top_p}
    return ({int(t) for t in np.flatnonzero(allowed)} & stays) or {int(order[0])}


CUTS = [
    {}, {"top_k": 1}, {"top_k": 3}, {"top_k": 50}, {"top_p": 0.5}, {"top_p": 0.9},
    {"top_p": 0.0}, {"min_p": 0.2}, {"min_p": 1.0}, {"top_k": 4, "top_p": 0.8},
    {"top_k": 3, "top_p": 0.9, "min_p": 0.1},
]  # fmt: skip


@pytest.mark.parametrize("cuts", CUTS, ids=str)
def test_cuts_leave_the_tokens_that_numpy_leaves(cuts):
    found = set(draws(lambda seed: Sampling(temperature=1.0, seed=seed, **cuts)).tolist())
    expected = kept_by_numpy(**cuts)
    # A token of 1 in 150 comes in 4,000 draws with near certainty.
    assert found <= expected
    assert {token for token in expected if probabilities()[token] > 1 / 150} <= found


def test_rows_with_different_samplings_are_chosen_as_if_alone():
    generator = np.random.default_rng(3)
    logits = generator.normal(size=(len(CUTS) + 2, 50)).astype(np.float32)
    rows = [(Sampling(temperature=0.8, seed=at, **cuts), at) for at, cuts in enumerate(CUTS)]
    rows += [None, (Sampling(temperature=0.0), 5)]
    together = choose(mx.array(logits), rows).tolist()
    alone = [choose(mx.array(logits[at : at + 1]), [row]).item() for at, row in enumerate(rows)]
    assert together == alone
    assert together[-2:] == logits[-2:].argmax(-1).tolist()


def test_a_row_does_not_depend_on_its_neighbours():
    generator = np.random.default_rng(4)
    own, row = generator.normal(size=(1, 50)).astype(np.float32), (Sampling(1.0, seed=9), 3)
    [first, second] = (
        choose(mx.array(np.concatenate([own, other])), [row, beside]).tolist()[0]
        for other, beside in (
            (generator.normal(size=(1, 50)).astype(np.float32), None),
            (np.full((1, 50), -1e9, np.float32), (Sampling(2.0, top_k=3, seed=1), 0)),
        )
    )
    assert first == second


def test_another_position_and_another_seed_draw_anew():
    logits = mx.zeros((1, 1000))
    found = {
        choose(logits, [(Sampling(1.0, seed=seed), at)]).item()
        for seed in range(8)
        for at in range(8)
    }
    assert len(found) > 55


@given(st.integers(0, 2**64 - 1), st.integers(0, 10**6))
def test_uniform_numbers_lie_below_one(seed, position):
    assert 0 <= uniform(seed, position) < 1


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=40))
def test_the_largest_uniform_number_still_finds_a_token(values):
    logits, largest = mx.array([values]), ((1 << UNIFORM_BITS) - 1) / (1 << UNIFORM_BITS)
    mass = mx.cumsum(mx.exp(logits - logits.max()), axis=-1)
    assert bool(mx.any(mass > largest * mass[..., -1:]).item())


def test_a_script_is_played_and_ends_and_the_likeliest_needs_no_object():
    sampler = sampler_for(Sampling(script=(7, 8)), 0, 2)
    assert [sampler(mx.zeros((1, 10))).item() for _ in range(4)] == [7, 8, 2, 2]
    assert sampler_for(Sampling(), 0, 2) is greedy
