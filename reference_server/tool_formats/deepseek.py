"""DeepSeek: a section of calls, V3 and R1 with a code block, V3.1 without, V3.2 in tags.

Formats: the chat templates of https://huggingface.co/deepseek-ai.
"""

from __future__ import annotations

import re
from functools import partial

from reference_server.tool_formats.format import Block, Parts, ToolFormat
from reference_server.tool_formats.markup import Tags
from reference_server.tool_formats.offered import Offered
from reference_server.tool_formats.scanners import Until
from reference_server.tool_formats.walk import headed

OPEN, CLOSE = "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"
BEGIN, SEPARATOR, END = "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>", "<｜tool▁call▁end｜>"
CONTROLS = frozenset({OPEN, CLOSE, BEGIN, SEPARATOR, END})


def _section(name: str, models: str, header: str, tail: str) -> ToolFormat:
    read = headed(re.compile(header), re.compile(tail))

    def parse(body: str, offered: Offered) -> Parts | None:
        return read(body)

    block = Block(OPEN, partial(Until, CLOSE), parse, close=CLOSE, at_end=True)
    return ToolFormat(name, models, (block,), CONTROLS)


DEEPSEEK_V3 = _section(
    "deepseek_v3",
    "DeepSeek V3 and R1",
    rf"{BEGIN}\w+{SEPARATOR}(?P<name>[^\n<]+)\n```json\s*",
    rf"\s*```\s*{END}",
)

DEEPSEEK_V31 = _section(
    "deepseek_v31", "DeepSeek V3.1", rf"{BEGIN}(?P<name>[^\n<]+){SEPARATOR}\s*", rf"\s*{END}"
)


def _tagged(outer: str) -> Block:
    opening, close = f"<｜DSML｜{outer}>", f"</｜DSML｜{outer}>"
    tags = Tags(
        call=r'<｜DSML｜invoke name="(?P<name>[^"]+)">',
        parameter=r'<｜DSML｜parameter name="(?P<key>[^"]*)"(?: string="(?P<type>\w+)")?>',
        opening="<｜DSML｜parameter ",
        value_end="</｜DSML｜parameter>",
        end="</｜DSML｜invoke>",
        close=close,
        types={"true": "string", "false": "json"},
    )
    return tags.block(opening, at_end=True)


DEEPSEEK_V32 = ToolFormat(
    "deepseek_v32",
    "DeepSeek V3.2 and V4",
    (_tagged("tool_calls"), _tagged("function_calls")),
    frozenset({"｜DSML｜"}),
)
