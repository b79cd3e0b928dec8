"""The whole way from tokens to pieces, without an engine."""

from __future__ import annotations

import functools

import pytest
from transformers import AutoTokenizer

from reference_server.chat.answer import Answer
from reference_server.chat.detokenizer import detokenizer_for
from reference_server.chat.pieces import Reasoning, Text, ToolCallPiece
from reference_server.chat.stops import StopMatcher
from reference_server.models.load import EMBEDDED
from reference_server.reasoning_formats.registry import named
from reference_server.tool_formats.hermes import HERMES
from reference_server.tool_formats.splitter import ToolSplitter


@functools.cache
def tokenizer():
    return AutoTokenizer.from_pretrained(EMBEDDED)


def play(text, *, stops=(), parse=True, truncated=False):
    answer = Answer(
        detokenizer_for(tokenizer()),
        StopMatcher(stops),
        reasoning=named("qwen3").splitter("") if parse else None,
        tools=ToolSplitter(HERMES) if parse else None,
    )
    pieces = []
    for token in tokenizer().encode(text):
        pieces += answer.push(token)
        if answer.finish_reason is not None:
            break
    else:
        pieces += answer.finish(truncated=truncated)
    content = "".join(p.text for p in pieces if isinstance(p, Text))
    thought = "".join(p.text for p in pieces if isinstance(p, Reasoning))
    calls = [p.name for p in pieces if isinstance(p, ToolCallPiece)]
    return content, thought, calls, answer.finish_reason, answer.stop_sequence


CALL = '<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'


@pytest.mark.parametrize(
    ("text", "options", "result"),
    [
        ("Hello.", {}, ("Hello.", "", [], "stop", None)),
        ("Hello.", {"truncated": True}, ("Hello.", "", [], "length", None)),
        ("a <tool", {}, ("a <tool", "", [], "stop", None)),
        ("<think>hm</think>" + CALL, {}, ("", "hm", ["f"], "tool_calls", None)),
        (CALL, {"truncated": True}, ("", "", ["f"], "length", None)),
        (CALL[:-4], {"truncated": True}, (CALL[:-4], "", [], "length", None)),
        (CALL[:-4], {}, (CALL[:-4], "", [], "stop", None)),
        (CALL, {"parse": False}, (CALL, "", [], "stop", None)),
        ("one END two", {"stops": ("END",)}, ("one ", "", [], "stop", "END")),
        ("one EN", {"stops": ("END",)}, ("one EN", "", [], "stop", None)),
        ("one END", {"stops": ("END",), "truncated": True}, ("one ", "", [], "stop", "END")),
        ("abcx", {"stops": ("c", "bcd"), "truncated": True}, ("ab", "", [], "stop", "c")),
        ("abc", {"stops": ("c", "bcd"), "truncated": True}, ("ab", "", [], "stop", "c")),
        ("<think>END</think>x", {"stops": ("END",)}, ("x", "END", [], "stop", None)),
        (CALL + "END", {"stops": ("END",)}, ("", "", ["f"], "tool_calls", None)),
        (CALL + "x", {"stops": ("name",)}, ("x", "", ["f"], "tool_calls", None)),
        ("EN" + CALL + "D", {"stops": ("END",)}, ("END", "", ["f"], "tool_calls", None)),
    ],
)
def test_answers(text, options, result):
    assert play(text, **options) == result


def test_every_window_of_a_text_stops_exactly_there():
    text = "Täglich 😀 grüßt das Murmeltier."
    for start in range(len(text) - 4):
        stop = text[start : start + 4]
        content, *_, reason, matched = play(text, stops=(stop,))
        assert (content, reason, matched) == (text[: text.index(stop)], "stop", stop)
