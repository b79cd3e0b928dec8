"""All MCP servers of this server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from reference_server.toolboxes.config import Server
from reference_server.toolboxes.errors import ToolUnknown
from reference_server.toolboxes.tool import SEPARATOR, Tool
from reference_server.toolboxes.toolbox import Result, Toolbox


class Toolboxes:
    """The configured servers; with ``offer`` every chat is shown the allowed tools."""

    def __init__(self, servers: Sequence[Server], *, offer: bool = False) -> None:
        self.offer = offer
        self._boxes = {server.name: Toolbox(server) for server in servers}

    def open(self) -> None:
        """Connect those that are not; to be called in the event loop, where nothing waits."""
        for box in self._boxes.values():
            box.open()

    async def close(self) -> None:
        """End all; returns when no process of theirs is left."""
        await asyncio.gather(*(box.close() for box in self._boxes.values()))

    def told(self) -> list[dict[str, Any]]:
        """Every server and its state."""
        return [box.told() for box in self._boxes.values()]

    def offered(self) -> dict[str, Tool]:
        """The tools that may be called now, by name; servers that failed are tried anew."""
        self.open()
        return {tool.name: tool for box in self._boxes.values() for tool in box.offered()}

    async def execute(self, name: str, arguments: Mapping[str, Any]) -> Result:
        """Run the tool of this name (``server__tool``).

        Raises:
            ToolError: as ``Toolbox.execute``.
        """
        server, separator, own_name = name.partition(SEPARATOR)
        box = self._boxes.get(server)
        if box is None or not separator or not own_name:
            raise ToolUnknown(f"There is no tool {name[:100]!r}; GET /v1/mcp/tools lists them.")
        return await box.execute(own_name, arguments)
