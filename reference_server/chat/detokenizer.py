"""Tokens to text, one at a time, never half a character.

Control tokens (``special`` ones) give no text, unless they are asked for by name; added tokens that
are plain markup do.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection
from typing import Any, Protocol

from tokenizers import decoders

from reference_server.chat.bytelevel import token_bytes

# What lossy UTF-8 decoding puts where bytes make no character (Unicode, section 3.9).
REPLACEMENT = "\ufffd"


class Detokenizer(Protocol):
    """Gives the text that each further token completes; a state of one generation."""

    def push(self, token: int) -> str:
        """The text that is certain with this token, possibly empty."""
        ...

    def flush(self) -> str:
        """The rest at the end: U+FFFD for a character whose last bytes never came."""
        ...


def detokenizer_for(
    tokenizer: Any,  # noqa: ANN401 - transformers has no types
    shown: Collection[str] = (),
) -> Detokenizer:
    """A fresh detokenizer that fits a Hugging Face tokenizer.

    ``shown`` are control tokens that give their text all the same.
    """
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is not None and isinstance(backend.decoder, decoders.ByteLevel):
        return ByteLevelDetokenizer(tokenizer, shown)
    return WindowDetokenizer(tokenizer, shown)


def token_text(tokenizer: Any, token: int) -> bytes:  # noqa: ANN401 - transformers has no types
    """The bytes of one token by itself; control tokens and ids without a token included."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    name = tokenizer.convert_ids_to_tokens(token)
    if backend is not None and isinstance(backend.decoder, decoders.ByteLevel):
        return token_bytes(name) if name is not None else b""
    return str(tokenizer.decode([token])).encode()


class ByteLevelDetokenizer:
    """For byte-level BPE, where a token is a fixed string of bytes: decodes them incrementally."""

    def __init__(
        self,
        tokenizer: Any,  # noqa: ANN401 - transformers has no types
        shown: Collection[str] = (),
    ) -> None:
        self._tokenizer = tokenizer
        self._shown = shown
        self._added = tokenizer.added_tokens_decoder
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        """The text that is certain with this token, possibly empty."""
        added = self._added.get(token)
        if added is not None:
            text = str(added.content)
            hidden = added.special and text not in self._shown
            return "" if hidden else self._decoder.decode(text.encode())
        name = self._tokenizer.convert_ids_to_tokens(token)
        # Models round their vocabulary up; such ids have no token and no text.
        return self._decoder.decode(token_bytes(name)) if name is not None else ""

    def flush(self) -> str:
        """The rest at the end."""
        return self._decoder.decode(b"", final=True)


class WindowDetokenizer:
    """For every other tokenizer: decodes a window and takes what is new since the last one.

    The window starts before the text given last, since many decoders treat the first token of what
    they decode differently (they strip its leading space). Text that ends in U+FFFD may still turn
    into a character, so nothing is given then.
    """

    def __init__(
        self,
        tokenizer: Any,  # noqa: ANN401 - transformers has no types
        shown: Collection[str] = (),
    ) -> None:
        self._tokenizer = tokenizer
        added = tokenizer.added_tokens_decoder.items() if shown else ()
        self._shown = {at: str(token.content) for at, token in added if token.content in shown}
        self._tokens: list[int] = []
        self._given = 0  # how many of the tokens have become text

    def push(self, token: int) -> str:
        """The text that is certain with this token, possibly empty."""
        if token in self._shown:
            rest, self._tokens, self._given = self.flush(), [], 0
            return rest + self._shown[token]
        self._tokens.append(token)
        text = self._new_text()
        if not text or text.endswith(REPLACEMENT):
            return ""
        del self._tokens[: self._given]
        self._given = len(self._tokens)
        return text

    def flush(self) -> str:
        """The rest at the end."""
        text = self._new_text()
        self._given = len(self._tokens)
        return text

    def _new_text(self) -> str:
        before = self._decode(self._tokens[: self._given])
        return self._decode(self._tokens)[len(before) :]

    def _decode(self, tokens: list[int]) -> str:
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True))
