from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from reference_server.chat.bytelevel import BYTE_OF
from reference_server.chat.detokenizer import (
    ByteLevelDetokenizer,
    WindowDetokenizer,
    detokenizer_for,
)
from reference_server.models.load import EMBEDDED


@functools.cache
def byte_level():
    return AutoTokenizer.from_pretrained(EMBEDDED)


@functools.cache
def metaspace():
    """The form of Llama 2 and Gemma: ▁ for a blank, one token for each byte of rarer characters."""
    words = [
        "<unk>",
        *(f"<0x{byte:02X}>" for byte in range(256)),
        "▁",
        "▁a",
        "b",
        "c",
        "▁the",
        "</s>",
    ]
    vocabulary = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], byte_fallback=True, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    tokenizer.add_special_tokens([AddedToken("</s>", special=True)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>")


def streamed(detokenizer, tokens):
    return "".join([*(detokenizer.push(token) for token in tokens), detokenizer.flush()])


def whole(tokenizer, tokens):
    return tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)


def byte_tokens(data):
    token_of = {byte: byte_level().convert_tokens_to_ids(c) for c, byte in BYTE_OF.items()}
    return [token_of[byte] for byte in data]


def test_the_fitting_kind_is_chosen():
    assert isinstance(detokenizer_for(byte_level()), ByteLevelDetokenizer)
    assert isinstance(detokenizer_for(metaspace()), WindowDetokenizer)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_one_by_one_equal_the_whole(data):
    tokens = byte_tokens(data)
    assert streamed(detokenizer_for(byte_level()), tokens) == whole(byte_level(), tokens)
    assert streamed(WindowDetokenizer(byte_level()), tokens) == whole(byte_level(), tokens)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1023), max_size=40))
def test_any_tokens_equal_the_whole(tokens):
    assert streamed(detokenizer_for(byte_level()), tokens) == whole(byte_level(), tokens)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.integers(257, 262).map(lambda word: [word])
        | st.characters(codec="utf-8").map(lambda c: [byte + 1 for byte in c.encode()]),
        max_size=15,
    )
)
def test_words_and_whole_characters_with_byte_fallback_equal_the_whole(parts):
    # Not any bytes: this decoder makes a valid character of a run a replacement when bytes
    # after it are broken, which no stream can take back.
    tokens = [token for part in parts for token in part]
    assert streamed(WindowDetokenizer(metaspace()), tokens) == whole(metaspace(), tokens)


@pytest.mark.parametrize(
    "text", ["héllo", "東京の天気", "👩‍👩‍👧 family", "a\u0301 e\u0301", " lead", "<think>x</think>"]
)
def test_text_survives_without_half_characters(text):
    tokens = byte_level().encode(text)
    detokenizer = detokenizer_for(byte_level())
    pieces = [detokenizer.push(token) for token in tokens]
    assert "".join(pieces) == text
    assert not any("\ufffd" in piece for piece in pieces)


def test_control_tokens_give_no_text_and_markup_does():
    start, markup = byte_level().convert_tokens_to_ids(["<|im_start|>", "<tool_call>"])
    detokenizer = detokenizer_for(byte_level())
    assert (detokenizer.push(start), detokenizer.push(markup)) == ("", "<tool_call>")


@pytest.mark.parametrize("kind", [ByteLevelDetokenizer, WindowDetokenizer])
def test_a_character_cut_off_at_the_end_becomes_a_replacement_only_then(kind):
    detokenizer = kind(byte_level())
    tokens = byte_tokens("a😀".encode()[:-1])
    assert [detokenizer.push(token) for token in tokens] == ["a", "", "", ""]
    assert detokenizer.flush() == "\ufffd"
    assert detokenizer.flush() == ""


def test_an_id_beyond_the_tokenizer_has_no_text():
    assert (
        streamed(detokenizer_for(byte_level()), [*byte_tokens(b"a"), 5000, *byte_tokens(b"b")])
        == "ab"
    )


@pytest.mark.parametrize(
    ("made", "name", "text"),
    [(byte_level, "<|im_end|>", "a<|im_end|>b"), (metaspace, "</s>", "a</s>b")],
)
def test_control_tokens_are_text_where_they_are_asked_for(made, name, text):
    tokens = [one for part in ("a", name, "b") for one in made().encode(part)]
    assert streamed(detokenizer_for(made(), (name,)), tokens).replace(" ", "") == text
    assert streamed(detokenizer_for(made()), tokens).replace(" ", "") == "ab"
