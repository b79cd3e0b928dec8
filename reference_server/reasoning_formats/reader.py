"""One model's reasoning: its format, the splitters of its answers, and its budgets as tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from reference_server.chat.bytelevel import token_bytes
from reference_server.engine.thinking import ThinkingBudget
from reference_server.errors import BadRequest, ModelNotLoaded
from reference_server.reasoning_formats.format import Marks, ReasoningFormat, Splitter
from reference_server.reasoning_formats.registry import FormatChoice, detect, named

# Templates that begin or close a thought end the prompt with its mark. It takes few tokens; so many
# hold it with the blank space after it.
TAIL = 8

# How SentencePiece's vocabularies name a space, and bytes that stand for themselves.
SPACE = "\u2581"
BYTE = re.compile(r"<0x([0-9A-F]{2})>")


class ReasoningReader:
    """Reads the thoughts of one model's answers.

    ``name`` is one of the registry's ``NAMES``; ``most`` bounds the thinking of every answer.

    Raises:
        ModelNotLoaded: ``most`` cannot be enforced on this model.
    """

    def __init__(
        self,
        tokenizer: Any,  # noqa: ANN401 - transformers has no types
        name: str = "auto",
        most: int | None = None,
    ) -> None:
        self._tokenizer = tokenizer
        self._most = most
        self.choice = _choice(tokenizer, name)
        chosen = self.choice.name
        self._format: ReasoningFormat | None = named(chosen) if chosen is not None else None
        if most is not None and self._unbounded is not None:
            raise ModelNotLoaded(f"--max-thinking-tokens cannot be enforced: {self._unbounded}.")

    @property
    def shown(self) -> tuple[str, ...]:
        """Control tokens that splitters must see as text."""
        return self._format.shown if self._format is not None else ()

    def splitter(self, prompt: Sequence[int]) -> Splitter | None:
        """A fresh splitter of an answer to ``prompt``; None when nothing is to be split."""
        return self._format.splitter(self._tail(prompt)) if self._format is not None else None

    def thought(self, prompt: Sequence[int]) -> tuple[Marks, bool] | None:
        """The marks of a thought that an answer to ``prompt`` may begin with.

        With them goes whether the prompt has begun it. None where it has closed one, and where the
        model has no format.
        """
        tail = self._tail(prompt)
        if self._format is None or tail.rstrip().endswith(self._format.marks.closing):
            return None
        return self._format.marks, self._format.opened(tail)

    def limit(self, asked: int | None) -> int | None:
        """Tokens that thoughts may take: the smaller of ``asked`` and the server's."""
        return min((one for one in (asked, self._most) if one is not None), default=None)

    def budget(self, prompt: Sequence[int], asked: int | None) -> ThinkingBudget | None:
        """What an answer to ``prompt`` may spend, the smaller of ``asked`` and the server's bound.

        Raises:
            BadRequest: it cannot be enforced on this model.
        """
        limit = self.limit(asked)
        if limit is None:
            return None
        if self._format is None or self._unbounded is not None:
            sentence = f"max_thinking_tokens cannot be enforced: {self._unbounded}. Leave it out."
            raise BadRequest("max_thinking_tokens", sentence)
        marks = self._format.marks
        forced = self._tokens(marks.lead + marks.closing + marks.resume)
        (closing,) = self._tokens(marks.closing)
        return ThinkingBudget(
            limit=limit,
            opening=self._tokens(marks.opening),
            closings=frozenset(self._added[one] for one in marks.closings if one in self._added),
            forced=forced,
            lead=forced.index(closing),
            opened=self._format.opened(self._tail(prompt)),
            blank=None if marks.repeats else self._blank,
        )

    @cached_property
    def _unbounded(self) -> str | None:
        """Why thoughts cannot be told token by token; None when they can."""
        if self._format is None:
            return "no reasoning format is known for this model"
        marks = self._format.marks
        first = self._tokens(marks.opening)[0]
        if self._tokens(marks.closing) != (self._added.get(marks.closing),):
            return f"{marks.closing} is no token of this model's vocabulary"
        if first not in self._added.values():
            return f"{marks.opening} is no token of this model's vocabulary"
        return None

    @cached_property
    def _added(self) -> dict[str, int]:
        return dict(self._tokenizer.get_added_vocab())

    @cached_property
    def _blank(self) -> frozenset[int]:
        names: dict[str, int] = self._tokenizer.get_vocab()
        return frozenset(token for name, token in names.items() if not _text(name).strip())

    def _tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False))

    def _tail(self, prompt: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(prompt[-TAIL:])))


def _choice(tokenizer: Any, name: str) -> FormatChoice:  # noqa: ANN401 - transformers has no types
    if name == "none":
        return FormatChoice(None, "as asked for")
    if name != "auto":
        return FormatChoice(named(name).name, "as asked for")
    template = tokenizer.chat_template
    return detect(template if isinstance(template, str) else "", tokenizer.get_vocab())


def _text(name: str) -> bytes:
    """The bytes of a token, whichever way its vocabulary names them."""
    byte = BYTE.fullmatch(name)
    return bytes([int(byte[1], 16)]) if byte else token_bytes(name.replace(SPACE, " "))
