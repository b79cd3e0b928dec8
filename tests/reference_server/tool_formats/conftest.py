"""The corpus: for each format, texts and what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reference_server.chat.pieces import Text
from reference_server.tool_formats.registry import FORMATS
from reference_server.tool_formats.splitter import ToolSplitter

CORPUS = Path(__file__).parent / "corpus"
TOOLS = json.loads((CORPUS / "tools.json").read_text())


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text().splitlines()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "row" in metafunc.fixturenames:
        found = [(name, row) for name in FORMATS for row in rows(name)]
        ids = [f"{name}-{row['case'].replace(' ', '_')}" for name, row in found]
        metafunc.parametrize(("name", "row"), found, ids=ids)


@pytest.fixture(scope="session")
def tools() -> list[dict]:
    return TOOLS


@pytest.fixture(scope="session")
def corpus():
    return rows


@pytest.fixture(scope="session")
def read():
    """What a text that comes in pieces says: texts, and calls as name, arguments and id."""

    def reading(name: str, pieces, offered=TOOLS, **options) -> list:
        splitter, found = ToolSplitter(FORMATS[name], offered, **options), [""]
        parts = [part for piece in pieces for part in splitter.push(piece)] + splitter.flush()
        for part in parts:
            if isinstance(part, Text):
                found[-1] += part.text
            else:
                found += [(part.name, part.arguments, part.id), ""]
        return [entry for entry in found if entry != ""]

    return reading
