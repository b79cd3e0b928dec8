"""Hashes of logits, so that bits can be compared from outside: tokens hide most differences."""

from __future__ import annotations

from collections.abc import Sequence as Series
from hashlib import blake2b

from reference_server.blas import mx
from reference_server.engine.policy import bits_of
from reference_server.engine.sequence import Sequence

# 64 bits: among a million logits two different ones share a hash with odds of 1 in 30 million.
HASH_BYTES = 8


def hashed(rows: Series[tuple[Sequence, int]], logits: mx.array) -> None:
    """Append to each sequence the hash of its row of ``logits`` (rows, vocabulary).

    It waits for the logits, so steps do not overlap with what the host does: for looking, not for
    speed.
    """
    for sequence, slot in rows:
        found = blake2b(bits_of(logits[slot]), digest_size=HASH_BYTES).hexdigest()
        sequence.logits_hashes.append(found)
