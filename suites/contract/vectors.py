"""Embeddings: small requests, and the vectors of their answers."""

from __future__ import annotations

import base64
import binascii
import math
import struct
from collections.abc import Sequence

from harness.records import Exchange, Json
from suites.contract.finding import Settled, failed
from suites.contract.probe import Probe
from suites.contract.reading import at, is_int, ok_object, settle_refusal, settle_silence, shown
from suites.contract.routes import served

ROUTE = "/embeddings"
WHAT = "embeddings"
# Of different lengths: a server that pads a batch shows it.
TEXTS = ("The sea is calm.", "A train leaves the old station at nine in the morning.", "Bread")

Vector = tuple[float, ...]


async def plain(probe: Probe) -> Exchange:
    """The embedding of one text, which the checks share.

    Raises:
        Settled: the route is not there, or the served model has no embeddings.
    """
    body = {"model": probe.target.model, "input": TEXTS[0], "encoding_format": "float"}
    exchange = await served(probe, ROUTE, body, WHAT)
    settle_silence(exchange)
    settle_refusal(exchange, "model")
    return exchange


async def embed(probe: Probe, given: Json, **changes: Json) -> Exchange:
    """``POST /embeddings`` of an input, as numbers unless ``changes`` say otherwise.

    Raises:
        Settled: the route is not there, or the served model has no embeddings.
    """
    await plain(probe)
    body = {"model": probe.target.model, "input": given, "encoding_format": "float"}
    return await probe.post(ROUTE, {**body, **changes})


def vectors(exchange: Exchange) -> list[Vector]:
    """The vectors of an answer, in the order of ``data``.

    Raises:
        Settled: one cannot be read.
    """
    entries = ok_object(exchange).get("data")
    found = [vector(at(one, "embedding")) for one in entries] if isinstance(entries, list) else []
    if not found or None in found:
        reason, expected = "the vectors cannot be read", "lists of numbers, or base64 of float32"
        raise Settled(failed(reason, expected=expected, got=shown(exchange), exchange=exchange))
    return [one for one in found if one is not None]


def vector(value: Json) -> Vector | None:
    """Numbers, or base64 of little-endian float32 as the openai SDK reads it; None for neither."""
    if isinstance(value, str):
        return _unpacked(value)
    if not isinstance(value, list) or not value:
        return None
    if not all(isinstance(one, float) or is_int(one) for one in value):
        return None
    return tuple(map(float, value))


def _unpacked(text: str) -> Vector | None:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not data or len(data) % 4:
        return None
    return struct.unpack(f"<{len(data) // 4}f", data)


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of the angle between two vectors of one size; NaN for a vector of zeros."""
    product = sum(a * b for a, b in zip(one, other, strict=True))
    length = norm(one) * norm(other)
    return product / length if length else math.nan


def norm(one: Sequence[float]) -> float:
    """The length of a vector."""
    return math.hypot(*one)
