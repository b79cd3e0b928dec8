"""What a client asks of one generation, and how the server reads what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference_server.engine.constraint import Grammar


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """How one generation is to go.

    ``parse`` splits reasoning and tool calls from the text, as chats want it; ``tools`` are those
    that the model was shown, with None calls stay text. ``max_thinking_tokens`` bounds what is
    spent inside thoughts. ``script`` forces the output: the tokens of this text and then the end.
    ``grammar`` excludes all answers but its own; it admits a script up to the first token that it
    excludes.
    """

    max_tokens: int
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    seed: int | None = None
    stop: tuple[str, ...] = ()
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    repetition_penalty: float = 1.0
    logit_bias: tuple[tuple[int, float], ...] = ()
    stop_tokens: tuple[int, ...] = ()
    logprobs: int | None = None
    parse: bool = False
    tools: Sequence[Mapping[str, Any]] | None = ()
    max_thinking_tokens: int | None = None
    script: str | None = None
    grammar: Grammar | None = None
