"""Speculative decoding: a smaller model proposes tokens, the served one checks them in one step.

Every token that comes out is the served model's own choice at its place (Leviathan et al. 2023):
the proposals decide only how many of them a step gives. A drawn token is a function of the logits,
the request's seed and its place, so that the draft model draws with the same number and the answer
is the one without a draft model (Daliri et al. 2024 prove the coupling). What is different are the
shapes of the steps, which round differently, as any two widths of adaptive batching do.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Series
from dataclasses import dataclass
from typing import Any, cast

from reference_server.blas import mx
from reference_server.engine.decoder import PREFILL_CHUNK, Output
from reference_server.engine.forward import Forward, NotPlain
from reference_server.engine.policy import seen_class
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.row import Row
from reference_server.engine.sampler import choose
from reference_server.engine.sequence import State
from reference_server.engine.slab import GROWTH, Slab, rounded
from reference_server.engine.slots import SlotDecoder
from reference_server.errors import ServerError

# With more rows a step is busy enough: checking multiplies its work, and saves reading weights.
MOST_ROWS = 4

SCOPE = (
    f"while {MOST_ROWS} requests run at most, none of them enters its prompt, and all are without "
    "penalties, biases, scripts, log-probabilities, forms and bounds of thoughts"
)


class NotSpeculative(ServerError):
    """The draft model cannot be used with this model or with these options."""


@dataclass(frozen=True, slots=True)
class SpeculationStats:
    """``rounds`` of a row in which ``proposed`` tokens were checked and ``accepted`` were right.

    Each gives one token more than it accepts. ``scope`` says when there are any.
    """

    draft_model: str
    tokens: int
    scope: str
    rounds: int
    proposed: int
    accepted: int


class Draft:
    """The smaller model, over slots that have the numbers of the decoder's.

    Must be made on the thread that uses it: MLX streams belong to threads.

    Raises:
        NotSpeculative: the model has no plain keys and values.
    """

    def __init__(self, name: str, model: Any, tokens: int) -> None:  # noqa: ANN401 - of mlx-lm's
        self.name = name
        self.tokens = tokens
        self.rounds = self.accepted = 0
        try:
            self._forward = Forward(model)
            self._forward.probe_steps(2)
        except NotPlain as error:
            raise NotSpeculative(
                f"--draft-model {name} has no plain keys and values: {error}"
            ) from error
        self._slab = Slab(self._forward.layers)

    @property
    def token_bytes(self) -> int:
        """Bytes that one token takes in all layers."""
        return self._slab.token_bytes

    def stats(self) -> SpeculationStats:
        """The counters as they are now."""
        proposed = self.rounds * self.tokens
        return SpeculationStats(self.name, self.tokens, SCOPE, self.rounds, proposed, self.accepted)

    def follow(self, rows: Iterable[Row]) -> bool:
        """Enter a share of what the rows have and this model has not; whether that was all.

        The last token and the one before are entered by ``propose``.
        """
        left = PREFILL_CHUNK
        for row in rows:
            missing = row.position - 1 - row.drafted
            count = min(missing, left)
            if count > 0:
                run = row.known[row.drafted : row.drafted + count]
                self._slab.reserve(row.slot + 1, row.drafted + count)
                self._forward.prefill(self._slab, row.slot, row.drafted, run)
                mx.async_eval(self._slab.arrays)  # type: ignore[no-untyped-call]  # MLX's stubs
                row.drafted += count
                left -= count
            if count < missing:
                return False
        return True

    def propose(self, rows: Series[Row], width: int) -> mx.array:
        """The next tokens (width, ``tokens``) as this model sees them.

        The first step enters the last two tokens of each row: when all that was proposed before
        was right, the last one of that is not in its slot yet.
        """
        length = max(row.position for row in rows) + self.tokens
        self._slab.fit(width, length)
        seen = min(seen_class(length), self._slab.capacity)
        ends, starts = [[0, 0] for _ in range(width)], [0] * width
        for row in rows:
            ends[row.slot], starts[row.slot] = row.known[-2:], row.position - 1
        tokens, positions, found = mx.array(ends), mx.array(starts), []
        for ahead in range(self.tokens):
            logits = self._forward.steps(self._slab, tokens, positions, seen)[:, -1:]
            positions = positions + tokens.shape[1]
            tokens = chosen(logits, rows, ahead)
            wanted = [tokens, *self._slab.arrays]
            mx.async_eval(wanted)  # type: ignore[no-untyped-call]  # MLX's stubs
            found.append(tokens)
        return mx.concatenate(found, axis=1)

    def clear(self) -> None:
        """Give all memory of the slots back."""
        self._slab.clear()


class SpeculativeDecoder(SlotDecoder):
    """Slots, several tokens a step while ``SCOPE`` holds, and else as without a draft model.

    The options are those of ``SlotDecoder`` that go with it.

    Raises:
        NotPlain: the served model needs another decoder.
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401 - an mlx-lm model; they share no base class
        end_tokens: Iterable[int],
        draft: Draft,
        *,
        max_batch: int,
        cache: PrefixCache | None = None,
        kv_bytes: int | None = None,
    ) -> None:
        self._draft = draft
        super().__init__(model, end_tokens, max_batch=max_batch, cache=cache, kv_bytes=kv_bytes)
        self._ahead = draft.tokens
        self._forward.probe_steps(draft.tokens + 1)

    def bytes_for(self, rows: int, length: int) -> int:
        """Bytes of both slabs for so many requests of so many tokens."""
        drafted = self.policy.width(min(rows, MOST_ROWS)) * rounded(length, GROWTH)
        return super().bytes_for(rows, length) + drafted * self._draft.token_bytes

    def step(self) -> list[Output]:
        """As without a draft model, or what was launched and then a round."""
        if not self._ready():
            return super().step()
        launched, self._launched = self._launched, None
        outputs = self._collect(launched) if launched else []
        return [*outputs, *self._round()] if self._rows else outputs

    def reset(self) -> None:
        """Forget all rows, and prove with a token that computing still works."""
        self._draft.clear()
        super().reset()

    def close(self) -> None:
        """Give the device's memory back."""
        self._draft.clear()
        super().close()

    def _ready(self) -> bool:
        """Whether a round is possible now; the draft model catches up where only it is missing."""
        rows = list(self._rows.values())
        if len(rows) > MOST_ROWS or not all(_suits(row) for row in rows):
            return False
        if not any(row.wanted > self._draft.tokens for row in rows):
            return False  # a round would be mostly for nothing
        self._compact()
        return self._draft.follow(rows)

    def _round(self) -> list[Output]:
        """Propose, check in one step, and give every row what is right and one token more."""
        rows, count = list(self._rows.values()), self._draft.tokens
        width = self.policy.width(max(row.slot for row in rows) + 1)
        length = max(row.position for row in rows) + count + 1
        self._slab.fit(width, length)
        lasts, starts = [0] * width, [0] * width
        for row in rows:
            lasts[row.slot], starts[row.slot] = row.last, row.position
            row.sequence.state = State.RUNNING
        proposed = self._draft.propose(rows, width)
        tokens = mx.concatenate([mx.array(lasts)[:, None], proposed], axis=1)
        seen = min(seen_class(length), self._slab.capacity)
        logits = self._forward.steps(self._slab, tokens, mx.array(starts), seen)
        right = chosen(logits, rows)
        wanted = [right, *self._slab.arrays]
        mx.async_eval(wanted)  # type: ignore[no-untyped-call]  # MLX's stubs
        guesses = cast("list[list[int]]", proposed.tolist())
        answers = cast("list[list[int]]", right.tolist())
        return [
            output
            for row, slot in [(row, row.slot) for row in rows]
            for output in self._advance(row, guesses[slot], answers[slot])
        ]

    def _advance(self, row: Row, guesses: list[int], answers: list[int]) -> list[Output]:
        """Take a row's tokens up to the first that was not guessed, or to its end."""
        accepted = common(guesses, answers)
        self._draft.rounds += 1
        self._draft.accepted += accepted
        row.drafted = row.position + min(accepted + 1, len(guesses))
        row.launched += accepted + 1
        outputs = []
        for token in answers[: accepted + 1]:
            outputs.append(self._output(row.sequence, token, None))
            if outputs[-1].finish is not None:
                self._leave(row)
                break
        return outputs

    def _leave(self, row: Row) -> None:
        super()._leave(row)
        if not self._rows:
            self._draft.clear()


def _suits(row: Row) -> bool:
    """Whether a round can hold the row: its prompt is entered, and its logits are the model's."""
    sampling = row.sequence.sampling
    plain = row.edits is None and sampling.logprobs is None and sampling.script is None
    free = row.spending is None and row.sequence.constraint is None
    return plain and free and not row.missing and row.position > 0


def chosen(logits: mx.array, rows: Series[Row], ahead: int = 0) -> mx.array:
    """The tokens (width, count) of ``logits`` (width, count, vocabulary), by each row's sampling.

    The first is ``ahead`` places after the next one of the row.
    """
    width, count, vocabulary = logits.shape
    asked: list[Any] = [None] * (width * count)
    for row in rows:
        if row.sequence.sampling.temperature > 0:
            for at in range(count):
                place = row.made + ahead + at
                asked[row.slot * count + at] = (row.sequence.sampling, place)
    found = choose(logits.reshape(-1, vocabulary), asked)
    return found.reshape(width, count).astype(mx.int32)


def common(guesses: Series[int], answers: Series[int]) -> int:
    """How many guesses are right before the first that is not."""
    pairs = enumerate(zip(guesses, answers, strict=False))
    return next((at for at, (one, other) in pairs if one != other), len(guesses))
