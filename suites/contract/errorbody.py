"""The shapes of errors: what is wrong with one, in a sentence, or None."""

from __future__ import annotations

from harness.records import Exchange, Json
from suites.contract.reading import MISSING, at, decoded, shown


def openai_error_problem(exchange: Exchange) -> str | None:
    """OpenAI's Error: message and type texts, param and code present and nullable."""
    problem = _envelope_problem(exchange)
    if problem:
        return problem
    error = at(decoded(exchange.body), "error")
    if not isinstance(error, dict):
        return f"error is {_kind(error)}, not an object"
    for key in ("message", "type"):
        if not isinstance(error.get(key), str) or not error[key]:
            return f"error.{key} is {_kind(error.get(key, MISSING))}, not a text"
    for key in ("param", "code"):
        if not isinstance(error.get(key, MISSING), str | None):
            return f"error.{key} is {_kind(error.get(key, MISSING))}, not a text or null"
    return None


def anthropic_error_problem(exchange: Exchange) -> str | None:
    """Anthropic's ErrorResponse: type "error" and an error of type and message."""
    problem = _envelope_problem(exchange)
    if problem:
        return problem
    body = decoded(exchange.body)
    if at(body, "type") != "error":
        return f"type is {at(body, 'type')!r}, not 'error'"
    for key in ("type", "message"):
        value = at(body, "error", key)
        if not isinstance(value, str) or not value:
            return f"error.{key} is {_kind(value)}, not a text"
    return None


def json_problem(exchange: Exchange) -> str | None:
    """Whether a response says that it is JSON and is."""
    content_type = (exchange.header("content-type") or "none").lower()
    kind = content_type.split(";")[0].strip()
    if kind != "application/json" and not kind.endswith("+json"):
        return f"the content type is {content_type}"
    if decoded(exchange.body) is MISSING:
        return f"the body is not JSON: {shown(exchange)}"
    return None


def _envelope_problem(exchange: Exchange) -> str | None:
    if exchange.error:
        return shown(exchange)
    if exchange.status is None or exchange.status < 400:
        return f"HTTP {exchange.status}, not an error"
    if not isinstance(decoded(exchange.body), dict):
        return f"the body is not a JSON object: {shown(exchange)}"
    return None


def _kind(value: Json) -> str:
    if value is MISSING:
        return "absent"
    names = {str: "a text", int: "a number", float: "a number", list: "a list", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "an object")
