"""``/v1/mcp/servers``, ``/v1/mcp/tools``, ``/v1/mcp/execute``, and tools offered to a chat.

The model's calls go back to the client as all calls do; the client has them executed here, and
sends the result in its next message. The server never executes anything on the model's word alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api import body
from reference_server.api.answers_toolboxes import Executed, Servers, Tools
from reference_server.api.errors import ApiError, invalid
from reference_server.api.fields import Body, JsonObject, tool_for_template
from reference_server.api.generating import json_response
from reference_server.api.gone import unless_gone
from reference_server.api.holder import Holder, holder_of
from reference_server.api.openapi import documented
from reference_server.toolboxes.errors import (
    ArgumentsInvalid,
    ResultTooLarge,
    ToolboxUnavailable,
    ToolError,
    ToolFailed,
    ToolForbidden,
    ToolTimeout,
    ToolUnknown,
)

# Seconds after which a server that failed is tried anew (``toolboxes.toolbox.RETRY_S``).
RETRY_AFTER = {"retry-after": "5"}

ANSWERS: dict[type[ToolError], tuple[int, str]] = {
    ArgumentsInvalid: (400, "invalid_value"),
    ToolForbidden: (403, "tool_not_allowed"),
    ToolUnknown: (404, "tool_not_found"),
    ResultTooLarge: (413, "result_too_large"),
    ToolFailed: (502, "tool_server_failed"),
    ToolboxUnavailable: (503, "tool_server_unavailable"),
    ToolTimeout: (504, "tool_timeout"),
}


class ExecuteBody(Body):
    """The body of ``POST /v1/mcp/execute``."""

    name: Annotated[str, Field(min_length=1)]
    arguments: JsonObject = Field(default_factory=dict)


@documented(Servers)
async def servers(request: Request) -> Response:
    """The configured servers, their state and their tools; none where MCP is not configured."""
    boxes = holder_of(request).toolboxes
    return json_response({"servers": boxes.told() if boxes is not None else []}, {})


@documented(Tools)
async def tools(request: Request) -> Response:
    """The tools that may be called now, as ``tools`` of a chat has them."""
    boxes = holder_of(request).toolboxes
    found = boxes.offered().values() if boxes is not None else ()
    told = [tool_for_template(one.name, one.description, one.schema) for one in found]
    return json_response({"tools": told, "count": len(told)}, {})


@documented(Executed, body=ExecuteBody, errors=(415, 502, 503))
async def execute(request: Request) -> Response:
    """Run one tool; a failure of the tool itself is a result with ``is_error``.

    Raises:
        ApiError: the request comes from a browser's page (403), is no JSON (415, 400), or the tool
            cannot be run (``ANSWERS``).
    """
    _refuse_pages(request)
    incoming = await body.read(request)
    ask = body.check(ExecuteBody, incoming.fields)
    boxes = holder_of(request).toolboxes
    if boxes is None:
        raise ApiError(
            404,
            "This server has no MCP servers; it was started without --mcp-config.",
            param="name",
            code="tool_not_found",
        )
    try:
        result = await unless_gone(request.receive, boxes.execute(ask.name, ask.arguments))
    except ToolError as error:
        raise _answer(error) from error
    told: dict[str, Any] = {"content": result.content, "is_error": result.is_error}
    if result.structured is not None:
        told["structured_content"] = result.structured
    return json_response(told, body.ignored(ExecuteBody, incoming.fields))


def offered_with(
    fields: Mapping[str, Any], holder: Holder, describe: Callable[[str, str | None, Any], Any]
) -> Mapping[str, Any]:
    """A chat's body with the tools that its ``mcp`` asks for, as ``describe`` shapes them.

    A tool that the request describes itself stays as it is. What is malformed is left to the check
    of the body.

    Raises:
        ApiError: 400 when ``mcp`` names what is not offered here.
    """
    boxes, asked, own = holder.toolboxes, fields.get("mcp"), fields.get("tools")
    if asked is None:
        asked = boxes is not None and boxes.offer
    named = isinstance(asked, list) and all(isinstance(name, str) for name in asked)
    if not (asked is True or named) or not isinstance(own, list | None):
        return fields
    if boxes is None:
        raise invalid("mcp", "asks for tools, but this server was started without --mcp-config.")
    found = boxes.offered()
    chosen: list[str] = list(dict.fromkeys(asked)) if isinstance(asked, list) else list(found)
    for name in chosen:
        if name not in found:
            sentence = f"names {name[:64]!r}, which is not offered now; see GET /v1/mcp/servers."
            raise invalid("mcp", sentence)
    own = own or []
    described = {_name(tool) for tool in own}
    added = [found[name] for name in chosen if name not in described]
    if not added:
        return fields
    told = [describe(one.name, one.description, one.schema) for one in added]
    return {**fields, "tools": [*own, *told]}


def anthropic_tool(name: str, description: str | None, schema: object) -> dict[str, Any]:
    """A tool as Anthropic's API has it."""
    said = {} if description is None else {"description": description}
    return {"name": name, **said, "input_schema": schema}


def _name(tool: object) -> object:
    """The name of a tool in either API's form; the tool may be malformed."""
    if not isinstance(tool, dict):
        return None
    function = tool.get("function")
    name = function.get("name") if isinstance(function, dict) else tool.get("name")
    return name if isinstance(name, str) else None


def _refuse_pages(request: Request) -> None:
    """A page that its user merely visits must not reach tools on the user's machine.

    Browsers name the page's origin in every POST (Fetch standard, section 3.1), also after DNS
    rebinding, and without being allowed to they send no JSON to a foreign origin.
    """
    if "origin" in request.headers:
        sentence = "Pages in a browser cannot execute tools (the request has an Origin header)."
        raise ApiError(403, sentence, code="origin_not_allowed")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        sentence = "The content-type must be application/json."
        raise ApiError(415, sentence, code="unsupported_media_type")


def _answer(error: ToolError) -> ApiError:
    status, code = ANSWERS[type(error)]
    param = error.field if isinstance(error, ArgumentsInvalid) else None
    if status in (403, 404):
        param = "name"
    headers = RETRY_AFTER if status == 503 else {}
    return ApiError(status, str(error), param=param, code=code, headers=headers)
