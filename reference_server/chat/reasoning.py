"""Splits ``<think>…</think>`` at the start of an answer from the answer itself."""

from __future__ import annotations

from typing import Literal

from reference_server.chat.markers import held_length
from reference_server.chat.pieces import Reasoning, Text

OPEN, CLOSE = "<think>", "</think>"


class ReasoningSplitter:
    """Reasoning first, then the answer; a text without reasoning passes unchanged.

    Only a block at the very start counts (blank space may come before it): later marks are the
    answer's own text. ``open`` says that the prompt has opened the block already, as the templates
    of models that always think do. Blank space around the reasoning and before the answer that
    follows it belongs to the markup. A block that never closes is reasoning to the end.
    """

    def __init__(self, *, open: bool = False) -> None:  # noqa: A002 - the word of the markup
        self._state: Literal["start", "thinking", "gap", "answer"] = "thinking" if open else "start"
        self._held = ""
        self._begun = False  # whether any reasoning was given: leading space is dropped before

    def push(self, text: str) -> list[Reasoning | Text]:
        """The pieces that are certain with this text."""
        self._held += text
        pieces: list[Reasoning | Text] = []
        if self._state == "start":
            self._start(pieces)
        if self._state == "thinking":
            self._think(pieces)
        if self._state == "gap":
            self._held = self._held.lstrip()
            self._state = "answer" if self._held else "gap"
        if self._state == "answer":
            self._give(pieces)
        return pieces

    def flush(self) -> list[Reasoning | Text]:
        """The rest at the end."""
        if self._state == "thinking":
            held = self._held.rstrip() if self._begun else self._held.strip()
            return [Reasoning(held)] if held else []
        return [Text(self._held)] if self._held and self._state != "gap" else []

    def _start(self, pieces: list[Reasoning | Text]) -> None:
        rest = self._held.lstrip()
        if rest.startswith(OPEN):
            self._held = rest[len(OPEN) :]
            self._state = "thinking"
        elif not OPEN.startswith(rest):
            self._state = "answer"

    def _think(self, pieces: list[Reasoning | Text]) -> None:
        if not self._begun:
            self._held = self._held.lstrip()
        body, close, rest = self._held.partition(CLOSE)
        if close:
            thought, self._held, self._state = body.rstrip(), rest, "gap"
        else:
            certain = body[: len(body) - held_length(body, CLOSE)].rstrip()
            thought, self._held = certain, body[len(certain) :]
        if thought:
            self._begun = True
            pieces.append(Reasoning(thought))

    def _give(self, pieces: list[Reasoning | Text]) -> None:
        if self._held:
            pieces.append(Text(self._held))
            self._held = ""
