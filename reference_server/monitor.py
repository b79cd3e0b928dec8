"""Does this server give the same tokens in a batch as alone? Asked now and then, when it is idle.

A round asks a few prompts of a rotating set three times, greedily: one after the other, again one
after the other (the control), and all at once. The agreement of two answers is their common prefix
as a share of the longer one. Only what the control does not show counts against batching. With the
action ``serialize`` the engine then runs one request at a time until rounds are good again; streams
are no exception.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from reference_server.engine.loop import Engine
from reference_server.engine.sequence import Event, Sampling
from reference_server.engine.sequence import Sequence as Row
from reference_server.errors import ServerError

logger = logging.getLogger("reference_server.monitor")

Action: TypeAlias = Literal["warn", "serialize"]

# Answers shorter than this hardly ever differ: others' first differences came at word 34 and 46.
TOKENS = 48
PROMPTS_A_ROUND = 4
# One bad round can be a near tie of two tokens; two in a row act, three good ones take it back.
BAD_ROUNDS, GOOD_ROUNDS = 2, 3

OPENINGS = ("Explain how", "Describe why", "Tell a story in which", "List the reasons that")
SUBJECTS = (
    "a lighthouse helps ships at night",
    "bread rises in a warm kitchen",
    "old bridges are repaired",
    "a river changes its course",
    "birds find their way home",
    "a small library is run",
    "people learn a second language",
    "a glacier shapes a valley",
)
PROMPTS = tuple(f"{opening} {subject}." for opening in OPENINGS for subject in SUBJECTS)

Encode: TypeAlias = Callable[[str], list[int]]


@dataclass(frozen=True, slots=True)
class Round:
    """Agreements from 0 to 1: of serial with concurrent, and of serial with serial."""

    batch: float
    control: float


@dataclass(slots=True)
class Report:
    """What the monitor knows; told in ``/health``. Agreements are those of the last round."""

    threshold: float
    action: Action
    rounds: int = 0
    skipped: int = 0
    errors: int = 0
    batch: float | None = None
    control: float | None = None
    bad_in_a_row: int = 0
    good_in_a_row: int = 0
    serialized: bool = False


def agreement(one: Sequence[int], other: Sequence[int]) -> float:
    """The common prefix as a share of the longer; 1 for two empty ones."""
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    longer = max(len(one), len(other))
    shorter = min(len(one), len(other))
    return (shorter if same is None else same) / longer if longer else 1.0


class Monitor:
    """Asks an engine now and then. Everything but the engine belongs to the event loop."""

    def __init__(
        self, engine: Engine, encode: Encode, end_tokens: frozenset[int], report: Report
    ) -> None:
        self._engine = engine
        self._encode = encode
        # The end is forbidden, so that every answer is long enough to differ.
        self._sampling = Sampling(logit_bias=tuple((token, -1e9) for token in sorted(end_tokens)))
        self._next = 0
        self.report = report

    def told(self) -> dict[str, Any]:
        """The report as JSON."""
        return asdict(self.report)

    async def run(self, interval_s: float) -> None:
        """A round every ``interval_s`` until cancelled."""
        while True:
            await asyncio.sleep(interval_s)
            await self.round()

    async def round(self) -> None:
        """Ask, judge, act. Busy servers are left alone; an error is no divergence."""
        if self._engine.running or self._engine.waiting:
            self.report.skipped += 1
            return
        try:
            found = await self._asked()
        except ServerError as error:
            self.report.errors += 1
            logger.info("a round of the divergence monitor failed: %s", error)
            return
        if found is None:
            self.report.skipped += 1
        else:
            self.judge(found)

    def judge(self, found: Round) -> None:
        """Count a round, and act when enough of one kind came in a row."""
        report = self.report
        report.rounds += 1
        report.batch, report.control = found.batch, found.control
        # What two serial runs differ by is not the batch's doing.
        bad = found.batch < min(report.threshold, found.control)
        report.bad_in_a_row = report.bad_in_a_row + 1 if bad else 0
        report.good_in_a_row = 0 if bad else report.good_in_a_row + 1
        if report.bad_in_a_row == BAD_ROUNDS:
            logger.warning(
                "answers in a batch agree to %.1f %% with those alone (control %.1f %%)",
                100 * found.batch, 100 * found.control,
            )  # fmt: skip
            if report.action == "serialize":
                self._serialize(True)
        if report.serialized and report.good_in_a_row >= GOOD_ROUNDS:
            self._serialize(False)

    def _serialize(self, on: bool) -> None:
        self.report.serialized = on
        self._engine.limit(1 if on else None)

    async def _asked(self) -> Round | None:
        """One round; None when somebody else's request came in between."""
        prompts = [self._encode(text) for text in self._rotated()]
        finished = self._engine.finished
        serial = [(await self._answers([prompt]))[0] for prompt in prompts]
        control = [(await self._answers([prompt]))[0] for prompt in prompts]
        if self.report.serialized:
            self._engine.limit(None)  # or the batch would not be one
        try:
            batch = await self._answers(prompts)
        finally:
            if self.report.serialized:
                self._engine.limit(1)
        if self._engine.finished - finished != 3 * len(prompts):
            return None
        return Round(_mean(serial, batch), _mean(serial, control))

    def _rotated(self) -> list[str]:
        first, self._next = self._next, self._next + PROMPTS_A_ROUND
        return [PROMPTS[(first + at) % len(PROMPTS)] for at in range(PROMPTS_A_ROUND)]

    async def _answers(self, prompts: Sequence[list[int]]) -> list[list[int]]:
        """Greedy tokens of all prompts at once.

        Raises:
            ServerError: the engine could not take or finish one.
        """
        loop = asyncio.get_running_loop()
        boxes: list[asyncio.Queue[Event]] = []
        for prompt in prompts:
            box: asyncio.Queue[Event] = asyncio.Queue()
            boxes.append(box)
            self._engine.submit(Row(prompt, TOKENS, self._sampling, loop, box.put_nowait))
        return [await _collected(box) for box in boxes]


async def _collected(box: asyncio.Queue[Event]) -> list[int]:
    tokens: list[int] = []
    while True:
        event = await box.get()
        if event.error is not None:
            raise event.error
        if event.token is not None:
            tokens.append(event.token)
        if event.finish is not None:
            return tokens


def _mean(ones: Sequence[list[int]], others: Sequence[list[int]]) -> float:
    values = [agreement(one, other) for one, other in zip(ones, others, strict=True)]
    return sum(values) / len(values)
