"""What a generation consists of, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """Text of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Text that the model wrote between its thinking marks."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallPiece:
    """A whole tool call; ``arguments`` is the JSON text of an object, as the model wrote it."""

    index: int
    id: str
    name: str
    arguments: str


Piece: TypeAlias = Text | Reasoning | ToolCallPiece
