from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

from training import situations
from training.dice import Dice, Split
from training.sample import Sample
from training.sessions import session


def sessions(split: Split, count: int = 80) -> list[Sample]:
    dice = Dice("sessions", split)
    return [session(dice, 8) for _ in range(count)]


@pytest.mark.parametrize("split", ["train", "held-out"])
def test_a_session_is_well_formed(split: Split) -> None:
    for one in sessions(split):
        names = {tool.name for tool in one.tools}
        assert len(names) == len(one.tools)
        assert one.messages[0]["role"] == "user"
        assert one.messages[-1]["role"] == "assistant"
        for before, after in pairwise(one.messages):
            called = bool(before.get("tool_calls"))
            assert called or after["role"] != "tool"
            assert after["role"] != before["role"]
            for call in before.get("tool_calls", ()):
                assert call["function"]["name"] in names
                assert isinstance(json.loads(call["function"]["arguments"]), dict)


def test_sessions_have_all_kinds_of_turns() -> None:
    said = [m["content"] for one in sessions("train") for m in one.messages]
    called = [m for one in sessions("train") for m in one.messages if m.get("tool_calls")]
    assert len(called) > 150
    answered = [m for one in sessions("train") for m in one.messages if m["role"] == "tool"]
    assert 0.3 < len(answered) / len(called) < 0.7
    assert any(text in situations.NO_TOOL for text in said)
    assert any(text.startswith(("Which ", "What is the ", "Please tell me")) for text in said)
    assert any(text.startswith(("That did not work", "The tool failed")) for text in said)


def test_no_offered_tool_could_serve_what_none_fits() -> None:
    """Told by hand: where the answer is that no tool fits, the request names no offered tool."""
    for one in sessions("train", 200):
        for asked, answer in pairwise(one.messages):
            if answer["content"] in situations.NO_TOOL:
                words = re.findall(r"[\w-]+", asked["content"])  # a tool may be called "ls"
                assert not [tool.name for tool in one.tools if tool.name in words]
