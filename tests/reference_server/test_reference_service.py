from __future__ import annotations

import asyncio
import contextlib
import gc

import pytest

from reference_server.errors import (
    BadRequest,
    GenerationFailed,
    ModelNotLoaded,
    Overloaded,
    PromptTooLong,
    Unavailable,
)
from reference_server.service import (
    GenerationOptions,
    Reasoning,
    Service,
    ServiceSettings,
    Text,
    ToolCallPiece,
)
from reference_server.tool_formats.registry import detect

WAIT_S = 60.0  # only a hang reaches it
ENDLESS = "random:1m"  # its answers run to max_tokens


@pytest.fixture(scope="module")
def service():
    service = Service(ServiceSettings(ENDLESS, max_batch=4, max_queue=4, scripted=True))
    yield service
    service.close(0)


def options(**more):
    return GenerationOptions(**{"max_tokens": 16, "temperature": 0.0, **more})


def ask(service, content="Hello"):
    return service.chat_prompt([{"role": "user", "content": content}], None, {})


async def collect(generation):
    async with asyncio.timeout(WAIT_S):
        return [piece async for piece in generation]


def played(service, script, **more):
    async def go():
        generation = service.generate(ask(service), options(max_tokens=500, script=script, **more))
        return await collect(generation), generation

    return asyncio.run(go())


async def quiet(service):
    async with asyncio.timeout(WAIT_S):
        while (state := service.state()).running or state.waiting:  # noqa: ASYNC110 - no signal
            await asyncio.sleep(0.001)


@pytest.mark.parametrize(
    "text", ["", "plain", "👩‍👩‍👧 東京 é\u0301", "a <tool_call> </think> \n b"]
)
def test_a_scripted_output_is_exact(service, text):
    pieces, generation = played(service, text)
    assert "".join(piece.text for piece in pieces) == text
    assert generation.finish_reason == "stop"
    assert generation.completion_tokens == len(service.text_prompt(text)) if text else True
    assert not any("\ufffd" in piece.text for piece in pieces)


def test_reasoning_and_calls_are_pieces(service):
    call = '<tool_call>\n{"name": "f", "arguments": {"city": "東京"}}\n</tool_call>'
    script = f"<think>\nhm\n</think>\n\nTwo calls.{call}\n{call}"
    pieces, generation = played(service, script, parse=True)
    assert "".join(p.text for p in pieces if isinstance(p, Reasoning)) == "hm"
    assert "".join(p.text for p in pieces if isinstance(p, Text)) == "Two calls."
    calls = [p for p in pieces if isinstance(p, ToolCallPiece)]
    assert [(c.index, c.name, c.arguments) for c in calls] == [
        (0, "f", '{"city": "東京"}'),
        (1, "f", '{"city": "東京"}'),
    ]
    assert generation.finish_reason == "tool_calls"


def test_without_tools_or_parsing_calls_are_text(service):
    call = '<tool_call>{"name": "f"}</tool_call>'
    assert played(service, call, parse=True, tools=None)[0][-1] == Text("</tool_call>")
    assert "".join(p.text for p in played(service, call)[0]) == call


@pytest.mark.parametrize("count", [1, 2, 7])
def test_length_means_that_the_limit_was_reached(service, count):
    async def go():
        generation = service.generate(ask(service), options(max_tokens=count))
        await collect(generation)
        assert (generation.finish_reason, generation.completion_tokens) == ("length", count)

    asyncio.run(go())


def test_a_stop_string_cuts_the_greedy_text_and_frees_the_row(service):
    async def go():
        whole = "".join(p.text for p in await collect(service.generate(ask(service), options())))
        for start in range(len(whole) - 3):
            stop = whole[start : start + 3]
            generation = service.generate(ask(service), options(max_tokens=3000, stop=(stop,)))
            pieces = await collect(generation)
            assert "".join(p.text for p in pieces) == whole[: whole.index(stop)]
            assert (generation.finish_reason, generation.stop_sequence) == ("stop", stop)
        await quiet(service)

    asyncio.run(go())


def test_a_seed_repeats_and_none_does_not(service):
    async def go():
        async def draw(seed):
            drawn = options(temperature=1.5, seed=seed, max_tokens=24)
            return [p async for p in service.generate(ask(service), drawn)]

        assert await draw(5) == await draw(5)
        assert await draw(-(2**70)) == await draw(-(2**70))
        assert await draw(5) != await draw(6)
        assert await draw(None) != await draw(None)

    asyncio.run(go())


@pytest.mark.parametrize("extreme", [{"temperature": 1e-300}, {"top_p": 0.0}, {"top_p": 1e-9}])
def test_sampling_without_any_choice_is_greedy(service, extreme):
    async def go():
        greedy = await collect(service.generate(ask(service), options()))
        drawn = options(**{"temperature": 1.0, "seed": 1, **extreme})
        assert await collect(service.generate(ask(service), drawn)) == greedy

    asyncio.run(go())


def test_the_context_bounds_prompt_and_answer(service):
    async def go():
        full = [300] * service.context_length
        with pytest.raises(PromptTooLong, match="4096"):
            service.generate(full, options())
        generation = service.generate(full[:-3], options(max_tokens=10**9))
        await collect(generation)
        assert (generation.finish_reason, generation.completion_tokens) == ("length", 3)

    asyncio.run(go())


@pytest.mark.parametrize("prompt", [[], [-1], [2048], [5, 10**30]])
def test_a_prompt_that_is_none(service, prompt):
    async def go():
        with pytest.raises(BadRequest) as caught:
            service.generate(prompt, options())
        assert caught.value.field == "prompt"

    asyncio.run(go())
    with pytest.raises(BadRequest, match="empty"):
        service.text_prompt("")


async def by_cancel(generation):
    await anext(generation)
    generation.cancel()
    assert await collect(generation) == []
    assert generation.finish_reason is None


async def by_closing(generation):
    async with contextlib.aclosing(generation):
        await anext(generation)


async def by_task(generation):
    task = asyncio.create_task(collect(generation))
    await asyncio.sleep(0.01)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def by_nothing(generation):
    await anext(generation)


@pytest.mark.parametrize("leave", [by_cancel, by_closing, by_task, by_nothing])
def test_whoever_leaves_frees_the_row(service, leave):
    async def go():
        generation = service.generate(ask(service), options(max_tokens=4000))
        sequence = generation._sequence
        await leave(generation)
        if leave is by_nothing:
            del generation
            gc.collect()
        await quiet(service)
        assert len(sequence.generated) < 2000

    asyncio.run(go())


def test_whoever_stays_gets_everything(service):
    async def go():
        generation = service.generate(ask(service), options(max_tokens=2000))
        await collect(generation)
        assert generation.completion_tokens == 2000

    asyncio.run(go())


def test_too_many_are_refused_and_the_others_served(service):
    async def go():
        held = [service.generate(ask(service), options(max_tokens=4000)) for _ in range(8)]
        with pytest.raises(Overloaded):
            service.generate(ask(service), options())
        for generation in held:
            generation.cancel()
        await quiet(service)
        assert await collect(service.generate(ask(service), options()))

    asyncio.run(go())


def test_the_state_tells_the_truth(service):
    async def go():
        await quiet(service)
        before = service.state()
        generation = service.generate(ask(service), options(max_tokens=4000))
        await anext(generation)
        state = service.state()
        assert (state.alive, state.running, state.waiting) == (True, 1, 0)
        assert state.finished == before.finished
        generation.cancel()
        await quiet(service)
        assert service.state().finished == before.finished + 1
        assert (state.dtype, state.device) == ("float32", before.device)
        assert state.versions["mlx-lm"]

    asyncio.run(go())


def test_a_dead_engine_is_told_in_state_and_to_everyone():
    service = Service(ServiceSettings(None, max_batch=2))

    def broken():
        raise RuntimeError("the device is gone")

    async def go():
        generation = service.generate(ask(service), options(max_tokens=4000))
        await anext(generation)
        assert (service.state().alive, service.state().failure) == (True, None)
        decoder = service._engine._decoder
        decoder.step = decoder.reset = broken
        with pytest.raises(GenerationFailed, match="the device is gone"):
            await collect(generation)
        async with asyncio.timeout(WAIT_S):
            while service.state().alive:  # noqa: ASYNC110 - the thread's end has no signal
                await asyncio.sleep(0.001)
        assert "the device is gone" in service.state().failure
        with pytest.raises(Unavailable, match="the device is gone"):
            service.generate(ask(service), options())

    try:
        asyncio.run(go())
    finally:
        service.close(0)


def test_scripts_need_permission():
    service = Service(ServiceSettings())

    async def go():
        with pytest.raises(BadRequest, match="--scripted"):
            service.generate(ask(service), options(script="x"))

    try:
        asyncio.run(go())
    finally:
        service.close(0)
    assert not service.state().alive


def test_tools_that_the_model_writes_in_another_form_are_refused(service, monkeypatch):
    tool = {"type": "function", "function": {"name": "f"}}
    messages = [{"role": "user", "content": "x"}]
    assert service.chat_prompt(messages, [tool], {})
    monkeypatch.setattr(service, "_parser", detect("no marks of tools"))
    with pytest.raises(BadRequest) as caught:
        service.chat_prompt(messages, [tool], {})
    assert caught.value.field == "tools"
    assert service.chat_prompt(messages, None, {})


def test_a_prompt_that_ends_inside_a_think_block_starts_with_reasoning(service):
    async def go():
        forced = options(max_tokens=50, script="hm</think>Hello", parse=True)
        opened = await collect(
            service.generate([*ask(service), *service.text_prompt("<think>\n")], forced)
        )
        plain = await collect(service.generate(ask(service), forced))
        assert isinstance(opened[0], Reasoning)
        assert isinstance(plain[0], Text)

    asyncio.run(go())


@pytest.mark.parametrize("name", ["/no/such/folder"])
def test_a_model_that_is_not_there(name):
    with pytest.raises(
        ModelNotLoaded, match="'/no/such/folder' cannot be loaded: there is no such"
    ):
        Service(ServiceSettings(name))
