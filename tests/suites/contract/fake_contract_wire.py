"""The fake's requests as bytes: their length, their key, their JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any


def no_constant(name: str) -> Any:
    raise ValueError(name)


def has_key(headers: dict[str, list[str]], key: str) -> bool:
    return headers.get("authorization") == [f"Bearer {key}"] or headers.get("x-api-key") == [key]


async def body_of(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    headers: dict[str, list[str]],
    lenient: Collection[str],
) -> bytes | None:
    """The request's body, or None when its length makes no sense."""
    if "chunked" in headers.get("transfer-encoding", []) and "chunked" not in lenient:
        parts = []
        while size := int((await reader.readline()).strip(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return b"".join(parts)
    lengths = headers.get("content-length", ["0"])
    if len(set(lengths)) > 1 or not lengths[0].isdigit():
        return None
    if "100-continue" in headers.get("expect", []):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return await reader.readexactly(int(lengths[0]))
