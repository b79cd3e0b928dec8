"""The decoder for models with plain keys and values: every request in a slot of its own.

A step is: a share of the prompts that are entering, one token for every row, and the reading of the
tokens that were launched a step before, which the device has finished meanwhile.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from collections.abc import Sequence as Series
from functools import partial
from typing import Any, TypeAlias, cast

from reference_server.blas import mx
from reference_server.engine.choosing import edited, picked, told
from reference_server.engine.constraint import masked
from reference_server.engine.decoder import PREFILL_CHUNK, Output
from reference_server.engine.edits import edits_for
from reference_server.engine.forward import Forward
from reference_server.engine.policy import Batching, Policy, invariant, seen_class
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.row import Launch, Row, whole_length
from reference_server.engine.sampler import scripted
from reference_server.engine.sequence import Sequence, State, TokenLogprobs
from reference_server.engine.share import alike, shares
from reference_server.engine.slab import GROWTH, Slab, rounded
from reference_server.engine.thinking import Spending

Watch: TypeAlias = Callable[[Series[tuple[Sequence, int]], mx.array], None]


class SlotDecoder:
    """Rows in slots, one step ahead of what it returns.

    Must be made on the thread that uses it: MLX streams belong to threads.

    ``watch`` is given the rows of each step, as pairs of sequence and slot, and their logits;
    ``agree`` gives the tokens that all processes go on with for those that this one has chosen.
    The slab takes ``kv_bytes`` at most.

    Raises:
        NotPlain: the model needs another decoder.
        NotInvariant: ``batching`` is ``invariant``, which this model or machine cannot do.
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401 - an mlx-lm model; they share no base class
        end_tokens: Iterable[int],
        *,
        max_batch: int,
        cache: PrefixCache | None = None,
        batching: Batching = "adaptive",
        watch: Watch | None = None,
        agree: Callable[[mx.array], mx.array] | None = None,
        kv_bytes: int | None = None,
    ) -> None:
        self._forward = Forward(model)
        self.policy = Policy("adaptive", max_batch)
        if batching == "invariant":
            self.policy = invariant(self._forward, max_batch)
        self._watch = watch
        self._agree = agree
        self._kv_bytes = kv_bytes
        self._ahead = 0  # tokens that a step may write behind a request's end
        self._slab = Slab(self._forward.layers)
        self._cache = cache
        self._end_tokens = frozenset(end_tokens)
        self._max_batch = max_batch
        self._free: list[int] = []
        self._rows: dict[Sequence, Row] = {}
        self._launched: Launch | None = None
        self._at_work: Sequence | None = None
        self.prefilled = 0  # tokens of prompts that the model has been given
        self.reset()

    def add(self, sequence: Sequence) -> None:
        """Give a sequence a slot; it goes on after the tokens that it has already."""
        self._at_work = sequence
        tokens = sequence.prompt + sequence.generated
        edits = edits_for(
            sequence.sampling, sequence.prompt, sequence.generated, self._forward.vocabulary
        )
        budget = sequence.sampling.thinking
        spending = Spending(budget) if budget is not None else None
        row = Row(sequence, heapq.heappop(self._free), tokens, edits=edits, spending=spending)
        if sequence.constraint is not None:
            sequence.constraint.begin(sequence.generated)
        row.twin = self._twin(row) if row.missing else None
        self._rows[sequence] = row
        sequence.state = State.PREFILL
        if row.twin is None:
            self._reuse(row)
        self._at_work = None

    def fits(self, sequence: Sequence) -> bool:
        """Whether the slab may grow to hold it beside those who run, each at its full length."""
        if self._kv_bytes is None or not self._rows:
            return True
        longest = max(whole_length(one) for one in (*self._rows, sequence)) + self._ahead
        return self.bytes_for(len(self._rows) + 1, longest) <= self._kv_bytes

    def bytes_for(self, rows: int, length: int) -> int:
        """Bytes of a slab for so many requests of so many tokens."""
        return self.policy.width(rows) * rounded(length, GROWTH) * self._slab.token_bytes

    def step(self) -> list[Output]:
        """A share of the prompts that are entering and one token for every other row."""
        self._enter()
        self._copy()
        launched, self._launched = self._launched, self._launch()
        return self._collect(launched) if launched else []

    def remove(self, sequence: Sequence) -> None:
        """Free a sequence's slot before its end; without one nothing happens."""
        if sequence in self._rows:
            self._leave(self._rows[sequence])

    def reset(self) -> None:
        """Forget all rows, and prove with a token that computing still works.

        What the prefix cache holds may come from the step that failed, and is forgotten too.
        """
        if self._cache is not None:
            self._cache.clear()
        self._rows.clear()
        self._launched = self._at_work = None
        self._free = list(range(self._max_batch))
        self._slab.clear()
        self._slab.reserve(1, 1)
        mx.eval(self._forward.step(self._slab, mx.array([0]), mx.array([0]), self._slab.capacity))
        self._slab.clear()

    def culprit(self) -> Sequence | None:
        """The sequence whose own part was running when ``add`` or ``step`` raised."""
        return self._at_work

    def close(self) -> None:
        """Give the device's memory back."""
        self._rows.clear()
        self._launched = None
        self._slab.clear()

    # -- entering -----------------------------------------------------------------------------

    def _enter(self) -> None:
        """A step's share of the prompts. The model writes while earlier steps are computed."""
        entering = [row for row in self._rows.values() if row.missing and row.twin is None]
        if not entering:
            return
        self._slab.reserve(*self._room(max(row.slot for row in entering) + 1))
        given = shares([row.missing for row in entering], PREFILL_CHUNK)
        if self.policy.run is None:
            for together in alike(given):
                self._fill([(entering[place], given[place]) for place in together])
            return
        for row, most in zip(entering, given, strict=True):  # whole runs only, each by itself
            while row.missing and most >= (count := min(row.missing, self.policy.run)):
                self._fill([(row, count)])
                most -= count

    def _fill(self, portions: Series[tuple[Row, int]]) -> None:
        """Enter so many tokens of each row's prompt."""
        rows = [row for row, _ in portions]
        runs = [row.tokens[row.filled : row.filled + count] for row, count in portions]
        if len(rows) == 1:
            self._at_work = rows[0].sequence
            self._forward.prefill(self._slab, rows[0].slot, rows[0].filled, runs[0])
            self._at_work = None
        else:
            slots, starts = [row.slot for row in rows], [row.filled for row in rows]
            self._forward.prefill_many(self._slab, slots, starts, runs)
        # At once: two unfinished updates of a slab would make MLX copy it whole.
        mx.async_eval(self._slab.arrays)  # type: ignore[no-untyped-call]  # MLX's stubs
        for row, count in portions:
            self.prefilled += count
            row.filled += count
            if not row.missing:
                self._keep(row, row.tokens[:-1])

    def _twin(self, row: Row) -> Row | None:
        """A row whose prompt is the same and enters, or has entered, by itself."""
        for other in self._rows.values():
            if other is not row and other.twin is None and other.tokens == row.tokens:
                return other
        return None

    def _copy(self) -> None:
        """Give the same prompt, once it has entered, to all who wait for it."""
        waiting = [row for row in self._rows.values() if row.twin is not None]
        for row in waiting:
            if row.twin is not None and row.twin.gone:
                row.twin = self._twin(row)
                if row.twin is None:
                    self._reuse(row)
        ready = [row.twin for row in waiting if row.twin is not None and not row.twin.missing]
        for twin in dict.fromkeys(ready):
            rows = [row for row in waiting if row.twin is twin]
            self._slab.reserve(*self._room(max(row.slot for row in rows) + 1))
            self._slab.copy(twin.slot, [row.slot for row in rows], twin.filled)
            mx.async_eval(self._slab.arrays)  # type: ignore[no-untyped-call]  # MLX's stubs
            for row in rows:
                row.twin, row.filled = None, twin.filled
                row.sequence.cached_tokens = twin.filled

    # -- decoding -----------------------------------------------------------------------------

    def _launch(self) -> Launch | None:
        """Queue the next token of every row that wants one."""
        rows = [row for row in self._rows.values() if not row.missing and row.wanted > 0]
        if not rows:
            return None
        self._compact()
        width = self.policy.width(max(row.slot for row in rows) + 1)
        self._slab.fit(*self._room(width))
        tokens = self._inputs(rows, width)
        positions = [0] * width
        for row in self._rows.values():
            if row.slot < width:
                # A row that is still entering is written to where its prompt goes on, which
                # overwrites it.
                positions[row.slot] = row.position
        seen = min(seen_class(max(positions) + 1), self._slab.capacity)
        logits = self._forward.step(self._slab, tokens, mx.array(positions), seen)
        if self._watch is not None:
            self._watch([(row.sequence, row.slot) for row in rows], logits)
        chosen = picked(self._constrained(edited(logits, rows), rows), rows, self._forced)
        if self._agree is not None:
            chosen = self._agree(chosen)
        logprobs = told(logits, chosen, rows)
        wanted = [chosen, *self._slab.arrays, *(logprobs.arrays if logprobs else ())]
        mx.async_eval(wanted)  # type: ignore[no-untyped-call]  # MLX's stubs
        for row in rows:
            row.launched += 1
            if row.edits is not None:
                row.edits.saw(chosen[row.slot])
            row.sequence.state = State.RUNNING
        return Launch(chosen, tuple(rows), tuple(row.slot for row in rows), logprobs)

    def _inputs(self, rows: Series[Row], width: int) -> mx.array:
        """The tokens (width,) to go on from: the last of a prompt, or what was launched before."""
        before = self._launched
        known = dict(zip(before.rows, before.slots, strict=True)) if before else {}
        host, source = [0] * width, list(range(width))
        fresh = [True] * width
        for row in rows:
            if row.launched and row in known:
                source[row.slot], fresh[row.slot] = known[row], False
            else:
                host[row.slot] = row.last
        if before is None or all(fresh):
            return mx.array(host)
        if source == list(range(before.tokens.shape[0])):
            kept = before.tokens
        else:
            top = before.tokens.shape[0] - 1
            kept = before.tokens[mx.array([min(place, top) for place in source])]
        return mx.where(mx.array(fresh), mx.array(host), kept) if any(fresh) else kept

    def _constrained(self, logits: mx.array, rows: Series[Row]) -> mx.array:
        """The logits with the masks of the rows that have constraints.

        They depend on the tokens of the step before. Those are there, and the device computes this
        one, while the masks are made.
        """
        bound = {row: one for row in rows if (one := row.sequence.constraint) is not None}
        if not bound:
            return logits
        mx.async_eval(logits, *self._slab.arrays)  # type: ignore[no-untyped-call]  # MLX's stubs
        before = self._launched
        if before is not None:
            tokens = cast("list[int]", before.tokens.tolist())
            for row, slot in zip(before.rows, before.slots, strict=True):
                if row in bound:
                    bound[row].saw(tokens[slot])
        return masked(logits, [(row.slot, one) for row, one in bound.items()])

    def _forced(self, row: Row) -> int | None:
        """The token that a row must go on with: the end of a thought, or a script's."""
        sequence, before = row.sequence, self._launched
        if row.spending is not None:
            last = partial(before.token, row) if before is not None else None
            token = row.spending.forced(row.made, sequence.generated, last)
            if token is not None:
                return token
        return scripted(sequence.sampling, row.made, min(self._end_tokens, default=0))

    def _collect(self, launched: Launch) -> list[Output]:
        """Read what was launched a step before; rows that end are freed."""
        tokens, outputs = cast("list[int]", launched.tokens.tolist()), []
        logprobs = launched.logprobs.read() if launched.logprobs else {}
        for row, slot in zip(launched.rows, launched.slots, strict=True):
            if row.gone:
                continue
            constraint = row.sequence.constraint
            if constraint is not None and (error := constraint.failure) is not None:
                outputs.append(Output(row.sequence, None, None, error=error))
                continue
            output = self._output(row.sequence, tokens[slot], logprobs.get(slot))
            if output.finish is not None:
                self._leave(row)
            outputs.append(output)
        return outputs

    def _output(self, sequence: Sequence, token: int, logprobs: TokenLogprobs | None) -> Output:
        if token in self._end_tokens or token in sequence.sampling.stop_tokens:
            return Output(sequence, None, "stop", logprobs)
        sequence.generated.append(token)
        full = len(sequence.generated) >= sequence.max_tokens
        return Output(sequence, token, "length" if full else None, logprobs)

    # -- the prefix cache -----------------------------------------------------------------------

    def _reuse(self, row: Row) -> None:
        """Begin with what is known of the prompt."""
        chain = self._cache.match(row.tokens) if self._cache is not None else []
        if not chain:
            return
        row.filled = row.sequence.cached_tokens = sum(len(block.tokens) for block in chain)
        self._slab.reserve(*self._room(row.slot + 1))
        parts = zip(*(block.payload for block in chain), strict=True)
        self._slab.write(row.slot, 0, [mx.concatenate(list(part), axis=2) for part in parts])

    def _keep(self, row: Row, tokens: list[int]) -> None:
        """Store the blocks of ``tokens``, which are in the row's slot.

        They are read at once: a slab that waits to be read cannot be updated in place.
        """
        if self._cache is None:
            return
        block, made = self._cache.block, list[mx.array]()

        def make(index: int) -> list[mx.array]:
            parts = self._slab.read(row.slot, index * block, (index + 1) * block)
            made.extend(parts)
            return parts

        self._cache.insert(tokens, block * self._slab.token_bytes, make)
        mx.eval(made)

    # -- slots --------------------------------------------------------------------------------

    def _leave(self, row: Row) -> None:
        # The last token that was made has not been entered, or by a step that is on its way. What
        # steps have entered has other bits than what a prompt's run enters.
        if not row.missing and self.policy.run is None:
            self._keep(row, (row.sequence.prompt + row.sequence.generated)[:-1])
        row.gone = True
        del self._rows[row.sequence]
        heapq.heappush(self._free, row.slot)
        if not self._rows:
            self._slab.clear()
            self._launched = None

    def _room(self, rows: int) -> tuple[int, int]:
        """Slots and tokens of each that the rows need now and with the next step.

        A prompt that enters beside longer ones is padded by a third at most.
        """
        return self.policy.width(rows), 1 + max(
            row.position + -(-min(row.missing, PREFILL_CHUNK) * 4 // 3)
            for row in self._rows.values()
        )

    def _compact(self) -> None:
        """Move the last rows into free slots before them, when that makes a step narrower."""
        width = self.policy.width
        while width(len(self._rows)) < width(max(row.slot for row in self._rows.values()) + 1):
            row = max(self._rows.values(), key=lambda row: row.slot)
            target = heapq.heappop(self._free)
            heapq.heappush(self._free, row.slot)
            self._slab.move(row.slot, target, row.position)
            row.slot, row.drafted = target, 0
