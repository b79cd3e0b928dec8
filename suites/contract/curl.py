"""A command that repeats an exchange, without keys."""

from __future__ import annotations

import shlex
from urllib.parse import urlsplit

from harness.records import Exchange

# A longer command cannot be pasted; the whole body is in the run's records.
PASTE_LIMIT = 4000
_SECRET = {"authorization": "Bearer $API_KEY", "x-api-key": "$API_KEY"}
_DUMMY = {"Bearer not-needed", "not-needed"}


def curl(exchange: Exchange, api_key: str | None = None) -> str:
    """The shell command; a raw exchange becomes ``printf … | nc``."""
    request = exchange.request
    body = request.body
    if len(body) > PASTE_LIMIT:
        return f"# {request.method} {request.url} with {len(body)} bytes: see the run's records"
    if request.method == "RAW":
        url = urlsplit(request.url)
        payload = body.replace(api_key.encode(), b"API_KEY") if api_key else body
        port = url.port or (443 if url.scheme == "https" else 80)
        return f"printf '%b' '{_escaped(payload)}' | nc {url.hostname} {port}"
    words = ["curl -sSN", "-I" if request.method == "HEAD" else f"-X {request.method}"]
    words.append(shlex.quote(request.url))
    words += [f"-H {_header(name, value)}" for name, value in request.headers]
    if body:
        words.append(_data(body))
    return " ".join(words)


def _header(name: str, value: str) -> str:
    if name.lower() in _SECRET and value not in _DUMMY:
        return f'"{name}: {_SECRET[name.lower()]}"'
    return shlex.quote(f"{name}: {value}")


def _data(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        return f"--data-binary {shlex.quote(text)}"
    return f"--data-binary @<(printf '%b' '{_escaped(body)}')"


def _escaped(data: bytes) -> str:
    named = {0x0D: "\\r", 0x0A: "\\n", 0x5C: "\\\\", 0x27: "\\047"}
    return "".join(
        named.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else f"\\0{byte:03o}") for byte in data
    )
