"""An endless stream of batches, made by a process of its own while the network learns."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.queues import Queue

import numpy as np
from tokenizers import Tokenizer

from training.dice import Dice
from training.grammar import sample
from training.render import Renderer
from training.sample import Sample
from training.settings import Training

# Samples drawn at a time: enough that batches of similar lengths need little padding.
POOL = 1024
# Batches that wait: the maker runs ahead by this much.
AHEAD = 48


# Of one sample: token ids (length,) int16, and a mark (length,) bool on what the model must say.
Row = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Batch:
    """``tokens`` (rows, length) int16 and ``wanted`` (rows, length) bool."""

    tokens: np.ndarray
    wanted: np.ndarray


def bucket(length: int) -> int:
    """The padded length of a row: few different ones, since kernels are made for each shape."""
    limits = ((256, 32), (512, 64), (1024, 128), (2048, 256))
    step = next((step for limit, step in limits if length <= limit), 512)
    return -(-length // step) * step


class Buckets:
    """Rows of one padded length wait here until they fill a batch of ``size`` tokens."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._rows: dict[int, list[Row]] = {}

    def put(self, row: Row) -> Batch | None:
        """Take a row in; a batch when it is the last one that was missing."""
        length = bucket(len(row[0]))
        rows = self._rows.setdefault(length, [])
        rows.append(row)
        if len(rows) < max(1, self.size // length):
            return None
        del self._rows[length]
        return _stacked(rows, length)

    def rest(self) -> list[Batch]:
        """What is left, in smaller batches."""
        rest = [_stacked(rows, length) for length, rows in self._rows.items()]
        self._rows = {}
        return rest


def batches(rows: Iterable[Row], size: int) -> list[Batch]:
    """All rows in batches."""
    buckets = Buckets(size)
    full = [batch for row in rows if (batch := buckets.put(row))]
    return [*full, *buckets.rest()]


def _stacked(rows: list[Row], length: int) -> Batch:
    tokens = np.zeros((len(rows), length), np.int16)
    wanted = np.zeros((len(rows), length), np.bool_)
    for number, (ids, marks) in enumerate(rows):
        tokens[number, : len(ids)], wanted[number, : len(ids)] = ids, marks
    return Batch(tokens, wanted)


def pool(
    tokenizer: Tokenizer, dice: Dice, progress: float, longest: int, size: int = POOL,
    make: Callable[[Dice, float], Sample] = sample,
) -> list[Row]:  # fmt: skip
    """``size`` samples as tokens; those above ``longest`` are left out."""
    made = Renderer(tokenizer).tokens([make(dice, progress) for _ in range(size)])
    return [row for row in made if len(row[0]) <= longest]


def stream(tokenizer: Tokenizer, settings: Training, given: int = 0) -> Iterator[Batch]:
    """Batches until ``settings.tokens`` tokens have been given, ``given`` of them before."""
    context = multiprocessing.get_context("spawn")
    queue: Queue[Batch | None] = context.Queue(AHEAD)
    worker = context.Process(
        target=_make, args=(queue, tokenizer.to_str(), settings, given), daemon=True
    )
    worker.start()
    while (batch := queue.get()) is not None:
        yield batch
    worker.join()


def _make(queue: Queue[Batch | None], tokenizer: str, settings: Training, given: int) -> None:
    known, number = Tokenizer.from_str(tokenizer), 0
    # Where a run goes on, it must not see again what it has seen.
    seed = f"{settings.seed} {given}" if given else str(settings.seed)
    buckets = Buckets(settings.batch)
    while given < settings.tokens:
        dice = Dice(f"{seed} {number}")
        for row in pool(known, dice, given / settings.tokens, settings.longest):
            batch = buckets.put(row)
            if batch is not None:
                given += batch.tokens.size
                queue.put(batch)
        number += 1
    queue.put(None)
