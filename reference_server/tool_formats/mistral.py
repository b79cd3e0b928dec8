"""Mistral: ``[TOOL_CALLS] [{…}]`` up to v7, ``[TOOL_CALLS]f[CALL_ID]x[ARGS]{…}`` from v11 on.

Formats: https://github.com/mistralai/mistral-common, tokens/tokenizers/instruct.py. There is no end
marker, so that the brackets tell where a call ends.
"""

from __future__ import annotations

import re
from functools import partial

from reference_server.tool_formats import jsontext, objects
from reference_server.tool_formats.format import Block, Parts, ToolFormat
from reference_server.tool_formats.offered import Offered
from reference_server.tool_formats.scanners import Balanced
from reference_server.tool_formats.walk import headed

OPEN = "[TOOL_CALLS]"
NAME = r"[\s\w.-]*"  # what may stand before a bracket

_calls = headed(
    re.compile(
        r"(?:\[TOOL_CALLS\])?\s*(?P<name>[\w.-]+)\s*"
        r"(?:\[CALL_ID\]\s*(?P<id>[\w-]+)\s*)?(?:\[ARGS\])?\s*(?=\{)"
    ),
    re.compile(""),
)


def parse(body: str, offered: Offered) -> Parts | None:
    """The calls of an array, or of names with arguments."""
    end = jsontext.end_of(body, 0)
    if end is None:
        calls = _calls(body)
        # The marker belongs to the first call: where that is none, it is text with it.
        lost = calls is not None and isinstance(calls[0], str)
        return [OPEN + str(calls[0]), *calls[1:]] if calls and lost else calls
    parts, rest = objects.array(body[:end], offered), body[end:]
    return [*parts, rest] if parts and rest.strip() else parts


MISTRAL = ToolFormat(
    "mistral",
    "Mistral, Devstral, Magistral",
    (Block(OPEN, partial(Balanced, len(OPEN), head=NAME, joint=NAME), parse, at_end=True),),
    frozenset({OPEN, "[CALL_ID]", "[ARGS]"}),
)
