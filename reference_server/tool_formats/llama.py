"""Llama 3: ``{"name": …, "parameters": {…}}`` by itself or after a mark; ``<function=f>{…}``.

Formats: https://github.com/meta-llama/llama-models, models/llama3_1/prompt_format.md.
"""

from __future__ import annotations

import re
from functools import partial

from reference_server.tool_formats import objects
from reference_server.tool_formats.format import Block, Parts, ToolFormat
from reference_server.tool_formats.offered import Offered
from reference_server.tool_formats.scanners import Balanced, Until
from reference_server.tool_formats.walk import headed

PYTHON_TAG, FUNCTION, END = "<|python_tag|>", "<function=", "</function>"
# Calls may follow each other; custom templates write a semicolon between them.
JOINT = r"\s*[;,]?\s*"

_function = headed(re.compile(r"\A(?P<name>[^>{\s]+)>\s*"), re.compile(r"\s*"))


def _named(body: str, offered: Offered) -> Parts | None:
    return _function(body)


LLAMA3 = ToolFormat(
    "llama3",
    "Llama 3.1, 3.2 and 3.3",
    (
        Block(
            PYTHON_TAG,
            partial(Balanced, len(PYTHON_TAG), joint=JOINT),
            objects.row,
            at_end=True,
        ),
        Block(FUNCTION, partial(Until, END), _named, close=END),
        Block("{", partial(Balanced, 0, joint=JOINT), objects.braced, at_end=True, lead=True),
    ),
    frozenset({PYTHON_TAG, FUNCTION, END}),
)
