"""The prefix cache against a simple model of it: everything, in any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from reference_server.engine.prefix import Block, PrefixCache, PrefixStats

Prefix = tuple[int, ...]


@dataclass
class Entry:
    """What the model knows of a stored block, under all tokens up to the block's end."""

    payload: object
    nbytes: int
    used: int
    pins: int = 0


class Model:
    """The same cache with prefixes for keys, searching wherever it can."""

    def __init__(self, block: int, budget: int) -> None:
        self.block, self.budget, self.clock = block, budget, 0
        self.entries: dict[Prefix, Entry] = {}
        self.evicted = self.rejected = 0

    def prefixes(self, tokens: Sequence[int], most: int) -> list[Prefix]:
        ends = range(self.block, most + 1, self.block)
        return [tuple(tokens[:end]) for end in ends]

    def known(self, tokens: Sequence[int], most: int) -> list[Prefix]:
        found = []
        for prefix in self.prefixes(tokens, most):
            if prefix not in self.entries:
                break
            found.append(prefix)
        return found

    def held(self, prefix: Prefix) -> bool:
        return any(
            entry.pins and other[: len(prefix)] == prefix for other, entry in self.entries.items()
        )

    def use(self, prefixes: Sequence[Prefix]) -> None:
        self.clock += 1
        for prefix in prefixes:
            self.entries[prefix].used = self.clock

    def make_room(self, nbytes: int, keep: list[Prefix]) -> bool:
        left = dict(self.entries)
        while sum(entry.nbytes for entry in left.values()) + nbytes > self.budget:
            parents = {prefix[: -self.block] for prefix in left}
            free = [p for p in left if p not in parents and p not in keep and not self.held(p)]
            if not free:
                return False
            del left[min(free, key=lambda prefix: left[prefix].used)]
        self.evicted += len(self.entries) - len(left)
        self.entries = left
        return True

    def insert(self, tokens: Sequence[int], nbytes: int, make: Callable[[int], object]) -> None:
        kept = self.known(tokens, len(tokens))
        missing = self.prefixes(tokens, len(tokens))[len(kept) :]
        for place, prefix in enumerate(missing):
            if not self.make_room(nbytes, kept):
                self.rejected += len(missing) - place
                break
            self.entries[prefix] = Entry(make(len(kept)), nbytes, 0)
            kept.append(prefix)
        self.use(kept)

    def unpin(self, prefixes: Sequence[Prefix]) -> None:
        for prefix in prefixes:
            before = {p for p in self.entries if self.held(p)}
            self.entries[prefix].pins -= 1
            self.use([p for p in before if not self.held(p)])


@dataclass
class Lease:
    """Blocks that someone has pinned; ``void`` once the cache was cleared."""

    blocks: list[Block]
    prefixes: list[Prefix]
    void: bool = False


# A few beginnings, cut anywhere, then anything: unrelated prompts would hardly ever hit.
prompts = st.builds(
    lambda beginning, cut, tail: beginning[:cut] + tail,
    st.sampled_from([[0, 1, 2, 0, 1, 2, 0, 1], [1] * 8]),
    st.integers(2, 8),
    st.lists(st.integers(0, 1), max_size=3),
)


class Machine(RuleBasedStateMachine):
    """Does the same to the cache and to the model."""

    @initialize(block=st.integers(1, 2), budget=st.integers(6, 20))
    def start(self, block: int, budget: int) -> None:
        self.cache, self.model = PrefixCache(block, budget, "model"), Model(block, budget)
        self.leases: list[Lease] = []
        self.serial = self.queries = self.hits = self.queried = self.hit_tokens = self.inserted = 0

    @rule(tokens=prompts, nbytes=st.sampled_from([2, 1, 0, 3, 7]))
    def insert(self, tokens: list[int], nbytes: int) -> None:
        self.serial += 1
        asked: list[int] = []

        def make(index: int) -> tuple[int, int]:
            asked.append(index)
            return self.serial, index

        chain = self.cache.insert(tokens, nbytes, make)
        self.inserted += len(asked)
        self.model.insert(tokens, nbytes, lambda index: (self.serial, index))
        assert prefixes_of(chain) == self.model.known(tokens, len(tokens))
        assert asked == list(range(len(chain) - len(asked), len(chain)))

    @precondition(lambda self: len(self.cache) > 0)
    @rule(tokens=prompts, limit=st.none() | st.integers(-1, 11))
    def match(self, tokens: list[int], limit: int | None) -> None:
        self.matched(tokens, limit)

    def matched(self, tokens: list[int], limit: int | None = None) -> list[Block]:
        chain = self.cache.match(tokens, limit)
        most = len(tokens) - 1
        expected = self.model.known(tokens, most if limit is None else min(most, limit))
        assert prefixes_of(chain) == expected
        assert [block.payload for block in chain] == [
            self.model.entries[prefix].payload for prefix in expected
        ]
        self.model.use(expected)
        self.queries += 1
        self.hits += bool(expected)
        self.queried += len(tokens)
        self.hit_tokens += len(expected) * self.model.block
        return chain

    @precondition(lambda self: len(self.cache) > 0)
    @rule(tokens=prompts, picked=st.sets(st.integers(0, 10), max_size=4) | st.none())
    def pin(self, tokens: list[int], picked: set[int] | None) -> None:
        chain = self.matched(tokens)
        places = [i for i in range(len(chain)) if picked is None or i in picked]
        lease = Lease([chain[i] for i in places], [prefixes_of(chain)[i] for i in places])
        self.cache.pin(lease.blocks)
        for prefix in lease.prefixes:
            self.model.entries[prefix].pins += 1
        self.leases.append(lease)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def unpin(self, data: st.DataObject) -> None:
        lease = self.leases.pop(data.draw(st.integers(0, len(self.leases) - 1)))
        self.cache.unpin(lease.blocks)
        if not lease.void:
            self.model.unpin(lease.prefixes)

    @precondition(lambda self: len(self.cache) > 5)  # seldom, or little would ever be evicted
    @rule()
    def clear(self) -> None:
        self.cache.clear()
        self.model.evicted += len(self.model.entries)
        self.model.entries.clear()
        for lease in self.leases:
            lease.void = True

    @invariant()
    def same_blocks_and_no_orphan(self) -> None:
        found = {}
        for block in self.cache._blocks.values():
            assert block.parent is None or self.cache._blocks[block.parent.key] is block.parent
            found[prefix_of(block)] = block.payload
        assert len(found) == len(self.cache)
        assert found == {prefix: entry.payload for prefix, entry in self.model.entries.items()}

    @invariant()
    def pinned_blocks_are_there(self) -> None:
        for lease in self.leases:
            if not lease.void:
                for block in lease.blocks:
                    assert self.cache._blocks[block.key] is block

    @invariant()
    def statistics_add_up(self) -> None:
        total = sum(block.nbytes for block in self.cache._blocks.values())
        assert total <= self.model.budget
        held = {p: e.nbytes for p, e in self.model.entries.items() if self.model.held(p)}
        assert self.cache._held_bytes == sum(held.values())
        assert len(self.cache) == self.inserted - self.model.evicted
        assert self.cache.nbytes == total
        assert self.cache.stats() == PrefixStats(
            *(len(self.cache), total, self.model.budget),
            *(self.queries, self.hits, self.queried, self.hit_tokens),
            *(self.inserted, self.model.evicted, self.model.rejected),
        )


def prefix_of(block: Block | None) -> Prefix:
    return () if block is None else prefix_of(block.parent) + block.tokens


def prefixes_of(chain: Sequence[Block]) -> list[Prefix]:
    return [prefix_of(block) for block in chain]


TestAgainstTheModel = Machine.TestCase
TestAgainstTheModel.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
