"""Comparing two texts, and the prompts themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suites.divergence.compare import first_difference, prefix_agreement, word_agreement
from suites.divergence.prompts import prompt_hash, prompt_set


@pytest.mark.parametrize(
    ("one", "other", "first", "share"),
    [
        ("same", "same", None, 1.0),
        ("", "", None, 1.0),
        ("abcd", "abXd", 2, 0.5),
        ("abc", "abcd", 3, 0.75),
        ("", "abc", 0, 0.0),
        ("Köln", "Koln", 1, 0.25),
        ("a😀b", "a😀c", 2, 2 / 3),
    ],
)
def test_the_first_difference_by_hand(
    one: str, other: str, first: int | None, share: float
) -> None:
    assert first_difference(one, other) == first_difference(other, one) == first
    assert prefix_agreement(one, other) == pytest.approx(share)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("a b c d", "a b c d", 1.0),
        ("a b c d", "a X c d", 0.75),  # words after the difference count
        ("a b c d", "X a b c d", 0.0),  # one inserted word shifts all others
        ("a b", "a b c d", 0.5),
        ("", "", 1.0),
        ("", "a", 0.0),
    ],
)
def test_the_published_word_agreement_by_hand(one: str, other: str, share: float) -> None:
    assert word_agreement(one, other) == pytest.approx(share)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_texts_agree_up_to_the_first_difference_and_not_there(one: str, other: str) -> None:
    first = first_difference(one, other)
    if first is None:
        assert one == other
        return
    assert one != other
    assert one[:first] == other[:first]
    assert one[first : first + 1] != other[first : first + 1]
    assert 0 <= prefix_agreement(one, other) < 1


def test_the_prompts_are_many_and_different() -> None:
    prompts = prompt_set()
    assert len(prompts) >= 72
    assert len(set(prompts)) == len(prompts)
    assert len({prompt[:12] for prompt in prompts}) > len(prompts) / 2
    assert len(prompt_hash()) == 64
