"""Calls in Python: ``[f(city="SF"), g(n=1)]``, with other marks around them for each model.

Formats: https://github.com/meta-llama/llama-models, models/llama4/prompt_format.md, and the chat
templates of LFM2 and OLMo 3. Names may hold dashes and dots, and JSON's words may stand for values.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from functools import partial

from reference_server.tool_formats import jsontext, objects
from reference_server.tool_formats.format import Block, Call, Parts, ToolFormat
from reference_server.tool_formats.offered import Offered, arguments
from reference_server.tool_formats.scanners import PYTHON, Balanced, Until
from reference_server.tool_formats.walk import walked

NAME = re.compile(r"(?<![\w.\-])(?P<name>[\w.\-]+)\(")
WORDS = {"true": "true", "false": "false", "null": "null"}


def parse(body: str, offered: Offered) -> Parts | None:
    """The calls of a list, or one a line; objects in JSON are read, too."""
    if jsontext.is_json(body):
        return objects.array(body, offered)
    return walked(body, NAME, _read, between="[],;")


def _read(body: str, at: int) -> tuple[Call, int] | None:
    head = NAME.match(body, at)
    length = Balanced(0, head="", quotes=PYTHON).feed(body[head.end() - 1 :]) if head else None
    if head is None or not length:
        return None
    end = head.end() - 1 + length
    found = _arguments(body[head.end() : end - 1])
    return (Call(head["name"], found), end) if found is not None else None


def _arguments(source: str) -> str | None:
    """The JSON text of keyword arguments; None when they are no such thing."""
    source = f"f({source})"
    try:
        with warnings.catch_warnings(action="ignore"):  # about escapes that Python does not know
            call = ast.parse(source, mode="eval").body
        if not isinstance(call, ast.Call) or call.args:
            return None
        members = {one.arg: _json(one.value, source) for one in call.keywords if one.arg}
        if len(members) != len(call.keywords):
            return None
        found = arguments(members)
        found.encode()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return found


def _json(node: ast.expr, source: str) -> str:
    """A literal as JSON text; numbers keep their spelling where JSON has it, too.

    Raises:
        ValueError: it is no literal, or not one of JSON's.
    """
    if isinstance(node, ast.List | ast.Tuple):
        return "[" + ", ".join(_json(one, source) for one in node.elts) + "]"
    if isinstance(node, ast.Dict):
        keys = [ast.literal_eval(key) if key is not None else None for key in node.keys]
        if not all(isinstance(key, str) for key in keys):
            raise ValueError("keys of JSON's objects are strings")
        values = (_json(one, source) for one in node.values)
        return arguments(dict(zip(map(str, keys), values, strict=True)))
    if isinstance(node, ast.Name) and node.id in WORDS:
        return WORDS[node.id]
    value = ast.literal_eval(node)
    spelled = ast.get_source_segment(source, node) or ""
    if isinstance(value, int | float) and jsontext.is_json(spelled):
        return spelled
    if value is None or isinstance(value, str | int | float):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    raise ValueError("no literal of JSON")


def _between(opening: str, close: str) -> Block:
    return Block(opening, partial(Until, close, PYTHON), parse, close=close, at_end=True)


def _bare(body: str, offered: Offered) -> Parts | None:
    return parse("[" + body, offered)


LLAMA4 = ToolFormat(
    "pythonic",
    "Llama 4, Llama 3.2 with such a template",
    (
        _between("<|python_start|>", "<|python_end|>"),
        Block("[", partial(Balanced, 0, quotes=PYTHON), _bare, lead=True),
    ),
    frozenset({"<|python_start|>", "<|python_end|>"}),
)
LFM2 = ToolFormat(
    "lfm2",
    "LFM2 and LFM2.5",
    (_between("<|tool_call_start|>", "<|tool_call_end|>"),),
    frozenset({"<|tool_call_start|>", "<|tool_call_end|>"}),
)
OLMO3 = ToolFormat("olmo3", "OLMo 3", (_between("<function_calls>", "</function_calls>"),))
