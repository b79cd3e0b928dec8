"""The prefix cache gives true prefixes, keeps its budget, and never cuts a chain in the middle."""

from __future__ import annotations

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.engine import prefix as module
from reference_server.engine.prefix import Block, PrefixCache, PrefixStats


def cache_of(blocks: int = 100) -> PrefixCache:
    """Blocks of 4 tokens, and room for as many of 10 bytes."""
    return PrefixCache(4, blocks * 10, "model")


def put(cache: PrefixCache, tokens: Sequence[int], nbytes: int = 10) -> list[Block]:
    """Insert payloads that say what they are: all tokens up to their end."""
    return cache.insert(tokens, nbytes, lambda index: tuple(tokens[: (index + 1) * cache.block]))


def covered(cache: PrefixCache, tokens: Sequence[int], limit: int | None = None) -> int:
    """How many tokens a match covers, each block checked."""
    chain = cache.match(tokens, limit)
    for index, block in enumerate(chain):
        assert block.payload == tuple(tokens[: (index + 1) * cache.block])
    return len(chain) * cache.block


def stored(cache: PrefixCache, tokens: Sequence[int]) -> int:
    """How many tokens are stored, without a match that would count as use."""
    return len(cache._known(tokens, len(tokens) // cache.block)) * cache.block


def refuse(index: int) -> NoReturn:
    raise AssertionError(f"block {index} was asked for")


A, B, C = (list(range(start, start + 40)) for start in (0, 100, 200))


# -- what a match gives -------------------------------------------------------------------------


def test_a_match_is_the_longest_stored_prefix() -> None:
    cache = cache_of()
    assert covered(cache, A) == 0
    put(cache, A[:12])
    assert covered(cache, A) == 12
    assert covered(cache, A[:9] + B) == 8
    assert covered(cache, [*A[:4], 999, *A[5:]]) == 4
    assert covered(cache, A[4:]) == 0
    assert covered(cache, B) == 0


@pytest.mark.parametrize(
    ("length", "expected"), [(0, 0), (1, 0), (4, 0), (5, 4), (8, 4), (9, 8), (12, 8), (13, 12)]
)
def test_the_last_token_is_never_covered(length: int, expected: int) -> None:
    cache = cache_of()
    put(cache, A[:12])
    assert covered(cache, A[:length]) == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(None, 12), (100, 12), (12, 12), (11, 8), (4, 4), (3, 0), (0, 0), (-1, 0)],
)
def test_a_limit_caps_what_is_covered(limit: int | None, expected: int) -> None:
    cache = cache_of()
    put(cache, A[:12])
    assert covered(cache, A, limit) == expected
    assert covered(cache, A[:12], 12) == 8  # nor does a limit allow the last token


def test_only_full_blocks_are_stored() -> None:
    cache = cache_of()
    for length, blocks in ((0, 0), (3, 0), (7, 1), (8, 2)):
        put(cache, A[:length])
        assert (len(cache), cache.nbytes) == (blocks, blocks * 10)


def test_sequences_share_their_first_blocks() -> None:
    cache = cache_of()
    first = put(cache, A[:12])
    second = cache.insert(A[:8] + B[:8], 10, lambda index: index if index >= 2 else refuse(index))
    assert second[:2] == first[:2]
    assert [block.payload for block in second[2:]] == [2, 3]
    assert len(cache) == 5
    assert cache.insert(A[:12], 10, refuse) == first


def test_a_key_is_the_hash_that_the_docstring_says() -> None:
    def blake(data: bytes) -> bytes:
        return hashlib.blake2b(data, digest_size=16).digest()

    tokens = [1, -2, 2**31 - 1, -(2**31)]
    first, second = PrefixCache(2, 100, "modèle").insert(tokens, 1, str)
    assert first.key == blake(blake("modèle".encode()) + struct.pack("<2i", *tokens[:2]))
    assert second.key == blake(first.key + struct.pack("<2i", *tokens[2:]))
    (other,) = PrefixCache(2, 100, "another").insert(tokens[:2], 1, str)
    assert other.key != first.key


# -- the budget ---------------------------------------------------------------------------------


def test_the_least_recently_used_leaf_leaves_first() -> None:
    cache = cache_of(blocks=6)
    for tokens in (A, B, C):
        put(cache, tokens[:8])
    assert covered(cache, A[:9]) == 8  # B is now the one unused for longest
    put(cache, list(range(500, 504)))
    assert [stored(cache, tokens[:8]) for tokens in (A, B, C)] == [8, 4, 8]
    put(cache, list(range(600, 604)))
    assert [stored(cache, tokens[:8]) for tokens in (A, B, C)] == [8, 0, 8]


def test_a_chain_that_was_matched_leaves_from_its_end() -> None:
    cache = cache_of(blocks=3)
    put(cache, A[:12])
    for left in (12, 8, 4):
        assert covered(cache, A) == left
        put(cache, B[: 16 - left])
    assert (stored(cache, A), stored(cache, B)) == (0, 12)


def test_an_insert_is_a_use_of_what_is_known() -> None:
    cache = cache_of(blocks=2)
    put(cache, A[:4])
    put(cache, B[:4])
    put(cache, A[:4])
    put(cache, C[:4])
    assert [stored(cache, tokens[:4]) for tokens in (A, B, C)] == [4, 0, 4]


def test_a_shared_parent_stays_for_its_last_child() -> None:
    cache = cache_of(blocks=3)
    put(cache, A[:8])
    put(cache, A[:4] + B[:4])
    put(cache, C[:4])
    assert stored(cache, A[:8]) == 4
    put(cache, C[:8])
    assert (stored(cache, A[:4] + B[:4]), stored(cache, C[:8])) == (4, 8)
    put(cache, C[:12])
    assert (stored(cache, A), len(cache)) == (0, 3)


def test_a_chain_longer_than_the_budget_keeps_its_beginning() -> None:
    cache = cache_of(blocks=3)
    put(cache, B[:8])
    asked: list[int] = []
    assert len(cache.insert(A, 10, asked.append)) == 3
    assert asked == [0, 1, 2]
    assert (stored(cache, A), stored(cache, B)) == (12, 0)
    assert cache.stats().rejected == 7


def test_what_can_never_fit_evicts_nothing() -> None:
    cache = cache_of(blocks=3)
    put(cache, A[:12])
    assert cache.insert(B[:8], 31, refuse) == []
    assert cache.insert(A[:16], 10, refuse) == cache.match(A)  # its own chain leaves no room
    assert (len(cache), cache.stats().rejected, cache.stats().evicted) == (3, 3, 0)


def test_a_budget_of_nothing_keeps_nothing() -> None:
    cache = PrefixCache(4, 0, "model")
    assert cache.insert(A, 1, refuse) == []
    assert (len(cache), cache.nbytes, cache.stats().rejected) == (0, 0, 10)


class Unsearchable(OrderedDict[bytes, Block]):
    """Cannot be walked: whoever evicts has to know whom."""

    def __iter__(self) -> NoReturn:
        raise AssertionError("searched")

    keys = values = items = __iter__


def test_evicting_is_no_search() -> None:
    cache = cache_of(blocks=6)
    cache._blocks, cache._idle = Unsearchable(), Unsearchable()
    for start in range(0, 400, 4):
        put(cache, range(start, start + 12))
    assert (len(cache), cache.stats().evicted) == (6, 294)


# -- pins ---------------------------------------------------------------------------------------


def test_pinned_blocks_and_all_before_them_stay() -> None:
    cache = cache_of(blocks=4)
    chain = put(cache, A[:12])
    cache.pin(chain[1:2])
    put(cache, B[:16])
    assert (stored(cache, A), stored(cache, B)) == (8, 8)
    cache.unpin(chain[1:2])
    put(cache, C[:16])
    assert (stored(cache, A), stored(cache, B), stored(cache, C)) == (0, 0, 16)


def test_pins_are_counted() -> None:
    cache = cache_of(blocks=2)
    chain = put(cache, A[:8])
    cache.pin(chain)
    cache.pin(chain)
    cache.unpin(chain)
    assert cache.insert(B[:4], 10, refuse) == []
    cache.unpin(chain)
    put(cache, B[:4])
    assert (stored(cache, A), stored(cache, B)) == (4, 4)


def test_unpinning_is_a_use() -> None:
    cache = cache_of(blocks=2)
    chain = put(cache, A[:4])
    cache.pin(chain)
    put(cache, B[:4])
    cache.unpin(chain)
    put(cache, C[:4])
    assert [stored(cache, tokens) for tokens in (A, B, C)] == [4, 0, 4]


def test_a_child_of_a_pinned_block_may_leave() -> None:
    cache = cache_of(blocks=2)
    chain = put(cache, A[:8])
    cache.pin(chain[:1])
    put(cache, B[:4])
    assert (stored(cache, A), stored(cache, B)) == (4, 4)


def test_wrong_pins_are_refused() -> None:
    cache = cache_of(blocks=2)
    gone = put(cache, A[:8])
    here = put(cache, B[:8])
    with pytest.raises(ValueError, match="left the cache"):
        cache.pin([here[0], gone[0]])
    with pytest.raises(ValueError, match="Unpin once for each pin"):
        cache.unpin(here)
    cache.pin(here[1:])
    with pytest.raises(ValueError, match="not pinned"):  # held by its child, not by a caller
        cache.unpin(here[:1])
    assert cache.insert(C[:4], 10, refuse) == []


def test_a_payload_that_cannot_be_made_leaves_no_trace() -> None:
    def make(index: int) -> object:
        if index == 2:
            raise MemoryError("the device is full")
        return tuple(A[: (index + 1) * 4])

    cache = cache_of(blocks=3)
    with pytest.raises(MemoryError):
        cache.insert(A[:12], 10, make)
    assert (covered(cache, A), len(cache), cache.nbytes) == (8, 2, 20)
    put(cache, B[:12])  # nothing was left pinned
    assert (stored(cache, A), stored(cache, B)) == (0, 12)


# -- clear, statistics, arguments ---------------------------------------------------------------


def test_clear_drops_everything_and_forgives_old_pins() -> None:
    cache = cache_of(blocks=2)
    old = put(cache, A[:8])
    cache.pin(old)
    cache.clear()
    assert (len(cache), cache.nbytes, covered(cache, A)) == (0, 0, 0)
    new = put(cache, A[:8])
    cache.pin(new)
    cache.unpin(old)
    assert cache.insert(B[:4], 10, refuse) == []  # the new pins still hold
    cache.unpin(new)
    with pytest.raises(ValueError, match="left the cache"):
        cache.pin(old)
    put(cache, B[:8])
    assert (stored(cache, A), stored(cache, B)) == (0, 8)


def test_statistics() -> None:
    cache = cache_of(blocks=3)
    put(cache, A[:8])
    cache.match(A[:10])
    cache.match(A[:10], 4)
    cache.match(B[:7])
    cache.insert(B[:16], 10, str)
    expected = PrefixStats(
        blocks=3,
        bytes=30,
        budget_bytes=30,
        queries=3,
        hits=2,
        queried_tokens=27,
        hit_tokens=12,
        inserted=5,
        evicted=2,
        rejected=1,
    )
    assert cache.stats() == expected


def test_arguments_are_checked() -> None:
    with pytest.raises(ValueError, match="cannot have 0 tokens"):
        PrefixCache(0, 1, "model")
    with pytest.raises(ValueError, match="cannot be -1 bytes"):
        PrefixCache(1, -1, "model")
    with pytest.raises(ValueError, match="cannot have -1 bytes"):
        cache_of().insert(A, -1, refuse)


def test_a_long_chain_can_be_shown_and_dropped() -> None:
    cache = PrefixCache(1, 20_000, "model")
    *_, last = cache.insert(range(20_000), 1, str)
    assert len(repr(last)) < 200
    cache.clear()
    del last


# -- collisions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Forged:
    """A hash with ``values`` different results."""

    data: bytes
    values: int

    def digest(self) -> bytes:
        return bytes([hashlib.blake2b(self.data).digest()[0] % self.values] * 16)


def forge(patch: pytest.MonkeyPatch, values: int) -> None:
    patch.setattr(module, "blake2b", lambda data, digest_size: Forged(data, values))


def test_with_one_key_for_all_only_the_first_block_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forge(monkeypatch, 1)
    cache = cache_of()
    put(cache, A)
    assert (len(cache), cache.stats().rejected) == (1, 9)
    put(cache, B[:4])  # the key is taken
    assert (len(cache), cache.stats().rejected) == (1, 10)
    assert covered(cache, B) == 0
    assert covered(cache, A) == 4
    # The same tokens a second time have the same key and the same tokens, but another parent.
    assert covered(cache, A[:4] + A[:4] + A) == 4


short_prompts = st.lists(st.integers(0, 1), max_size=8)


@settings(max_examples=200, deadline=None)
@given(values=st.integers(1, 6), prompts=st.lists(short_prompts, min_size=2, max_size=12))
def test_no_collision_gives_wrong_tokens(values: int, prompts: list[list[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        forge(patch, values)
        cache = PrefixCache(2, 50, "model")
        for prompt in prompts:
            covered(cache, prompt)
            put(cache, prompt)
            assert cache.nbytes <= 50
