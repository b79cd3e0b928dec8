"""What the fake says word by word: scripts, forced calls and documents that a schema bounds."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from tests.suites.contract.fake_contract_model import Generated, Options

SCRIPT = "scripted:"
TOKEN = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
CALL = re.compile(r"\s*<tool_call>\n(.*?)\n</tool_call>", re.DOTALL)
CUT_CALL = re.compile(r"\s*<tool_call.*", re.DOTALL)
FORCE = 100  # a bias that nothing outweighs


def is_script(model: Any) -> bool:
    return isinstance(model, str) and model.startswith(SCRIPT)


def script(model: Any) -> str | None:
    """The text that a scripted model id asks for."""
    return unquote(model.removeprefix(SCRIPT)) if is_script(model) else None


def text_for(body: dict[str, Any]) -> str | None:
    """The prescribed output; None where the model babbles."""
    said = script(body.get("model"))
    if said is None:
        said = _forced_call(body)
    if said is not None:
        return said
    form = body.get("response_format") or {"type": "text"}
    if form["type"] == "json_object":
        return '{"sea": 1}'
    if form["type"] == "json_schema":
        schema = form["json_schema"]["schema"]
        return json.dumps(instance(schema, schema), ensure_ascii=False)
    biased = [one for one, bias in (body.get("logit_bias") or {}).items() if bias == FORCE]
    return f" w{biased[0]}" * 400 if biased else None


def _forced_call(body: dict[str, Any]) -> str | None:
    choice, tools = body.get("tool_choice"), body.get("tools") or []
    kind = choice.get("type") if isinstance(choice, dict) else choice
    if kind not in {"required", "function", "any", "tool"}:
        return None
    functions = [tool.get("function", tool) for tool in tools]
    name = choice.get("function", choice).get("name") if isinstance(choice, dict) else None
    chosen = next(one for one in functions if name in {None, one["name"]})
    schema = chosen.get("parameters", chosen.get("input_schema")) or {"type": "object"}
    call = {"name": chosen["name"], "arguments": instance(schema, schema)}
    return f"<tool_call>\n{json.dumps(call)}\n</tool_call>"


def instance(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """A small value that a schema allows."""
    if "$ref" in schema:
        return instance(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return instance(schema["anyOf"][0], root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {key: instance(one, root) for key, one in schema.get("properties", {}).items()}
    if kind == "array":
        return [instance(schema["items"], root)] * schema.get("minItems", 0)
    return {"boolean": True, "integer": schema.get("minimum", 0), "null": None}.get(kind, "x")


def play(text: str, options: Options) -> Generated:
    """The output up to the cap or a stop, its thought and its calls taken out."""
    tokens = TOKEN.findall(text)
    kept = tokens[: options.cap]
    finish = "stop" if len(tokens) <= options.cap else "length"
    thoughts, said = _thoughts("".join(kept))
    calls: list[tuple[str, str]] = []
    if options.extra.get("tools") and options.extra.get("tool_choice") != "none":
        calls, said = _calls(said)
    if options.extra.get("parallel_tool_calls") is False:
        calls = calls[:1]
    stop = next((one for one in options.stops if one in said), None)
    if stop is not None:
        said, finish = said[: said.index(stop)], "stop"
    finish = "tool_calls" if calls and finish == "stop" else finish
    pieces = tuple(TOKEN.findall(said))
    return Generated(pieces, len(kept), finish, stop, thoughts, tuple(calls))


def _thoughts(text: str) -> tuple[str, str]:
    if not text.startswith("<think>"):
        return "", text
    thought, _, said = text.removeprefix("<think>").partition("</think>")
    return thought.strip(), said.lstrip()


def _calls(text: str) -> tuple[list[tuple[str, str]], str]:
    found = [json.loads(one) for one in CALL.findall(text)]
    calls = [(one["name"], json.dumps(one["arguments"], ensure_ascii=False)) for one in found]
    said = CUT_CALL.sub("", CALL.sub("", text))
    return calls, said.strip() if found else said
