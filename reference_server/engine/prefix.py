"""The index of the prefix cache: which blocks of KV are kept, and where a new prompt can start.

A block is the KV of a fixed number of tokens. It depends on every token before it, so its key is a
rolling hash over them, and sequences that begin alike share their first blocks. What a block holds
is opaque here: this module counts bytes and never looks at a payload.
"""

from __future__ import annotations

import struct
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

KEY_BYTES = 16


@dataclass(eq=False, slots=True)
class Block:
    """A stored block; ``parent`` is the one before it, None for a sequence's first.

    ``pins`` counts its holders, ``holds`` its held children too; only the cache changes them.
    """

    key: bytes
    parent: Block | None = field(repr=False)  # a chain of thousands has no readable repr
    tokens: tuple[int, ...]
    payload: Any = field(repr=False)
    nbytes: int
    pins: int = 0
    holds: int = 0


@dataclass(frozen=True, slots=True)
class PrefixStats:
    """What is stored now, and what has happened since the start. ``blocks = inserted - evicted``.

    ``hits`` are queries that found at least one block, ``queried_tokens`` all that queries brought;
    ``evicted`` are blocks that made room or were cleared, ``rejected`` those that found no room.
    """

    blocks: int
    bytes: int
    budget_bytes: int
    queries: int = 0
    hits: int = 0
    queried_tokens: int = 0
    hit_tokens: int = 0
    inserted: int = 0
    evicted: int = 0
    rejected: int = 0


class PrefixCache:
    """Blocks of ``block`` tokens within ``budget_bytes``; the least recently used leave first.

    ``namespace`` names all that the KV depends on beside the tokens: the model and its options.
    ``nbytes`` is the size of what is stored. Tokens are integers of 32 bits, signed. To be used
    from one thread only, the engine's.
    """

    def __init__(self, block: int, budget_bytes: int, namespace: str) -> None:
        if block < 1:
            raise ValueError(f"A block cannot have {block} tokens. Give 1 or more.")
        if budget_bytes < 0:
            raise ValueError(f"The budget cannot be {budget_bytes} bytes. Give 0 to keep nothing.")
        self.block = block
        self.budget_bytes = budget_bytes
        self._root = blake2b(namespace.encode(), digest_size=KEY_BYTES).digest()
        self._packing = struct.Struct(f"<{block}i")
        self._blocks: dict[bytes, Block] = {}
        # Those that nobody holds, least recently used first. A child always comes before its
        # parent, so the first one is a leaf and evicting is no search.
        self._idle: OrderedDict[bytes, Block] = OrderedDict()
        self.nbytes = self._held_bytes = 0
        self._counts: Counter[str] = Counter()  # the fields of PrefixStats that count events

    def __len__(self) -> int:
        return len(self._blocks)

    def match(self, tokens: Sequence[int], limit: int | None = None) -> list[Block]:
        """The longest stored chain that ``tokens`` begin with, now the most recently used.

        It covers ``limit`` tokens at most and never the last one, which has to be computed to give
        logits. The next ``insert`` may evict what is not pinned.
        """
        most = len(tokens) - 1 if limit is None else min(limit, len(tokens) - 1)
        chain = self._known(tokens, most // self.block)
        for block in reversed(chain):  # the last first: a child comes before its parent
            if not block.holds:
                self._idle.move_to_end(block.key)
        self._counts["queries"] += 1
        self._counts["hits"] += bool(chain)
        self._counts["queried_tokens"] += len(tokens)
        self._counts["hit_tokens"] += len(chain) * self.block
        return chain

    def insert(self, tokens: Sequence[int], nbytes: int, make: Callable[[int], Any]) -> list[Block]:
        """Store the full blocks of ``tokens`` that are missing; gives the chain that is stored now.

        ``make(index)`` gives the payload, of ``nbytes`` bytes, of the block that starts at token
        ``index * block``. It is called in order, only for missing blocks that fit, and must not use
        the cache; when it raises, the blocks before stay. Known blocks keep their payload and
        become most recently used. From the first on that does not fit, all are rejected.

        Raises:
            ValueError: ``nbytes`` is negative.
        """
        if nbytes < 0:
            raise ValueError(f"A block cannot have {nbytes} bytes. Give its payload's size.")
        count = len(tokens) // self.block
        chain = self._known(tokens, count)
        self.pin(chain)  # or making room for a block could evict those before it
        try:
            while len(chain) < count:
                block = self._next(tokens, chain, nbytes)
                # A taken key is a collision: the other block has it as long as it stays.
                if block.key in self._blocks or not self._make_room(nbytes):
                    self._counts["rejected"] += count - len(chain)
                    break
                block.payload = make(len(chain))
                self._blocks[block.key] = self._idle[block.key] = block
                self.nbytes += nbytes
                self._counts["inserted"] += 1
                self.pin([block])
                chain.append(block)
        finally:
            self.unpin(chain)
        return chain

    def pin(self, blocks: Sequence[Block]) -> None:
        """Keep blocks, and so all before them, until they are unpinned as often.

        Raises:
            ValueError: a block is not stored any more; then none is pinned.
        """
        if any(self._blocks.get(block.key) is not block for block in blocks):
            raise ValueError("A block has left the cache. Pin blocks right after their match.")
        for block in blocks:
            block.pins += 1
            self._hold(block)

    def unpin(self, blocks: Sequence[Block]) -> None:
        """Take back one ``pin``; those that nobody holds any more become most recently used.

        Raises:
            ValueError: a block is not pinned; those before it are unpinned.
        """
        for block in blocks:
            if block.pins < 1:
                raise ValueError("A block is not pinned. Unpin once for each pin.")
            block.pins -= 1
            self._release(block)

    def clear(self) -> None:
        """Drop all blocks, pinned ones too; unpinning those later is allowed and does nothing."""
        self._counts["evicted"] += len(self._blocks)
        self._blocks.clear()
        self._idle.clear()
        self.nbytes = self._held_bytes = 0

    def stats(self) -> PrefixStats:
        """The counters as they are now."""
        return PrefixStats(len(self), self.nbytes, self.budget_bytes, **self._counts)

    def _known(self, tokens: Sequence[int], count: int) -> list[Block]:
        """The first ``count`` blocks of ``tokens`` up to the first that is missing."""
        chain: list[Block] = []
        while len(chain) < count:
            wanted = self._next(tokens, chain)
            block = self._blocks.get(wanted.key)
            # A collision is no hit. Equal tokens are not enough: with equal parents, which were
            # compared in the same way, all tokens before them are equal too.
            if block is None or (block.parent, block.tokens) != (wanted.parent, wanted.tokens):
                break
            chain.append(block)
        return chain

    def _next(self, tokens: Sequence[int], chain: list[Block], nbytes: int = 0) -> Block:
        """The block of ``tokens`` after ``chain``, not stored and without payload."""
        parent, start = chain[-1] if chain else None, len(chain) * self.block
        piece = tuple(tokens[start : start + self.block])
        before = self._root if parent is None else parent.key
        key = blake2b(before + self._packing.pack(*piece), digest_size=KEY_BYTES).digest()
        return Block(key, parent, piece, None, nbytes)

    def _make_room(self, nbytes: int) -> bool:
        """Evict until ``nbytes`` more fit; False, and nothing evicted, when they never will."""
        if self._held_bytes + nbytes > self.budget_bytes:
            return False
        while self.nbytes + nbytes > self.budget_bytes:
            key, block = self._idle.popitem(last=False)
            del self._blocks[key]
            self.nbytes -= block.nbytes
            self._counts["evicted"] += 1
        return True

    def _hold(self, block: Block | None) -> None:
        """Count a hold; a block's first one holds its parent too."""
        while block is not None:
            block.holds += 1
            if block.holds > 1:
                return
            del self._idle[block.key]
            self._held_bytes += block.nbytes
            block = block.parent

    def _release(self, block: Block | None) -> None:
        """Take back a hold; a block's last one takes its parent's, which so comes after it."""
        while block is not None:
            block.holds -= 1
            if block.holds > 0:
                return
            if self._blocks.get(block.key) is block:  # not after a clear
                self._idle[block.key] = block
                self._held_bytes -= block.nbytes
            block = block.parent
