from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.chat.pieces import Text, ToolCallPiece
from reference_server.tool_formats.hermes import HERMES
from reference_server.tool_formats.objects import call as parse
from reference_server.tool_formats.splitter import ToolSplitter


def run(pieces):
    """The texts between calls as one string each, and the calls as (index, name, arguments)."""
    splitter, found = ToolSplitter(HERMES), [""]
    parts = [part for piece in pieces for part in splitter.push(piece)] + splitter.flush()
    for part in parts:
        if isinstance(part, Text):
            found[-1] += part.text
        else:
            found += [(part.index, part.name, part.arguments), ""]
    return [entry for entry in found if entry != ""]


def wrap(body):
    return f"<tool_call>\n{body}\n</tool_call>"


F = '{"name": "f", "arguments": {"a": 1}}'
CALL_F = (0, "f", '{"a": 1}')


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (wrap(F), [CALL_F]),
        (f"Look: {wrap(F)} and so on", ["Look: ", CALL_F, " and so on"]),
        (
            wrap(F) + "\n" + wrap('{"name": "g", "arguments": {}}') + "\n",
            [CALL_F, (1, "g", "{}")],
        ),
        (wrap('{"name": "g"}'), [(0, "g", "{}")]),
        (wrap('{"name": "g", "arguments": null}'), [(0, "g", "{}")]),
        (wrap(r'{"name": "g", "arguments": "{\"a\": 1}"}'), [(0, "g", '{"a": 1}')]),
        (
            wrap('{"name": "g", "arguments": {"n": 1e400, "i": 12345678901234567890, "f": 1.0}}'),
            [(0, "g", '{"n": 1e400, "i": 12345678901234567890, "f": 1.0}')],
        ),
        (
            wrap('{"arguments": {"s": "</tool_call> } <tool_call>"}, "name": "g"}'),
            [(0, "g", '{"s": "</tool_call> } <tool_call>"}')],
        ),
        (
            wrap(r'{"name": "g", "arguments": {"s": "a\"</tool_call>\\"}}'),
            [(0, "g", r'{"s": "a\"</tool_call>\\"}')],
        ),
        (
            '<tool_call>{"name": "g", "arguments": {"s": "a\nb"}}</tool_call> end',
            [(0, "g", '{"s": "a\\nb"}'), " end"],
        ),
        (
            wrap(F) + '<tool_call>{"name": "g"}</tool_call> "end" ' + wrap(F),
            [CALL_F, (1, "g", "{}"), ' "end" ', (2, "f", '{"a": 1}')],
        ),
        (wrap('{"name": "g", "arguments": {"s": "a\nb"}}'), [(0, "g", '{"s": "a\\nb"}')]),
        (
            wrap('{"name": "天気", "arguments": {"市": "東京 😀"}}'),
            [(0, "天気", '{"市": "東京 😀"}')],
        ),
    ],
)
def test_calls(text, result):
    assert run([text]) == result
    assert run(text) == result


@pytest.mark.parametrize(
    "text",
    [
        "plain text",
        "  blank around  \n",
        "a <tool is no marker, </tool_call> neither",
        "held back: <tool_cal",
        "<tool_call>never closed " + F,
        "<tool_call>",
        wrap("no JSON"),
        wrap("[1, 2]"),
        wrap('"text"'),
        wrap('{"arguments": {}}'),
        wrap('{"name": 5, "arguments": {}}'),
        wrap('{"name": "", "arguments": {}}'),
        wrap('{"name": "f", "arguments": [1]}'),
        wrap('{"name": "f", "arguments": "no object"}'),
        wrap('{"name": "f", "arguments": {"a": NaN}}'),
        wrap('{"name": "f", "arguments": {}} and more'),
        wrap("[" * 5000),
        "",
    ],
)
def test_what_is_no_call_stays_text(text):
    assert run([text]) == run(text) == ([text] if text else [])


def test_a_broken_call_does_not_take_the_next_one_along():
    broken = wrap('{"name": "f, "arguments": {}}')
    for between in ("", "\n", " words "):
        assert run(broken + between + wrap(F)) == [broken + between, CALL_F]
        assert run([broken + between + wrap(F) + " end"]) == [broken + between, CALL_F, " end"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            (wrap(F), "text", " ", "\n", "<tool", "<tool_call>", "</tool_call>", '"', "{", "\\", F)
        ),
        max_size=8,
    ).map("".join),
    st.lists(st.integers(0, 200)),
)
def test_any_cut_gives_the_same(text, points):
    edges = sorted({0, len(text), *(point % (len(text) + 1) for point in points)})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert run(pieces) == run([text])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1), st.dictionaries(st.text(), JSON, max_size=4), st.booleans())
def test_every_call_comes_back_as_it_was(name, arguments, ascii_only):
    text = json.dumps({"name": name, "arguments": arguments}, ensure_ascii=ascii_only)
    found = run(["before" + wrap(text), "after"])
    assert found[0] == "before"
    assert found[1][1] == name
    assert json.loads(found[1][2]) == arguments
    assert found[2] == "after"


def test_a_prefix_of_the_marker_is_held_back_and_then_released():
    splitter = ToolSplitter(HERMES)
    assert splitter.push("a <tool_") == [Text("a ")]
    assert splitter.push("box>") == [Text("<tool_box>")]


def test_ids_are_unique():
    splitter = ToolSplitter(HERMES)
    calls = [p for p in splitter.push(wrap(F) * 3) if isinstance(p, ToolCallPiece)]
    assert len({call.id for call in calls}) == 3
    assert all(call.id.startswith("call_") for call in calls)


def test_parse_refuses_what_is_no_object():
    assert parse(F) is not None
    assert parse("{}") is None
    assert parse("") is None


def test_a_call_comes_as_soon_as_it_is_closed():
    splitter = ToolSplitter(HERMES)
    before = [part for character in wrap(F) for part in splitter.push(character)]
    assert [call.name for call in before] == ["f"]
    assert splitter.push('<tool_call>{"name": "g"}</tool_cal') == []
    (call,) = splitter.push("l>")
    assert call.name == "g"


@pytest.mark.parametrize(
    ("body", "is_call"),
    [
        (r'{"name": "\ud83d", "arguments": {}}', False),
        (r'{"name": "f", "arguments": {"a": ["\udc00 x"]}}', False),
        (r'{"name": "f", "arguments": {"\uD83D": 1}}', False),
        (r'{"name": "f", "arguments": "{\"a\": \"\\ud83d\"}"}', False),
        (r'{"name": "\ud83d\ude00", "arguments": {"\uD83D\uDE00": 1}}', True),
        (r'{"name": "f", "arguments": {"a": "\\ud83d"}}', True),
    ],
)
def test_half_a_surrogate_pair_makes_no_call(body, is_call):
    found = run([wrap(body)])
    assert (found != [wrap(body)]) == is_call
    for part in found:  # whatever it is, it can be sent
        [text.encode() for text in ([part] if isinstance(part, str) else part[1:])]


def test_a_number_too_large_survives_only_in_the_models_own_text():
    kept = '{"name": "g", "arguments": {"n": 1e400}}'
    assert run([wrap(kept)]) == [(0, "g", '{"n": 1e400}')]
    rewritten = '{"name": "g", "arguments": {"s": "a\nb", "n": 1e400}}'
    assert run([wrap(rewritten)]) == [wrap(rewritten)]
