"""A request as the engine sees it: tokens in, tokens out."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from reference_server.engine.constraint import Constraint
from reference_server.engine.thinking import ThinkingBudget
from reference_server.errors import ServerError

Finish: TypeAlias = Literal["stop", "length"]


class State(enum.Enum):
    """Where a sequence is on its way through the engine."""

    WAITING = "waiting"
    PREFILL = "prefill"
    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen.

    ``temperature`` 0 takes the likeliest token; ``top_k`` 0, ``top_p`` 1 and ``min_p`` 0 cut
    nothing off. For the penalties and ``logit_bias`` (pairs of token and what is added) see
    ``edits``. ``stop_tokens`` end the answer as the model's own end does. ``logprobs`` asks for the
    log-probability of each token and of so many of the likeliest. ``script`` forces these tokens
    and then the end, whatever the model computes; ``thinking`` bounds thoughts, also scripted ones.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    seed: int = 0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    repetition_penalty: float = 1.0
    logit_bias: tuple[tuple[int, float], ...] = ()
    stop_tokens: frozenset[int] = frozenset()
    logprobs: int | None = None
    script: tuple[int, ...] | None = None
    thinking: ThinkingBudget | None = None


@dataclass(frozen=True, slots=True)
class TokenLogprobs:
    """The natural log-probability of a token, and the likeliest tokens with theirs, best first."""

    chosen: float
    best: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What one step gave one sequence: a token, the end, both, or an error.

    The end-of-sequence token is not delivered: it ends with ``finish == "stop"`` and no token.
    """

    token: int | None = None
    finish: Finish | None = None
    error: ServerError | None = None
    logprobs: TokenLogprobs | None = None


@dataclass(eq=False, slots=True)
class Sequence:
    """One request: what it asks, what it has got so far, and who listens.

    ``listener`` is called in ``loop``, once for each event. ``cached_tokens`` of the prompt were
    taken from the prefix cache, or from a row with the same prompt. ``logits_hashes`` are those of
    all steps, where they are kept; the last one may be of a step behind the end. ``constraint``
    says which tokens may come. ``admitted`` is when it first got a row, on the
    monotonic clock in seconds.
    """

    prompt: list[int]
    max_tokens: int
    sampling: Sampling
    loop: asyncio.AbstractEventLoop
    listener: Callable[[Event], None]
    generated: list[int] = field(default_factory=list)
    state: State = State.WAITING
    cached_tokens: int = 0
    admitted: float | None = None
    logits_hashes: list[str] = field(default_factory=list)
    constraint: Constraint | None = None
