from __future__ import annotations

import pytest

from reference_server.chat.pieces import Reasoning
from reference_server.reasoning_formats.registry import named
from tests.reference_server.reasoning_formats.splitting import run


@pytest.mark.parametrize("name", ["qwen3", "glm4", "glm45"])
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
        ("<think>a</think>\n<think>b</think>\nc", ("a\nb", "c")),
        ("<think>a</think> <thin", ("a", "<thin")),
        ("<think>a</think> b <think>c</think>", ("a", "b <think>c</think>")),
        ("", ("", "")),
    ],
)
def test_a_thought_at_the_start(name, text, result):
    assert run(name, [text]) == run(name, text) == result


def test_a_thought_that_the_prompt_opened():
    assert run("qwen3", ["hm\n</think>\nHello"], "<think>\n") == ("hm", "Hello")
    assert run("qwen3", ["hm\n</think>\nHello"]) == ("", "hm\n</think>\nHello")
    assert run("qwen3", ["<think>hm</think>Hello"], "<think>\n") == ("hm", "Hello")


@pytest.mark.parametrize(
    ("tail", "text", "result"),
    [
        ("<｜Assistant｜>", "hm\n</think>\n\nHello", ("hm", "Hello")),
        ("<think>\n", "hm\n</think>\n\nHello", ("hm", "Hello")),
        ("", "<think>hm</think>Hello", ("hm", "Hello")),
        ("", "all of it", ("all of it", "")),
        ("", "<thi", ("<thi", "")),
        ("</think>", "Hello", ("", "Hello")),
        ("<think>\n\n</think>\n\n", "Hello </think>", ("", "Hello </think>")),
    ],
)
def test_an_opening_mark_that_is_left_out(tail, text, result):
    assert run("deepseek_r1", [text], tail) == run("deepseek_r1", text, tail) == result


@pytest.mark.parametrize(
    ("name", "opening", "closing"),
    [("gemma", "<|channel>thought\n", "\n<channel|>"), ("mistral", "[THINK]", "[/THINK]")],
)
def test_thoughts_anywhere(name, opening, closing):
    text = f"{opening}one{closing}Hello {opening}two{closing}\nagain"
    assert run(name, [text]) == run(name, text) == ("one\ntwo", "Hello again")
    assert run(name, f"{opening}{closing}Hello") == ("", "Hello")
    assert run(name, f"a {closing} b{opening[:4]}") == ("", f"a {closing} b{opening[:4]}")


def test_reasoning_streams():
    splitter = named("qwen3").splitter("")
    assert splitter.push("<think>one ") == [Reasoning("one")]
    assert splitter.push("two") == [Reasoning(" two")]
