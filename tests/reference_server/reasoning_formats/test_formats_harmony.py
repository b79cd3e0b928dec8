from __future__ import annotations

import pytest

from reference_server.chat.pieces import Reasoning, Text
from reference_server.reasoning_formats.registry import named
from tests.reference_server.reasoning_formats.splitting import run

ANALYSIS = "<|channel|>analysis<|message|>"
FINAL = "<|channel|>final<|message|>"
NEXT = "<|end|><|start|>assistant"
CALL = '<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"a": 1}<|call|>'
IN_ROLE = ' to=functions.f<|channel|>commentary<|message|>{"a": 1}<|call|>'


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (f"{ANALYSIS}hm{NEXT}{FINAL}Hello<|return|>", ("hm", "Hello")),
        (f"{FINAL}Hello", ("", "Hello")),
        (f"{ANALYSIS}one{NEXT}{ANALYSIS}two{NEXT}{FINAL}Hello", ("one\ntwo", "Hello")),
        (f"{ANALYSIS}never ends", ("never ends", "")),
        (f"{ANALYSIS}cut <|en", ("cut <|en", "")),
        (f"{ANALYSIS} kept \n{FINAL}no end before it", (" kept \n", "no end before it")),
        (f"<|channel|>commentary<|message|>I look.{NEXT}{FINAL}So.", ("", "I look.\nSo.")),
        (f"{ANALYSIS}hm{NEXT}{CALL}", ("hm", "<|start|>assistant" + CALL)),
        (f"{ANALYSIS}hm{NEXT}{IN_ROLE}", ("hm", "<|start|>assistant" + IN_ROLE)),
        (CALL, ("", CALL)),
        (IN_ROLE, ("", IN_ROLE)),
        (CALL[:-15], ("", CALL[:-15])),
        ("<|channel|>analysis to=functions.f<|message|>{}", ("", None)),
        ("<|channel|>analysis to=browser<|message|>look", ("look", "")),
        ("<|channel|>other<|message|>text", ("", "text")),
        ("plain text, no message", ("", "plain text, no message")),
        ("  plain", ("", "  plain")),
        ("tomorrow", ("", "tomorrow")),
        ("<|channel|>analysis", ("", "<|channel|>analysis")),
        ("<|channel|>analysis<|end|>", ("", "<|channel|>analysis<|end|>")),
        (f"{FINAL}a<|end|> b", ("", "a\nb")),
        ("", ("", "")),
    ],
)
def test_messages(text, result):
    thought, said = result
    found = run("gpt_oss", [text])
    assert found == run("gpt_oss", text) == (thought, text if said is None else said)


def test_two_calls_stay_apart_and_whole():
    assert run("gpt_oss", f"{CALL}<|start|>assistant{CALL}")[1] == (
        f"{CALL}<|start|>assistant{CALL}"
    )


def test_bodies_stream():
    splitter = named("harmony").splitter("")
    assert splitter.push(f"{ANALYSIS}one ") == [Reasoning("one ")]
    assert splitter.thinking
    assert splitter.push("two<|end") == [Reasoning("two")]
    assert splitter.push(f"|><|start|>assistant{FINAL}So") == [Text("So")]
    assert not splitter.thinking
