"""One MCP server as this server uses it: connected on demand, limited in what it may answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from reference_server.toolboxes.config import Server
from reference_server.toolboxes.connection import Connection
from reference_server.toolboxes.errors import (
    ResultTooLarge,
    ToolboxUnavailable,
    ToolFailed,
    ToolForbidden,
    ToolUnknown,
)
from reference_server.toolboxes.tool import SEPARATOR, Tool

# A server that fails is tried anew when somebody needs it, but not more often than this.
RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answered: MCP's content blocks, and its structured content where it has one."""

    content: list[dict[str, Any]]
    structured: Any
    is_error: bool


class Toolbox:
    """One configured server; it connects when ``open`` is called, and again when it is needed."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._connection: Connection | None = None
        self._tried = -RETRY_S
        self._closed = False

    @property
    def state(self) -> Literal["connecting", "ready", "failed", "closed"]:
        """Whether its tools can be called."""
        if self._closed or self._connection is None:
            return "closed"
        if self._connection.opened:
            return "ready"
        return "failed" if self._connection.ended else "connecting"

    def told(self) -> dict[str, Any]:
        """The server for its operator: what is there, what is allowed, what is wrong."""
        connection = self._connection
        found = connection.tools if connection is not None else {}
        unusable = connection.unusable if connection is not None else {}
        allow = self.server.allow
        absent = [] if allow == "*" else [a for a in allow if a not in found and a not in unusable]
        failed = self.state == "failed" and connection is not None
        return {
            "name": self.server.name,
            "transport": self.server.type,
            "state": self.state,
            "error": connection.failure if failed and connection is not None else None,
            "tools_count": len(found),
            "tools": [{"name": name, "allowed": self.server.allows(name)} for name in found],
            "unusable": [{"name": name, "reason": why} for name, why in unusable.items()],
            "allowed_but_absent": absent if self.state == "ready" else [],
        }

    def offered(self) -> list[Tool]:
        """The tools that may be called now."""
        if self._connection is None or not self._connection.opened:
            return []
        found = self._connection.tools.values()
        return [tool for tool in found if self.server.allows(tool.own_name)]

    def open(self) -> None:
        """Connect, unless it is or was tried a moment ago; nothing is waited for."""
        if self._closed or (self._connection is not None and not self._connection.ended):
            return
        if time.monotonic() - self._tried >= RETRY_S:
            self._tried = time.monotonic()
            self._connection = Connection(self.server)

    async def execute(self, own_name: str, arguments: Mapping[str, Any]) -> Result:
        """Run a tool.

        Raises:
            ToolError: it is not allowed or not there, cannot be reached, is given wrong arguments,
                takes too long or answers too much.
        """
        name = f"{self.server.name}{SEPARATOR}{own_name}"
        if not self.server.allows(own_name):
            raise ToolForbidden(f"{name[:100]} is not in the allow list of {self.server.name}.")
        connection = await self._ready()
        tool = connection.tools.get(own_name)
        if tool is None:
            raise ToolUnknown(
                f"{self.server.name} has no tool {own_name[:100]!r} that can be used."
            )
        tool.check(arguments)
        answer = await connection.call(tool, arguments)
        whole = answer.model_dump(mode="json", by_alias=True, exclude_none=True)
        result = Result(whole["content"], whole.get("structuredContent"), answer.is_error)
        try:
            size, limit = len(orjson.dumps(result)), self.server.max_result_bytes
        except orjson.JSONEncodeError as error:
            raise ToolFailed(f"{name} answered with a number that is too large.") from error
        if size > limit:
            raise ResultTooLarge(
                f"{name} was carried out, but its result of {size} bytes is larger than the "
                f"{limit} bytes that it may have (max_result_bytes). Ask it for less."
            )
        return result

    async def close(self) -> None:
        """End the connection for good."""
        self._closed = True
        if self._connection is not None:
            await self._connection.close()

    async def _ready(self) -> Connection:
        self.open()
        connection = self._connection
        if connection is None or self._closed:
            raise ToolboxUnavailable("The server is shutting down.")
        if not await connection.settled():
            raise ToolboxUnavailable(f"{self.server.name} is not connected. {connection.failure}")
        return connection
