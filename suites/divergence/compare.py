"""How far two answers agree. Pure.

The unit is the character: a server's token ids are not to be had through these dialects.
"""

from __future__ import annotations


def first_difference(one: str, other: str) -> int | None:
    """The index of the first character that differs; the shorter length when one is a prefix.

    None when the texts are equal.
    """
    if one == other:
        return None
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def prefix_agreement(one: str, other: str) -> float:
    """The common prefix as a share of the longer text; 1 for equal texts."""
    first = first_difference(one, other)
    return 1.0 if first is None else first / max(len(one), len(other))


def word_agreement(one: str, other: str) -> float:
    """The share of whitespace words that agree by position, of the longer text's words.

    The measure of earlier publications, kept so that they can be reproduced: words after the first
    difference count as well, so one inserted word makes the rest disagree.
    """
    left, right = one.split(), other.split()
    if not left and not right:
        return 1.0
    same = sum(a == b for a, b in zip(left, right, strict=False))
    return same / max(len(left), len(right))
