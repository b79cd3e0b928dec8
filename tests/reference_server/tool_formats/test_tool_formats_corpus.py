"""Every format reads its corpus, whole and cut anywhere."""

from __future__ import annotations

import itertools
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.tool_formats.registry import FORMATS


def canonical(arguments: str) -> str:
    return json.dumps(json.loads(arguments), sort_keys=True, ensure_ascii=False)


def told(found: list) -> list:
    """Without ids that are made up, and with arguments in one spelling."""
    return [
        part
        if isinstance(part, str)
        else [part[0], canonical(part[1]), *([] if part[2].startswith("call_") else [part[2]])]
        for part in found
    ]


def expected(name: str, row: dict) -> list:
    parts = []
    for part in row["parts"]:
        if isinstance(part, str):
            parts.append(part)
        else:
            parts.append([part[0], canonical(json.dumps(part[1])), *part[2:]])
    return parts


def without_ids(parts: list) -> list:
    return [part if isinstance(part, str) else part[:2] for part in parts]


def test_the_corpus_says_what_it_says(name, row, read):
    found = told(read(name, [row["text"]]))
    if not any(len(part) > 2 for part in expected(name, row) if isinstance(part, list)):
        found = without_ids(found)
    assert found == expected(name, row)


def test_letter_by_letter_and_in_any_two_pieces(name, row, read):
    text = row["text"]
    whole = without_ids(read(name, [text]))
    assert without_ids(read(name, text)) == whole
    for cut in range(1, len(text)):
        assert without_ids(read(name, [text[:cut], text[cut:]])) == whole


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_the_same_kinds_of_cases(name, corpus):
    cases = {row["case"] for row in corpus(name)}
    assert cases >= {
        "single", "parallel", "twice the same", "nested", "no arguments", "unicode",
        "marks in a value", "dash and dot in a name", "types", "truncated", "malformed",
    }  # fmt: skip
    assert cases & {"text around", "text after"}


def scraps(text: str, seed: int) -> list[str]:
    """The text cut at random, a fragment at a time."""
    dice = random.Random(seed)
    cuts = sorted(dice.sample(range(len(text) + 1), k=min(6, len(text))))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", FORMATS)
def test_any_mixture_cut_anywhere_reads_the_same(name, data, corpus, read):
    """Fragments of the corpus in any order: much of it malformed, none of it lost by a cut."""
    rows = corpus(name)
    fragments = [scrap for at, row in enumerate(rows) for scrap in scraps(row["text"], at)]
    fragments += [row["text"] for row in rows]
    text = "".join(data.draw(st.lists(st.sampled_from(fragments), max_size=6)))
    edges = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    edges = sorted({0, len(text), *edges})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    whole = read(name, [text])
    assert without_ids(read(name, pieces)) == without_ids(whole)
    for part in whole:
        if not isinstance(part, str):
            assert isinstance(json.loads(part[1]), dict)
    if all(isinstance(part, str) for part in whole) and name != "functionary":
        assert "".join(whole) == text
