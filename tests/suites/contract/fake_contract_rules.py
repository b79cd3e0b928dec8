"""What the clean fake refuses: one function a route, the first problem as (field, sentence)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from typing import Any

from tests.suites.contract.fake_contract_scripts import is_script

MODEL = "org/fake"
CONTEXT = 2000


class Refused(Exception):
    """A request that is not answered."""

    def __init__(self, field: str, sentence: str, status: int = 400, code: str = "invalid_value"):
        super().__init__(f"{field} {sentence}")
        self.field = field
        self.status = status
        self.code = code


def number(low: float, high: float) -> Callable[[Any], bool]:
    return lambda v: (
        isinstance(v, int | float)
        and not isinstance(v, bool)
        and math.isfinite(v)
        and low <= v <= high
    )


def integer(low: int, high: int = 2**62) -> Callable[[Any], bool]:
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high


def is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def stops(value: Any) -> bool:
    return is_text(value) or (isinstance(value, list) and all(is_text(v) for v in value))


def tools(value: Any) -> bool:
    def sound(tool: Any) -> bool:
        function = tool.get("function") if isinstance(tool, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        schema = function.get("parameters", {}) if isinstance(function, dict) else None
        named = is_text(name) and re.fullmatch(r"[\w-]{1,64}", name) is not None
        return named and isinstance(schema, dict)

    return isinstance(value, list) and all(sound(tool) for tool in value)


def biases(value: Any) -> bool:
    return isinstance(value, dict) and all(
        re.fullmatch(r"\d{1,5}", one) and number(-100, 100)(bias) for one, bias in value.items()
    )


def response_format(value: Any) -> bool:
    kind = value.get("type") if isinstance(value, dict) else None
    wanted = value.get("json_schema") if kind == "json_schema" else {"schema": {}}
    schema = wanted.get("schema") if isinstance(wanted, dict) else None
    return kind in {"text", "json_object", "json_schema"} and isinstance(schema, dict)


COMMON: dict[str, Callable[[Any], bool]] = {
    "model": is_text,
    "stream": is_bool,
    "max_tokens": integer(1),
    "temperature": number(0, 2),
    "top_p": number(0, 1),
    "seed": integer(-(2**62)),
    "stop": stops,
    "n": integer(1, 4),
    "presence_penalty": number(-2, 2),
    "frequency_penalty": number(-2, 2),
    "logit_bias": lambda v: v == {},
}
CHAT = {
    **COMMON,
    "max_completion_tokens": integer(1),
    "tools": tools,
    "logit_bias": biases,
    "logprobs": is_bool,
    "top_logprobs": integer(0, 20),
    "response_format": response_format,
    "parallel_tool_calls": is_bool,
    "store": lambda v: v is False,
}
COMPLETION = {
    **COMMON,
    "echo": lambda v: v is False,
    "prompt": lambda v: (
        is_text(v)
        or (isinstance(v, list) and bool(v) and all(is_text(one) for one in v))
        or (isinstance(v, list) and bool(v) and all(integer(0, 50_000)(one) for one in v))
    ),
}
CHOICES = frozenset({"auto", "any", "tool", "none"})
MESSAGE = {
    **{k: v for k, v in COMMON.items() if k not in {"n", "stop", "seed"}},
    "top_k": integer(0),
    "tool_choice": lambda v: isinstance(v, dict) and v.get("type") in CHOICES,
    "stop_sequences": lambda v: isinstance(v, list) and all(is_text(one) and one for one in v),
}


def check(body: dict[str, Any], rules: dict[str, Any], lenient: Collection[str]) -> None:
    """Every known field that is not null must fit; ``lenient`` ones are not looked at."""
    for field, fits in rules.items():
        value = body.get(field)
        if value is not None and field not in lenient and not fits(value):
            raise Refused(field, "has a wrong type or value")
    if "model" not in lenient and body.get("model") is None:
        raise Refused("model", "is required")
    if "unknown model" not in lenient and not _serves(body.get("model")):
        raise Refused("model", "is not here", 404, "model_not_found")


def _serves(model: Any) -> bool:
    return model in {None, MODEL} or is_script(model)


def check_chat(body: dict[str, Any], lenient: Collection[str]) -> None:
    check(body, CHAT, lenient)
    if "tool_choice" not in lenient:
        _check_tool_choice(body)
    alone = body.get("top_logprobs") and not body.get("logprobs")
    if alone and "top_logprobs" not in lenient:
        raise Refused("top_logprobs", "needs logprobs")


def _check_tool_choice(body: dict[str, Any]) -> None:
    choice, names = body.get("tool_choice"), _names(body)
    if choice is None or choice == "none":
        return
    if not names:
        raise Refused("tool_choice", "is only allowed with tools")
    if isinstance(choice, dict) and choice.get("function", {}).get("name") not in names:
        raise Refused("tool_choice", "names a tool that is not there")


def _names(body: dict[str, Any]) -> list[str]:
    return [tool["function"]["name"] for tool in body.get("tools") or []]


def render(messages: Any, lenient: Collection[str]) -> str:
    """The prompt: every message in a line; the tokens are counted on it."""
    if not isinstance(messages, list) or (not messages and "messages" not in lenient):
        raise Refused("messages", "must be a filled list")
    return "\n".join(_line(message, lenient) for message in messages)


def _line(message: Any, lenient: Collection[str]) -> str:
    if not isinstance(message, dict):
        raise Refused("messages", "must hold objects")
    role = message.get("role")
    known = role in {"system", "developer", "user", "assistant", "tool"}
    if not known and "role" not in lenient:
        raise Refused("messages", f"role {role!r} is unknown")
    calls = message.get("tool_calls") or []
    text = content(message.get("content"), lenient, optional=role == "assistant" and bool(calls))
    return f"{role}: {text}" + "".join(str(call["function"]["arguments"]) for call in calls)


def content(value: Any, lenient: Collection[str], *, optional: bool = False) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_part(part, lenient) for part in value)
    if optional or "content" in lenient:
        return ""
    raise Refused("content", "is required")


def _part(part: Any, lenient: Collection[str]) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "text" and isinstance(part.get("text"), str):
        return str(part["text"])
    if kind == "tool_result":
        return content(part.get("content", ""), lenient)
    if kind in {"tool_use", "thinking"}:
        return str(part.get("input", ""))
    if "part" in lenient:
        return ""
    raise Refused("content", f"cannot be of type {kind}")
