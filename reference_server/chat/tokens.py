"""Text to tokens and back, for prompts that no chat template is applied to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reference_server.chat.bound import PromptBound
from reference_server.chat.detokenizer import Detokenizer, detokenizer_for, token_text
from reference_server.errors import BadRequest


class Tokens:
    """A tokenizer and the ``vocabulary`` of its model: tokens are 0 to ``vocabulary`` - 1."""

    def __init__(self, tokenizer: Any, bound: PromptBound, vocabulary: int) -> None:  # noqa: ANN401 - transformers has no types
        self._tokenizer = tokenizer
        self._bound = bound
        self._vocabulary = vocabulary

    def encode(self, text: str, field: str = "prompt", *, special: bool = True) -> list[int]:
        """The tokens of a text, control tokens included where it spells them.

        ``special`` lets the tokenizer add what it puts around a text, such as a first token.

        Raises:
            PromptTooLong: the text is too long for the context, whatever its tokens are.
        """
        self._bound.check(text, field)
        return list(self._tokenizer.encode(text, add_special_tokens=special))

    def prompt(self, text: str | Sequence[int], field: str = "prompt") -> list[int]:
        """The tokens of a raw prompt that is text, or tokens already.

        Raises:
            BadRequest: there are none, or a number is no token.
            PromptTooLong: as ``encode``.
        """
        if isinstance(text, str):
            tokens = self.encode(text, field)
        else:
            tokens = list(text)
            self.check(field, tokens)
        if not tokens:
            raise BadRequest(field, f"{field} is empty, and this model needs at least one token.")
        return tokens

    def prompts(self, texts: Sequence[str | Sequence[int]], field: str) -> list[list[int]]:
        """The same for several; their errors name the field, not the entry."""
        return [self.prompt(text, field) for text in texts]

    def decode(self, tokens: Sequence[int], field: str = "tokens") -> str:
        """The text of tokens, control tokens as they are spelled.

        Raises:
            BadRequest: a number is no token.
        """
        self.check(field, tokens)
        return str(self._tokenizer.decode(list(tokens), clean_up_tokenization_spaces=False))

    def detokenizer(self) -> Detokenizer:
        """One that begins a text."""
        return detokenizer_for(self._tokenizer)

    def bytes(self, token: int) -> bytes:
        """The bytes that a token stands for, as far as this tokenizer tells them."""
        return token_text(self._tokenizer, token)

    def names(self, tokens: Sequence[int]) -> list[str]:
        """The entries of the vocabulary, empty for numbers that no token has."""
        return [name or "" for name in self._tokenizer.convert_ids_to_tokens(list(tokens))]

    def check(self, field: str, tokens: Iterable[int]) -> None:
        """Let numbers pass that are tokens.

        Raises:
            BadRequest: one is not.
        """
        for token in tokens:
            if not 0 <= token < self._vocabulary:
                top = self._vocabulary - 1
                raise BadRequest(field, f"{field} holds {token}; tokens are 0 to {top}.")
