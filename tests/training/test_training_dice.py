from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.dice import Dice, TooNarrow, held_out

# Phrases as the grammar writes them: words, choices and options, one in the other.
phrases = st.recursive(
    st.text("abcde {}", max_size=6),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"[{'|'.join(parts)}]"),
        st.lists(inner, min_size=1, max_size=3).map("".join),
    ),
    max_leaves=12,
)


def all_of(*sources: str) -> set[str]:
    """What the sources give in so many draws that nothing is left out."""
    dice = Dice("all")
    return {dice.free_phrase(*sources) for _ in range(400)}


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("plain", {"plain"}),
        ("", {""}),
        ("(a|b)", {"a", "b"}),
        ("x [a] y", {"x a y", "x y"}),
        ("[a|b]", {"a", "b", ""}),
        ("(a|b [c|d])", {"a", "b", "b c", "b d"}),
        ("({slot}|the {slot})s", {"{slot}s", "the {slot}s"}),
        ("(|a) b", {"b", "a b"}),
        ("a  ()b", {"a b"}),
    ],
)
def test_a_phrase_gives_all_its_expansions(source: str, texts: set[str]) -> None:
    assert all_of(source) == texts


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("(a|b", "does not close"),
        ("[a", "does not close"),
        ("(a]", "does not close"),
        ("a)", "closes a bracket at 1"),
        ("a|b", "closes a bracket at 1"),
        ("(a))", "closes a bracket at 3"),
    ],
)
def test_a_broken_phrase_is_refused(source: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Dice(0).free_phrase(source)


@given(phrases, st.integers())
def test_no_symbol_of_the_language_is_left(source: str, seed: int) -> None:
    text = Dice(seed).free_phrase(source)
    assert not re.search(r"[()\[\]|]|  |^ | $", text)


@given(phrases, st.integers())
def test_a_seed_decides_everything(source: str, seed: int) -> None:
    assert Dice(seed).free_phrase(source) == Dice(seed).free_phrase(source)


@given(st.text())
def test_capitals_and_outer_spaces_do_not_change_the_side(text: str) -> None:
    lower = text.lower()
    assert held_out(lower) == held_out(f" {lower}\n")
    assert held_out(text) == held_out(text.strip().lower())


def test_an_eighth_is_held_out() -> None:
    share = sum(held_out(f"text {number}") for number in range(8000)) / 8000
    assert 0.11 < share < 0.14


def test_what_one_side_draws_the_other_never_draws() -> None:
    source = "(a|b|c|d|e|f) (a|b|c|d|e|f) [g|h] (a|b|c|d|e|f)"
    train, held = Dice(1), Dice(1, "held-out")
    seen = {train.phrase(source) for _ in range(2000)}
    kept = {held.phrase(source) for _ in range(2000)}
    assert seen
    assert kept
    assert not seen & kept
    assert all(map(held_out, kept))
    assert not any(map(held_out, seen))


@given(st.integers())
def test_kept_values_are_on_their_side(seed: int) -> None:
    def draw(dice: Dice) -> int:
        return dice.kept(lambda: dice.whole(0, 10**9))

    assert not held_out(str(draw(Dice(seed))))
    assert held_out(str(draw(Dice(seed, "held-out"))))


def test_a_source_without_a_text_on_the_side_is_a_mistake() -> None:
    wrong = next(text for text in map(str, range(100)) if held_out(text))
    assert Dice(0, "held-out").phrase(wrong) == wrong
    with pytest.raises(TooNarrow, match=f"'{wrong}'"):
        Dice(0).phrase(wrong)


@given(st.integers(), st.lists(st.integers(), min_size=1, unique=True))
def test_choices_are_of_the_options(seed: int, options: list[int]) -> None:
    dice = Dice(seed)
    assert dice.one(options) in options
    assert sorted(dice.shuffled(options)) == sorted(options)
    some = dice.some(options, (len(options) + 1) // 2)
    assert len(set(some)) == len(some) == (len(options) + 1) // 2
    assert set(some) <= set(options)
    assert not dice.chance(0.0)
    assert dice.chance(1.0)
