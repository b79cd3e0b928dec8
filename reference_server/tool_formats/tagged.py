"""Calls in tags that differ in their names only: Qwen3-Coder, Seed, GLM, MiniMax and others.

Formats: the chat templates of these models.
"""

from __future__ import annotations

import re

from reference_server.tool_formats.format import ToolFormat
from reference_server.tool_formats.markup import Tags


def _functions(name: str, models: str, tag: str) -> ToolFormat:
    """``<TAG><function=f><parameter=k>value</parameter></function></TAG>``."""
    opening, close = f"<{tag}>", f"</{tag}>"
    tags = Tags(
        call=r"<function=(?P<name>[^>]+)>",
        parameter=r"<parameter=(?P<key>[^>]+)>",
        opening="<parameter=",
        value_end="</parameter>",
        end="</function>",
        close=close,
        newlines=True,
    )
    block = tags.block(opening)
    return ToolFormat(name, models, (block,), frozenset({opening, close}))


def _pairs(name: str, models: str, prefix: str) -> ToolFormat:
    """``<TAG>f<arg_key>k</arg_key><arg_value>value</arg_value></TAG>``."""
    opening, close = f"<{prefix}tool_call>", f"</{prefix}tool_call>"
    key, value = f"{prefix}arg_key", f"{prefix}arg_value"
    tags = Tags(
        call=r"\A\s*(?P<name>[^\s<{}\[\]]+)",
        parameter=rf"<{key}>(?P<key>.*?)</{key}>\s*<{value}>",
        opening=f"<{key}>",
        value=f"<{value}>",
        value_end=f"</{value}>",
        end="",
        close=close,
    )
    block = tags.block(opening)
    marks = {opening, close, *(f"<{end}{tag}>" for tag in (key, value) for end in ("", "/"))}
    return ToolFormat(name, models, (block,), frozenset(marks))


def _invokes(name: str, models: str, outer: str, prefix: str) -> ToolFormat:
    """``<OUTER><invoke name="f"><parameter name="k">value</parameter></invoke></OUTER>``."""
    opening, close = f"<{outer}>", f"</{outer}>"
    tags = Tags(
        call=rf'<{prefix}invoke\b[^>]*?\bname="(?P<name>[^"]+)"[^>]*>',
        parameter=rf'<{prefix}parameter\b[^>]*?\bname="(?P<key>[^"]+)"[^>]*>',
        opening=f"<{prefix}parameter ",
        value_end=f"</{prefix}parameter>",
        end=f"</{prefix}invoke>",
        close=close,
        newlines=True,
    )
    block = tags.block(opening)
    return ToolFormat(name, models, (block,), frozenset({opening, close}))


QWEN3_CODER = _functions("qwen3_coder", "Qwen3-Coder, Qwen3.5, Nemotron 3", "tool_call")
SEED_OSS = _functions("seed_oss", "Seed-OSS", "seed:tool_call")
GLM4 = _pairs("glm4", "GLM 4.5 to 4.7, Laguna", "")
LONGCAT = _pairs("longcat", "LongCat", "longcat_")
MINIMAX_M2 = _invokes("minimax_m2", "MiniMax M2", "minimax:tool_call", "")
MUSE_SPARK = _invokes("muse_spark", "Muse Spark", "atem:function_calls", "atem:")

_OPEN, _CLOSE = '<function name="', "</function>"
_minicpm = Tags(
    call=r'\A(?P<name>[^"]+)"\s*>',
    parameter=r'<param name="(?P<key>[^"]*)"\s*>',
    opening="<param ",
    value_end="</param>",
    end="",
    close=_CLOSE,
    wrapper=re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.DOTALL),
)
MINICPM5 = ToolFormat("minicpm5", "MiniCPM5", (_minicpm.block(_OPEN),))
