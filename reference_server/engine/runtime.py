"""One request at a time or a batch: what was asked for, and what is right for a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from reference_server.engine.forward import TOLERANCE
from reference_server.engine.policy import Batching
from reference_server.errors import ServerError

RuntimeMode: TypeAlias = Literal["auto", "simple", "batched"]


class Contradiction(ServerError):
    """Two options ask for opposite things."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say; ``batching`` None is not said."""

    runtime: RuntimeMode = "auto"
    batching: Batching | None = None
    deterministic: bool = False
    max_batch: int = 32


@dataclass(frozen=True, slots=True)
class RuntimeFacts:
    """What decides. ``differs``: how far a longer neighbour moves a row's log-probabilities."""

    runtime: RuntimeMode
    batching: Batching
    max_batch: int
    differs: float = 0.0


@dataclass(frozen=True, slots=True)
class Runtime:
    """One request at a time (``simple``) or a batch, and why; ``warns`` of what nobody wants."""

    mode: Literal["simple", "batched"]
    reason: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision, and when it is taken; the reason may name the fields of the facts."""

    holds: Callable[[RuntimeFacts], bool]
    mode: Literal["simple", "batched"]
    reason: str
    warns: bool = False


NEIGHBOUR = "in a batch a longer neighbour changes its logits by {differs:.0%}"

# The first that holds decides.
RULES: tuple[Rule, ...] = (
    Rule(lambda facts: facts.batching == "serial", "simple", "as asked for"),
    Rule(lambda facts: facts.max_batch == 1, "simple", "--max-batch leaves one row"),
    Rule(
        lambda facts: facts.runtime == "batched" and facts.differs > TOLERANCE,
        "batched", f"as asked for, though {NEIGHBOUR}", warns=True,
    ),
    Rule(lambda facts: facts.runtime == "batched", "batched", "as asked for"),
    Rule(lambda facts: facts.differs > TOLERANCE, "simple", NEIGHBOUR, warns=True),
    Rule(lambda _: True, "batched", "a neighbour changes a request's logits by rounding at most"),
)  # fmt: skip

# Pairs of options that cannot be had together, and when both are there.
CONTRADICTIONS: tuple[tuple[Callable[[Asked], bool], str, str], ...] = (
    (
        lambda asked: asked.runtime == "simple" and asked.batching not in (None, "serial"),
        "--runtime-mode simple", "--batching {batching}",
    ),
    (
        lambda asked: asked.runtime == "simple" and asked.deterministic,
        "--runtime-mode simple", "--deterministic",
    ),
    (
        lambda asked: asked.runtime == "batched" and asked.batching == "serial",
        "--runtime-mode batched", "--batching serial",
    ),
    (
        lambda asked: asked.runtime == "batched" and asked.max_batch == 1,
        "--runtime-mode batched", "--max-batch 1",
    ),
    (
        lambda asked: asked.deterministic and asked.batching not in (None, "invariant"),
        "--deterministic", "--batching {batching}",
    ),
)  # fmt: skip


def settled(asked: Asked) -> Batching:
    """How steps are to be batched: ``simple`` is serial, ``deterministic`` invariant.

    Raises:
        Contradiction: two options exclude each other.
    """
    for both, one, other in CONTRADICTIONS:
        if both(asked):
            other = other.format(**asdict(asked))
            raise Contradiction(f"{one} and {other} contradict each other. Leave one of them out.")
    if asked.runtime == "simple":
        return "serial"
    return "invariant" if asked.deterministic else asked.batching or "adaptive"


def decided(facts: RuntimeFacts) -> Runtime:
    """The first rule that holds."""
    rule = next(rule for rule in RULES if rule.holds(facts))
    return Runtime(rule.mode, rule.reason.format(**asdict(facts)), rule.warns)
