import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.load import prompts


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 60), st.integers(0, 2**32), st.integers(4, 60))
def test_as_many_as_asked_all_different_of_exact_length(n, seed, words):
    found = prompts(n, seed=seed, words=words)
    assert len(found) == len(set(found)) == n
    assert all(len(prompt.split()) == words for prompt in found)
    assert len({tuple(prompt.split()[:3]) for prompt in found}) == n


def test_the_seed_decides():
    assert prompts(3, seed=1, words=12) == prompts(3, seed=1, words=12)
    assert prompts(3, seed=1, words=12) != prompts(3, seed=2, words=12)


def test_the_same_on_every_machine():
    assert prompts(1, seed=1, words=9) == [
        "Summarise case 137: the rough letter supports a railway."
    ]


@pytest.mark.parametrize(("n", "words"), [(-1, 10), (1, 3)])
def test_refusals(n, words):
    with pytest.raises(ValueError, match="needs n >= 0"):
        prompts(n, seed=0, words=words)
