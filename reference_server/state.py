"""What is true of a server right now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reference_server.engine.choice import DecoderChoice
from reference_server.engine.speculation import SpeculationStats
from reference_server.reasoning_formats.registry import FormatChoice
from reference_server.tool_formats.registry import ParserChoice


@dataclass(frozen=True, slots=True)
class ServiceState:
    """What is true right now. ``failure`` says why a dead engine died.

    ``tools`` and ``reasoning`` are whether calls and thoughts of this model are told apart.
    """

    alive: bool
    closing: bool
    running: int
    waiting: int
    finished: int
    failure: str | None
    device: str
    dtype: str
    blas: str
    kernels: str
    decoder: DecoderChoice
    reasoning: FormatChoice
    tool_calls: ParserChoice
    speculation: SpeculationStats | None
    divergence: Mapping[str, Any] | None
    versions: Mapping[str, str]
