"""The parts of the Responses API below HTTP: turns, the store, cutting, failing."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reference_server.api.openai_responses import _events
from reference_server.api.responses_answer import ResponseAnswer
from reference_server.api.responses_body import ResponsesBody
from reference_server.api.responses_items import Item, conversation, without_call
from reference_server.api.responses_prompt import prompt
from reference_server.api.responses_store import ResponseStore, Stored
from reference_server.errors import Cancelled, GenerationFailed, PromptTooLong
from reference_server.service import Text
from reference_server.tool_formats.format import Call

ITEMS = TypeAdapter(list[Item])


def items(*given):
    return ITEMS.validate_python(list(given))


def user(text):
    return {"role": "user", "content": text}


def said(text):
    return {"role": "assistant", "content": [{"type": "output_text", "text": text}]}


def call(name):
    return {"type": "function_call", "call_id": name, "name": "f", "arguments": "{}"}


def result(name):
    return {"type": "function_call_output", "call_id": name, "output": f"of {name}"}


def thought(*texts):
    content = [{"type": "reasoning_text", "text": text} for text in texts]
    return {"type": "reasoning", "summary": [], "content": content}


def test_turns():
    turns = conversation(
        items(user("q"), thought("hm", "m"), said("I ask. "), call("1"), said("And: "), call("2"),
              result("1"), result("2"), said("So."), said("Again."), user("r"))
    )  # fmt: skip
    assert [turn["role"] for turn in turns] == [
        "user", "assistant", "tool", "tool", "assistant", "assistant", "user",
    ]  # fmt: skip
    first = turns[1]
    assert (first["content"], first["reasoning_content"]) == ("I ask. And: ", "hmm")
    assert [one["id"] for one in first["tool_calls"]] == ["1", "2"]
    assert turns[2] == {"role": "tool", "tool_call_id": "1", "content": "of 1"}
    assert [turn["content"] for turn in turns[4:]] == ["So.", "Again.", "r"]


def test_a_thought_without_text_is_no_turn():
    assert conversation(items(user("q"), thought(), user("r"))) == [user("q"), user("r")]


def test_results_need_their_calls():
    assert without_call(items(user("q"), call("1"), result("1"))) is None
    assert without_call(items(user("q"), call("1"), result("2"))) == 2
    assert without_call(items(result("1"), call("1"))) == 0


KINDS = [user("a"), said("b"), call("1"), call("2"), result("1"), thought("c"), thought()]


@given(wire=st.lists(st.sampled_from(KINDS)))
def test_what_is_listed_reads_the_same(wire):
    """A chain goes on from the listed form of its items."""
    read = items(*wire)
    listed = [item.wire() for item in read]
    assert all(entry["id"] and entry["type"] and entry["status"] for entry in listed)
    assert conversation(items(*listed)) == conversation(read)


@given(
    steps=st.lists(st.tuples(st.sampled_from(["put", "get", "remove"]), st.sampled_from("abcdef"),
                             st.integers(0, 60))),
    count=st.integers(1, 4), room=st.integers(0, 120),
)  # fmt: skip
def test_the_store_is_bounded_and_forgets_the_least_recently_used(steps, count, room):
    store, model = ResponseStore(count, room), {}  # the model: sizes, most recently used last
    for step, name, size in steps:
        if step == "put":
            store.put(name, Stored(b"x" * size, (), (), continues=True))
            model.pop(name, None)
            model[name] = size
            while len(model) > count or sum(model.values()) > room:
                del model[next(iter(model))]
        elif step == "remove":
            assert store.remove(name) == (model.pop(name, None) is not None)
        else:
            found = store.get(name)
            assert (found is not None) == (name in model)
            if found is not None:
                model[name] = model.pop(name)
        assert (len(store), store.nbytes) == (len(model), sum(model.values()))


def test_items_count_in_the_store():
    stored = Stored(b"12345", (b"123", b"12"), (b"1",), continues=True)
    assert stored.nbytes == 11


def ask(**keys):
    return ResponsesBody.model_validate({"model": "default", "input": "x"} | keys)


def test_truncation(service):
    limit = service.context_length
    long = "hello " * (limit // 5)
    turns = [user(f"{n} {long}") for n in range(8)]
    first, last = {"role": "developer", "content": "Be brief."}, [said("a"), turns[7]]

    def made(start, **extra):
        return prompt(service, ask(**extra), items(first, *turns[start:7], *last), 64)

    cut = made(0, truncation="auto")
    # Whole turns are left out, no more than must be, and what the developer said is not.
    fitting = [tokens for start in range(4, 7) if len(tokens := made(start)) <= limit - 64]
    assert cut == max(fitting, key=len)
    assert len(fitting) < 3
    assert made(6, truncation="auto") == made(6)
    # The last turn stays, however long: whoever generates refuses it.
    huge = items(user("a"), user(long * 9))
    assert len(prompt(service, ask(truncation="auto"), huge, 64)) > limit
    with pytest.raises(PromptTooLong):
        prompt(service, ask(truncation="auto"), items(user("a"), user(long * 90)), 64)


class Broken:
    """A generation that says some words and then fails."""

    prompt_tokens, completion_tokens, cached_tokens, finish_reason = 3, 2, 0, None
    asks_logprobs, reasoning_tokens, removed_calls = False, 0, ()

    def __init__(self, words, error):
        self.words, self.error = words, error

    async def __aiter__(self):
        for word in self.words:
            yield Text(word)
        raise self.error


class NoLogprobs:
    def fresh(self):
        return None


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(GenerationFailed("broke"), "failed", "generation_failed"),
     (Cancelled("gone"), "cancelled", "request_cancelled")],
)  # fmt: skip
def test_failing_in_the_middle(events, error, status, code):
    kept = []
    answer = ResponseAnswer(Broken(["a", "b"], error), {"model": "m"}, NoLogprobs())

    async def read():
        scope = {"path": "/v1/responses"}
        return [part async for part in _events(answer, lambda: kept.append(answer.status), scope)]

    found = [TypeAdapter(dict).validate_json(data) for _, data in
             events(b"".join(asyncio.run(read())).decode())]  # fmt: skip
    assert [event["sequence_number"] for event in found] == list(range(len(found)))
    assert [event["type"] for event in found[-2:]] == ["error", "response.failed"]
    assert found[-2]["code"] == code
    response = found[-1]["response"]
    assert (response["status"], kept) == (status, [status])
    assert response["output"][0]["content"][0]["text"] == "ab"
    assert response["output"][0]["status"] == "incomplete"
    assert (response["error"] is None) == (status == "cancelled")


def test_removed_calls_are_told():
    generation = Broken([], GenerationFailed("broke"))
    answer = ResponseAnswer(generation, {}, NoLogprobs())
    assert "x_removed_tool_calls" not in answer.resource()
    generation.removed_calls = [Call("f", "{}")]
    assert answer.resource()["x_removed_tool_calls"] == [{"name": "f", "arguments": "{}"}]


def test_failing_at_once_is_raised(events):
    answer = ResponseAnswer(Broken([], GenerationFailed("broke")), {}, NoLogprobs())

    async def read():
        return [part async for part in _events(answer, lambda: None, {"path": "/v1/responses"})]

    with pytest.raises(GenerationFailed):
        asyncio.run(read())
