"""The part that computes: rows in, one token a row and step out.

``Decoder`` is all that the loop knows; ``BatchDecoder`` does it with mlx-lm's ``BatchGenerator``,
which holds every architecture that mlx-lm has. Everything here runs on the engine's thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, cast

from mlx_lm.generate import BatchGenerator, StopSequences

from reference_server.blas import mx
from reference_server.engine.constraint import masked
from reference_server.engine.edits import Edits, edits_for, edits_wanted, without
from reference_server.engine.logprobs import Pending, logprobs_of
from reference_server.engine.sampler import Sampler, greedy, sampler_for
from reference_server.engine.sequence import (
    Finish,
    Sampling,
    Sequence,
    State,
    TokenLogprobs,
)
from reference_server.engine.thinking import Spending
from reference_server.errors import ServerError

MakeSampler: TypeAlias = Callable[[Sampling, int, int], Sampler]

# A prompt enters in chunks of this many tokens between decode steps, so that a long one delays the
# others' next token by one chunk. 512 is where larger chunks stop being quicker per token on CPU.
PREFILL_CHUNK = 512


@dataclass(frozen=True, slots=True)
class Output:
    """What a step gave one row. ``token`` is None when it was the end-of-sequence token.

    A row with an ``error`` is to be removed.
    """

    sequence: Sequence
    token: int | None
    finish: Finish | None
    logprobs: TokenLogprobs | None = None
    error: ServerError | None = None


class Decoder(Protocol):
    """Rows that are computed together."""

    def add(self, sequence: Sequence) -> None:
        """Give a sequence a row; it goes on after the tokens that it has already."""
        ...

    def fits(self, sequence: Sequence) -> bool:
        """Whether there is memory for all that the sequence may become, beside those who run."""
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


class BatchRow:
    """A request in a batch: what BatchGenerator calls for it at each launch of a token."""

    def __init__(self, sequence: Sequence, sampler: Sampler) -> None:
        self.sequence = sequence
        self.at_work = False
        self._sampler = sampler
        budget = sequence.sampling.thinking
        self._spending = Spending(budget) if budget is not None else None
        self._position = len(sequence.generated)
        self._last: Callable[[], int] | None = None
        self._edits: Edits | None = None
        self._raw: mx.array | None = None
        self._pending: deque[Pending] = deque()

    @property
    def plain(self) -> bool:
        """Whether nothing is to be called but the argmax that all rows share."""
        bound = self.sequence.constraint is not None or self._spending is not None
        return self._sampler is greedy and not (bound or self._edited or self._asked is not None)

    def process(self, _: mx.array, logits: mx.array) -> mx.array:
        """BatchGenerator's logits processor: logits (1, vocabulary) with this request's edits."""
        self._raw = logits
        sequence = self.sequence
        if self._edited:
            self._edits = self._edits or edits_for(
                sequence.sampling, sequence.prompt, sequence.generated, logits.shape[-1]
            )
        edited = self._edits.apply(logits[0])[None] if self._edits else logits
        if sequence.constraint is None:
            return edited
        self.at_work = True
        mx.async_eval(edited)  # type: ignore[no-untyped-call]  # MLX's stubs
        if self._last is not None:  # while the device computes
            sequence.constraint.saw(self._last())
        self.at_work = False
        return masked(edited, [(0, sequence.constraint)])

    def sample(self, logprobs: mx.array) -> mx.array:
        """BatchGenerator's sampler: the token (1,)."""
        self.at_work = True
        spending = self._spending
        token = self._bounded(logprobs, spending) if spending else self._sampler(logprobs)
        constraint, script = self.sequence.constraint, self.sequence.sampling.script
        if constraint is not None:
            if script is not None and not constraint.plays(cast("int", token.item())):
                token = greedy(logprobs)
            self._last = lambda: cast("list[int]", token.tolist())[0]
        if self._edits is not None:
            self._edits.saw(token[0])
        if self._asked is not None and self._raw is not None:
            self._pending.append(logprobs_of(self._raw, token, [0], [self._asked]))
        self.at_work = False
        return token

    def _bounded(self, logprobs: mx.array, spending: Spending) -> mx.array:
        """The token (1,), or the one that ends a thought whose budget is spent."""
        forced = spending.forced(self._position, self.sequence.generated, self._last)
        banned = spending.forbidden
        token = self._sampler(without(logprobs, [(0, banned)] if banned is not None else []))
        if forced is not None:
            token = mx.array([forced], dtype=token.dtype)
        self._last = lambda: cast("list[int]", token.tolist())[0]
        self._position += 1
        return token

    def logprobs(self) -> TokenLogprobs | None:
        """Those of the oldest token that was launched and not read."""
        return self._pending.popleft().read()[0] if self._pending else None

    @property
    def _edited(self) -> bool:
        return edits_wanted(self.sequence.sampling)

    @property
    def _asked(self) -> int | None:
        return self.sequence.sampling.logprobs


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
        self._rows: dict[int, BatchRow] = {}
        self._at_work: Sequence | None = None
        self._generator = self._fresh()

    def add(self, sequence: Sequence) -> None:
        """Give a sequence a row; it goes on after the tokens that it has already."""
        self._at_work = sequence
        if sequence.constraint is not None:
            sequence.constraint.begin(sequence.generated)
        position = len(sequence.generated)
        end = self._end_tokens[0] if self._end_tokens else 0
        row = BatchRow(sequence, self._make_sampler(sequence.sampling, position, end))
        stops = [*self._end_tokens, *sequence.sampling.stop_tokens]
        (number,) = self._generator.insert(
            [sequence.prompt + sequence.generated],
            max_tokens=[sequence.max_tokens - position],
            samplers=[greedy if row.plain else row.sample],
            logits_processors=[[] if row.plain else [row.process]],
            stop_sequences=[StopSequences([[token] for token in stops])],
        )
        self._rows[number] = row
        sequence.state = State.PREFILL
        self._at_work = None

    def fits(self, sequence: Sequence) -> bool:
        """True: what these caches take is not known beforehand."""
        return True

    def step(self) -> list[Output]:
        """One chunk of the prompts that are entering and one token for every other row."""
        entered, tokens = self._generator.next()
        for response in entered:
            if response.end_of_prompt:
                self._rows[response.uid].sequence.state = State.RUNNING
        outputs = []
        for response in tokens:
            row, finish = self._rows[response.uid], response.finish_reason
            token = None if finish == "stop" else response.token
            if token is not None:
                row.sequence.generated.append(token)
            if finish is not None:
                del self._rows[response.uid]
            constraint = row.sequence.constraint if finish is None else None
            error = constraint.failure if constraint is not None else None
            outputs.append(Output(row.sequence, token, finish, row.logprobs(), error))
        return outputs

    def remove(self, sequence: Sequence) -> None:
        """Free a sequence's row before its end; without one nothing happens."""
        rows = [number for number, row in self._rows.items() if row.sequence is sequence]
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
        working = [row.sequence for row in self._rows.values() if row.at_work]
        return working[0] if working else self._at_work

    def close(self) -> None:
        """Give the device's memory back."""
        self._generator.close()

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
