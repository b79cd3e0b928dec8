"""Prompts: varied, English-like, the same for the same seed on every machine."""

from __future__ import annotations

from random import Random

_OPENINGS = (
    "Explain", "Describe", "Summarise", "Compare", "List", "Outline", "Discuss", "Imagine",
    "Review", "Define", "Consider", "Sketch", "Name", "Trace", "Weigh", "Question",
)  # fmt: skip  # a table reads better in rows
_ADJECTIVES = (
    "quiet", "distant", "narrow", "modern", "ancient", "careful", "sudden", "gentle", "rough",
    "hidden", "golden", "frozen", "crowded", "simple", "uneven", "northern", "patient", "broken",
)  # fmt: skip  # a table reads better in rows
_NOUNS = (
    "harbour", "engine", "garden", "letter", "river", "market", "signal", "bridge", "library",
    "forest", "kitchen", "theory", "village", "journey", "machine", "orchard", "window", "record",
    "teacher", "island", "winter", "compass", "festival", "museum", "railway", "sculptor",
)  # fmt: skip  # a table reads better in rows
_VERBS = (
    "follows", "repairs", "measures", "crosses", "remembers", "carries", "answers", "opens",
    "changes", "protects", "observes", "leaves", "builds", "explains", "finds", "supports",
)  # fmt: skip  # a table reads better in rows
_JOINERS = ("while", "because", "although", "after", "before", "and", "so", "unless")


def prompts(n: int, *, seed: int, words: int) -> list[str]:
    """n different user prompts of exactly ``words`` words.

    They differ from the first words on, so that a prefix cache finds nothing to share but the chat
    template.

    Raises:
        ValueError: n below 0, or words below 4 (too few to keep n prompts apart).
    """
    if n < 0 or words < 4:
        raise ValueError(f"needs n >= 0 and words >= 4, not n = {n}, words = {words}")
    random = Random(seed)  # noqa: S311  # a reproducible workload, not a secret
    start = random.randrange(1000)
    return [_prompt(random, start + index, words) for index in range(n)]


def _prompt(random: Random, number: int, words: int) -> str:
    tokens = [random.choice(_OPENINGS), "case", f"{number}:"]
    while len(tokens) < words:
        clause = ["the", random.choice(_ADJECTIVES), random.choice(_NOUNS)]
        clause += [random.choice(_VERBS), "a", random.choice(_NOUNS), random.choice(_JOINERS)]
        tokens += clause
    return " ".join(tokens[:words]) + "."
