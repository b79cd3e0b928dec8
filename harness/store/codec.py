"""Records to JSON and back. API keys never get past here."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from harness.records import Chunk, Estimate, Exchange, Json, Measurement, Request, Verdict

SECRET_HEADERS = {"authorization", "x-api-key", "api-key", "proxy-authorization", "cookie"}
REDACTED = "[redacted]"


def _text(data: bytes) -> Json:
    # Bodies are nearly always UTF-8; what is not keeps its exact bytes.
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _bytes(value: Json) -> bytes:
    if isinstance(value, Mapping):
        return base64.b64decode(value["base64"])
    return str(value).encode("utf-8", "surrogatepass")


def _headers(headers: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [
        [name, REDACTED if name.lower() in SECRET_HEADERS else value] for name, value in headers
    ]


def exchange_to_json(exchange: Exchange) -> dict[str, Json]:
    """An exchange with times relative to ``send_ns`` kept absolute; secret headers redacted."""
    request = exchange.request
    return {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": _headers(request.headers),
            "body": _text(request.body),
        },
        "due_ns": exchange.due_ns,
        "send_ns": exchange.send_ns,
        "headers_ns": exchange.headers_ns,
        "end_ns": exchange.end_ns,
        "status": exchange.status,
        "headers": _headers(exchange.headers),
        "chunks": [[chunk.at_ns, _text(chunk.data)] for chunk in exchange.chunks],
        "error": exchange.error,
        "error_text": exchange.error_text,
        "connect_ns": exchange.connect_ns,
    }


def exchange_from_json(value: Mapping[str, Json]) -> Exchange:
    """The inverse of ``exchange_to_json``, but for what was redacted."""
    request = value["request"]
    return Exchange(
        request=Request(
            request["method"], request["url"], _pairs(request["headers"]), _bytes(request["body"])
        ),
        due_ns=value["due_ns"],
        send_ns=value["send_ns"],
        headers_ns=value["headers_ns"],
        end_ns=value["end_ns"],
        status=value["status"],
        headers=_pairs(value["headers"]),
        chunks=tuple(Chunk(at_ns, _bytes(data)) for at_ns, data in value["chunks"]),
        error=value["error"],
        error_text=value["error_text"],
        connect_ns=value["connect_ns"],
    )


def _pairs(value: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in value)


def measurement_to_json(measurement: Measurement) -> dict[str, Json]:
    """All of a measurement but its exchanges, which may go to a blob."""
    return {
        "case_id": measurement.case_id,
        "repeat": measurement.repeat,
        "started_at": measurement.started_at,
        "duration_s": measurement.duration_s,
        "values": dict(measurement.values),
        "error": measurement.error,
    }


def measurement_from_json(body: Mapping[str, Json], exchanges: Sequence[Exchange]) -> Measurement:
    """A measurement as it was recorded."""
    return Measurement(
        case_id=body["case_id"],
        repeat=body["repeat"],
        started_at=body["started_at"],
        duration_s=body["duration_s"],
        values=body["values"],
        exchanges=tuple(exchanges),
        error=body["error"],
    )


def verdict_to_json(verdict: Verdict) -> dict[str, Json]:
    """A verdict with its estimate."""
    return asdict(verdict)


def verdict_from_json(body: Mapping[str, Json]) -> Verdict:
    """A verdict as it was recorded."""
    estimate = body["estimate"]
    return Verdict(
        name=body["name"],
        outcome=body["outcome"],
        reason=body["reason"],
        estimate=Estimate(**estimate) if estimate else None,
        case_id=body["case_id"],
        detail=body["detail"],
    )
