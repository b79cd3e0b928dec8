"""``<tool_call>{"name": …, "arguments": {…}}</tool_call>`` and formats with other marks around it.

Format: https://github.com/NousResearch/Hermes-Function-Calling, used by Qwen2.5 and Qwen3.
"""

from __future__ import annotations

from functools import partial

from reference_server.tool_formats import objects
from reference_server.tool_formats.format import Block, ToolFormat
from reference_server.tool_formats.scanners import Balanced, Until


def between(opening: str, close: str, *, at_end: bool = False) -> Block:
    """A block that holds one object or an array of them."""
    return Block(opening, partial(Until, close), objects.array, close=close, at_end=at_end)


def after(opening: str, *, lead: bool = False) -> Block:
    """A block that ends with its array; a lead begins with the array's own bracket."""
    start = 0 if lead else len(opening)
    parse = objects.bracketed if lead else objects.array
    return Block(opening, partial(Balanced, start), parse, lead=lead)


HERMES = ToolFormat(
    "hermes",
    "Hermes, Qwen2.5, Qwen3, Granite 4 and others",
    (between("<tool_call>", "</tool_call>"),),
    frozenset({"<tool_call>", "</tool_call>"}),
)

NEMOTRON = ToolFormat(
    "nemotron",
    "Nemotron Nano 2",
    (between("<TOOLCALL>", "</TOOLCALL>"),),
    frozenset({"<TOOLCALL>", "</TOOLCALL>"}),
)

GRANITE = ToolFormat(
    "granite",
    "Granite 3",
    (after("<|tool_call|>"), after("<tool_call>")),
    frozenset({"<|tool_call|>", "<tool_call>"}),
)

PHI4_MINI = ToolFormat(
    "phi4_mini",
    "Phi-4-mini",
    (after("functools"), between("<|tool_call|>", "<|/tool_call|>", at_end=True)),
    frozenset({"<|tool_call|>", "<|/tool_call|>"}),
)

XLAM = ToolFormat("xlam", "xLAM", (after("[", lead=True),))
