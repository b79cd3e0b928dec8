from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.chat.pieces import Reasoning
from reference_server.chat.reasoning import ReasoningSplitter


def run(pieces, *, open=False):  # noqa: A002 - the splitter's own word
    splitter = ReasoningSplitter(open=open)
    parts = [part for piece in pieces for part in splitter.push(piece)] + splitter.flush()
    thought = "".join(p.text for p in parts if isinstance(p, Reasoning))
    return thought, "".join(p.text for p in parts if not isinstance(p, Reasoning))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("<think>\nhm, hm\n</think>\n\nHello", ("hm, hm", "Hello")),
        ("<think></think>Hello", ("", "Hello")),
        ("\n<think>a</think>", ("a", "")),
        ("<think>never closed </thi", ("never closed </thi", "")),
        ("<think>a </think", ("a </think", "")),
        ("Hello", ("", "Hello")),
        ("  Hello\n", ("", "  Hello\n")),
        ("Hello <think>a</think>", ("", "Hello <think>a</think>")),
        ("<thin", ("", "<thin")),
        ("<thing>", ("", "<thing>")),
        ("<think>a</think>b</think>c", ("a", "b</think>c")),
        ("", ("", "")),
    ],
)
def test_cases(text, result):
    assert run([text]) == run(text) == result


def test_a_block_that_the_prompt_opened():
    assert run("hm\n</think>\nHello", open=True) == ("hm", "Hello")
    assert run("hm\n</think>\nHello") == ("", "hm\n</think>\nHello")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(("<think>", "</think>", "<", "a", "\n", " ", "</thi")), max_size=8),
    st.lists(st.integers(0, 60)),
    st.booleans(),
)
def test_any_cut_gives_the_same(parts, points, opened):
    text = "".join(parts)
    edges = sorted({0, len(text), *(point % (len(text) + 1) for point in points)})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert run(pieces, open=opened) == run([text], open=opened)


def test_reasoning_streams():
    splitter = ReasoningSplitter()
    assert splitter.push("<think>one ") == [Reasoning("one")]
    assert splitter.push("two") == [Reasoning(" two")]
