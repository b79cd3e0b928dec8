"""Work beside the rows: a step of it between two steps, fair, bounded, and never in the way."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError

import pytest

from reference_server.errors import BadRequest, GenerationFailed, Overloaded, Unavailable
from tests.reference_server.engine.engine_rig import prompt_of, run_all, serving, settled, watched

WAIT_S = 60.0


def counting(name, steps, log, *, may_wait=False):
    """Work that writes down its steps."""
    for at in range(steps):
        log.append((name, at))
        yield may_wait
    return name


def endless():
    while True:
        yield False


def broken(error):
    yield False
    raise error


def test_a_result_comes_back_from_the_engines_thread():
    seen = []

    def steps():
        seen.append(threading.current_thread().name)
        yield False
        return 7

    with serving() as engine:
        assert engine.work(steps()).result(WAIT_S) == 7
        assert seen == ["engine"]


def test_rows_get_a_token_for_each_step_of_the_work():
    """With the control that the same request alone says the same."""

    async def go():
        with serving() as engine:
            [alone] = await run_all(engine, [watched(prompt_of(20), 30)])
            log, box = [], watched(prompt_of(20), 30)
            answer = engine.work(counting("long", 10_000, log))
            engine.submit(box.sequence)
            await box.end()
            assert len(log) < 10_000
            answer.cancel()
            assert box.tokens == alone
            await settled(lambda: engine.waiting == 0)

    asyncio.run(go())


@pytest.mark.parametrize("may_wait", [True, False])
def test_what_holds_no_memory_lets_others_go_first(may_wait):
    log = []
    gate = threading.Event()

    def hold():
        gate.wait(WAIT_S)
        yield True

    with serving() as engine:
        first = engine.work(hold())
        two = [engine.work(counting(name, 3, log, may_wait=may_wait)) for name in "ab"]
        gate.set()
        for answer in (first, *two):
            answer.result(WAIT_S)
    together = [(name, at) for at in range(3) for name in "ab"]
    assert log == (together if may_wait else sorted(together))


def test_cancelled_work_ends_and_frees_its_place():
    async def go():
        with serving(max_batch=1, max_queue=1) as engine:
            answers = [engine.work(endless()) for _ in range(2)]
            with pytest.raises(Overloaded):
                engine.work(endless())
            for answer in answers:
                answer.cancel()
            await settled(lambda: engine.waiting == 0)
            assert engine.work(counting("a", 1, [])).result(WAIT_S) == "a"

    asyncio.run(go())


@pytest.mark.parametrize(
    ("error", "expected"),
    [(BadRequest("input", "no."), BadRequest), (RuntimeError("inside"), GenerationFailed)],
)
def test_a_fault_is_told_to_the_one_who_waits(error, expected):
    async def go():
        with serving() as engine:
            box = watched(prompt_of(10), 20)
            engine.submit(box.sequence)
            answer = engine.work(broken(error))
            with pytest.raises(expected) as told:
                answer.result(WAIT_S)
            assert "inside" not in str(told.value)
            assert (await box.end()).finish == "length"
            assert engine.failure is None

    asyncio.run(go())


def test_the_end_waits_for_work_within_the_drain_time():
    log = []
    with serving() as engine:
        answer = engine.work(counting("a", 50, log))
        engine.close(drain_s=WAIT_S)
        assert answer.result(0) == "a"
        with pytest.raises(Unavailable):
            engine.work(endless())


def test_the_end_leaves_nobody_waiting():
    with serving() as engine:
        answers = [engine.work(endless()) for _ in range(3)]
        answers[2].cancel()
        engine.close(drain_s=0)
        for answer in answers[:2]:
            with pytest.raises(Unavailable):
                answer.result(0)
        with pytest.raises(CancelledError):
            answers[2].result(0)
