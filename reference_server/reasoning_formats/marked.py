"""Thoughts between two marks, as in ``<think>…</think>``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reference_server.chat.markers import held_length
from reference_server.chat.pieces import Reasoning, Text
from reference_server.reasoning_formats.format import Marks

# Later thoughts of one answer are told after the earlier ones, on a line of their own.
BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class MarkedFormat:
    """Thoughts between two marks.

    ``implicit``: the model may leave the opening mark out, so that every answer begins inside a
    thought unless the prompt has closed it. ``shown``: those of its marks that are control tokens.
    """

    name: str
    marks: Marks
    implicit: bool = False
    shown: tuple[str, ...] = ()

    def opened(self, tail: str) -> bool:
        """Whether an answer to a prompt that ends with ``tail`` begins inside a thought."""
        end = tail.rstrip()
        if end.endswith(self.marks.closing):
            return False
        return self.implicit or end.endswith(self.marks.opening)

    def splitter(self, tail: str) -> MarkedSplitter:
        """A fresh splitter for such an answer."""
        return MarkedSplitter(self.marks, opened=self.opened(tail))


class MarkedSplitter:
    """Thoughts and the answer; a text without thoughts passes unchanged.

    Unless the marks repeat, only thoughts at the very start count, one behind the other (blank
    space may come before them): later marks are the answer's own text. ``opened`` says that the
    answer begins inside a thought; an opening mark that comes all the same is dropped. Blank space
    around a thought and before the answer that follows it belongs to the markup. A thought that
    never closes goes on to the end.
    """

    def __init__(self, marks: Marks, *, opened: bool = False) -> None:
        self._marks = marks
        self._state: Literal["start", "opened", "thinking", "gap", "answer"] = (
            "opened" if opened else "start"
        )
        self._held = ""
        self._begun = False  # whether this thought has said anything: blank before it is dropped
        self._before = ""  # what parts this thought from the one before
        self._steps = {
            "start": self._start, "opened": self._opened, "thinking": self._think,
            "gap": self._gap, "answer": self._answer,
        }  # fmt: skip

    @property
    def thinking(self) -> bool:
        """Whether the text so far ends inside a thought."""
        return self._state in ("opened", "thinking")

    def push(self, text: str) -> list[Reasoning | Text]:
        """The pieces that are certain with this text."""
        self._held += text
        pieces: list[Reasoning | Text] = []
        while self._steps[self._state](pieces):
            pass
        return pieces

    def flush(self) -> list[Reasoning | Text]:
        """The rest at the end."""
        pieces: list[Reasoning | Text] = []
        if self.thinking:
            self._thought(self._held.rstrip() if self._begun else self._held.strip(), pieces)
        elif self._held:
            pieces.append(Text(self._held))
        self._held = ""
        return pieces

    # Each step takes what is certain from the held text; True when another state goes on.

    def _start(self, _: list[Reasoning | Text]) -> bool:
        rest = self._held.lstrip()
        if rest.startswith(self._marks.opening):
            self._held = rest[len(self._marks.opening) :]
            self._state = "thinking"
        elif not self._marks.opening.startswith(rest):
            self._state = "answer"
        return self._state in ("thinking", "answer")

    def _opened(self, _: list[Reasoning | Text]) -> bool:
        rest = self._held.lstrip()
        if self._marks.opening.startswith(rest) and rest != self._marks.opening:
            return False
        self._held = rest.removeprefix(self._marks.opening)
        self._state = "thinking"
        return True

    def _think(self, pieces: list[Reasoning | Text]) -> bool:
        if not self._begun:
            self._held = self._held.lstrip()
        body, closing, rest = self._held.partition(self._marks.closing)
        if closing:
            thought, self._held, self._state = body.rstrip(), rest, "gap"
        else:
            thought = body[: len(body) - held_length(body, self._marks.closing)].rstrip()
            self._held = body[len(thought) :]
        self._thought(thought, pieces)
        return bool(closing)

    def _gap(self, pieces: list[Reasoning | Text]) -> bool:
        self._held, self._begun = self._held.lstrip(), False
        return self._start(pieces)

    def _answer(self, pieces: list[Reasoning | Text]) -> bool:
        text, opening, rest = self._held, "", ""
        if self._marks.repeats:
            text, opening, rest = self._held.partition(self._marks.opening)
            if not opening:
                certain = len(text) - held_length(text, self._marks.opening)
                text, rest = text[:certain], text[certain:]
        if text:
            pieces.append(Text(text))
        self._held = rest
        if opening:
            self._state, self._begun = "thinking", False
        return bool(opening)

    def _thought(self, text: str, pieces: list[Reasoning | Text]) -> None:
        if text:
            pieces.append(Reasoning(text if self._begun else self._before + text))
            self._begun, self._before = True, BETWEEN
