"""Calls as JSON objects with a name and arguments, alone, in an array or in a row."""

from __future__ import annotations

from reference_server.tool_formats import jsontext
from reference_server.tool_formats.format import Call, Parts
from reference_server.tool_formats.offered import Offered

# What models call the arguments: most the first, Llama the second.
ARGUMENTS = ("arguments", "parameters")


def call(text: str) -> Call | None:
    """The call that one JSON object makes, or None when it makes none.

    ``arguments`` keeps the model's own JSON text, so that big numbers and number formats survive.
    Arguments that come as a JSON string of an object are unpacked; absent or null ones are ``{}``.
    """
    members = jsontext.members(text)
    if members is None or "name" not in members:
        return None
    name, identity = jsontext.value(members["name"]), jsontext.value(members.get("id", "null"))
    raw = next((members[key] for key in ARGUMENTS if key in members), "null")
    inner = jsontext.value(raw)
    if isinstance(inner, str):
        raw = inner
    arguments = "{}" if raw == "null" else jsontext.strict_object(raw)
    if not isinstance(name, str) or not name or arguments is None:
        return None
    return Call(name, arguments, identity if isinstance(identity, str) and identity else None)


def one(body: str, offered: Offered) -> Parts | None:
    """A body that is one object."""
    found = call(body)
    return [found] if found is not None else None


def array(body: str, offered: Offered) -> Parts | None:
    """A body that is an array of such objects; those that are no call are text."""
    elements = jsontext.elements(body)
    if elements is None:
        return one(body, offered)
    return _parts(elements)


def bracketed(body: str, offered: Offered) -> Parts | None:
    """An array whose opening bracket was the block's marker."""
    return array("[" + body, offered)


def braced(body: str, offered: Offered) -> Parts | None:
    """Objects in a row; the first one's opening brace was the block's marker."""
    return row("{" + body, offered)


def row(body: str, offered: Offered) -> Parts | None:
    """Objects one after the other, with blank space, commas or semicolons between them."""
    texts: list[str] = []
    position = 0
    while position < len(body):
        end = jsontext.end_of(body, position)
        if end is None:
            texts.append(body[position:])
            break
        texts.append(body[position:end].strip())
        position = end + len(body[end:]) - len(body[end:].lstrip(" \t\r\n;,"))
    return _parts([text for text in texts if text.strip()])


def _parts(texts: list[str]) -> Parts | None:
    parts = [call(text) or text for text in texts]
    return parts if any(isinstance(part, Call) for part in parts) else None
