"""The shapes of what the routes of MCP answer; see ``answers``."""

from __future__ import annotations

from typing import Any, Literal

from reference_server.api.answers import Shape


class OfferedFunction(Shape):
    """A function as a chat's ``tools`` have it."""

    name: str
    description: str = ""
    parameters: dict[str, Any]


class OfferedTool(Shape):
    """A tool that may be called now."""

    type: Literal["function"]
    function: OfferedFunction


class Tools(Shape):
    """All that may be called now."""

    tools: list[OfferedTool]
    count: int


class Servers(Shape):
    """The configured servers: state, reason, tools."""

    servers: list[dict[str, Any]]


class Executed(Shape):
    """A tool's result: MCP's content blocks."""

    content: list[dict[str, Any]]
    is_error: bool
    structured_content: Any = None
