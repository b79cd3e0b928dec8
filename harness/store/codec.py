"""Records to the bodies of lines, and back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import get_args

from harness.records import (
    Chunk,
    ErrorKind,
    Estimate,
    Exchange,
    Json,
    Measurement,
    Outcome,
    Request,
    RunOutcome,
    Verdict,
)

SCHEMA = 1
READABLE = (1,)  # every version that this code upgrades in memory when it reads

_NUMBER = (int, float)
_TARGET = ("base_url", "model", "dialect", "backend")
# What a reader must find in a header, and as what.
HEADER_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "schema": int,
    "run_id": str,
    "suite": str,
    "suite_version": str,
    "profile": str,
    "options": dict,
    "plan": list,
    "plan_hash": str,
    "target": dict,
    "provenance": dict,
}

# The format's own words: a secret that happens to be one of them must not break the file.
WORDS = frozenset(
    {field.name for kind in (Measurement, Verdict, Estimate, Exchange) for field in fields(kind)}
    | set(HEADER_KEYS)
    | {*_TARGET, "command", "identity", "identity_hash", "planned_cases", "estimate_s"}
    | {"started_at", "continues", "supersedes", "last", "counts"}
    | {*get_args(Outcome), *get_args(RunOutcome)}
)


def check_header(body: Mapping[str, Json]) -> None:
    """Refuse a header that lacks what a reader needs.

    Raises:
        ValueError: with a sentence that names the field.
    """
    version = body.get("schema")
    if version not in READABLE:
        known = ", ".join(map(str, READABLE))
        raise ValueError(f"has schema {version!r}; this version reads {known}")
    for key, kind in HEADER_KEYS.items():
        _take(body, key, kind)
    for key in _TARGET:
        _optional(body["target"], key, str)


def _take(body: Mapping[str, Json], key: str, kinds: type | tuple[type, ...]) -> Json:
    if key not in body:
        raise ValueError(f"lacks the field {key}")
    value = body[key]
    allowed = kinds if isinstance(kinds, tuple) else (kinds,)
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        raise ValueError(f"holds {key} as {type(value).__name__}")
    return value


def _optional(body: Mapping[str, Json], key: str, kinds: type | tuple[type, ...]) -> Json:
    return None if body.get(key) is None else _take(body, key, kinds)


def _one_of(body: Mapping[str, Json], key: str, allowed: tuple[str, ...]) -> Json:
    value = _take(body, key, str)
    if value not in allowed:
        raise ValueError(f"holds {key} {value!r}, not one of {', '.join(allowed)}")
    return value


def measurement_body(measurement: Measurement, exchanges: Json) -> dict[str, Json]:
    """``exchanges`` is the list of their bodies, or the reference to their blob."""
    return {
        "case_id": measurement.case_id,
        "repeat": measurement.repeat,
        "started_at": measurement.started_at,
        "duration_s": measurement.duration_s,
        "values": dict(measurement.values),
        "exchanges": exchanges,
        "error": measurement.error,
    }


def read_measurement(body: Mapping[str, Json], exchanges: tuple[Exchange, ...] = ()) -> Measurement:
    """A measurement whose exchanges were read by the caller.

    Raises:
        ValueError: with a sentence that names the field.
    """
    return Measurement(
        case_id=_take(body, "case_id", str),
        repeat=_take(body, "repeat", int),
        started_at=_take(body, "started_at", str),
        duration_s=_take(body, "duration_s", _NUMBER),
        values=_take(body, "values", dict),
        exchanges=exchanges,
        error=_optional(body, "error", str),
    )


def blob_of(body: Mapping[str, Json]) -> tuple[str, int] | None:
    """Hash and number of exchanges of a measurement's blob; None when they stand in the line.

    Raises:
        ValueError: with a sentence that names the field.
    """
    found = _take(body, "exchanges", (list, dict))
    if isinstance(found, list):
        return None
    name = _take(found, "blob", str)
    if len(name) != 64 or set(name) - set("0123456789abcdef"):
        raise ValueError("names a blob by something else than a SHA-256")
    return name, _take(found, "count", int)


def verdict_body(verdict: Verdict) -> dict[str, Json]:
    """A verdict with its estimate in place."""
    return {
        "name": verdict.name,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "estimate": asdict(verdict.estimate) if verdict.estimate else None,
        "case_id": verdict.case_id,
        "detail": dict(verdict.detail),
    }


def read_verdict(body: Mapping[str, Json]) -> Verdict:
    """Raises: ValueError with a sentence that names the field."""
    estimate = _optional(body, "estimate", dict)
    return Verdict(
        name=_take(body, "name", str),
        outcome=_one_of(body, "outcome", get_args(Outcome)),
        reason=_take(body, "reason", str),
        estimate=None if estimate is None else _read_estimate(estimate),
        case_id=_optional(body, "case_id", str),
        detail=_take(body, "detail", dict),
    )


def _read_estimate(body: Mapping[str, Json]) -> Estimate:
    return Estimate(
        value=_take(body, "value", _NUMBER),
        low=_take(body, "low", _NUMBER),
        high=_take(body, "high", _NUMBER),
        n=_take(body, "n", int),
        method=_take(body, "method", str),
        unit=_take(body, "unit", str),
        confidence=_take(body, "confidence", _NUMBER),
    )


def check_note(body: Mapping[str, Json]) -> None:
    """Raises: ValueError with a sentence that names the field."""
    for key in ("text", "kind", "at"):
        _take(body, key, str)


def check_seal(body: Mapping[str, Json]) -> None:
    """Raises: ValueError with a sentence that names the field."""
    _one_of(body, "outcome", get_args(RunOutcome))
    _take(body, "counts", dict)
    for key in ("ended_at", "last", "file_sha256", "seal_sha256"):
        _take(body, key, str)


def exchange_body(exchange: Exchange) -> dict[str, Json]:
    """Bytes that are UTF-8 as a string, all others as ``{"base64": …}``."""
    request = exchange.request
    return {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": _pairs(request.headers),
            "body": _bytes_body(request.body),
        },
        "due_ns": exchange.due_ns,
        "send_ns": exchange.send_ns,
        "headers_ns": exchange.headers_ns,
        "end_ns": exchange.end_ns,
        "connect_ns": exchange.connect_ns,
        "status": exchange.status,
        "headers": _pairs(exchange.headers),
        "chunks": [[chunk.at_ns, _bytes_body(chunk.data)] for chunk in exchange.chunks],
        "error": exchange.error,
        "error_text": exchange.error_text,
    }


def read_exchange(body: Json) -> Exchange:
    """Raises: ValueError with a sentence that names the field."""
    body = _take({"exchange": body}, "exchange", dict)
    request = _take(body, "request", dict)
    error = None if body.get("error") is None else _one_of(body, "error", get_args(ErrorKind))
    return Exchange(
        request=Request(
            method=_take(request, "method", str),
            url=_take(request, "url", str),
            headers=_read_pairs(_take(request, "headers", list)),
            body=_read_bytes(request.get("body")),
        ),
        due_ns=_take(body, "due_ns", int),
        send_ns=_take(body, "send_ns", int),
        headers_ns=_optional(body, "headers_ns", int),
        end_ns=_take(body, "end_ns", int),
        status=_optional(body, "status", int),
        headers=_read_pairs(_take(body, "headers", list)),
        chunks=_read_chunks(_take(body, "chunks", list)),
        error=error,
        error_text=_take(body, "error_text", str),
        connect_ns=_optional(body, "connect_ns", int),
    )


def read_exchanges(bodies: Json) -> tuple[Exchange, ...]:
    """Raises: ValueError with a sentence that names the field."""
    return tuple(read_exchange(body) for body in _take({"exchanges": bodies}, "exchanges", list))


def _pairs(headers: Iterable[tuple[str, str]]) -> list[Json]:
    return [[name, value] for name, value in headers]


def _read_pairs(pairs: list[Json]) -> tuple[tuple[str, str], ...]:
    for pair in pairs:
        if not (isinstance(pair, list) and [type(part) for part in pair] == [str, str]):
            raise ValueError("holds a header that is no pair of strings")
    return tuple((name, value) for name, value in pairs)


def _read_chunks(chunks: list[Json]) -> tuple[Chunk, ...]:
    for chunk in chunks:
        if not (isinstance(chunk, list) and len(chunk) == 2 and type(chunk[0]) is int):
            raise ValueError("holds a chunk that is no pair of time and bytes")
    return tuple(Chunk(at_ns, _read_bytes(data)) for at_ns, data in chunks)


def _bytes_body(data: bytes) -> Json:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _read_bytes(body: Json) -> bytes:
    if isinstance(body, str):
        try:
            return body.encode()
        except UnicodeEncodeError as error:
            raise ValueError("holds bytes with a lone surrogate") from error
    if isinstance(body, dict) and isinstance(body.get("base64"), str):
        try:
            return base64.b64decode(body["base64"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError(f"holds broken base64 ({error})") from error
    raise ValueError("holds bytes that are neither a string nor base64")
