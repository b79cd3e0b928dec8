"""The declaration of a check: a rule with its source, and the function that asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from harness.records import Case
from suites.contract.finding import Finding, Severity
from suites.contract.probe import Probe

Run = Callable[[Probe], Awaitable[Finding]]
Needs = Literal[
    "any model", "repeatable greedy output", "scripted outputs", "an API key", "no API key"
]


class Stage(IntEnum):
    """When a check is asked: what may hurt the server comes after what cannot."""

    HARMLESS = 0
    ADVERSARIAL = 1  # a canary request follows each of these
    SCAN = 2  # looks through everything that was answered so far
    LETHAL = 3  # has ended servers in the field
    LAST = 4  # judges what the canaries saw


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the catalogue. ``explain`` says what is sent and how it is judged."""

    id: str
    severity: Severity
    source: str
    rule: str
    run: Run
    explain: str
    stage: Stage = Stage.HARMLESS
    needs: Needs = "any model"

    @property
    def adversarial(self) -> bool:
        """Whether the server has to prove afterwards that it still answers."""
        return self.stage in {Stage.ADVERSARIAL, Stage.LETHAL}

    def case(self, suite: str) -> Case:
        """The check as a case of the suite."""
        told = (
            f"{self.id} ({self.severity}): {self.rule}. Source: {self.source}. "
            f"Needs {self.needs}. {self.explain}"
        )
        if self.adversarial:
            told += " Afterwards a plain request must still give its reference answer."
        parameters = {
            "severity": self.severity,
            "rule": self.rule,
            "source": self.source,
            "adversarial": self.adversarial,
        }
        return Case(self.id, suite, self.rule, parameters, explain=told)


def check(
    rule_id: str,
    severity: Severity,
    source: str,
    rule: str,
    *,
    stage: Stage = Stage.HARMLESS,
    needs: Needs = "any model",
) -> Callable[[Run], Check]:
    """Declare the decorated function as the check of a rule; its docstring is the explanation."""

    def declare(run: Run) -> Check:
        explain = " ".join((run.__doc__ or "").split())
        return Check(rule_id, severity, source, rule, run, explain, stage, needs)

    return declare
