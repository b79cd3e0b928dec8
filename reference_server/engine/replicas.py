"""One decoder in several processes, each with a share of every layer (tensor parallel).

The processes are started by ``mlx.launch``. Rank 0 speaks HTTP and leads; the others follow: they
hear what is done to the leader's decoder and do the same to their own, so that all compute the same
steps in the same order, and the layers' own sums find each other.
"""

from __future__ import annotations

import asyncio
import os
import pickle
from collections.abc import Mapping
from typing import Any

import numpy as np

from reference_server.blas import mx
from reference_server.engine.decoder import Decoder, Output
from reference_server.engine.sequence import Sequence

# Set by mlx.launch for every process that it starts.
RANK = "MLX_RANK"


def launched(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this process is one of several."""
    return RANK in environment


def group() -> Any:  # noqa: ANN401 - MLX's group has no public type
    """All processes that were launched together."""
    return mx.distributed.init(strict=True)


def agreed(tokens: mx.array) -> mx.array:
    """The leader's tokens (rows,) in all processes.

    The logits are equal where the machines are; where they are not, a single other token would
    make the processes compute different answers.
    """
    # Times zero, and not zeros: the sum must come after the layers' sums in every process.
    return mx.distributed.all_sum(tokens * (group().rank() == 0))


class Leader:
    """The decoder of rank 0: tells the others what is done to it, before it is done."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._names: dict[Sequence, int] = {}
        self._next = 0

    def add(self, sequence: Sequence) -> None:
        """Give a sequence a row in every process."""
        self._names[sequence] = self._next
        told = (sequence.prompt, sequence.generated, sequence.max_tokens, sequence.sampling)
        _tell(("add", self._next, *told))
        self._next += 1
        self._decoder.add(sequence)

    def fits(self, sequence: Sequence) -> bool:
        """Whether there is memory for it here; the others have the same share."""
        return self._decoder.fits(sequence)

    def step(self) -> list[Output]:
        """One step everywhere."""
        _tell(("step",))
        outputs = self._decoder.step()
        for output in outputs:
            if output.finish is not None:
                self._names.pop(output.sequence, None)
        return outputs

    def remove(self, sequence: Sequence) -> None:
        """Free a sequence's row in every process."""
        name = self._names.pop(sequence, None)
        if name is not None:
            _tell(("remove", name))
            self._decoder.remove(sequence)

    def reset(self) -> None:
        """Forget all rows in every process."""
        self._names.clear()
        _tell(("reset",))
        self._decoder.reset()

    def culprit(self) -> Sequence | None:
        """The sequence whose own part was running when ``add`` or ``step`` raised."""
        return self._decoder.culprit()

    def close(self) -> None:
        """End the followers, too."""
        _tell(("close",))
        self._decoder.close()


def follow(decoder: Decoder) -> None:
    """Do to ``decoder`` what the leader does to its own, until it closes."""
    rows: dict[int, Sequence] = {}
    loop = asyncio.new_event_loop()
    while True:
        word, *rest = _hear()
        if word == "add":
            name, prompt, generated, max_tokens, sampling = rest
            sequence = Sequence(prompt, max_tokens, sampling, loop, _nobody, generated)
            rows[name] = sequence
            decoder.add(sequence)
        elif word == "step":
            ended = {output.sequence for output in decoder.step() if output.finish is not None}
            rows = {name: one for name, one in rows.items() if one not in ended}
        elif word == "remove":
            decoder.remove(rows.pop(rest[0]))
        elif word == "reset":
            rows.clear()
            decoder.reset()
        else:
            decoder.close()
            loop.close()
            return


def _nobody(_: object) -> None:
    """A follower's tokens go to no client."""


def _tell(message: tuple[Any, ...]) -> None:
    data = mx.array(np.frombuffer(pickle.dumps(message), np.uint8))
    mx.eval(mx.distributed.all_sum(mx.array(data.size)))
    mx.eval(mx.distributed.all_sum(data))


def _hear() -> tuple[Any, ...]:
    size = int(mx.distributed.all_sum(mx.array(0)).item())  # type: ignore[arg-type] # MLX's stubs
    data = mx.distributed.all_sum(mx.zeros(size, mx.uint8))
    # What is read comes from the leader, a process of the same user's same launch.
    message: tuple[Any, ...] = pickle.loads(bytes(memoryview(data)))  # type: ignore[arg-type] # noqa: S301
    return message
