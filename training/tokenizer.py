"""A byte-level BPE whose words are the same tokens wherever they stand.

Spaces are tokens of their own, digits and marks come one by one, and characters without spaces
between words (Han, kana, Hangul) too. So a value has the same tokens in the user's sentence and in
a call's JSON, and copying it is copying tokens. The marks of JSON that come together have tokens
of their own, and so have a comma, a full stop and a colon with the space after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

# Control tokens are dropped when decoding; markup that parsers must see survives, as in Qwen3.
CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
MARKUP = (
    "<tool_call>", "</tool_call>", "<think>", "</think>", "<tool_response>", "</tool_response>",
)  # fmt: skip
VOCABULARY = 2048

JSON_MARKS = (
    r'": "', r'", "', r'": \{"', r'": ', r'\{"', r'"\}\}', r'"\}', r'\}\}', r'" \| "', r"\?: ",
    r"\): ", r"\), ", r", ", r"\. ", r": ", r" \(",
)  # fmt: skip
ALONE = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
REST = (r"[\p{L}\p{M}]+", r"\p{N}", r"\n+", r"\s", r"[^\s\p{L}\p{M}\p{N}]")
PIECES = "|".join((*JSON_MARKS, ALONE, *REST))


def train_tokenizer(texts: Iterable[str]) -> Tokenizer:
    """A tokenizer of exactly ``VOCABULARY`` tokens, the added ones last."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(CONTROL) - len(MARKUP),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    markup = re.compile("|".join(re.escape(text) for text in (*CONTROL, *MARKUP)))
    tokenizer.train_from_iterator((part for text in texts for part in markup.split(text)), trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in CONTROL])
    tokenizer.add_tokens([AddedToken(text, special=False, normalized=False) for text in MARKUP])
    return tokenizer
