"""What is known of one request while it is answered, for the log and the metrics."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TypeAlias

from reference_server.generation import Generation
from reference_server.several import Several

Running: TypeAlias = Generation | Several


@dataclass(slots=True, eq=False)
class Record:
    """A request from its arrival on; seconds on the monotonic clock."""

    started: float = field(default_factory=time.monotonic)
    asked: list[Running] = field(default_factory=list)

    @property
    def generations(self) -> list[Generation]:
        """Every answer that was made for it, each choice by itself."""
        each = (one.each if isinstance(one, Several) else (one,) for one in self.asked)
        return [generation for group in each for generation in group]

    @property
    def prompt_tokens(self) -> int:
        """As in the answers' usage; a prompt that was never read does not count."""
        return sum(one.prompt_tokens for one in self.asked if _was_read(one))

    @property
    def cached_tokens(self) -> int:
        """Tokens of the prompts that were taken from the prefix cache."""
        return sum(one.cached_tokens for one in self.asked)

    @property
    def completion_tokens(self) -> int:
        """As in the answers' usage."""
        return sum(one.completion_tokens for one in self.asked)

    @property
    def ttft_s(self) -> float | None:
        """From the arrival to the first token; None when there was none."""
        firsts = [one.pace.first for one in self.generations if one.pace.first is not None]
        return min(firsts) - self.started if firsts else None

    @property
    def queue_s(self) -> float | None:
        """The longest that one of the answers waited for a row."""
        return max(
            (one.queue_s for one in self.generations if one.queue_s is not None), default=None
        )

    @property
    def total_s(self) -> float:
        """From the arrival until now."""
        return time.monotonic() - self.started


def _was_read(one: Running) -> bool:
    each = one.each if isinstance(one, Several) else (one,)
    return any(g.pace.first is not None or g.finish_reason is not None for g in each)
