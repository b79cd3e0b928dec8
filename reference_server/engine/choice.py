"""Which decoder serves a model, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from mlx_lm.generate import BatchGenerator

from reference_server.blas import mx
from reference_server.engine.decoder import BatchDecoder, Decoder
from reference_server.engine.forward import PROBE, NotPlain, difference
from reference_server.engine.policy import Batching, NotInvariant, Policy
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.runtime import Runtime, RuntimeFacts, RuntimeMode, decided
from reference_server.engine.slab import GROWTH
from reference_server.engine.slots import SlotDecoder, Watch
from reference_server.engine.speculation import Draft, NotSpeculative, SpeculativeDecoder


@dataclass(frozen=True, slots=True)
class DecoderChoice:
    """Which decoder, and in a few words why.

    ``token_bytes`` is what each token of a request takes that runs alone; 0 if it is not known.
    """

    name: Literal["slots", "batch", "serial"]
    reason: str
    runtime: Runtime
    token_bytes: int = 0


def decoder_for(
    model: Any,  # noqa: ANN401 - an mlx-lm model; they share no base class
    end_tokens: Iterable[int],
    *,
    max_batch: int,
    cache: PrefixCache | None = None,
    batching: Batching = "adaptive",
    runtime: RuntimeMode = "auto",
    watch: Watch | None = None,
    agree: Callable[[mx.array], mx.array] | None = None,
    kv_bytes: int | None = None,
    draft: Draft | None = None,
) -> tuple[Decoder, DecoderChoice]:
    """Slots for a model that keeps plain keys and values, else mlx-lm's own batches.

    Some of mlx-lm's classes ignore the padding of a batch (``mamba`` in 0.32.2: its state runs
    through it), so that a neighbour changes the answer. They get one row at a time. Only slots use
    the prefix cache. ``watch``, ``agree`` and invariant batching do not go with a ``draft``.

    Raises:
        NotInvariant: ``batching`` is ``invariant``, and the model gets no slots or none that hold.
        NotPlain: several processes must ``agree``, and the model gets no slots.
        NotSpeculative: there is a ``draft``, and the model gets no slots.
    """
    ends = frozenset(end_tokens)
    rows = 1 if batching == "serial" else max_batch
    make = (
        partial(SlotDecoder, batching=batching, watch=watch, agree=agree)
        if draft is None
        else partial(SpeculativeDecoder, draft=draft)
    )
    try:
        slots = make(model, ends, max_batch=rows, cache=cache, kv_bytes=kv_bytes)
    except NotPlain as error:
        if agree is not None:
            raise
        if draft is not None:
            raise NotSpeculative(f"--draft-model needs plain keys and values: {error}") from error
        reason = str(error)
    else:
        alone = slots.bytes_for(1, GROWTH) // GROWTH
        mode = decided(RuntimeFacts(runtime, batching, max_batch))
        return slots, DecoderChoice("slots", _told(slots.policy, batching), mode, alone)
    if batching == "invariant":
        raise NotInvariant(f"invariant batching needs plain keys and values, and {reason}")
    differs = _neighbours_matter(model) if rows > 1 else 0.0
    mode = decided(RuntimeFacts(runtime, batching, max_batch, differs))
    reason = f"{reason}; {mode.reason}"
    if mode.mode == "batched":
        return BatchDecoder(model, ends, max_batch=rows), DecoderChoice("batch", reason, mode)
    return BatchDecoder(model, ends, max_batch=1), DecoderChoice("serial", reason, mode)


def _told(policy: Policy, batching: Batching) -> str:
    if batching == "serial":
        return "every layer keeps plain keys and values; one row at a time, as asked for"
    if policy.name == "invariant":
        return f"every step of {policy.least} to {policy.most} rows gives the same bits"
    return "every layer keeps plain keys and values"


def _neighbours_matter(model: Any) -> float:  # noqa: ANN401 - see decoder_for
    """How far a longer neighbour moves a short prompt's log-probabilities in mlx-lm's batches."""
    alone, together = (_log_probabilities(model, beside) for beside in ([], [list(PROBE)]))
    return difference(together, alone)


def _log_probabilities(model: Any, beside: list[list[int]]) -> mx.array:  # noqa: ANN401
    generator = BatchGenerator(model, stream=mx.default_stream(mx.default_device()))
    rows = generator.insert([list(PROBE[:2]), *beside], max_tokens=[1] * (1 + len(beside)))
    found: dict[int, mx.array] = {one.uid: one.logprobs for one in generator.next_generated()}
    generator.close()
    return found[rows[0]]
