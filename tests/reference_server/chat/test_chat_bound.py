from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers

from reference_server.chat.bound import PromptBound, longest_token
from reference_server.errors import PromptTooLong
from reference_server.models.load import load_model

CONTEXT = 50


@functools.cache
def tokenizer():
    return load_model(None).tokenizer


class Wrapped:
    """What this package reads of a transformers tokenizer, around a small one of ours."""

    def __init__(self, decoder=None, normalizer=None, added=()):
        vocabulary = {letter: index for index, letter in enumerate(sorted("abcde"))}
        self.backend_tokenizer = Tokenizer(models.BPE(vocabulary | {"ab": 5}, [("a", "b")]))
        self.backend_tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        self.backend_tokenizer.decoder = decoder or decoders.ByteLevel()
        if normalizer is not None:
            self.backend_tokenizer.normalizer = normalizer
        self.added_tokens_decoder = dict(enumerate(added, 6))


def test_the_longest_token_is_known():
    assert longest_token(tokenizer()) == len("</tool_response>")
    assert longest_token(Wrapped()) == 2
    assert longest_token(Wrapped(added=[AddedToken("<long>")])) == 6


@pytest.mark.parametrize(
    "other",
    [
        Wrapped(decoder=decoders.Metaspace()),
        Wrapped(added=[AddedToken("<x>", rstrip=True)]),
        Wrapped(added=[AddedToken("<x>", lstrip=True)]),
        object(),
    ],
)
def test_nothing_is_refused_where_tokens_may_cover_more(other):
    bound = PromptBound(other, CONTEXT)
    assert bound.least("a" * 10**6) == 0
    bound.check("a" * 10**6)


def test_what_the_normalizer_drops_does_not_count():
    text = "a" + " " * 10_000
    with pytest.raises(PromptTooLong):
        PromptBound(Wrapped(), CONTEXT).check(text)
    PromptBound(Wrapped(normalizer=normalizers.Strip()), CONTEXT).check(text)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(("</tool_response>", "the ", "é", "😀", "a" * 40, "\n", "question")),
        max_size=120,
    ).map("".join)
)
def test_never_more_than_there_are(text):
    tokens = len(tokenizer().encode(text, add_special_tokens=False))
    bound = PromptBound(tokenizer(), CONTEXT)
    assert bound.least(text) <= tokens
    if tokens < CONTEXT:
        bound.check(text)


def test_the_longest_tokens_that_fit_pass():
    bound = PromptBound(tokenizer(), CONTEXT)
    bound.check("</tool_response>" * (CONTEXT - 1))
    with pytest.raises(PromptTooLong, match="at least 51 tokens") as caught:
        bound.check("</tool_response>" * CONTEXT + "x", "prompt")
    assert (caught.value.field, caught.value.tokens) == ("prompt", CONTEXT + 1)
