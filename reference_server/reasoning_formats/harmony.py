"""Thoughts in gpt-oss's messages: a header, a channel, a body.

Format: https://cookbook.openai.com/articles/openai-harmony. The channel ``analysis`` is a thought;
``final``, and ``commentary`` to nobody (a preamble), are the answer; a message to a function, on
whatever channel, is a call. A call comes out as the text that it is, marks included: reading calls
is another part's work. The prompt ends with ``<|start|>assistant``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from reference_server.chat.markers import held_length
from reference_server.chat.pieces import Reasoning, Text
from reference_server.reasoning_formats.format import Marks
from reference_server.reasoning_formats.marked import BETWEEN

START, CHANNEL, MESSAGE = "<|start|>", "<|channel|>", "<|message|>"
CONSTRAIN = "<|constrain|>"
ENDS = ("<|end|>", "<|call|>", "<|return|>")

# How the first header can begin, right behind the prompt's end; anything else is plain text.
FIRST = (CHANNEL, START, MESSAGE, CONSTRAIN, "to=")
AFTER_HEADER = re.compile("|".join(map(re.escape, (MESSAGE, *ENDS))))
# Models leave ``<|end|><|start|>assistant`` out now and then: a new header ends a body as well.
AFTER_BODY = re.compile("|".join(map(re.escape, (*ENDS, START, CHANNEL))))

NAMED = re.compile(re.escape(CHANNEL) + r"\s*(\w+)")
TO_FUNCTION = re.compile(r"\bto=functions\.")

MARKS = Marks(
    opening=f"{CHANNEL}analysis{MESSAGE}",
    closings=(*ENDS, START, CHANNEL),
    resume=f"{START}assistant{CHANNEL}final{MESSAGE}",
    repeats=True,
)

Kind = Literal["thought", "text", "call"]


@dataclass(frozen=True, slots=True)
class HarmonyFormat:
    """Messages on channels."""

    name: str = "gpt_oss"
    marks: Marks = MARKS

    @property
    def shown(self) -> tuple[str, ...]:
        """Control tokens that the splitter must see as text."""
        return (START, CHANNEL, MESSAGE, CONSTRAIN, *ENDS)

    def opened(self, tail: str) -> bool:
        """Whether an answer to a prompt that ends with ``tail`` begins inside a thought."""
        return tail.endswith(self.marks.opening)

    def splitter(self, tail: str) -> HarmonySplitter:
        """A fresh splitter for such an answer."""
        return HarmonySplitter(opened=self.opened(tail))


class HarmonySplitter:
    """Thoughts, text and raw calls, message by message. A message that never ends goes on."""

    def __init__(self, *, opened: bool = False) -> None:
        self._state: Literal["first", "header", "body", "between"] = "body" if opened else "first"
        self._kind: Kind = "thought" if opened else "text"
        self._held = ""
        self._said: set[Kind] = set()  # kinds that have had a body already
        self._before = ""  # what parts this body from the last one of its kind
        self._steps = {
            "first": self._first, "header": self._header, "body": self._body,
            "between": self._between,
        }  # fmt: skip

    @property
    def thinking(self) -> bool:
        """Whether the text so far ends inside a thought."""
        return self._state == "body" and self._kind == "thought"

    def push(self, text: str) -> list[Reasoning | Text]:
        """The pieces that are certain with this text."""
        self._held += text
        pieces: list[Reasoning | Text] = []
        while self._steps[self._state](pieces):
            pass
        return pieces

    def flush(self) -> list[Reasoning | Text]:
        """The rest at the end: a header without a body is text."""
        pieces: list[Reasoning | Text] = []
        if self._state != "body":
            self._kind, self._before = "text", ""
        self._give(self._held, pieces)
        self._held = ""
        return pieces

    # Each step takes what is certain from the held text; True when another state goes on.

    def _first(self, _: list[Reasoning | Text]) -> bool:
        rest = self._held.lstrip()
        if any(rest.startswith(mark) for mark in FIRST):
            self._state = "header"
        elif not any(mark.startswith(rest) for mark in FIRST):
            self._open("text")
        return self._state != "first"

    def _header(self, pieces: list[Reasoning | Text]) -> bool:
        found = AFTER_HEADER.search(self._held)
        if found is None:
            return False
        head, self._held = self._held[: found.end()], self._held[found.end() :]
        if found[0] == MESSAGE:
            self._open(_kind(head))
            if self._kind == "call":
                self._give(head, pieces)
        else:
            self._open("text")
            self._give(head, pieces)
            self._state = "between"
        return True

    def _body(self, pieces: list[Reasoning | Text]) -> bool:
        found = AFTER_BODY.search(self._held)
        if found is None:
            marks = (*ENDS, START, CHANNEL)
            certain = len(self._held) - max(held_length(self._held, mark) for mark in marks)
            self._give(self._held[:certain], pieces)
            self._held = self._held[certain:]
            return False
        ended = found[0] in ENDS
        cut = found.end() if ended and self._kind == "call" else found.start()
        self._give(self._held[:cut], pieces)
        self._held = self._held[found.end() if ended else found.start() :]
        self._state = "between" if ended else "header"
        return True

    def _between(self, _: list[Reasoning | Text]) -> bool:
        self._held = self._held.lstrip()
        if self._held.startswith((START, CHANNEL)):
            self._state = "header"
        elif not (START.startswith(self._held) or CHANNEL.startswith(self._held)):
            self._open("text")
        return self._state != "between"

    def _open(self, kind: Kind) -> None:
        self._state, self._kind = "body", kind
        self._before = BETWEEN if kind in self._said and kind != "call" else ""

    def _give(self, text: str, pieces: list[Reasoning | Text]) -> None:
        if not text:
            return
        text, self._before = self._before + text, ""
        self._said.add(self._kind)
        pieces.append(Reasoning(text) if self._kind == "thought" else Text(text))


def _kind(head: str) -> Kind:
    if TO_FUNCTION.search(head):
        return "call"
    channel = NAMED.search(head)
    return "thought" if channel is not None and channel[1] == "analysis" else "text"
