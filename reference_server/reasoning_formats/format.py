"""What a reasoning format is: its marks, and how it tells thoughts from the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reference_server.chat.pieces import Reasoning, Text


class Splitter(Protocol):
    """Tells thoughts from text in an answer that arrives in pieces; how it is cut changes nothing.

    What is in no thought comes out as text, markup that makes no sense included.
    """

    @property
    def thinking(self) -> bool:
        """Whether the text so far ends inside a thought."""
        ...

    def push(self, text: str) -> list[Reasoning | Text]:
        """The pieces that are certain with this text."""
        ...

    def flush(self) -> list[Reasoning | Text]:
        """The rest at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a format, and what is written when somebody else than the model ends a thought.

    ``closings`` end a thought, the proper one first. ``lead`` goes before it and ``resume`` after
    it when it is forced, so that the model goes on as after its own. ``repeats``: a thought may
    begin anywhere in an answer, not at its start only.
    """

    opening: str
    closings: tuple[str, ...]
    lead: str = ""
    resume: str = ""
    repeats: bool = False

    @property
    def closing(self) -> str:
        """The proper end of a thought."""
        return self.closings[0]


class ReasoningFormat(Protocol):
    """One way to write thoughts down."""

    @property
    def name(self) -> str:
        """What ``--reasoning-parser`` calls it."""
        ...

    @property
    def marks(self) -> Marks:
        """How a thought begins and ends."""
        ...

    @property
    def shown(self) -> tuple[str, ...]:
        """Control tokens that the splitter must see as text."""
        ...

    def opened(self, tail: str) -> bool:
        """Whether an answer to a prompt that ends with ``tail`` begins inside a thought."""
        ...

    def splitter(self, tail: str) -> Splitter:
        """A fresh splitter for such an answer."""
        ...
