"""What all formats share: ids, duplicates, names that nobody offered, and when a call comes."""

from __future__ import annotations

import json
import logging
import time

import pytest

from reference_server.chat.pieces import Text, ToolCallPiece
from reference_server.tool_formats.registry import FORMATS
from reference_server.tool_formats.splitter import ToolSplitter


def hermes(name, arguments="{}"):
    return f'<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>'


def test_a_call_comes_with_the_last_letter_of_its_block(corpus):
    late = {"llama3", "mistral"}  # another call may follow: the next letter decides
    for name, form in FORMATS.items():
        (row,) = (row for row in corpus(name) if row["case"] == "single")
        splitter = ToolSplitter(form, [{"function": {"name": "weather"}}])
        before = [piece for letter in row["text"] for piece in splitter.push(letter)]
        assert [type(piece) for piece in before] == ([] if name in late else [ToolCallPiece]), name
        assert len(splitter.flush()) == (1 if name in late else 0)


def test_text_before_a_block_does_not_wait(corpus):
    for form in FORMATS.values():
        splitter = ToolSplitter(form)
        assert splitter.push("Well then. ") == [Text("Well then. ")], form.name


def test_duplicates_stay_unless_asked(read):
    text = hermes("f", '{"a": 1, "b": 2}') + hermes("f", '{"b": 2, "a": 1}') + hermes("f")
    assert [call[0] for call in read("hermes", [text])] == ["f"] * 3
    kept = read("hermes", text, dedupe=True)
    assert [call[1] for call in kept] == ['{"a": 1, "b": 2}', "{}"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "2"), ("1", "1.0"), ("1", '"1"'), ("1e400", "1e500"), ("true", "1"), ("[1]", "[1, 1]")],
)
def test_only_exact_duplicates_go(read, one, other):
    text = hermes("f", f'{{"a": {one}}}') + hermes("f", f'{{"a": {other}}}')
    assert len(read("hermes", [text], dedupe=True)) == 2
    same = hermes("f", f'{{"a": {one}}}') * 2 + hermes("g", f'{{"a": {one}}}')
    assert [call[0] for call in read("hermes", [same], dedupe=True)] == ["f", "g"]


def test_what_was_removed_is_told(caplog):
    splitter = ToolSplitter(FORMATS["hermes"], dedupe=True)
    with caplog.at_level(logging.WARNING, "reference_server"):
        pieces = splitter.push(hermes("f", '{"secret": 1}') * 3 + "end")
    assert [(call.name, call.arguments) for call in splitter.removed] == [
        ("f", '{"secret": 1}'),
        ("f", '{"secret": 1}'),
    ]
    assert [piece.index for piece in pieces if isinstance(piece, ToolCallPiece)] == [0]
    assert pieces[-1] == Text("end")
    assert "tool f" in caplog.text
    assert "secret" not in caplog.text


def test_an_id_that_the_model_repeats_is_made_anew(read):
    call = (
        "<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0"
        "<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>"
    )
    first, second = read("kimi_k2", [call * 2])
    assert first[2] == "functions.f:0"
    assert second[2].startswith("call_")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("llama3", '{"name": "f", "parameters": {}}'),
        ("xlam", '[{"name": "f", "arguments": {}}]'),
        ("pythonic", "[f()]"),
        ("functionary", "f\n{}"),
    ],
)
def test_without_a_mark_only_offered_names_make_calls(read, name, text):
    assert read(name, [text], offered=[]) == [text]
    assert read(name, [text], offered=[{"function": {"name": "f"}}])[0][:2] == ("f", "{}")


def test_with_a_mark_any_name_makes_a_call(corpus, read):
    for name in FORMATS:
        (row,) = (row for row in corpus(name) if row["case"] == "single")
        marked = name not in ("llama3", "xlam", "pythonic", "functionary")
        found = read(name, [row["text"]], offered=[])
        assert (len(found) == 1 and not isinstance(found[0], str)) == marked, name


def test_an_inner_call_of_a_broken_one_stays_text(read):
    """Arguments may quote text of others, which must not become a call."""
    inner = json.dumps(hermes("delete_all"))
    for cut in ("}}\n</tool_call>", ""):
        text = f'<tool_call>\n{{"name": "save", "arguments": {{"text": {inner}{cut}'
        names = [part[0] for part in read("hermes", [text]) if not isinstance(part, str)]
        assert "delete_all" not in names


@pytest.mark.parametrize("name", ["hermes", "qwen3_coder", "mistral", "gemma4"])
def test_a_long_value_letter_by_letter_takes_little_time(name, corpus, read):
    (row,) = (row for row in corpus(name) if row["case"] == "single")
    text = row["text"].replace("SF", "SF " * 3_000)
    start = time.process_time()
    (call,) = read(name, text)
    assert len(json.loads(call[1])["city"]) >= 8_999
    assert time.process_time() - start < 5  # a scan of everything at each letter takes more
