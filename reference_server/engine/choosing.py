"""From a step's logits to the tokens of its rows, each by its own request's rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reference_server.blas import mx
from reference_server.engine.edits import without
from reference_server.engine.logprobs import Pending, logprobs_of
from reference_server.engine.row import Row
from reference_server.engine.sampler import choose


def edited(logits: mx.array, rows: Sequence[Row]) -> mx.array:
    """The logits (width, vocabulary) with the penalties and biases of the rows that have some."""
    edits = [(row.slot, row.edits) for row in rows if row.edits is not None]
    if not edits:
        return logits
    changed = mx.array(logits)
    for slot, edit in edits:
        changed[slot] = edit.apply(logits[slot]).astype(logits.dtype)
    return changed


def picked(logits: mx.array, rows: Sequence[Row], forced: Callable[[Row], int | None]) -> mx.array:
    """The tokens (width,) of all rows. ``forced`` says which row's token is given.

    A given token that a row's constraint excludes is not taken.
    """
    width = logits.shape[0]
    asked: list[Any] = [None] * width
    given = [-1] * width
    forbidden: list[tuple[int, int]] = []
    for row in rows:
        sampling, token = row.sequence.sampling, forced(row)
        constraint = row.sequence.constraint
        if token is not None and (constraint is None or constraint.plays(token)):
            given[row.slot] = token
            continue
        if sampling.temperature > 0:
            asked[row.slot] = (sampling, row.made)
        if row.spending is not None and row.spending.forbidden is not None:
            forbidden.append((row.slot, row.spending.forbidden))
    chosen = choose(without(logits, forbidden), asked).astype(mx.int32)
    if max(given) < 0:
        return chosen
    script = mx.array(given)
    return mx.where(script < 0, chosen, script)


def told(logits: mx.array, chosen: mx.array, rows: Sequence[Row]) -> Pending | None:
    """The log-probabilities that rows ask for; None when nobody does."""
    asked = [
        (row.slot, row.sequence.sampling.logprobs)
        for row in rows
        if row.sequence.sampling.logprobs is not None
    ]
    if not asked:
        return None
    slots, counts = zip(*asked, strict=True)
    return logprobs_of(logits, chosen, slots, counts)
