"""What a prompt's answers say, and which prompts may say anything. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.records import Json, Measurement
from suites.divergence.compare import first_difference, prefix_agreement, word_agreement
from suites.divergence.plan import ARMS

# Proof of a shared batch: eight requests together must take clearly less than one by one. A batch
# of two already halves the time; a tenth is what a loaded machine can blur.
SHARED_WALL = 0.9
# Answers of up to three tokens ("Yes.") have no room to diverge and would flatter the server.
SHORT_TOKENS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One prompt's texts in the three arms; ``excluded`` says why it does not count, if so."""

    prompt: int
    alone: str
    again: str
    concurrent: str
    excluded: str | None

    @property
    def matches(self) -> bool:
        """Alone and under load gave the same text."""
        return self.alone == self.concurrent

    @property
    def repeats(self) -> bool:
        """Alone, asked twice, gave the same text."""
        return self.alone == self.again

    @property
    def control_prefix(self) -> float:
        """Agreement of the two serial answers."""
        return prefix_agreement(self.alone, self.again)

    @property
    def concurrent_prefix(self) -> float:
        """Agreement of the serial and the concurrent answer."""
        return prefix_agreement(self.alone, self.concurrent)

    @property
    def excess(self) -> float:
        """The disagreement that load adds to the server's own."""
        return self.control_prefix - self.concurrent_prefix

    @property
    def words(self) -> float:
        """Agreement by whitespace words, as earlier publications counted it."""
        return word_agreement(self.alone, self.concurrent)


def rows_of(measurements: Sequence[Measurement]) -> list[Row]:
    """All prompts of the measured groups."""
    found = []
    for measurement in measurements:
        shared = shares_batch(measurement)
        for prompt in measurement.values.get("prompts", []):
            texts = prompt["texts"]
            alone, again, concurrent = (texts.get(arm, "") for arm in ARMS)
            why = _excluded(prompt, shared=shared)
            found.append(Row(prompt["prompt"], alone, again, concurrent, why))
    return found


def shares_batch(measurement: Measurement) -> bool:
    """Whether the concurrent arm was clearly quicker than each of the serial ones."""
    walls = measurement.values.get("wall_s", {})
    if any(arm not in walls for arm in ARMS):
        return False
    alone_s = min(walls["serial_a"], walls["serial_b"])
    return bool(walls["concurrent"] < SHARED_WALL * alone_s)


def _excluded(prompt: dict[str, Json], *, shared: bool) -> str | None:
    texts = prompt["texts"]
    if prompt["problem"] or any(arm not in texts for arm in ARMS):
        return "without three answers"
    if not texts["serial_a"]:
        return "without text"
    tokens = prompt["tokens"]
    length = len(texts["serial_a"].split()) if tokens is None else tokens
    if length <= SHORT_TOKENS:
        return "too short to diverge"
    if not shared or prompt["neighbours"] < 1:
        return "without proof of a shared batch"
    return None


def first_differences(rows: Sequence[Row]) -> dict[str, Json]:
    """Positions for a survival curve; None is an answer that never differed."""
    return {
        "concurrent": [first_difference(row.alone, row.concurrent) for row in rows],
        "control": [first_difference(row.alone, row.again) for row in rows],
        "length": [len(row.alone) for row in rows],
    }


def exclusions(rows: Iterable[Row]) -> dict[str, int]:
    """How many prompts do not count, by reason."""
    return dict(Counter(row.excluded for row in rows if row.excluded))
