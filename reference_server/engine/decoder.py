"""The part that computes: rows in, one token a row and step out.

``Decoder`` is all that the loop knows; ``BatchDecoder`` does it with mlx-lm's ``BatchGenerator``,
which holds every architecture that mlx-lm has. Everything here runs on the engine's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from mlx_lm.generate import BatchGenerator

from reference_server.blas import mx
from reference_server.engine.sampler import Sampler, greedy, sampler_for
from reference_server.engine.sequence import Finish, Sampling, Sequence, State

MakeSampler: TypeAlias = Callable[[Sampling, int, int], Sampler]

# A prompt enters in chunks of this many tokens between decode steps, so that a long one delays the
# others' next token by one chunk. 512 is where larger chunks stop being quicker per token on CPU.
PREFILL_CHUNK = 512


@dataclass(frozen=True, slots=True)
class Output:
    """What a step gave one row. ``token`` is None when it was the end-of-sequence token."""

    sequence: Sequence
    token: int | None
    finish: Finish | None


class Decoder(Protocol):
    """Rows that are computed together."""

    def add(self, sequence: Sequence) -> None:
        """Give a sequence a row; it goes on after the tokens that it has already."""
        ...

    def step(self) -> list[Output]:
        """One chunk of the prompts that are entering and one token for every other row."""
        ...

    def remove(self, sequence: Sequence) -> None:
        """Free a sequence's row before its end; without one nothing happens."""
        ...

    def reset(self) -> None:
        """Forget all rows, and prove with a token that computing still works."""
        ...

    def culprit(self) -> Sequence | None:
        """The sequence whose own part was running when ``add`` or ``step`` raised."""
        ...

    def close(self) -> None:
        """Give the device's memory back."""
        ...


class BatchDecoder:
    """Rows in mlx-lm's BatchGenerator, which computes one step ahead of what it returns.

    Must be made on the thread that uses it: MLX streams belong to threads.
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401 - an mlx-lm model; they share no base class
        end_tokens: Iterable[int],
        *,
        max_batch: int,
        make_sampler: MakeSampler = sampler_for,
    ) -> None:
        self._model = model
        self._end_tokens = sorted(end_tokens)
        self._max_batch = max_batch
        self._make_sampler = make_sampler
        self._rows: dict[int, Sequence] = {}
        self._at_work: Sequence | None = None
        self._generator = self._fresh()

    def add(self, sequence: Sequence) -> None:
        """Give a sequence a row; it goes on after the tokens that it has already."""
        self._at_work = sequence
        position = len(sequence.generated)
        end = self._end_tokens[0] if self._end_tokens else 0
        sampler = self._make_sampler(sequence.sampling, position, end)
        (row,) = self._generator.insert(
            [sequence.prompt + sequence.generated],
            max_tokens=[sequence.max_tokens - position],
            samplers=[sampler if sampler is greedy else self._watched(sampler, sequence)],
        )
        self._rows[row] = sequence
        sequence.state = State.PREFILL
        self._at_work = None

    def step(self) -> list[Output]:
        """One chunk of the prompts that are entering and one token for every other row."""
        entered, tokens = self._generator.next()
        for response in entered:
            if response.end_of_prompt:
                self._rows[response.uid].state = State.RUNNING
        outputs = []
        for response in tokens:
            sequence, finish = self._rows[response.uid], response.finish_reason
            token = None if finish == "stop" else response.token
            if token is not None:
                sequence.generated.append(token)
            if finish is not None:
                del self._rows[response.uid]
            outputs.append(Output(sequence, token, finish))
        return outputs

    def remove(self, sequence: Sequence) -> None:
        """Free a sequence's row before its end; without one nothing happens."""
        rows = [row for row, held in self._rows.items() if held is sequence]
        if rows:
            self._generator.remove(rows)
            del self._rows[rows[0]]

    def reset(self) -> None:
        """Forget all rows, and prove with a token that computing still works."""
        self._generator.close()
        self._rows.clear()
        self._at_work = None
        self._generator = self._fresh()
        self._generator.insert([[0]], max_tokens=[1])
        self._generator.next_generated()

    def culprit(self) -> Sequence | None:
        """The sequence whose own part was running when ``add`` or ``step`` raised."""
        return self._at_work

    def close(self) -> None:
        """Give the device's memory back."""
        self._generator.close()

    def _watched(self, sampler: Sampler, sequence: Sequence) -> Sampler:
        def watched(logprobs: mx.array) -> mx.array:
            self._at_work = sequence
            token = sampler(logprobs)
            self._at_work = None
            return token

        return watched

    def _fresh(self) -> BatchGenerator:
        return BatchGenerator(
            self._model,
            sampler=greedy,
            stop_tokens=[[token] for token in self._end_tokens],
            completion_batch_size=self._max_batch,
            prefill_batch_size=self._max_batch,
            prefill_step_size=PREFILL_CHUNK,
            stream=mx.default_stream(mx.default_device()),
        )
