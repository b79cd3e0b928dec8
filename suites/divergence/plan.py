"""The plan: a precondition, then groups of prompts, each asked in three arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from harness.records import Case, Dialect, Profile
from suites.divergence.prompts import prompt_hash, prompt_set

SUITE = "divergence"
TEMPERATURE = "diverge-temperature"
ARMS = ("serial_a", "serial_b", "concurrent")
# Eight at once: every order of summation of the usual kernels (1, 2-5, 6-15 rows) is passed while
# the batch fills.
CONCURRENCY = 8
TIMEOUT_S = 60.0
# At this temperature the distribution over any vocabulary is so flat that eight answers of 32
# tokens are equal with no probability worth naming, unless the server ignores the field.
# The Messages API ends at 1.
HOT: dict[Dialect, float] = {"openai": 1.5, "anthropic": 1.0}
HOT_TRIES = 8
# Tokens per second of a small model on two CPU cores, alone and at eight: only for the estimate.
_ASSUMED_ALONE_TOK_S = 200.0
_ASSUMED_TOGETHER_TOK_S = 600.0

_EXPLAIN = (
    "Asks {n} prompts for {t} tokens each at temperature 0, without a seed, three times: one after "
    "the other (serial_a), again one after the other (serial_b, the control), and all at once "
    "(concurrent). The order of the three, {order}, was drawn by a generator seeded with the "
    "case's id. Two answers match when their texts are equal. A group counts only when there is "
    "proof that its requests shared a batch: generations that overlap in time, and a concurrent "
    "wall time below 0.9 of the serial one. The verdict of the suite is over all groups: pass when "
    "the lower Clopper-Pearson bound on the share of matching prompts clears 95 %, fail when the "
    "upper bound misses it, else inconclusive."
)
_EXPLAIN_TEMPERATURE = (
    "Asks one prompt twice at temperature 0 and {n} times at temperature {openai} ({anthropic} "
    "over the Messages API, which ends there), one after the other. A server whose two cold "
    "answers differ cannot be asked whether load changes answers; "
    "one whose hot answers all equal the cold one ignores the field, so that its cold answers "
    "prove nothing either. Both make the suite inconclusive."
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How many prompts a profile asks, for how many tokens."""

    prompts: int
    tokens: int


# 72 prompts without a difference put the exact lower bound above 95 %; the eight more in "quick"
# allow for one group without proof of a shared batch.
SHAPES: dict[Profile, Shape] = {
    "quick": Shape(80, 32),
    "standard": Shape(96, 64),
    "full": Shape(96, 256),
}


def plan(profile: Profile) -> list[Case]:
    """The precondition first: without it the rest proves nothing."""
    shape = SHAPES[profile]
    starts = range(0, shape.prompts, CONCURRENCY)
    groups = [_group(number, start, shape.tokens) for number, start in enumerate(starts)]
    return [_temperature(shape.tokens), *groups]


def _temperature(tokens: int) -> Case:
    return Case(
        id=TEMPERATURE,
        suite=SUITE,
        title="temperature 0 repeats, a high temperature does not",
        parameters={
            "prompts": [0],
            "prompt_set": prompt_hash(),
            "max_tokens": tokens,
            "hot": dict(HOT),
            "hot_tries": HOT_TRIES,
            "timeout_s": TIMEOUT_S,
        },
        explain=_EXPLAIN_TEMPERATURE.format(n=HOT_TRIES, **HOT),
    )


def _group(number: int, start: int, tokens: int) -> Case:
    case_id = f"diverge-{number:02}"
    order = list(ARMS)
    Random(case_id).shuffle(order)  # noqa: S311  # a reproducible order, not a secret
    indices = list(range(start, min(start + CONCURRENCY, len(prompt_set()))))
    return Case(
        id=case_id,
        suite=SUITE,
        title=f"prompts {indices[0]} to {indices[-1]}, alone twice and {len(indices)} at once",
        parameters={
            "prompts": indices,
            "prompt_set": prompt_hash(),
            "concurrency": len(indices),
            "max_tokens": tokens,
            "temperature": 0.0,
            "order": order,
            "timeout_s": TIMEOUT_S,
        },
        explain=_EXPLAIN.format(n=len(indices), t=tokens, order=", ".join(order)),
    )


def duration_s(cases: Sequence[Case]) -> float:
    """The tokens that will be asked over the rates assumed for a small model."""
    total = 0.0
    for case in cases:
        tokens = case.parameters["max_tokens"]
        if case.id == TEMPERATURE:
            total += (2 + case.parameters["hot_tries"]) * tokens / _ASSUMED_ALONE_TOK_S
        else:
            each = len(case.parameters["prompts"]) * tokens
            total += 2 * each / _ASSUMED_ALONE_TOK_S + each / _ASSUMED_TOGETHER_TOK_S
    return total
