"""One response while it is made: its object, and its events in order, numbered from 0.

Events: response.created, response.in_progress, those of the output, and one of response.completed,
response.incomplete and response.failed. An answer in one piece takes the same way, its events
unread: so it is what a stream would have told.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from reference_server.api.errors import ApiError
from reference_server.api.generating import removed
from reference_server.api.logprobs import ChatLogprobs
from reference_server.api.responses_items import fresh_id
from reference_server.api.responses_output import Event, Output
from reference_server.service import Generation, Piece, Text

ResponseStatus: TypeAlias = Literal["in_progress", "completed", "incomplete", "failed", "cancelled"]


class ResponseAnswer:
    """What a generation says, as a response; ``told`` are the settings that it repeats."""

    def __init__(
        self, generation: Generation, told: Mapping[str, Any], logprobs: ChatLogprobs
    ) -> None:
        self.id = fresh_id("resp")
        self.generation = generation
        self.output = Output()
        self.status: ResponseStatus = "in_progress"
        self._told = told
        self._logprobs = logprobs
        self._created = int(time.time())
        self._ended: int | None = None
        self._error: dict[str, str] | None = None
        self._number = 0

    def resource(self) -> dict[str, Any]:
        """The response as it is now."""
        cut = self.status == "incomplete"
        return {
            "id": self.id,
            "object": "response",
            "created_at": self._created,
            "completed_at": self._ended if self.status == "completed" else None,
            "status": self.status,
            "error": self._error,
            "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
            "output": self.output.items,
            "usage": self._usage() if self._ended is not None else None,
            **self._told,
            **removed(self.generation),
        }

    def begin(self) -> list[Event]:
        """The events before any output."""
        return self._numbered([self._lifecycle("created"), self._lifecycle("in_progress")])

    def push(self, piece: Piece) -> list[Event]:
        """The events of a piece."""
        new = (self._logprobs.fresh() or {"content": []})["content"]
        return self._numbered(self.output.push(piece, new if isinstance(piece, Text) else []))

    def finish(self) -> list[Event]:
        """The events of the end that the generation has come to."""
        cut = self.generation.finish_reason == "length"
        events = self.output.finish(cut=cut)
        self._end("incomplete" if cut else "completed")
        return self._numbered([*events, self._lifecycle(self.status)])

    def fail(self, error: ApiError, *, cancelled: bool) -> list[Event]:
        """The events of an end that is none: the error, and the response with what there is."""
        if not cancelled:  # OpenAPI schema ResponseError knows this code for what is not the input
            self._error = {"code": "server_error", "message": error.message}
        self._end("cancelled" if cancelled else "failed")
        told = {"code": error.code, "message": error.message, "param": error.param}
        return self._numbered([{"type": "error", **told}, self._lifecycle("failed")])

    def cancel(self) -> dict[str, Any]:
        """End it on behalf of somebody else than its reader; what it is then."""
        self.generation.abort()
        return {**self.resource(), "status": "cancelled", "usage": self._usage()}

    def _end(self, status: ResponseStatus) -> None:
        self.status = status
        self._ended = int(time.time())

    def _usage(self) -> dict[str, Any]:
        """OpenAPI schema ResponseUsage. What is written to the prefix cache is not counted."""
        generation = self.generation
        entered, made = generation.prompt_tokens, generation.completion_tokens
        cached = {"cached_tokens": generation.cached_tokens, "cache_write_tokens": 0}
        return {
            "input_tokens": entered,
            "input_tokens_details": cached,
            "output_tokens": made,
            "output_tokens_details": {"reasoning_tokens": generation.reasoning_tokens},
            "total_tokens": entered + made,
        }

    def _lifecycle(self, step: str) -> Event:
        return {"type": f"response.{step}", "response": self.resource()}

    def _numbered(self, events: list[Event]) -> list[Event]:
        for event in events:
            event["sequence_number"] = self._number
            self._number += 1
        return events
