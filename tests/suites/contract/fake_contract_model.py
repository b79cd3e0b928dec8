"""The fake's model: no weights, an endless greedy babble that depends on its prompt alone."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

WORDS = 400  # the babble never ends by itself before any cap that a check sets


@dataclass(frozen=True)
class Generated:
    """What came out: pieces as they are streamed, and why it ended."""

    pieces: tuple[str, ...]
    tokens: int
    finish: str
    stop: str | None = None
    thoughts: str = ""
    calls: tuple[tuple[str, str], ...] = ()  # names, and arguments as JSON

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass
class Options:
    """How to generate."""

    cap: int = 64
    stops: Sequence[str] = ()
    temperature: float = 1.0
    seed: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def prompt_tokens(prompt: str) -> int:
    """Words and single other characters."""
    return len(re.findall(r"\w+|[^\w\s]", prompt))


def babble(prompt: str, options: Options) -> list[str]:
    """Words with a space in front; greedy ones depend on the prompt only."""
    greedy = options.temperature == 0
    chance = random.Random(f"{prompt}|{None if greedy else options.seed}")
    if not greedy and options.seed is None:
        chance = random.SystemRandom()
    letters = "abcdefghijklmnopqrstuvwxyzäé海"
    sizes = [chance.randint(2, 7) for _ in range(WORDS)]
    return [" " + "".join(chance.choice(letters) for _ in range(size)) for size in sizes]


def generate(prompt: str, options: Options) -> Generated:
    """Up to the cap or the earliest stop."""
    tokens = babble(prompt, options)[: options.cap]
    text = "".join(tokens)
    found = sorted((text.index(stop), stop) for stop in options.stops if stop in text)
    if not found:
        return Generated(tuple(tokens), len(tokens), "length")
    offset, stop = found[0]
    used = next(n for n in range(1, len(tokens) + 1) if stop in "".join(tokens[:n]))
    return Generated(tuple(_cut(tokens, offset)), used, "stop", stop)


def _cut(tokens: Sequence[str], length: int) -> list[str]:
    kept = []
    for token in tokens:
        kept.append(token[:length])
        length -= len(token)
        if length <= 0:
            break
    return [one for one in kept if one]
