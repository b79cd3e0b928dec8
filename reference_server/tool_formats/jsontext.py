"""JSON as text: read leniently, passed on unchanged wherever that is possible."""

from __future__ import annotations

import json
import re


def _no_constant(name: str) -> float:
    raise ValueError(name)  # NaN and Infinity are not JSON


LENIENT = json.JSONDecoder(strict=False, parse_constant=_no_constant)
STRICT = json.JSONDecoder(strict=True, parse_constant=_no_constant)
BLANK = re.compile(r"[ \t\r\n]*")


def value(text: str) -> object:
    """The value of a JSON text; None also when it is none.

    A string with half a surrogate pair is none either: the grammar of JSON allows the escape, but
    it stands for no character, and strict readers refuse it (RFC 8259, section 8.2).
    """
    try:
        found: object = LENIENT.decode(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found


def is_json(text: str) -> bool:
    """Whether the text is JSON, ``null`` included."""
    return text.strip() == "null" or value(text) is not None


def safe(text: str) -> str:
    """A JSON text that strict readers take, too.

    Raw control characters inside strings are read (models write them) but not passed on.

    Raises:
        ValueError: it must be written anew, and a number of it is too large for that.
    """
    try:
        STRICT.decode(text)
    except ValueError:
        return json.dumps(LENIENT.decode(text), ensure_ascii=False, allow_nan=False)
    return text


def strict_object(text: str) -> str | None:
    """The text of a JSON object as strict readers take it; None when it is none, or cannot be."""
    if not isinstance(value(text), dict):
        return None
    try:
        return safe(text.strip())
    except (ValueError, RecursionError):
        return None


def end_of(text: str, start: int) -> int | None:
    """Where the JSON value ends that starts at ``start`` (blank space before it allowed)."""
    try:
        _, end = LENIENT.raw_decode(text, skip(text, start))
    except (ValueError, RecursionError):
        return None
    return end


def members(text: str) -> dict[str, str] | None:
    """The members of a JSON object as raw JSON texts, or None when it is no object."""
    found: dict[str, str] = {}
    if not isinstance(value(text), dict):
        return None
    position = text.index("{") + 1
    while (position := skip(text, position)) < len(text) and text[position] == '"':
        key, position = LENIENT.raw_decode(text, position)
        start = skip(text, skip(text, position) + 1)
        _, end = LENIENT.raw_decode(text, start)
        found[key] = text[start:end]
        position = skip(text, end) + 1
    return found


def elements(text: str) -> list[str] | None:
    """The elements of a JSON array as raw JSON texts, or None when it is no array."""
    found: list[str] = []
    if not isinstance(value(text), list):
        return None
    position = skip(text, text.index("[") + 1)
    while position < len(text) and text[position] != "]":
        _, end = LENIENT.raw_decode(text, position)
        found.append(text[position:end])
        position = skip(text, skip(text, end) + 1)
    return found


def skip(text: str, position: int) -> int:
    """The first place from ``position`` on that is not blank."""
    match = BLANK.match(text, position)
    return match.end() if match else position
