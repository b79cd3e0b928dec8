"""Running an engine on a model that never ends by itself in a test, and listening to sequences."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from reference_server.engine.decoder import BatchDecoder
from reference_server.engine.loop import Engine
from reference_server.engine.sampler import sampler_for
from reference_server.engine.sequence import Event, Sampling, Sequence
from reference_server.engine.slots import SlotDecoder
from reference_server.models.load import LoadedModel, load_model

WAIT_S = 60.0  # far above any step of such a model; only a hang reaches it


@functools.cache
def endless() -> LoadedModel:
    """Random weights; their arrays are evaluated, so any engine's thread may use them."""
    return load_model("random:1m")


@dataclass
class Watched:
    """A sequence whose events are collected in the loop that made it."""

    sequence: Sequence
    events: list[Event] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, event: Event) -> None:
        self.events.append(event)
        self.news.set()

    @property
    def tokens(self) -> list[int]:
        return [event.token for event in self.events if event.token is not None]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not condition():
                self.news.clear()
                await self.news.wait()

    async def end(self) -> Event:
        await self.until(lambda: self.events and (self.events[-1].finish or self.events[-1].error))
        return self.events[-1]


def watched(prompt: list[int], max_tokens: int = 8, **sampling) -> Watched:
    """A sequence, not yet submitted, with someone listening."""
    loop = asyncio.get_running_loop()
    box = Watched(Sequence(prompt, max_tokens, Sampling(**sampling), loop, lambda _: None))
    box.sequence.listener = box.hear
    return box


async def settled(condition: Callable[[], bool]) -> None:
    """Wait for what the engine does between events, such as freeing a cancelled row."""
    async with asyncio.timeout(WAIT_S):
        while not condition():  # noqa: ASYNC110 - the engine tells nobody when a row is free
            await asyncio.sleep(0.001)


@contextlib.contextmanager
def serving(
    *, max_batch=8, max_queue=64, make_sampler=None, wrap=lambda decoder: decoder, slots=True
) -> Iterator[Engine]:
    """A running engine, ended also when the test fails. ``make_sampler`` is for BatchDecoder."""

    def build():
        model = endless()
        parts = (model.model, model.end_tokens)
        if slots and make_sampler is None:
            return wrap(SlotDecoder(*parts, max_batch=max_batch))
        make = make_sampler or sampler_for
        return wrap(BatchDecoder(*parts, max_batch=max_batch, make_sampler=make))

    engine = Engine(build, max_batch=max_batch, max_queue=max_queue)
    engine.start()
    try:
        yield engine
    finally:
        engine.close(drain_s=0)


async def run_all(engine: Engine, boxes: list[Watched]) -> list[list[int]]:
    """Submit all at once and wait for the ends."""
    for box in boxes:
        engine.submit(box.sequence)
    for box in boxes:
        await box.end()
    return [box.tokens for box in boxes]


def prompt_of(length: int, first: int = 300) -> list[int]:
    """A prompt of ordinary tokens, different for each ``first``."""
    return [first + (index * 37 + first) % 600 for index in range(length)]
