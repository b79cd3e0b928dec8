"""The committed weights, examined: what the model card says must be so here too."""

from __future__ import annotations

import functools

import pytest

from reference_server.models.load import load_model
from training import card
from training.dice import Dice
from training.evaluate import exam, judged, parsed, results, same, table, wild
from training.family import Call
from training.grammar import sample
from training.sample import Sample
from training.tools import Tool

# A slice of the examination with samples of its own, which other machines' sums may answer a little
# differently: its interval and the card's must overlap.
SLICE = ("ci", 140, 60)


@functools.cache
def examined(name: str | None) -> dict:
    return table(list(results(load_model(name), exam(*SLICE))))


@pytest.mark.parametrize("kind", ["exact_call", "decisions", "ended"])
def test_a_slice_of_the_examination(kind: str) -> None:
    here, told = examined(None)[kind], card.read("embedded")[kind]
    assert here["n"] >= 20
    assert here["high"] >= told["low"]
    assert here["low"] <= told["high"]


def test_an_untrained_model_fails_it() -> None:
    found = table(list(results(load_model("random:1m"), exam("ci", 12, 10))))
    assert found["exact_call"]["right"] == 0
    assert found["ended"]["right"] == 0


def test_the_card_is_written_from_the_figures() -> None:
    assert (card.MODELS / "embedded" / "README.md").read_text("utf-8") == card.card()


def test_the_exam_repeats_and_is_held_out() -> None:
    once, again = exam("x", 30, 20), exam("x", 30, 20)
    assert once == again
    told = {one.messages[-2]["content"] for one in once}
    dice = Dice("other", "train")
    assert not told & {made.messages[0]["content"] for made in
                       (sample(dice) for _ in range(500)) if made.messages}  # fmt: skip


def test_the_hand_written_requests() -> None:
    made = wild()
    assert len(made) == 120
    for one in made:
        for call in one.calls:
            offered = {tool.name: tool for tool in one.tools}
            assert set(call.arguments) <= set(offered[call.name].parameters["properties"])


TOOL = Tool("f", "", {"type": "object", "properties": {"a": {"type": "string"}}})
ASKED: tuple[dict, ...] = ({"role": "user", "content": "x"}, {"role": "assistant", "content": ""})


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('<tool_call>\n{"name": "f", "arguments": {"a": "1"}}\n</tool_call>', True),
        ('<think>\nf</think><tool_call>{"arguments": {"a": "1"}, "name": "f"}</tool_call>', True),
        ('<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>', False),
        ('<tool_call>\n{"name": "f", "arguments": {"a": "1", "b": 2}}\n</tool_call>', False),
        ('<tool_call>\n{"name": "g", "arguments": {"a": "1"}}\n</tool_call>', False),
        ('<tool_call>\n{"name": "f", "arguments": {"a": "1"}}\n</tool_call>' * 2, False),
        ('<tool_call>\n{"name": "f", "arguments": {"a": "1"}}', False),
        ("f", False),
    ],
)  # fmt: skip
def test_what_counts_as_an_exact_call(text: str, right: bool) -> None:
    one = Sample("call", "f", ASKED, (TOOL,), calls=(Call("f", {"a": "1"}),))
    assert judged(one, parsed(text, ended=True, tokens=9)) is right


@pytest.mark.parametrize(
    ("situation", "key", "text", "right"),
    [
        ("nofit", None, "No.", True),
        ("nofit", None, "", False),
        ("missing", "city", "Which place?", True),
        ("missing", "city", '<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>', False),
        ("result", "12", "It is 12.", True),
        ("result", "12", "It is 13.", False),
        ("talk essay", None, "The sea.", None),
    ],
)
def test_what_counts_where_no_call_is_right(
    situation: str, key: str | None, text: str, right: bool | None
) -> None:
    one = Sample(situation, "f", ASKED, (TOOL,), key=key)
    assert judged(one, parsed(text, ended=True, tokens=9)) is right


def test_numbers_are_compared_as_json_has_them() -> None:
    assert same([Call("f", {"a": 1})], [Call("f", {"a": 1.0})])
    assert not same([Call("f", {"a": 1})], [Call("f", {"a": True})])
    assert not same([Call("f", {"a": 1})], [Call("f", {"a": "1"})])
    assert same([Call("f", {}), Call("g", {})], [Call("g", {}), Call("f", {})])
    assert not same([Call("f", {})], [Call("f", {}), Call("f", {})])
