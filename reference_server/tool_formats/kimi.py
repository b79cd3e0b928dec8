"""Kimi: K2's section of calls with ids, K3's tags with types.

Formats: https://huggingface.co/moonshotai/Kimi-K2-Instruct, docs/tool_call_guidance.md; for K3
mlx-lm's parser, which agrees on everything but text that is no call.
"""

from __future__ import annotations

import re
from functools import partial

from reference_server.tool_formats.format import Block, Parts, ToolFormat
from reference_server.tool_formats.markup import Tags
from reference_server.tool_formats.offered import Offered
from reference_server.tool_formats.scanners import Until
from reference_server.tool_formats.walk import headed

OPEN, CLOSE = "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"
BEGIN, ARGUMENT, END = "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>"

_calls = headed(
    re.compile(
        re.escape(BEGIN)
        + r"\s*(?P<id>(?:functions\.)?(?P<name>[^\s<]+?)(?::\d+)?)\s*"
        + re.escape(ARGUMENT)
    ),
    re.compile(r"\s*" + re.escape(END)),
)


def _parse(body: str, offered: Offered) -> Parts | None:
    return _calls(body)


KIMI_K2 = ToolFormat(
    "kimi_k2",
    "Kimi K2",
    (Block(OPEN, partial(Until, CLOSE), _parse, close=CLOSE, at_end=True),),
    frozenset({OPEN, CLOSE, BEGIN, ARGUMENT, END}),
)

TOOLS, TOOLS_END = "<|open|>tools<|sep|>", "<|close|>tools<|sep|>"
_CALL = r'<\|open\|>call tool="(?P<name>[^"]+)"[^<]*<\|sep\|>'
_CALL_END = r"<\|close\|>call<\|sep\|>"

_tags = Tags(
    call=_CALL,
    parameter=r'<\|open\|>argument key="(?P<key>[^"]*)"(?: type="(?P<type>\w+)")?<\|sep\|>',
    opening="<|open|>argument ",
    value_end="<|close|>argument<|sep|>",
    end=_CALL_END,
    close=TOOLS_END,
)
_object = headed(
    re.compile(_CALL + r"\s*<\|open\|>json[^<]*<\|sep\|>\s*"),
    re.compile(r"\s*<\|close\|>json<\|sep\|>\s*" + _CALL_END),
)


def _parse_k3(body: str, offered: Offered) -> Parts | None:
    return _tags.parse(body, offered) or _object(body)


KIMI_K3 = ToolFormat(
    "kimi_k3",
    "Kimi K3",
    (Block(TOOLS, _tags.scanner, _parse_k3, close=TOOLS_END, at_end=True),),
    frozenset({"<|open|>", "<|sep|>", "<|close|>"}),
)
