"""The prompts: written for this suite, under the project's licence, one a line."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def prompt_set() -> tuple[str, ...]:
    """All prompts in their fixed order."""
    text = files("suites.divergence").joinpath("prompts.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


def prompt_hash() -> str:
    """SHA-256 of the set; part of every case, so that runs with other prompts are not compared."""
    return hashlib.sha256("\n".join(prompt_set()).encode()).hexdigest()
