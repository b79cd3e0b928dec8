"""Seeded choices that keep the training texts and the held-out texts apart.

A phrase is written in a small language: ``(a|b)`` is one of the two, ``[a]`` is there or not (each
may hold further ones, and ``[a|b]`` is one of the two or nothing), ``{slot}`` is filled in later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import blake2b
from random import Random
from typing import Literal, TypeVar

T = TypeVar("T")
Split = Literal["train", "held-out"]

# One text in eight is held out: enough for a thousand different ones, and training loses little.
HELD_OUT_SHARE = 8
# A source of texts so narrow that this many draws all fall on the wrong side is a mistake in it.
TRIES = 4000

_SYMBOL = re.compile(r"[()\[\]|]")
Node = str | tuple[tuple["Node", ...], ...]


class TooNarrow(ValueError):
    """A source of texts has none on the side of the split that was asked for."""


def held_out(text: str) -> bool:
    """Which side of the split a text is on; the same for every program, seed and year."""
    digest = blake2b(text.strip().lower().encode(), digest_size=4).digest()
    return int.from_bytes(digest) % HELD_OUT_SHARE == 0


class Dice:
    """A seeded source of choices for one side of the split; ``free`` ones ignore the split."""

    def __init__(self, seed: int | str, split: Split = "train") -> None:
        self.random = Random(seed)  # noqa: S311 - reproducible data, no secret
        self.split: Split = split

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return self.random.randint(low, high)

    def one(self, options: Sequence[T]) -> T:
        """One of the options, whatever side of the split it is on."""
        return self.random.choice(options)

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """``count`` different ones in random order."""
        return self.random.sample(list(options), count)

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All of them in random order."""
        return self.random.sample(list(options), len(options))

    def kept(self, make: Callable[[], T], text: Callable[[T], str] = str) -> T:
        """The first of what ``make`` gives whose text is on this side of the split.

        Raises:
            TooNarrow: none in ``TRIES`` draws is.
        """
        for _ in range(TRIES):
            made = make()
            if held_out(text(made)) == (self.split == "held-out"):
                return made
        raise TooNarrow(f"{TRIES} draws like {text(made)!r} are all on the other side.")

    def phrase(self, *sources: str) -> str:
        """One expansion of one of the sources, on this side of the split; slots stay open."""
        return self.kept(lambda: self.free_phrase(*sources))

    def free_phrase(self, *sources: str) -> str:
        """One expansion of one of the sources, whatever side of the split it is on."""
        text = "".join(self._grow(node) for node in _parsed(self.one(sources)))
        return re.sub(r" +", " ", text).strip(" ")

    def _grow(self, node: Node) -> str:
        if isinstance(node, str):
            return node
        return "".join(self._grow(part) for part in self.one(node))


@cache
def _parsed(source: str) -> tuple[Node, ...]:
    nodes, end = _sequence(source, 0)
    if end != len(source):
        raise ValueError(f"{source!r} closes a bracket at {end} that it did not open.")
    return nodes


def _sequence(source: str, at: int) -> tuple[tuple[Node, ...], int]:
    """Read up to a ``|`` or a closing bracket."""
    nodes: list[Node] = []
    while at < len(source):
        found = _SYMBOL.search(source, at)
        stop = found.start() if found else len(source)
        if stop > at:
            nodes.append(source[at:stop])
        if found is None or found[0] in ")]|":
            return tuple(nodes), stop
        node, at = _choice(source, stop)
        nodes.append(node)
    return tuple(nodes), at


def _choice(source: str, at: int) -> tuple[Node, int]:
    closing = ")" if source[at] == "(" else "]"
    options: list[tuple[Node, ...]] = [] if closing == ")" else [()]
    while True:
        option, at = _sequence(source, at + 1)
        options.append(option)
        if at >= len(source) or source[at] not in "|" + closing:
            raise ValueError(f"{source!r} does not close a bracket.")
        if source[at] == closing:
            return tuple(options), at + 1
