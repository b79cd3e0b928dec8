"""How many tokens a text has at the very least, without tokenising it."""

from __future__ import annotations

from typing import Any

from tokenizers import decoders

from reference_server.chat.bytelevel import token_bytes
from reference_server.errors import PromptTooLong

# UTF-8 takes at most this many bytes for a character (RFC 3629, section 3).
MAX_CHARACTER_BYTES = 4


class PromptBound:
    """Refuses a text that cannot fit the context before any time is spent on tokenising it.

    Each token covers at most the bytes of the longest one. That holds for byte-level BPE, where no
    byte of the normalised text is lost; for other tokenizers, and where added tokens swallow blank
    space, nothing is refused here.
    """

    def __init__(self, tokenizer: Any, context_length: int) -> None:  # noqa: ANN401 - no types
        self._context_length = context_length
        self._longest = longest_token(tokenizer)
        backend = getattr(tokenizer, "backend_tokenizer", None)
        self._normalizer = None if backend is None else backend.normalizer

    def least(self, text: str) -> int:
        """A number of tokens that ``text`` has at least; 0 when a short one or nothing is known."""
        if self._longest is None:
            return 0
        if len(text) * MAX_CHARACTER_BYTES <= self._context_length * self._longest:
            return 0
        normal = text if self._normalizer is None else self._normalizer.normalize_str(text)
        return -(-len(normal.encode()) // self._longest)

    def check(self, text: str, field: str = "messages") -> None:
        """Let a text pass that may fit.

        Raises:
            PromptTooLong: it cannot.
        """
        self.check_count(self.least(text), field)

    def check_count(self, tokens: int, field: str = "messages") -> None:
        """The same for a number of tokens that the prompt is known to have at least."""
        if tokens >= self._context_length:
            raise PromptTooLong(tokens, self._context_length, field, exact=False)


def longest_token(tokenizer: Any) -> int | None:  # noqa: ANN401 - transformers has no types
    """The bytes of the longest token; None when tokens may stand for more than their own bytes."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None or not isinstance(backend.decoder, decoders.ByteLevel):
        return None
    added = tokenizer.added_tokens_decoder.values()
    if any(token.lstrip or token.rstrip for token in added):
        return None
    lengths = [len(str(token.content).encode()) for token in added]
    lengths += [len(token_bytes(name)) for name in backend.get_vocab(with_added_tokens=False)]
    return max(lengths)
