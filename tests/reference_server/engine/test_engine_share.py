"""How prompts share a step: nobody starves, and nothing is wasted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reference_server.engine.share import shares

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
