"""What holds for every format, however a text is cut; and which format a model speaks."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.chat.pieces import Reasoning
from reference_server.reasoning_formats import marked
from reference_server.reasoning_formats.registry import BY_NAME, FORMATS, NAMES, detect, named
from tests.reference_server.reasoning_formats.splitting import run

WORDS = ("a", "é", " ", "\n", "<", "|", "[", "to=functions.f", "analysis", "final", "thought")


def marks_of(one):
    marks = {one.marks.opening, *one.marks.closings, *one.shown}
    return sorted(marks | {mark[: len(mark) // 2] for mark in marks} | {m[1:] for m in marks})


@st.composite
def answers(draw):
    one = draw(st.sampled_from(FORMATS))
    text = "".join(draw(st.lists(st.sampled_from([*WORDS, *marks_of(one)]), max_size=12)))
    tail = draw(st.sampled_from(["", one.marks.opening, one.marks.closing]))
    points = draw(st.lists(st.integers(0, len(text)), max_size=8))
    edges = sorted({0, len(text), *points})
    return one, text, tail, [text[a:b] for a, b in itertools.pairwise(edges)]


@settings(max_examples=600, deadline=None)
@given(answers())
def test_any_cut_gives_the_same(answer):
    one, text, tail, pieces = answer
    assert run(one.name, pieces, tail) == run(one.name, [text], tail)


@settings(max_examples=300, deadline=None)
@given(answers())
def test_words_are_never_lost(answer):
    """Each letter that is in no mark comes out, as a thought or as text, as often as it went in."""
    one, text, tail, pieces = answer
    thought, said = run(one.name, pieces, tail)
    assert (thought + said).count("é") == text.count("é")


def test_a_splitter_that_holds_nothing_back_is_caught(monkeypatch):
    """The negative control of the cuts."""
    pieces = ["<think>a</thi", "nk>b"]
    assert run("qwen3", pieces) == run("qwen3", ["".join(pieces)])
    monkeypatch.setattr(marked, "held_length", lambda text, marker: 0)
    assert run("qwen3", pieces) != run("qwen3", ["".join(pieces)])


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_thinking_says_where_an_answer_stands(one):
    splitter = one.splitter("")
    splitter.push(one.marks.opening + "x")
    assert splitter.thinking
    splitter.push(one.marks.closing)
    assert not splitter.thinking


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_what_is_forced_ends_a_thought_and_leads_to_an_answer(one):
    splitter, marks = one.splitter(""), one.marks
    pieces = splitter.push(f"{marks.opening}hm{marks.lead}{marks.closing}{marks.resume}So.")
    pieces += splitter.flush()
    assert "".join(p.text for p in pieces if isinstance(p, Reasoning)).strip() == "hm"
    assert "".join(p.text for p in pieces if not isinstance(p, Reasoning)) == "So."


GPT_OSS = "{{ '<|start|>assistant<|channel|>' }}<|message|>"
R1 = "{{ content.split('</think>')[-1] }}{{ '<｜Assistant｜><think>' }}"
V3 = "{{ '<｜Assistant｜>' }}"
THINKS = ("<think>", "</think>")


@pytest.mark.parametrize(
    ("template", "vocabulary", "name"),
    [
        (GPT_OSS, (), "gpt_oss"),
        ("", ("<|channel>", "<channel|>"), "gemma"),
        ("", ("[THINK]", "[/THINK]"), "mistral"),
        ("[gMASK]<sop>", THINKS, "glm4"),
        (R1, (), "deepseek_r1"),
        (V3, (), None),
        (V3, THINKS, "qwen3"),
        ("<|im_start|>", THINKS, "qwen3"),
        ("<think> </think>", (), "qwen3"),
        ("<|im_start|>", ("<think>",), None),
    ],
)
def test_the_format_is_told_from_the_model(template, vocabulary, name):
    choice = detect(template, vocabulary)
    assert choice.name == name
    assert "know" in choice.reason or "template has" in choice.reason


def test_every_name_is_a_format():
    for name in NAMES[2:]:
        assert named(name).name in BY_NAME
