"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.records import Exchange, Json, Outcome

Severity = Literal["MUST", "SHOULD", "MAY"]  # RFC 2119
Kind = Literal[
    "pass",
    "fail",
    "ignored",  # accepted and silently not done: worse than a refusal, so it counts as a failure
    "unsupported",  # refused clearly: 404/405/501 for a route, a 400 that names the field
    "divergent",  # published sources disagree about what is right: recorded, not judged
    "inconclusive",  # a precondition of the check does not hold
    "skip",  # the check does not apply to this target
]

OUTCOMES: dict[Kind, Outcome] = {
    "pass": "pass",
    "fail": "fail",
    "ignored": "fail",
    "unsupported": "skip",
    "divergent": "skip",
    "inconclusive": "inconclusive",
    "skip": "skip",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer: what, why, and the evidence.

    ``exchange`` is the one that a reader should repeat. ``severity`` is set where a rule has two
    degrees and this finding is of the other one than the check's own.
    """

    kind: Kind
    reason: str
    expected: Json = None
    got: Json = None
    exchange: Exchange | None = None
    severity: Severity | None = None

    @property
    def failing(self) -> bool:
        """Whether the rule is broken."""
        return OUTCOMES[self.kind] == "fail"


class Settled(Exception):
    """Ends a check early: a helper met the answer."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason)
        self.finding = finding


def passed(reason: str) -> Finding:
    """The rule is kept."""
    return Finding("pass", reason)


def failed(
    reason: str,
    *,
    expected: Json = None,
    got: Json = None,
    exchange: Exchange | None = None,
    severity: Severity | None = None,
) -> Finding:
    """The rule is broken."""
    return Finding("fail", reason, expected, got, exchange, severity)


def ignored(
    reason: str, *, expected: Json = None, got: Json = None, exchange: Exchange | None = None
) -> Finding:
    """The server took the request and silently did not do what it asked."""
    return Finding("ignored", reason, expected, got, exchange)


def unsupported(reason: str) -> Finding:
    """The server says clearly that it does not do this."""
    return Finding("unsupported", reason)


def divergent(reason: str, got: Json = None) -> Finding:
    """The sources disagree; what was seen is recorded."""
    return Finding("divergent", reason, got=got)


def inconclusive(reason: str) -> Finding:
    """The check could not be made."""
    return Finding("inconclusive", reason)


def skipped(reason: str) -> Finding:
    """The check does not apply."""
    return Finding("skip", reason)
