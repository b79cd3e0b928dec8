"""What a run of the suite remembers between its checks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from harness.records import Exchange
from harness.suite import Context

_KEY = "contract"


@dataclass(frozen=True, slots=True)
class Greedy:
    """A greedy answer that the target gave twice: the yardstick for stops and streams."""

    prompt: str
    text: str
    finish_reason: str | None
    tokens: int | None


@dataclass(frozen=True, slots=True)
class Reference:
    """The canary's answer before anything bad was sent; ``text`` None when it is not repeatable."""

    text: str | None


@dataclass(frozen=True, slots=True)
class CanaryDeath:
    """A check after which the canary failed, and what /health said then (None: no route)."""

    check_id: str
    sentence: str
    health: int | None


@dataclass(slots=True)
class State:
    """Lives in the run's scratch."""

    shared: dict[str, Exchange] = field(default_factory=dict)
    log: list[Exchange] = field(default_factory=list)  # everything asked so far, in order
    memo: dict[str, Any] = field(default_factory=dict)  # learned values of helpers, by name
    reference: Reference | None = None
    canaries: int = 0
    deaths: list[CanaryDeath] = field(default_factory=list)
    dead_after: str | None = None  # the check that ended the service, when nobody can restart it
    started_s: float = field(default_factory=time.monotonic)

    @property
    def age_s(self) -> float:
        """How long ago the first check began."""
        return time.monotonic() - self.started_s

    @classmethod
    def of(cls, context: Context) -> State:
        """The run's state; made on first use."""
        state = context.scratch.setdefault(_KEY, cls())
        if not isinstance(state, cls):
            raise TypeError(f"The scratch key {_KEY!r} is taken by {type(state).__name__}.")
        return state
