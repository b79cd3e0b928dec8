from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from training import values
from training.dice import Dice
from training.tokenizer import CONTROL, MARKUP, VOCABULARY, train_tokenizer

PLACES = (
    "{}", " {}", "the {} is", '{{"name": "{}"}}', '["{}", "{}"]', "({})", "{}.", "\n{}\n", "'{}'",
    "<tool_call>\n{}", "{}, {}", "{}: {}", "/{}/",
)  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer(small_tokenizer: Tokenizer) -> Tokenizer:
    return small_tokenizer


def ids(tokenizer: Tokenizer, text: str) -> list[int]:
    return list(tokenizer.encode(text).ids)


def holds(whole: list[int], part: list[int]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


@settings(deadline=None)
@given(text=st.text())
def test_any_text_comes_back(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(ids(tokenizer, text), skip_special_tokens=False) == text


@settings(deadline=None)
@given(word=st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=12))
def test_a_word_has_the_same_tokens_everywhere(tokenizer: Tokenizer, word: str) -> None:
    own = ids(tokenizer, word)
    for place in PLACES:
        assert holds(ids(tokenizer, place.format(word, word)), own), place


def test_a_value_has_the_same_tokens_in_a_sentence_and_in_a_call(tokenizer: Tokenizer) -> None:
    dice = Dice("values")
    for _ in range(200):
        said = values.words(dice)
        own = ids(tokenizer, said)
        assert holds(ids(tokenizer, f"write {said} now"), own)
        assert holds(ids(tokenizer, json.dumps({"text": said}, ensure_ascii=False)), own)


def test_a_usual_tokenizer_would_not_pass() -> None:
    """The negative control: a byte-level BPE with GPT-2's pieces joins the space to the word."""
    from tokenizers import models, pre_tokenizers, trainers

    usual = Tokenizer(models.BPE())
    usual.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=400, show_progress=False)
    usual.train_from_iterator(["see the city of Oslo"] * 50, trainer)
    assert not holds(ids(usual, "the Oslo"), ids(usual, "Oslo"))


def test_spaces_and_digits_stand_alone(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("go 2024").tokens == [*tokenizer.encode("go").tokens, "Ġ", *"2024"]


def test_jsons_marks_are_single_tokens(tokenizer: Tokenizer) -> None:
    for mark in ('": "', '", "', '{"', '"}}', ", ", ": "):
        assert len(ids(tokenizer, mark)) == 1


def test_markup_and_control_are_single_tokens(tokenizer: Tokenizer) -> None:
    for text in (*CONTROL, *MARKUP):
        assert ids(tokenizer, text) == [tokenizer.token_to_id(text)]
        shown = tokenizer.decode([tokenizer.token_to_id(text)], skip_special_tokens=True)
        assert shown == ("" if text in CONTROL else text)


def test_the_vocabulary_is_at_most_what_was_chosen(tokenizer: Tokenizer) -> None:
    assert tokenizer.get_vocab_size() <= VOCABULARY
    assert tokenizer.token_to_id(MARKUP[-1]) == tokenizer.get_vocab_size() - 1


def test_training_twice_gives_the_same() -> None:
    texts = [f"the word {number} and <think> again" for number in range(50)]
    assert train_tokenizer(texts).to_str() == train_tokenizer(iter(texts)).to_str()
