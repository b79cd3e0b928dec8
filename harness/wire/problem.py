"""Sentences for answers that are none: what the transport, the status or the body says."""

from __future__ import annotations

import json

from harness.records import Exchange, Json

# Enough of a server's message to recognise it in a table's cell or a log line.
_EXCERPT = 200
_TRANSPORT = {
    "connect": "No connection",
    "reset": "The connection broke",
    "timeout": "Timeout",
    "protocol": "Not HTTP",
    "abandoned": "Abandoned",
}


def excerpt(value: Json) -> str:
    """A value as short JSON, for a sentence."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


def transport_problem(exchange: Exchange) -> str | None:
    """The sentence for an exchange that did not end as HTTP says, else None."""
    if exchange.error is None:
        return None
    return f"{_TRANSPORT[exchange.error]}: {exchange.error_text}."


def status_problem(exchange: Exchange) -> str | None:
    """The sentence for a status other than 2xx, with the server's message, else None."""
    if exchange.status is not None and 200 <= exchange.status < 300:
        return None
    return f"HTTP {exchange.status}: {server_message(exchange.body)}."


def server_message(body: bytes) -> str:
    """What an error body says, whatever its shape (OpenAI, Anthropic, FastAPI, text, HTML)."""
    text = body.decode(errors="replace").strip()
    if not text:
        return "no body"
    if looks_like_html(body):
        return "an HTML page, not JSON"
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):  # RecursionError: nested too deep
        return excerpt(text).rstrip(".")
    return error_message(value).rstrip(".")


def error_message(value: Json) -> str:
    """The message inside a decoded error body or error event."""
    if isinstance(value, dict):
        for key in ("error", "detail", "message", "msg"):
            if value.get(key):
                return error_message(value[key])
    if isinstance(value, list) and value:
        return "; ".join(error_message(item) for item in value[:3])
    return excerpt(value)


def looks_like_html(body: bytes) -> bool:
    """True for a page meant for people."""
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<body"))
