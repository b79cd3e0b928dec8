"""One conversation without tools."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk: ``turns`` are user and assistant texts in turn, the assistant's last.

    ``system`` comes before them. ``key`` is what an exact answer must hold (None: any text will
    do).
    """

    family: str
    turns: tuple[str, ...]
    system: str = ""
    key: str | None = None
