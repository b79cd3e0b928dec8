from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.chat.stops import StopMatcher

# A small alphabet makes overlaps and near misses common.
TEXTS = st.text("ab<", max_size=30)
STOPS = st.lists(st.text("ab<", min_size=1, max_size=4), max_size=3)


def run(pieces, stops):
    matcher = StopMatcher(stops)
    out = [matcher.push(piece) for piece in pieces]
    return "".join([*out, matcher.flush()]), matcher.matched


def cut(text, points):
    edges = sorted({0, len(text), *(point % (len(text) + 1) for point in points)})
    return [text[a:b] for a, b in itertools.pairwise(edges)]


def expected(text, stops):
    found = [(text.find(s), len(s), s) for s in stops if s in text]
    if not found:
        return text, None
    at, _, stop = min(found)
    return text[:at], stop


@settings(max_examples=100, deadline=None)
@given(TEXTS, STOPS, st.lists(st.integers(0, 30)))
def test_any_cut_gives_the_first_stop(text, stops, points):
    assert run(cut(text, points), stops) == expected(text, stops)
    assert run(text, stops) == expected(text, stops)


@settings(max_examples=100, deadline=None)
@given(TEXTS, STOPS)
def test_nothing_is_given_that_a_stop_takes_back(text, stops):
    matcher, given_out = StopMatcher(stops), ""
    for character in text:
        given_out += matcher.push(character)
        assert expected(text, stops)[0].startswith(given_out)


@pytest.mark.parametrize(
    ("text", "stops", "result"),
    [
        ("say STOP now", ("STOP",), ("say ", "STOP")),
        ("say STO", ("STOP",), ("say STO", None)),
        ("one two", ("two", "one"), ("", "one")),
        ("abcd", ("c", "bcd"), ("a", "bcd")),
        ("abcx", ("c", "bcd"), ("ab", "c")),
        ("aab", ("ab",), ("a", "ab")),
        ("no stops", (), ("no stops", None)),
    ],
)
def test_cases(text, stops, result):
    assert run(text, stops) == result
    assert run([text], stops) == result


def test_a_beginning_is_held_back_and_then_released():
    matcher = StopMatcher(("###",))
    assert [matcher.push(c) for c in "a##b"] == ["a", "", "", "##b"]


def test_without_a_possible_beginning_nothing_is_held():
    matcher = StopMatcher(("###",))
    assert [matcher.push(c) for c in "abc"] == ["a", "b", "c"]


def test_after_a_match_nothing_comes():
    matcher = StopMatcher(("x",))
    assert matcher.push("ax") == "a"
    assert matcher.matched == "x"
    assert matcher.push("more") + matcher.flush() == ""
