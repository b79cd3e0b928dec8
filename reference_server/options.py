"""What a client asks of one generation, and how the server reads what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """How one generation is to go.

    ``parse`` splits reasoning and tool calls from the text, as chats want it; ``tools`` are those
    that the model was shown, with None calls stay text. ``script`` forces the output: the tokens of
    this text and then the end.
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
    script: str | None = None


@dataclass(frozen=True, slots=True)
class ToolCallOptions:
    """How calls are told from text: ``parser`` is ``auto``, ``none`` or a format's name.

    ``dedupe`` takes calls out of an answer that repeat an earlier one of it.
    """

    parser: str = "auto"
    dedupe: bool = False


TOOL_CALLS = ToolCallOptions()
