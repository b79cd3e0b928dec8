"""mlx-lm's own parsers read the same corpus: where they differ is known, and why ours are kept.

``mlx_lm`` parses what stands between the first end marker and the start marker before it.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[1] / "reference_server" / "tool_formats" / "corpus"
TOOLS = json.loads((CORPUS / "tools.json").read_text())

THEIRS = {
    "hermes": "json_tools",
    "qwen3_coder": "qwen3_coder",
    "lfm2": "pythonic",
    "mistral": "mistral",
    "kimi_k2": "kimi_k2",
    "kimi_k3": "kimi_k3",
    "glm4": "glm47",
    "longcat": "longcat",
    "minimax_m2": "minimax_m2",
    "muse_spark": "muse_spark",
    "minicpm5": "minicpm5",
    "function_gemma": "function_gemma",
    "gemma4": "gemma4",
}
# Texts that mlx-lm 0.32.2 reads otherwise than they were written.
MARKS, MALFORMED = "marks in a value", {"malformed", "malformed, then a call"}
STRINGS = "words that are strings"  # "null" where the schema says string becomes null
DIFFER: dict[str, set[str]] = {
    "hermes": {MARKS, "arguments as a string"},
    "qwen3_coder": {
        MARKS, STRINGS, *MALFORMED, "not offered", "a number that is none", "Python's words",
    },
    "lfm2": {MARKS, *MALFORMED, "dash and dot in a name", "objects"},
    "mistral": {
        "dash and dot in a name", "malformed, then a call", "array and text", "call id",
        "without ARGS",
    },
    "kimi_k2": {MARKS, "no number in the id"},
    "kimi_k3": {MARKS},
    "glm4": {MARKS, STRINGS, *MALFORMED, "types"},
    "longcat": {
        MARKS, STRINGS, *MALFORMED, "types", "parallel", "twice the same", "no arguments",
    },
    "minimax_m2": {MARKS, STRINGS},
    "muse_spark": {MARKS, STRINGS, *MALFORMED, "types"},
    "minicpm5": {MARKS, STRINGS, *MALFORMED, "data section"},
    "function_gemma": {MARKS, "nested", "dash and dot in a name"},
    "gemma4": {MARKS, "dash and dot in a name"},
}  # fmt: skip


def calls_by_mlx_lm(name: str, text: str) -> list:
    """Names and arguments; none from what it raises about."""
    module = importlib.import_module(f"mlx_lm.tool_parsers.{THEIRS[name]}")
    start, end = module.tool_call_start, module.tool_call_end
    found = []
    while start in text:
        text = text.partition(start)[2]
        if end and end not in text:
            break
        body, _, text = text.partition(end) if end else (text, "", "")
        try:
            calls = module.parse_tool_call(body, TOOLS)
        except (ValueError, AttributeError, KeyError):
            continue
        found += calls if isinstance(calls, list) else [calls]
    return [[call["name"], call["arguments"]] for call in found]


@pytest.mark.parametrize("name", THEIRS)
def test_they_agree_but_where_it_is_known(name):
    rows = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text().splitlines()]
    differing = set()
    for row in rows:
        written = [part[:2] for part in row["parts"] if not isinstance(part, str)]
        if json.dumps(calls_by_mlx_lm(name, row["text"])) != json.dumps(written):
            differing.add(row["case"])
    assert differing == DIFFER[name]
