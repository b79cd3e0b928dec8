"""A real MCP server for tests: ``python mcp_tools.py`` over pipes, ``… PORT`` over streamable HTTP.

Over HTTP it answers only requests that carry the header ``x-key: open-sesame``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import uvicorn
from mcp.server.mcpserver import MCPServer
from starlette.responses import PlainTextResponse

server = MCPServer("tests", log_level="CRITICAL")


@server.tool(description="Adds two whole numbers.")
def add(a: int, b: int) -> int:
    return a + b


@server.tool()
def variables() -> list[str]:
    return sorted(os.environ)


@server.tool()
def variable(name: str) -> str:
    return os.environ[name]


@server.tool()
async def slow(seconds: float, mark: str = "") -> str:
    await asyncio.sleep(seconds)
    if mark:
        await asyncio.to_thread(Path(mark).touch)
    return "awake"


@server.tool()
def huge(characters: int) -> str:
    return "x" * characters


@server.tool()
def big() -> int:
    return 10**30


@server.tool()
def fail() -> str:
    raise ValueError("the tool itself broke")


@server.tool()
def die() -> str:
    os._exit(3)


@server.tool()
def pid() -> int:
    return os.getpid()


@server.tool(name="dots.are/fine.in.MCP")
def dotted() -> str:
    return "unreachable"


def over_http(port: int) -> None:
    app = server.streamable_http_app()

    async def guarded(scope, receive, send):
        headers = dict(scope.get("headers", []))
        if scope["type"] == "http" and headers.get(b"x-key") != b"open-sesame":
            await PlainTextResponse("no", status_code=401)(scope, receive, send)
        else:
            await app(scope, receive, send)

    uvicorn.run(guarded, host="127.0.0.1", port=port, log_level="warning", lifespan="on")


if __name__ == "__main__":
    if sys.argv[1:]:
        over_http(int(sys.argv[1]))
    else:
        server.run()
