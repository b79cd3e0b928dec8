"""From a request's bytes to a checked body: size, JSON, schema, names of what was ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from reference_server.api.errors import ApiError, invalid
from reference_server.api.fields import Json

# Far above any prompt that fits a model's context (128k tokens are about 0.5 MB of text) with its
# tools, and small enough that a few dozen at once do not fill the memory of a small machine.
MAX_BODY_BYTES = 16 * 1024 * 1024

# The header that names ignored fields stays below the 8 KiB that proxies allow for all headers.
MAX_IGNORED_BYTES = 1024

SENTENCES = {
    "missing": "is required",
    "string_type": "must be a string",
    "string_too_short": "must have at least {min_length} character",
    "int_type": "must be an integer",
    "int_from_float": "must be an integer",
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "list_type": "must be an array",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must have at least {min_length} entry",
    "too_long": "must have at most {max_length} entries",
    "literal_error": "must be {expected}",
    "extra_forbidden": "is nothing that this server knows; leave it out",
}

M = TypeVar("M", bound=BaseModel)


class Incoming(NamedTuple):
    """A request's body as a JSON object, and the number of bytes it came as."""

    fields: dict[str, Any]
    size: int


async def read(request: Request) -> Incoming:
    """The request's body, which must be a JSON object.

    Raises:
        ApiError: 413 when it is too large, 400 when it is not a JSON object.
    """
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY_BYTES:
            # The rest is discarded by the HTTP layer as it arrives, so the client can read this.
            raise ApiError(413, f"The body is larger than {MAX_BODY_BYTES} bytes.")
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ApiError(
            400, f"The body is not valid JSON (RFC 8259) at {place}.", code="invalid_json"
        ) from error
    if not isinstance(body, dict):
        raise ApiError(400, "The body must be a JSON object.", code="invalid_json")
    return Incoming(body, len(raw))


def check(model: type[M], fields: Mapping[str, Any]) -> M:
    """The body as ``model``.

    Raises:
        ApiError: 400 naming the field that does not fit.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise _first_fault(error.errors(include_url=False), fields) from error


def ignored(model: type[BaseModel], fields: Mapping[str, Any]) -> dict[str, str]:
    """The ``x-ignored-fields`` header: top-level fields of the body that nothing reads."""
    unknown = [name for name in fields if name not in model.model_fields]
    # A name takes a byte and a comma at least: more of them than this cannot be shown.
    shown = [quote(name[:MAX_IGNORED_BYTES], safe="") for name in unknown[:MAX_IGNORED_BYTES]]
    return {"x-ignored-fields": ",".join(shown)[:MAX_IGNORED_BYTES]} if shown else {}


def _first_fault(faults: list[ErrorDetails], body: Mapping[str, Any]) -> ApiError:
    """The fault at the deepest path: of a union's branches, the one that fitted longest."""
    paths = [_path(fault, body) for fault in faults]
    depth = max(len(path) for path in paths)
    index = next(i for i, path in enumerate(paths) if len(path) == depth)
    same = [f for f, path in zip(faults, paths, strict=True) if path == paths[index]]
    sentence = " or ".join(dict.fromkeys(_sentence(fault) for fault in same))
    sentence = sentence.replace(" or must be ", " or ")
    code = "unsupported_value" if same[0]["type"] == "unsupported" else "invalid_value"
    if same[0]["type"] == "missing":
        code = "missing_required_parameter"
    return invalid(_render(paths[index]), sentence + ".", code=code)


def _path(fault: ErrorDetails, body: Json) -> tuple[str | int, ...]:
    """The steps of a fault's location that lead through the body.

    Pydantic puts the names of union branches in between; they address nothing and are left out.
    """
    path: list[str | int] = []
    here = body
    missing = fault["type"] == "missing"
    for step in fault["loc"][:-1] if missing else fault["loc"]:
        inside = isinstance(here, dict) and step in here
        if isinstance(here, list) if isinstance(step, int) else inside:
            here = here[step]
            path.append(step)
    if missing:
        path.append(fault["loc"][-1])
    field = fault.get("ctx", {}).get("field")
    return (*path, field) if field else tuple(path)


def _render(path: tuple[str | int, ...]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _sentence(fault: ErrorDetails) -> str:
    sentence = SENTENCES.get(fault["type"])
    if sentence is None:
        return fault["msg"]
    given = fault["input"]
    # A short word is worth repeating (an unknown role, an image part); more could be the prompt.
    shown = fault["type"] == "literal_error" and isinstance(given, str) and len(given) <= 32
    return sentence.format(**fault.get("ctx", {})) + (f", not {given!r}" if shown else "")
