"""What reading an exchange has in common for all dialects."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

from harness.records import Exchange, Json
from harness.wire.ask import Answer
from harness.wire.draft import Draft
from harness.wire.problem import (
    error_message,
    excerpt,
    looks_like_html,
    status_problem,
    transport_problem,
)
from harness.wire.sse import SseEvent, read_sse


class StreamReader(Protocol):
    """A dialect's reader of one stream, bound to the draft that it fills."""

    def take(self, event: SseEvent, value: dict[str, Json]) -> None:
        """One event with its decoded data."""
        ...

    def end(self) -> None:
        """The stream ended as HTTP says: fault whatever has not come."""
        ...


def read_exchange(
    exchange: Exchange,
    document: Callable[[dict[str, Json], Draft], None],
    stream: Callable[[Draft], StreamReader],
) -> Answer:
    """An exchange's answer by way of a dialect's readers of documents and of streams."""
    draft = Draft()
    if exchange.status is None or not 200 <= exchange.status < 300:
        draft.problem = transport_problem(exchange) or status_problem(exchange)
    elif coding := _coding(exchange):
        draft.fault(f"The answer is {coding}-encoded though only identity was accepted.")
    elif is_event_stream(exchange):
        _read_stream(exchange, draft, stream(draft))
    else:
        draft.problem = transport_problem(exchange)
        value = None if draft.problem else _document(exchange.body, draft)
        if value is not None:
            document(value, draft)
    return draft.answer(exchange)


def _coding(exchange: Exchange) -> str | None:
    coding = (exchange.header("content-encoding") or "identity").strip().lower()
    return None if coding in {"", "identity"} else coding


def is_event_stream(exchange: Exchange) -> bool:
    """By content type; a server that sends none is judged by the first bytes."""
    content_type = (exchange.header("content-type") or "").lower()
    if content_type:
        return content_type.startswith("text/event-stream")
    return exchange.body[:64].lstrip().startswith((b"data:", b"event:", b":"))


def parse_json(data: bytes | str) -> Json:
    """JSON, or ValueError (also for nesting too deep and for bytes that are not UTF-8)."""
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _read_stream(exchange: Exchange, draft: Draft, reader: StreamReader) -> None:
    events = read_sse(exchange.chunks)
    for event in events:
        if event.data.strip() == "[DONE]":
            break
        value = _event_object(event, draft)
        if value is not None:
            reader.take(event, value)
    broken = transport_problem(exchange)
    if broken:
        draft.problem = draft.problem if draft.reported else broken
    elif not events:
        draft.fault("The event stream holds no event.")
    else:
        reader.end()


def _event_object(event: SseEvent, draft: Draft) -> dict[str, Json] | None:
    try:
        value = parse_json(event.data)
    except ValueError:
        value = event.data
    if event.event == "error" or (isinstance(value, dict) and value.get("error")):
        draft.report(error_message(value))
    elif isinstance(value, dict):
        return value
    else:
        draft.fault(f"An event is not a JSON object: {excerpt(event.data)}.")
    return None


def _document(body: bytes, draft: Draft) -> dict[str, Json] | None:
    if looks_like_html(body):
        draft.fault("The answer is an HTML page, not JSON.")
        return None
    try:
        value = parse_json(body)
    except ValueError:
        draft.fault(f"The answer is not JSON: {excerpt(body.decode(errors='replace'))}.")
        return None
    if not isinstance(value, dict):
        draft.fault(f"The answer is not a JSON object: {excerpt(value)}.")
        return None
    if value.get("error"):
        draft.fault(f"An error with a 2xx status: {error_message(value).rstrip('.')}.")
        return None
    return value
