"""Reading what stands between a block's markers: calls in a row, whatever lies between kept."""

from __future__ import annotations

import re
import string
from collections.abc import Callable

from reference_server.tool_formats import jsontext
from reference_server.tool_formats.format import Call, Parts

# Reads one call at a place: the call and where it ends, or None.
Reader = Callable[[str, int], tuple[Call, int] | None]


def walked(body: str, start: re.Pattern[str], read: Reader, *, between: str = "") -> Parts | None:
    """All calls that begin where ``start`` matches, and the text around them.

    Text of blank space and the characters of ``between`` alone is markup.
    """
    parts: list[Call | str] = []
    given = position = 0
    while match := start.search(body, position):
        found = read(body, match.start())
        if found is None:
            position = match.end()
            continue
        call, end = found
        _add(parts, body[given : match.start()], between)
        parts.append(call)
        given = position = end
    if not parts:
        return None
    _add(parts, body[given:], between)
    return parts


def headed(header: re.Pattern[str], tail: re.Pattern[str]) -> Callable[[str], Parts | None]:
    """Reads calls of the form header, JSON object, tail.

    ``header`` has a group ``name`` and may have ``id``; what stands between objects is no text if
    ``tail`` matches it.
    """

    def read(body: str, at: int) -> tuple[Call, int] | None:
        head = header.match(body, at)
        if head is None:
            return None
        start, end = head.end(), jsontext.end_of(body, head.end())
        after = tail.match(body, end) if end is not None else None
        arguments = jsontext.strict_object(body[start:end]) if after is not None else None
        if arguments is None or after is None:
            return None
        name, identity = head["name"].strip(), head.groupdict().get("id")
        return Call(name, arguments, identity if identity != name else None), after.end()

    return lambda body: walked(body, header, read)


def _add(parts: list[Call | str], text: str, between: str) -> None:
    if text.strip().strip(between + string.whitespace):
        parts.append(text)
