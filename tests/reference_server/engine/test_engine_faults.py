"""An exception in one request fails that request only; a dead engine says so."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

import pytest

from reference_server.engine.decoder import BatchDecoder
from reference_server.engine.loop import Engine
from reference_server.engine.sampler import sampler_for
from reference_server.errors import GenerationFailed, ModelNotLoaded, Unavailable
from tests.reference_server.engine.engine_rig import (
    endless,
    prompt_of,
    run_all,
    serving,
    settled,
    watched,
)

POISON = 666  # the seed of the request that is to fail


class Broken(RuntimeError):
    pass


def poisoned(sampling, position, end):
    """The usual sampler; for the poisoned request one that raises at its third token."""
    sampler = sampler_for(sampling, position, end)
    if sampling.seed != POISON:
        return sampler
    calls = iter(range(position, 10_000))

    def fail(logprobs):
        if next(calls) == 2:
            raise Broken("third token")
        return sampler(logprobs)

    return fail


class Fragile:
    """A decoder whose step raises, without anybody to blame, while a condition holds."""

    def __init__(self, decoder, broken):
        self.decoder, self.broken, self.rows = decoder, broken, []

    def add(self, sequence):
        self.rows.append(sequence)
        self.decoder.add(sequence)

    def fits(self, sequence):
        return self.decoder.fits(sequence)

    def step(self):
        if self.broken(self.rows):
            raise Broken("somewhere in the batch")
        outputs = self.decoder.step()
        for output in outputs:
            if output.finish:
                self.rows.remove(output.sequence)
        return outputs

    def remove(self, sequence):
        if sequence in self.rows:
            self.rows.remove(sequence)
        self.decoder.remove(sequence)

    def reset(self):
        self.rows.clear()
        self.decoder.reset()

    def culprit(self):
        return self.decoder.culprit()

    def close(self):
        self.decoder.close()


def neighbours():
    return [
        watched(prompt_of(12, 310), 30),
        watched(prompt_of(40, 350), 30, temperature=1.0, seed=5),
        watched(prompt_of(700, 320), 30),
    ]


async def reference():
    with serving() as engine:
        return await run_all(engine, neighbours())


def test_a_faulty_sampler_fails_its_own_request():
    async def go():
        expected = await reference()
        with serving(make_sampler=poisoned) as engine:
            beside, faulty = neighbours(), watched(prompt_of(9), 30, temperature=1.0, seed=POISON)
            tokens = await run_all(engine, [*beside[:1], faulty, *beside[1:]])
            assert engine.alive
            assert (await run_all(engine, neighbours())) == expected
        assert [tokens[0], *tokens[2:]] == expected
        error = faulty.events[-1].error
        assert isinstance(error, GenerationFailed)
        assert "third token" in str(error)
        assert len(faulty.tokens) <= 2

    asyncio.run(go())


def test_without_a_fault_nobody_fails():
    async def go():
        expected = await reference()
        with serving(make_sampler=poisoned) as engine:
            boxes = neighbours()
            assert await run_all(engine, boxes) == expected
        assert all(box.events[-1].error is None for box in boxes)

    asyncio.run(go())


@pytest.mark.parametrize(("make_sampler", "found"), [(poisoned, True), (sampler_for, False)])
def test_the_decoder_knows_whose_sampler_raised(make_sampler, found):
    async def go():
        model = endless()
        decoder = BatchDecoder(
            model.model, model.end_tokens, max_batch=4, make_sampler=make_sampler
        )
        boxes = neighbours()
        faulty = watched(prompt_of(9), 30, temperature=1.0, seed=POISON)
        for box in (*boxes, faulty):
            decoder.add(box.sequence)
        raised = pytest.raises(Broken) if found else contextlib.nullcontext()
        with raised:
            deque((decoder.step() for _ in range(8)), maxlen=0)
        assert decoder.culprit() is (faulty.sequence if found else None)
        decoder.close()

    asyncio.run(go())


def test_closing_ends_an_engine_that_fails_at_every_step():
    async def go():
        dead = []
        with serving(wrap=lambda decoder: Fragile(decoder, lambda rows: dead)) as engine:
            dead.append(True)
            box = watched(prompt_of(9), 30)
            engine.submit(box.sequence)
            assert isinstance((await box.end()).error, GenerationFailed)
            engine.submit(watched(prompt_of(9), 30).sequence)
        assert not engine.alive

    asyncio.run(go())


def test_a_fault_without_a_name_is_found_by_running_the_suspects_alone():
    async def go():
        expected = await reference()

        def broken(rows):
            return any(s.sampling.seed == POISON and len(s.generated) >= 2 for s in rows)

        with serving(wrap=lambda decoder: Fragile(decoder, broken)) as engine:
            faulty = watched(prompt_of(9), 30, seed=POISON)
            beside = neighbours()
            tokens = await run_all(engine, [faulty, *beside])
            assert engine.alive
        assert tokens[1:] == expected
        assert isinstance(faulty.events[-1].error, GenerationFailed)

    asyncio.run(go())


def test_a_fault_of_rows_together_fails_nobody():
    async def go():
        with serving(wrap=lambda decoder: Fragile(decoder, lambda rows: len(rows) > 1)) as engine:
            boxes = neighbours()
            tokens = await run_all(engine, boxes)
        assert tokens == await reference()
        assert all(box.events[-1].error is None for box in boxes)

    asyncio.run(go())


@pytest.mark.parametrize("part", ["add", "remove"])
def test_a_request_that_cannot_enter_or_leave_takes_nobody_along(part):
    async def go():
        raised = []
        with serving() as engine:
            expected = await run_all(engine, [watched(prompt_of(5), 3)])

        def wrap(decoder):
            method = getattr(decoder, part)

            def fail(sequence):
                if sequence.sampling.seed == POISON and not raised:
                    raised.append(part)
                    raise Broken(part)
                method(sequence)

            setattr(decoder, part, fail)
            return decoder

        with serving(wrap=wrap) as engine:
            box = watched(prompt_of(9), 300, seed=POISON)
            if part == "add":
                engine.submit(box.sequence)
                assert isinstance((await box.end()).error, GenerationFailed)
            else:
                engine.submit(box.sequence)
                await box.until(lambda: box.tokens)
                engine.cancel(box.sequence)
            assert await run_all(engine, [watched(prompt_of(5), 3)]) == expected
            assert engine.alive
        assert raised == [part]

    asyncio.run(go())


def test_a_dead_engine_says_so_and_leaves_nobody_waiting():
    async def go():
        dead = False

        def wrap(decoder):
            fragile = Fragile(decoder, lambda rows: dead)
            reset = fragile.reset

            def no_reset():
                if dead:
                    raise Broken("the device is gone")
                reset()

            fragile.reset = no_reset
            return fragile

        with serving(max_batch=1, wrap=wrap) as engine:
            running, waiting = watched(prompt_of(5), 4000), watched(prompt_of(5), 10)
            engine.submit(running.sequence)
            engine.submit(waiting.sequence)
            await running.until(lambda: running.tokens)
            assert (engine.alive, engine.failure) == (True, None)
            dead = True
            assert isinstance((await running.end()).error, GenerationFailed)
            error = (await waiting.end()).error
            assert isinstance(error, Unavailable)
            assert "the device is gone" in str(error)
            await settled(lambda: not engine.alive)
            assert engine.failure == "Broken: the device is gone"
            assert (engine.running, engine.waiting) == (0, 0)
            with pytest.raises(Unavailable, match="the device is gone"):
                engine.submit(watched(prompt_of(5)).sequence)

    asyncio.run(go())


def test_a_decoder_that_cannot_be_built_is_told_at_once():
    def build():
        raise Broken("no such weights")

    engine = Engine(build, max_batch=1, max_queue=1)
    with pytest.raises(ModelNotLoaded, match="Broken: no such weights"):
        engine.start()
    assert not engine.alive
    engine.close(0)


def test_rows_that_cannot_be_freed_harm_neither_those_who_left_nor_those_who_stay():
    async def go():
        raised = []
        with serving() as engine:
            [expected] = await run_all(engine, [watched(prompt_of(5), 300)])

        def wrap(decoder):
            remove = decoder.remove

            def fail(sequence):
                if not raised:
                    raised.append(sequence)
                    raise Broken("the row is stuck")
                remove(sequence)

            decoder.remove = fail
            return decoder

        with serving(wrap=wrap) as engine:
            stays = watched(prompt_of(5), 300)
            leavers = [watched(prompt_of(9, 400 + i), 3000) for i in range(2)]
            for box in (stays, *leavers):
                engine.submit(box.sequence)
            for box in leavers:
                await box.until(lambda box=box: box.tokens)
            for box in leavers:
                engine.cancel(box.sequence)
            assert (await stays.end()).error is None
            await settled(lambda: (engine.running, engine.waiting) == (0, 0))
            assert engine.alive
        assert raised
        assert stays.tokens == expected
        assert all(len(box.tokens) < 3000 and not box.events[-1].error for box in leavers)

    asyncio.run(go())


def test_the_only_row_that_cannot_be_freed_does_not_end_the_engine():
    async def go():
        raised = []

        def wrap(decoder):
            def fail(sequence):
                raised.append(sequence)
                raise Broken("the row is stuck")

            decoder.remove = fail
            return decoder

        with serving(wrap=wrap) as engine:
            box = watched(prompt_of(9), 3000)
            engine.submit(box.sequence)
            await box.until(lambda: box.tokens)
            engine.cancel(box.sequence)
            assert (await run_all(engine, [watched(prompt_of(5), 3)]))[0]
            assert (engine.alive, engine.failure) == (True, None)
            assert box.events[-1].error is None
        assert raised

    asyncio.run(go())


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ("step", Broken("the kernel failed")),
        ("prefill_many", Broken("no")),
        ("fit", MemoryError("slab")),
    ],
)
def test_a_fault_in_the_slots_that_comes_once_fails_nobody(part, error):
    """Decoding, entering, growing: everybody goes on from the tokens that they have."""

    async def go():
        expected, raised = await reference(), []

        def wrap(decoder):
            owner = decoder._slab if part == "fit" else decoder._forward
            method, calls = getattr(owner, part), []

            def fail(*arguments):
                calls.append(part)
                if len(calls) == (1 if part == "prefill_many" else 3):
                    raised.append(part)
                    raise error
                return method(*arguments)

            setattr(owner, part, fail)
            return decoder

        with serving(wrap=wrap) as engine:
            # Two of one length, so that they enter together.
            boxes = [*neighbours(), watched(prompt_of(12, 333), 30)]
            tokens = await run_all(engine, boxes)
            assert engine.alive
            assert engine._decoder._slab.nbytes == 0
        assert raised == [part]
        assert tokens[:3] == expected
        assert all(box.events[-1].error is None for box in boxes)

    asyncio.run(go())
