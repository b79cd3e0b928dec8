"""An answer in pieces through a format's splitter."""

from __future__ import annotations

from collections.abc import Iterable

from reference_server.chat.pieces import Reasoning
from reference_server.reasoning_formats.registry import named


def run(name: str, pieces: Iterable[str], tail: str = "") -> tuple[str, str]:
    """The thoughts and the text; the first push may be the last."""
    splitter = named(name).splitter(tail)
    parts = [part for piece in pieces for part in splitter.push(piece)] + splitter.flush()
    assert all(part.text for part in parts)
    thought = "".join(part.text for part in parts if isinstance(part, Reasoning))
    return thought, "".join(part.text for part in parts if not isinstance(part, Reasoning))
