"""Ends, cancellation, the bounded line, and shutting down."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from reference_server.blas import mx
from reference_server.errors import Overloaded, Unavailable
from tests.reference_server.engine.engine_rig import (
    endless,
    prompt_of,
    run_all,
    serving,
    settled,
    watched,
)

END = min(endless().end_tokens)


def rows_of(engine):
    """How many slots are taken, and that nothing is left of a step when none is."""
    decoder = engine._decoder
    taken = decoder._max_batch - len(decoder._free)
    assert taken == len(decoder._rows)
    assert taken or not decoder._slab.arrays
    return taken


def test_the_end_token_ends_and_is_not_delivered():
    async def go():
        with serving() as engine:
            scripted = watched(prompt_of(5), 8, script=(300, 301))
            cut = watched(prompt_of(5), 2, script=(300, 301))
            control = watched(prompt_of(5), 8, script=(300, END, 301))
            tokens = await run_all(engine, [scripted, cut, control])
        assert tokens == [[300, 301], [300, 301], [300]]
        assert [box.events[-1].finish for box in (scripted, cut, control)] == [
            "stop",
            "length",
            "stop",
        ]

    asyncio.run(go())


def test_cancel_frees_the_row_in_decode_and_in_the_line():
    async def go():
        with serving(max_batch=1) as engine:
            running, waiting = watched(prompt_of(10), 4000), watched(prompt_of(10), 4000)
            last = watched(prompt_of(10), 2)
            for box in (running, waiting, last):
                engine.submit(box.sequence)
            await running.until(lambda: running.tokens)
            assert (engine.running, engine.waiting) == (1, 2)
            engine.cancel(waiting.sequence)
            await settled(lambda: engine.waiting == 1)
            engine.cancel(running.sequence)
            assert (await last.end()).finish == "length"
            await settled(lambda: (engine.running, engine.waiting, engine.finished) == (0, 0, 3))
            assert rows_of(engine) == 0
        assert waiting.events == []
        assert len(running.tokens) < 4000

    asyncio.run(go())


def test_cancel_frees_the_row_in_prefill():
    async def go():
        with serving(max_batch=1) as engine:
            entering, last = watched(prompt_of(4000), 50), watched(prompt_of(10), 2)
            engine.submit(entering.sequence)
            await settled(lambda: engine.running == 1)
            engine.cancel(entering.sequence)
            engine.submit(last.sequence)
            await last.end()
            assert rows_of(engine) == 0
        assert entering.events == []

    asyncio.run(go())


def test_a_cancel_after_the_end_harms_nobody():
    async def go():
        with serving() as engine:
            ended = watched(prompt_of(5), 2)
            await run_all(engine, [ended])
            engine.cancel(ended.sequence)
            engine.cancel(ended.sequence)
            await run_all(engine, [watched(prompt_of(5), 2)])
            await settled(lambda: (engine.running, engine.waiting, engine.finished) == (0, 0, 2))

    asyncio.run(go())


def test_the_line_is_bounded_and_opens_again():
    async def go():
        with serving(max_batch=2, max_queue=1) as engine:
            boxes = [watched(prompt_of(5, 300 + i), 4000) for i in range(3)]
            for box in boxes:
                engine.submit(box.sequence)
            with pytest.raises(Overloaded, match="All 3 places"):
                engine.submit(watched(prompt_of(5)).sequence)
            engine.cancel(boxes[0].sequence)
            await settled(lambda: engine.finished == 1)
            engine.submit(watched(prompt_of(5), 2).sequence)

    asyncio.run(go())


def test_close_lets_the_running_finish_and_nobody_in():
    async def go():
        with serving() as engine:
            box = watched(prompt_of(5), 100)
            engine.submit(box.sequence)
            await box.until(lambda: box.tokens)
            closing = threading.Thread(target=engine.close, args=(60.0,))
            closing.start()
            await settled(lambda: engine.closing)
            with pytest.raises(Unavailable, match="shutting down"):
                engine.submit(watched(prompt_of(5)).sequence)
            await box.end()
            await asyncio.to_thread(closing.join)
        assert len(box.tokens) == 100
        assert (engine.alive, engine.failure) == (False, None)

    asyncio.run(go())


def test_close_ends_with_an_error_what_does_not_finish_in_time():
    async def go():
        with serving(max_batch=1) as engine:
            running, waiting = watched(prompt_of(5), 4000), watched(prompt_of(5), 4000)
            engine.submit(running.sequence)
            engine.submit(waiting.sequence)
            await running.until(lambda: running.tokens)
            await asyncio.to_thread(engine.close, 0.0)
            for box in (running, waiting):
                assert isinstance((await box.end()).error, Unavailable)
            assert len(running.tokens) < 4000
            assert not engine.alive

    asyncio.run(go())


def test_an_idle_engine_uses_no_processor_time():
    with serving() as engine:
        time.sleep(0.05)
        before = time.process_time()
        time.sleep(0.3)
        # A loop that polls without rest would use all of the 0.3 s.
        assert time.process_time() - before < 0.15
        assert engine.alive


def test_a_listener_whose_loop_is_closed_loses_its_row():
    async def submit(engine):
        box = watched(prompt_of(5), 4000)
        engine.submit(box.sequence)
        await box.until(lambda: box.tokens)
        return box.sequence

    with serving(max_batch=1) as engine:
        orphan = asyncio.run(submit(engine))

        async def next_one():
            assert (await run_all(engine, [watched(prompt_of(5), 2)]))[0]

        asyncio.run(next_one())
        assert engine.alive
        assert len(orphan.generated) < 2000


def test_slots_and_memory_are_as_before_after_many_requests():
    """1,000 requests of mixed lengths, a tenth cancelled: nothing is left behind."""

    async def go():
        with serving(max_batch=16, max_queue=1000) as engine:

            async def some(count, first):
                boxes = [
                    watched(prompt_of(1 + at % 40, 300 + at % 300), 1 + at % 9)
                    for at in range(first, first + count)
                ]
                for at, box in enumerate(boxes):
                    engine.submit(box.sequence)
                    if at % 10 == 0:
                        engine.cancel(box.sequence)
                for at, box in enumerate(boxes):
                    if at % 10:
                        await box.end()
                await settled(lambda: (engine.running, engine.waiting) == (0, 0))
                return mx.get_active_memory()

            used = [await some(200, 200 * wave) for wave in range(5)]
            assert engine.finished == 1000
            assert engine._decoder._slab.nbytes == 0
            assert len(engine._decoder._free) == 16
        # Traces of compiled steps are kept, a few more with each new shape; rows are not.
        assert used[-1] - used[1] < 100_000

    asyncio.run(go())
