"""The tools that probes offer, in the OpenAI function shape."""

from __future__ import annotations

from collections.abc import Iterable

from harness.records import Json


def _tool(name: str, description: str, properties: Json, required: Iterable[str] = ()) -> Json:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    function = {"name": name, "description": description, "parameters": schema}
    return {"type": "function", "function": function}


_TEXT = {"type": "string"}
_ALL = (
    _tool("get_weather", "The weather in a city today.", {"city": _TEXT}, ["city"]),
    _tool("get_time", "The time of day in a time zone.", {"zone": _TEXT}, ["zone"]),
    _tool("roll_dice", "Roll one die and return the number.", {"sides": {"type": "integer"}}),
    _tool("list_files", "List the files of the current folder.", {}),
    _tool("save_note", "Save a note.", {"text": _TEXT}, ["text"]),
    _tool("send_email", "Send an e-mail.", {"to": _TEXT, "body": _TEXT}, ["to", "body"]),
    _tool("convert_currency", "Convert an amount of money.", {
        "amount": {"type": "number"}, "source": _TEXT, "target": _TEXT,
    }, ["amount", "source", "target"]),
    _tool("translate", "Translate a text.", {"text": _TEXT, "language": _TEXT}, [
        "text", "language",
    ]),
    _tool("set_light", "Switch a lamp to a colour.", {
        "colour": {"type": "string", "enum": ["red", "green", "blue"]},
    }, ["colour"]),
    _tool("ship_parcel", "Ship a parcel.", {
        "zip": _TEXT,
        "pieces": {"type": "integer"},
        "weight_kg": {"type": "number"},
        "insured": {"type": "boolean"},
        "remark": {"type": ["string", "null"]},
    }, ["zip"]),
    _tool("book_table", "Book a table in a restaurant.", {
        "guest": {
            "type": "object",
            "properties": {"name": _TEXT, "phone": _TEXT},
            "required": ["name"],
        },
        "seats": {"type": "integer"},
        "wishes": {"type": "array", "items": _TEXT},
    }, ["guest", "seats"]),
    _tool("open_locker", "Look up the code that opens a locker.", {"owner": _TEXT}, ["owner"]),
)  # fmt: skip  # a table: one tool after the other
TOOLS: dict[str, Json] = {tool["function"]["name"]: tool for tool in _ALL}


def parameters_of(name: str) -> Json | None:
    """The JSON Schema of a tool's arguments; None for a tool that is not offered by any probe."""
    tool = TOOLS.get(name)
    return tool["function"]["parameters"] if tool else None
