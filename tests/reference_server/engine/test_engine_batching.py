"""What a request gets does not depend on who else is there."""

from __future__ import annotations

import asyncio

from reference_server.engine.decoder import PREFILL_CHUNK
from tests.reference_server.engine.engine_rig import (
    prompt_of,
    run_all,
    serving,
    settled,
    watched,
)

# One token, odd lengths, both sides of a chunk's border, and two chunks with a rest.
LENGTHS = (1, 2, 17, 100, PREFILL_CHUNK, PREFILL_CHUNK + 1, 2 * PREFILL_CHUNK + 5)


async def each_alone(engine, prompts, max_tokens=24, **sampling):
    tokens = []
    for prompt in prompts:
        tokens += await run_all(engine, [watched(prompt, max_tokens, **sampling)])
    return tokens


def test_greedy_in_a_batch_equals_greedy_alone():
    async def go():
        prompts = [prompt_of(length, 300 + length % 50) for length in LENGTHS]
        with serving() as engine:
            alone = await each_alone(engine, prompts)
            together = await run_all(engine, [watched(p, 24) for p in prompts])
        assert together == alone
        assert [len(tokens) for tokens in alone] == [24] * len(LENGTHS)
        assert len({tuple(tokens) for tokens in alone}) == len(LENGTHS)

    asyncio.run(go())


def test_joins_and_leaves_change_nobody():
    async def go():
        prompts = [prompt_of(20 + 7 * index, 320 + index) for index in range(5)]
        with serving() as engine:
            alone = await each_alone(engine, prompts)
            early, late = (
                [watched(p, 24) for p in prompts[:2]],
                [watched(p, 24) for p in prompts[2:]],
            )
            leaver = watched(prompt_of(200, 500), 2000)
            for box in (*early, leaver):
                engine.submit(box.sequence)
            await early[0].until(lambda: len(early[0].tokens) >= 5)
            engine.submit(late[0].sequence)
            await late[0].until(lambda: len(late[0].tokens) >= 3)
            engine.cancel(leaver.sequence)
            for box in late[1:]:
                engine.submit(box.sequence)
            for box in (*early, *late):
                await box.end()
        assert [box.tokens for box in (*early, *late)] == alone
        assert len(leaver.tokens) < 2000

    asyncio.run(go())


def test_a_seed_gives_the_same_tokens_whoever_is_beside():
    async def go():
        def drawn(seed):
            return watched(prompt_of(30), 24, temperature=1.0, top_p=0.95, seed=seed)

        with serving() as engine:
            [alone] = await run_all(engine, [drawn(7)])
            beside = [drawn(1), drawn(7), watched(prompt_of(5), 24), drawn(7)]
            crowd = await run_all(engine, beside)
        assert crowd[1] == crowd[3] == alone
        assert crowd[0] != alone, "another seed must draw other tokens"

    asyncio.run(go())


def test_rows_share_steps():
    async def go():
        steps = []

        def counted(decoder):
            step = decoder.step
            decoder.step = lambda: steps.append(step()) or steps[-1]
            return decoder

        with serving(wrap=counted) as engine:
            await run_all(engine, [watched(prompt_of(10, 300 + i), 32) for i in range(8)])
            batched = len(steps)
            steps.clear()
            await each_alone(engine, [prompt_of(10, 300 + i) for i in range(8)], 32)
        assert batched < 32 * 2
        assert len(steps) > 32 * 7

    asyncio.run(go())


def test_a_newcomer_gets_tokens_while_others_run():
    async def go():
        with serving(max_batch=2) as engine:
            long = watched(prompt_of(10), 3000)
            engine.submit(long.sequence)
            await long.until(lambda: len(long.tokens) >= 2)
            short = watched(prompt_of(10, 400), 4)
            engine.submit(short.sequence)
            assert (await short.end()).finish == "length"
            assert len(long.tokens) < 3000
            assert engine.running >= 1

    asyncio.run(go())


def test_first_come_first_served_when_full():
    async def go():
        order = []
        with serving(max_batch=1) as engine:
            boxes = [watched(prompt_of(4, 300 + i), 3) for i in range(5)]
            for index, box in enumerate(boxes):
                box.sequence.listener = lambda event, i=index, hear=box.hear: (
                    order.append(i),
                    hear(event),
                )
            await run_all(engine, boxes)
            await settled(lambda: engine.finished == 5)
        assert order == sorted(order)

    asyncio.run(go())


def test_a_long_prompt_lets_others_decode_between_its_chunks():
    async def go():
        with serving() as engine:
            short = watched(prompt_of(4), 3000)
            engine.submit(short.sequence)
            await short.until(lambda: short.tokens)
            long = watched(prompt_of(6 * PREFILL_CHUNK), 1)
            engine.submit(long.sequence)
            before = len(short.tokens)
            await long.end()
            assert len(short.tokens) - before >= 5
            engine.cancel(short.sequence)

    asyncio.run(go())
