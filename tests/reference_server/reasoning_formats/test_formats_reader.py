"""Formats on tokenizers whose marks are control tokens: what is read, and what budgets force."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer

from reference_server.chat.answer import Answer
from reference_server.chat.detokenizer import detokenizer_for
from reference_server.chat.pieces import Reasoning, Text
from reference_server.chat.stops import StopMatcher
from reference_server.engine.thinking import Spending
from reference_server.errors import BadRequest, ModelNotLoaded
from reference_server.models.load import EMBEDDED
from reference_server.reasoning_formats.reader import ReasoningReader
from reference_server.reasoning_formats.registry import named

CONTROL = ("gpt_oss", "gemma", "mistral")
PLAIN = ("qwen3", "glm4", "deepseek_r1")


@functools.cache
def tokenizer(name):
    made = AutoTokenizer.from_pretrained(EMBEDDED)
    made.chat_template = "{{ messages }}"  # tells nothing
    if name in CONTROL:
        shown = list(named(name).shown)
        made.add_special_tokens({"additional_special_tokens": shown})
    return made


@functools.cache
def reader(name):
    return ReasoningReader(tokenizer(name), "auto" if name in CONTROL else name)


def encoded(name, text):
    return tokenizer(name).encode(text, add_special_tokens=False)


def read(name, tokens, prompt=()):
    """Thought, text and count of the tokens inside thoughts, as an answer gives them."""
    answer = Answer(
        detokenizer_for(tokenizer(name), reader(name).shown),
        StopMatcher(()),
        reasoning=reader(name).splitter(prompt),
    )
    pieces = [piece for token in tokens for piece in answer.push(token)]
    pieces += answer.finish(truncated=False)
    thought = "".join(piece.text for piece in pieces if isinstance(piece, Reasoning))
    text = "".join(piece.text for piece in pieces if isinstance(piece, Text))
    return thought, text, answer.reasoning_tokens


def bounded(name, wishes, limit, prompt=()):
    """What a model says that would say ``wishes``, a token for each."""
    spending, said = Spending(reader(name).budget(prompt, limit)), []
    for position, wish in enumerate(wishes):
        forced = spending.forced(position, said[:-1], (lambda: said[-1]) if said else None)
        if forced is None and wish == spending.forbidden:
            (wish,) = encoded(name, "x")
        said.append(wish if forced is None else forced)
    return said


@pytest.mark.parametrize("name", CONTROL)
def test_control_tokens_are_found_and_read(name):
    marks = named(name).marks
    assert reader(name).choice.name == name
    text = f"{marks.opening}hm{marks.closing}{marks.resume}Hello"
    assert read(name, encoded(name, text))[:2] == ("hm", "Hello")
    hidden = detokenizer_for(tokenizer(name))
    assert marks.closing not in "".join(hidden.push(token) for token in encoded(name, text))


@pytest.mark.parametrize("name", [*CONTROL, *PLAIN])
@pytest.mark.parametrize("limit", [0, 1, 3])
def test_a_thought_is_closed_and_the_answer_goes_on(name, limit):
    marks = named(name).marks
    opening = "" if name == "deepseek_r1" else marks.opening
    wishes = encoded(name, f"{opening}\none two three four five six seven eight nine ten eleven")
    thought, text, count = read(name, bounded(name, wishes, limit))
    assert count <= limit
    assert "eleven" not in thought
    assert text.endswith("eleven")
    assert marks.closing not in text
    whole, rest, _ = read(name, wishes)
    assert whole.endswith("eleven"), "the negative control closes its thought"
    assert rest == ""
    assert whole.startswith(thought)


def test_a_thought_that_the_prompt_began_is_bounded():
    prompt = encoded("qwen3", "<think>\n")
    said = bounded("qwen3", encoded("qwen3", "one two three four five six"), 2, prompt)
    thought, text, count = read("qwen3", said, prompt)
    assert count <= 2
    assert text
    assert not thought.endswith("six")


def test_an_answer_that_names_the_mark_is_left_alone():
    wishes = encoded("qwen3", "The mark <think> opens a thought of any length at all.")
    assert bounded("qwen3", wishes, 0) == wishes


WORDS = st.sampled_from(["one", " ", "\n", "<think>", "</think>", "é", "東"])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLAIN), st.integers(0, 5), st.lists(WORDS, max_size=15), st.booleans())
def test_what_is_read_as_a_thought_never_exceeds_its_budget(name, limit, words, opened):
    """The tokens that the engine counts are those that a client is told of."""
    prompt = encoded(name, "<think>\n") if opened else ()
    wishes = encoded(name, "".join(words))
    assert read(name, bounded(name, wishes, limit, prompt), prompt)[2] <= limit


@pytest.mark.parametrize("name", ["gemma", "gpt_oss"])
def test_marks_of_several_tokens_have_no_budget(name):
    own = ReasoningReader(tokenizer("qwen3"), name)
    assert own.splitter(()) is not None
    with pytest.raises(BadRequest, match="is no token of this model's vocabulary") as caught:
        own.budget((), 5)
    assert caught.value.field == "max_thinking_tokens"
    with pytest.raises(ModelNotLoaded, match="--max-thinking-tokens"):
        ReasoningReader(tokenizer("qwen3"), name, 5)


def test_the_smaller_bound_counts():
    bound = ReasoningReader(tokenizer("mistral"), "mistral", 5)
    assert [bound.budget((), asked).limit for asked in (None, 3, 50)] == [5, 3, 5]
    assert reader("mistral").budget((), None) is None
