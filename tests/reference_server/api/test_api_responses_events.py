"""The events of a streamed response: their order, their numbers, and what they add up to."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

KEEP_ALIVE = ": keep-alive\n\n"  # while a call is held back, a slow machine may send some
TOOLS = [{"type": "function", "name": "f", "parameters": {"type": "object"}}]
EVENT = TypeAdapter(ResponseStreamEvent)
LAST = {
    "response.completed": "completed",
    "response.incomplete": "incomplete",
    "response.failed": "failed",
}

words = st.text("ab é<", min_size=1, max_size=6)
arguments = st.dictionaries(st.sampled_from("xy"), st.integers(0, 9) | words, max_size=2)
calls = arguments.map(
    lambda given: f"<tool_call>\n{json.dumps({'name': 'f', 'arguments': given})}\n</tool_call>"
)
thoughts = st.just("") | words.map(lambda text: f"<think>{text}</think>")
outputs = st.tuples(thoughts, st.lists(words | calls, max_size=3)).map(
    lambda parts: parts[0] + "".join(parts[1])
)


class Disorder(AssertionError):
    """A stream is not what it must be."""


def need(condition, why):
    if not condition:
        raise Disorder(why)


class Machine:
    """Reads the events of one stream and builds the output from nothing but them."""

    def __init__(self):
        self.items = []
        self.part = None  # the text of the open part, as its deltas gave it
        self.ended = set()  # events that the open item has had its last of
        self.open = False
        self.response = None
        self.over = False

    def read(self, number, event):
        EVENT.validate_python(event)
        need(not self.over, "nothing comes after the end")
        need(event["sequence_number"] == number, "numbers count from 0 without a gap")
        need(event["type"] not in self.ended, "what is done is done")
        step = event["type"].removeprefix("response.")
        if number < 2:
            need(step == ("created", "in_progress")[number], "created, then in_progress")
        if "response" in event:
            self.lifecycle(number, event)
        else:
            name = step.replace("reasoning_text", "text").replace("output_text", "text")
            getattr(self, name.replace(".", "_"))(event)
            if name.endswith(".done") and name != "output_item.done":
                stem = event["type"].removesuffix("done")
                self.ended |= {stem + "added", stem + "delta", stem + "done"}

    def lifecycle(self, number, event):
        response = event["response"]
        self.response = self.response or response
        need(response["id"] == self.response["id"], "one response")
        if number < 2:
            need((response["status"], response["output"]) == ("in_progress", []), "a beginning")
            return
        need(response["status"] == LAST[event["type"]], "the event says the status")
        need(not self.open, "no item is open")
        need(response["output"] == self.items, "the items add up to the response")
        self.response, self.over = response, True

    def output_item_added(self, event):
        need(not self.open and event["output_index"] == len(self.items), "one item at a time")
        need(event["item"]["status"] == "in_progress", "it begins")
        need(not event["item"].get("content") and not event["item"].get("arguments"), "empty")
        self.items.append(event["item"])
        self.open, self.part, self.arguments = True, None, ""
        self.ended.clear()

    def output_item_done(self, event):
        item = self.items[-1]
        need(self.open and event["output_index"] == len(self.items) - 1, "the open item")
        need(event["item"]["id"] == item["id"], "its id stays")
        need({**event["item"], "status": "in_progress"} == item, "what its events said")
        self.items[-1] = event["item"]
        self.open = False

    def content_part_added(self, event):
        self.place(event)
        need(self.part is None and event["part"]["text"] == "", "one empty part")
        self.part = ""

    def text_delta(self, event):
        self.place(event)
        need(event["delta"] and self.part is not None, "text while the part is open")
        self.part += event["delta"]

    def text_done(self, event):
        self.place(event)
        need(event["text"] == self.part, "the deltas' text")

    def content_part_done(self, event):
        self.place(event)
        need("text.done" in "".join(self.ended), "after the text")
        need(event["part"]["text"] == self.part, "the same text")
        self.items[-1] = {**self.items[-1], "content": [event["part"]]}

    def function_call_arguments_delta(self, event):
        self.place(event, content=False)
        self.arguments += event["delta"]

    def function_call_arguments_done(self, event):
        self.place(event, content=False)
        need(event["arguments"] == self.arguments, "the deltas' arguments")
        self.items[-1] = {**self.items[-1], "arguments": self.arguments}

    def place(self, event, *, content=True):
        need(self.open and event["item_id"] == self.items[-1]["id"], "the open item")
        need(event["output_index"] == len(self.items) - 1, "its index")
        need(event.get("content_index") == (0 if content else None), "its only part")


def replayed(found):
    machine = Machine()
    for number, event in enumerate(found):
        machine.read(number, event)
    need(machine.over, "there is an end")
    return machine.response


def plain(value):
    """A response without what differs from one request to the next."""
    if isinstance(value, dict):
        own = ("id", "call_id", "created_at", "completed_at", "cached_tokens")
        return {key: plain(entry) for key, entry in value.items() if key not in own}
    return [plain(entry) for entry in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def stream(server, events):
    def read(**extra):
        answer = server.responses(stream=True, **extra)
        assert answer.status_code == 200, answer.text
        said = answer.text.replace(KEEP_ALIVE, "")
        found = [(name, json.loads(data)) for name, data in events(said)]
        assert all(name == data["type"] for name, data in found)
        return [data for _, data in found]

    return read


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(output=outputs, most=st.sampled_from([1, 3, 120]))
def test_a_stream_is_in_order_and_says_what_the_whole_says(server, stream, script, output, most):
    ask = {"model": script(output), "tools": TOOLS, "max_output_tokens": most}
    streamed = replayed(stream(**ask))
    whole = server.responses(**ask).json()
    assert plain(streamed) == plain(whole)
    usage = whole["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert usage["output_tokens"] <= most


CALL = '<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'


@pytest.fixture(scope="module")
def good(stream, script):
    found = stream(model=script(f"<think>hm</think>I ask. {CALL}"), tools=TOOLS,
                   max_output_tokens=120)  # fmt: skip
    assert Counter(event["type"] for event in found)["response.output_item.done"] == 3
    replayed(found)
    return found


@given(data=st.data())
def test_the_machine_sees_what_is_wrong(good, data):
    """The control: any one event left out, said twice or out of place is noticed."""
    found = [dict(event) for event in good]
    at = data.draw(st.integers(0, len(found) - 1))
    match data.draw(st.sampled_from(["drop", "repeat", "swap"])):
        case "drop":
            del found[at]
        case "repeat":
            found.insert(at, dict(found[at]))
        case "swap":
            other = (at + 1) % len(found)
            if found[at]["type"] == found[other]["type"]:
                return  # two deltas: the text differs, which the next test is for
            found[at], found[other] = found[other], found[at]
    for number, event in enumerate(found):
        event["sequence_number"] = number  # so that the numbers alone do not tell
    with pytest.raises((Disorder, KeyError, AttributeError)):
        replayed(found)


@pytest.mark.parametrize("key", ["delta", "text", "item_id", "output_index", "sequence_number"])
def test_the_machine_reads_the_values(good, key):
    found = [dict(event) for event in good]
    event = next(event for event in found if key in event)
    event[key] = event[key] + (1 if isinstance(event[key], int) else "x")
    with pytest.raises((Disorder, IndexError)):
        replayed(found)


def test_an_empty_answer_has_a_message(server, stream, script):
    response = replayed(stream(model=script("")))
    (item,) = response["output"]
    assert item["content"] == [
        {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    ]
    assert plain(server.responses(model=script("")).json()["output"]) == plain([item])


def test_logprobs_stream_and_whole(server, stream, script):
    ask = {"model": script("<think>hm</think>ab cd"), "max_output_tokens": 60, "top_logprobs": 2}
    found = stream(**ask)
    whole = server.responses(**ask).json()["output"]
    deltas = [event for event in found if event["type"] == "response.output_text.delta"]
    entries = [entry for event in deltas for entry in event["logprobs"]]
    assert whole[-1]["content"][0]["logprobs"] == entries
    text = "".join(entry["token"] for entry in entries)
    assert text.endswith("ab cd")
    assert "hm" not in text
    assert all(len(entry["top_logprobs"]) == 2 for entry in entries)
    asked = server.responses(include=["message.output_text.logprobs"]).json()["output"]
    assert len(asked[0]["content"][0]["logprobs"]) == 4
    without = server.responses().json()["output"]
    assert without[0]["content"][0]["logprobs"] == []
