"""The divergence monitor: what counts, what does not, when it acts, and that it is undone."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_server.blas import mx
from reference_server.engine.forward import Forward
from reference_server.errors import GenerationFailed
from reference_server.monitor import (
    BAD_ROUNDS,
    GOOD_ROUNDS,
    TOKENS,
    Monitor,
    Report,
    Round,
    agreement,
)
from tests.reference_server.engine.engine_rig import (
    endless,
    prompt_of,
    run_all,
    serving,
    settled,
    watched,
)

TOKENS_OF = st.lists(st.integers(0, 3), max_size=8)


def monitor_of(engine, action="serialize", threshold=0.95):
    def encode(text):
        return [300 + ord(letter) % 90 for letter in text]

    return Monitor(engine, encode, endless().end_tokens, Report(threshold, action))


@given(TOKENS_OF, TOKENS_OF)
def test_agreement_is_the_common_prefix_of_the_longer(one, other):
    value = agreement(one, other)
    assert value == agreement(other, one)
    assert 0 <= value <= 1
    assert (value == 1) == (one == other)


class Limits:
    running = waiting = finished = 0

    def __init__(self):
        self.limits = []

    def limit(self, rows):
        self.limits.append(rows)


GOOD, BAD = Round(1.0, 1.0), Round(0.5, 1.0)


def test_it_acts_after_two_bad_rounds_and_takes_it_back_after_three_good_ones():
    engine = Limits()
    monitor = monitor_of(engine)
    for found in [BAD, GOOD, BAD]:
        monitor.judge(found)
    assert engine.limits == []
    monitor.judge(BAD)
    assert (engine.limits, monitor.report.serialized) == ([1], True)
    for found in [GOOD] * (GOOD_ROUNDS - 1):
        monitor.judge(found)
    assert monitor.report.serialized
    monitor.judge(GOOD)
    assert (engine.limits, monitor.report.serialized) == ([1, None], False)
    assert BAD_ROUNDS == 2


def test_a_warning_changes_nothing(caplog):
    engine = Limits()
    monitor = monitor_of(engine, action="warn")
    for _ in range(4):
        monitor.judge(BAD)
    assert engine.limits == []
    assert len([r for r in caplog.records if "agree to 50.0 %" in r.getMessage()]) == 1


def test_what_the_control_shows_too_is_not_the_batchs_doing():
    engine = Limits()
    monitor = monitor_of(engine)
    for _ in range(5):
        monitor.judge(Round(batch=0.6, control=0.6))
    assert engine.limits == []
    for _ in range(2):
        monitor.judge(Round(batch=0.3, control=0.6))
    assert engine.limits == [1]


def test_a_busy_server_is_left_alone_and_an_error_is_no_divergence():
    async def go():
        engine = Limits()
        engine.running = 1
        monitor = monitor_of(engine)
        await monitor.round()
        assert (monitor.report.skipped, monitor.report.rounds) == (1, 0)
        engine.running = 0

        def refuse(sequence):
            raise GenerationFailed("no")

        engine.submit = refuse
        await monitor.round()
        assert (monitor.report.errors, monitor.report.rounds) == (1, 0)

    asyncio.run(go())


def leaky(self, slab, tokens, positions, seen):
    """A step in which other rows reach the first one."""
    logits = STEP(self, slab, tokens, positions, seen)
    return mx.roll(logits, logits.shape[0] // 2, axis=-1)


STEP = Forward.step


@pytest.mark.parametrize("fault", [False, True])
def test_real_rounds(monkeypatch, fault):
    """A decoder whose answers depend on the width is found; the shipped one is not."""

    async def go():
        with serving(max_batch=8) as engine:
            if fault:  # not before: the decoder's own probe would refuse such slots
                monkeypatch.setattr(Forward, "step", leaky)
            monitor = monitor_of(engine)
            for _ in range(BAD_ROUNDS):
                await monitor.round()
            report = monitor.report
            assert (report.rounds, report.errors, report.control) == (BAD_ROUNDS, 0, 1.0)
            assert report.serialized is fault
            assert (report.batch < 0.95) is fault
            boxes = [
                watched(prompt_of(5, 300 + at), 30, temperature=1.0, seed=1) for at in range(4)
            ]
            most = []
            for box in boxes:
                box.sequence.listener = lambda event, hear=box.hear: (
                    most.append(engine.running), hear(event),
                )  # fmt: skip
            await run_all(engine, boxes)
            assert (max(most) == 1) is fault
            if fault:
                monkeypatch.undo()
                for _ in range(GOOD_ROUNDS):
                    await monitor.round()
                assert not report.serialized
            await settled(lambda: engine.running == 0)

    asyncio.run(go())


def test_somebody_elses_request_in_between_voids_the_round():
    async def go():
        with serving(max_batch=8) as engine:
            monitor = monitor_of(engine)
            other = watched(prompt_of(5), TOKENS)
            task = asyncio.create_task(monitor.round())
            await asyncio.sleep(0)
            engine.submit(other.sequence)
            await asyncio.gather(task, other.end())
            assert (monitor.report.rounds, monitor.report.skipped) == (0, 1)

    asyncio.run(go())
