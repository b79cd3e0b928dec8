"""How prompts share a step: nobody starves, and nothing is wasted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reference_server.engine.share import alike, shares

MISSING = st.lists(st.integers(1, 5000), min_size=1, max_size=20)
BUDGET = st.integers(2, 1024)


@given(MISSING, BUDGET)
def test_the_budget_is_spent_and_never_more(missing, budget):
    given_ = shares(missing, budget)
    assert sum(given_) == min(budget, sum(missing))
    assert all(0 <= part <= whole for part, whole in zip(given_, missing, strict=True))


@given(MISSING, BUDGET)
def test_the_oldest_goes_on_by_half_at_least(missing, budget):
    assert shares(missing, budget)[0] >= min(missing[0], budget // 2)


@given(st.integers(1, 100_000), st.integers(1, 256))
def test_a_short_prompt_behind_a_long_one_enters_at_once(long, short):
    assert shares([long, short], 512)[1] == short


def test_the_rest_goes_to_the_shortest_first():
    assert shares([4000, 3000, 100, 50], 512) == [256, 106, 100, 50]
    assert shares([4000], 512) == [512]


@given(st.lists(st.integers(0, 600), max_size=30))
def test_groups_hold_every_prompt_once_and_little_padding(lengths):
    groups = alike(lengths)
    placed = sorted(place for group in groups for place in group)
    assert placed == [place for place, length in enumerate(lengths) if length]
    for group in groups:
        sizes = [lengths[place] for place in group]
        assert 4 * min(sizes) >= 3 * max(sizes)


def test_prompts_of_one_length_enter_together():
    assert [sorted(group) for group in alike([47, 0, 47, 47])] == [[0, 2, 3]]
    assert len(alike([10, 100, 400])) == 3
