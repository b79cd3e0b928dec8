from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.report.text import BLOCK_CHARS, HARMLESS_FORMAT, anchor, block, name, sentence


@pytest.mark.parametrize(
    "harmless",
    ["plain words, 1 < 2 & so on", "日本語", "שלום", "naïve café", "👩‍💻 at work", "می‌خواهم"],
)
def test_ordinary_text_in_any_script_stays_as_it_is(harmless: str) -> None:
    assert sentence(harmless) == harmless


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\x00b", "a␀b"),
        ("abc\u202edcba", "abc[U+202E]dcba"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("half \ud83d emoji", "half [U+D83D] emoji"),
        ("\x7f\x9b1m", "[U+007F][U+009B]1m"),
        ("line\u2028break", "line break"),
    ],
)
def test_control_characters_are_shown_not_obeyed(hostile: str, shown: str) -> None:
    assert sentence(hostile) == shown


def test_a_megabyte_is_cut_and_says_so() -> None:
    shown = sentence("x" * 1_000_000)
    assert len(shown) < 700
    assert "600 of 1,000,000 characters shown" in shown


def test_what_fits_exactly_is_not_cut() -> None:
    assert block("y" * BLOCK_CHARS) == "y" * BLOCK_CHARS
    assert "cut" in block("y" * (BLOCK_CHARS + 1))


def test_a_block_keeps_its_lines_and_a_sentence_does_not() -> None:
    assert block("a\r\nb\n\tc") == "a\nb\n\tc"
    assert sentence("a\r\nb\n\tc") == "a b c"


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (3, "3"), ([1], "[1]")])
def test_other_values_become_text(value: object, shown: str) -> None:
    assert name(value) == shown


def test_an_anchor_is_safe_in_an_attribute() -> None:
    assert anchor('A"><script>') == "A-script-"
    assert anchor("A-CHT-03") == "A-CHT-03"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_nothing_that_steers_a_terminal_or_a_page_gets_through(text: str) -> None:
    for shown in (sentence(text), block(text).replace("\n", "").replace("\t", "")):
        steering = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert steering <= HARMLESS_FORMAT
        shown.encode()
