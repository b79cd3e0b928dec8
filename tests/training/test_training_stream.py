from __future__ import annotations

from queue import SimpleQueue

import numpy as np
import pytest
from tokenizers import Tokenizer

from training.dice import Dice
from training.sample import Sample
from training.settings import Training
from training.stream import Batch, Buckets, _make, batches, bucket, pool


def rows(*lengths: int) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.full(n, n, np.int16), np.ones(n, bool)) for n in lengths]


def test_batches_hold_every_row_once_and_pad_with_nothing_wanted() -> None:
    lengths = [5, 70, 33, 31, 5, 64, 12, 90]
    made = batches(rows(*lengths), 200)
    found = []
    for batch in made:
        assert batch.tokens.shape == batch.wanted.shape
        assert batch.tokens.shape[1] % 32 == 0
        for tokens, wanted in zip(batch.tokens, batch.wanted, strict=True):
            length = int(wanted.sum())
            found.append(length)
            assert (tokens[:length] == length).all()
            assert not tokens[length:].any()
            assert not wanted[length:].any()
    assert sorted(found) == sorted(lengths)


def test_batches_are_of_similar_lengths_and_small() -> None:
    made = batches(rows(*range(1, 129)), 1024)
    assert all(batch.tokens.size <= 1024 for batch in made)
    for batch in made:
        assert (batch.tokens.shape[1] - batch.wanted.sum(1) < 32).all()


def test_few_shapes_are_made() -> None:
    whole = Buckets(1024)
    shapes = {
        batch.tokens.shape
        for number in range(2000)
        if (batch := whole.put(*rows(number % 128 + 1)))
    }
    assert shapes == {(32, 32), (16, 64), (10, 96), (8, 128)}
    assert [bucket(n) for n in (1, 32, 33, 512, 513, 1025, 4000)] == [
        32,
        32,
        64,
        512,
        640,
        1280,
        4096,
    ]


def test_a_row_longer_than_a_batch_is_a_batch() -> None:
    assert [batch.tokens.shape for batch in batches(rows(300), 100)] == [(1, 320)]


def test_a_pool_leaves_out_what_is_too_long(small_tokenizer: Tokenizer) -> None:
    whole = pool(small_tokenizer, Dice(0), 1.0, 4096, 40)
    short = pool(small_tokenizer, Dice(0), 1.0, 100, 40)
    assert len(short) < len(whole) <= 40
    assert max(len(ids) for ids, _ in short) <= 100
    assert all(wanted.any() for _, wanted in whole)


def test_a_pool_of_ones_own_samples(small_tokenizer: Tokenizer) -> None:
    def make(dice: Dice, progress: float) -> Sample:
        return Sample("document", "x", (), document=f"at {progress}")

    ((ids, wanted),) = pool(small_tokenizer, Dice(0), 0.5, 4096, 1, make)
    assert wanted.all()
    text = small_tokenizer.decode(ids.tolist(), skip_special_tokens=False)
    assert text == "at 0.5<|endoftext|>"


@pytest.mark.parametrize("given", [0, 500])
def test_batches_come_until_enough_tokens_were_given(
    given: int, monkeypatch: pytest.MonkeyPatch, small_tokenizer: Tokenizer
) -> None:
    seen: list[tuple[float, float]] = []

    def pools(tokenizer: Tokenizer, dice: Dice, progress: float, longest: int) -> object:
        seen.append((dice.random.random(), progress))
        return rows(30, 60)

    monkeypatch.setattr("training.stream.pool", pools)
    queue: SimpleQueue[Batch | None] = SimpleQueue()
    _make(queue, small_tokenizer.to_str(), Training(tokens=1000, batch=64), given)
    made = []
    while (batch := queue.get()) is not None:
        made.append(batch)
    total = sum(batch.tokens.size for batch in made)
    assert 1000 <= given + total < 1000 + 96
    draws, progress = zip(*seen, strict=True)
    assert len(set(draws)) == len(draws)
    assert list(progress) == sorted(progress)
    assert progress[0] == given / 1000
    first = Dice("0 0" if not given else "0 500 0").random.random()
    assert draws[0] == first
