"""Noticing that a client has gone away while its answer is still being made."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

T = TypeVar("T")


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``, which is cancelled as soon as the client disconnects.

    ``receive`` is the request's ASGI channel after its body has been read.

    Raises:
        ClientDisconnect: the client went first.
    """
    watcher = asyncio.create_task(_disconnected(receive))
    worker = asyncio.create_task(work)
    try:
        await asyncio.wait((watcher, worker), return_when=asyncio.FIRST_COMPLETED)
        if not worker.done():
            raise ClientDisconnect
        return await worker
    finally:
        watcher.cancel()
        worker.cancel()
        await asyncio.gather(watcher, worker, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
