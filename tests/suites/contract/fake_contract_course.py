"""The fake's answers in time: who runs, who went away, who was cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from typing import Any

from prometheus_client import Gauge

from tests.suites.contract.fake_contract_chat import Event
from tests.suites.contract.fake_contract_rules import Refused

# Short streams go out at once; the pieces of longer ones are apart.
SHORT = 40
PAUSE_S, LONG_PAUSE_S = 0.001, 0.002
LONG = 100
POLL_S = 0.01
SILENCE_S = 1.3  # a fault's


class Course:
    """Everything that runs now. ``lenient`` names what goes wrong."""

    def __init__(self, lenient: Collection[str], running: Gauge, pace_s: float) -> None:
        self.lenient = lenient
        self._running = running
        self._pace_s = pace_s  # between two events; 0: by the stream's length
        self._live: set[str] = set()
        self._cancelled: set[str] = set()
        self._disturbed = False

    def cancel(self, name: str) -> dict[str, Any]:
        """End a stream by the id of its answer."""
        if name not in self._live:
            raise Refused(f"request {name}", "is not here", 404, "not_found")
        self._cancelled.add(name)
        return {"id": name, "cancelled": True}

    async def work(self, lasts_s: float, reader: asyncio.StreamReader) -> None:
        """The time that an answer in one piece takes, or until its client is gone."""
        with self._running.track_inprogress():
            for _ in range(int(lasts_s / POLL_S)):
                await asyncio.sleep(POLL_S)
                if reader.at_eof() and "whole disconnects" not in self.lenient:
                    raise ConnectionResetError

    async def run(self, writer: asyncio.StreamWriter, events: list[Event]) -> AsyncIterator[Event]:
        """The events in their time, up to a disconnect or a cancellation."""
        name = _id(events)
        self._live.add(name)
        try:
            with self._running.track_inprogress():
                async for event in self._paced(writer, events, name):
                    yield event
        finally:
            self._live.discard(name)

    async def _paced(
        self, writer: asyncio.StreamWriter, events: list[Event], name: str
    ) -> AsyncIterator[Event]:
        pause_s = self._pace_s or _pause_s(len(events))
        if "pace" in self.lenient:
            await asyncio.sleep(pause_s * len(events))
            pause_s = 0.0
        for event in events:
            if name in self._cancelled:
                for last in _ends(self.lenient, event, events):
                    yield last
                return
            if writer.is_closing():
                self._disturbed = "neighbours" in self.lenient
                if "disconnects" not in self.lenient:
                    raise ConnectionResetError
            if "silence" in self.lenient and event is events[-1]:
                await asyncio.sleep(SILENCE_S)
            yield _spoilt(event) if self._disturbed else event
            if pause_s:
                await writer.drain() if not writer.is_closing() else None
                await asyncio.sleep(pause_s)
        self._disturbed = False


def _pause_s(count: int) -> float:
    return LONG_PAUSE_S if count > LONG else PAUSE_S if count > SHORT else 0.0


def _ends(lenient: Collection[str], event: Event, events: list[Event]) -> list[Event]:
    """How a cancelled stream ends."""
    if "error events" in lenient:  # as if it were whole
        return events[-3:]
    error = {"message": "The request was cancelled.", "type": "server_error"}
    if event[0] is None:
        return [(None, {"error": {**error, "param": None, "code": None}})]
    return [("error", {"type": "error", "error": {**error, "type": "api_error"}})]


def _spoilt(event: Event) -> Event:
    name, value = event
    for choice in value.get("choices", []) if isinstance(value, dict) else []:
        if choice.get("delta", {}).get("content"):
            choice["delta"]["content"] = "?"
    return name, value


def _id(events: list[Event]) -> str:
    value = next((value for _, value in events if isinstance(value, dict)), {})
    return str(value.get("id") or value.get("message", {}).get("id"))
