"""One line of a run: ``{"seq", "prev", "kind", "body"}``, chained by SHA-256."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Literal

from harness.records import Json

SCHEMA = 1
FIRST_PREV = "0" * 64  # the first line has no line before it
KINDS = ("header", "measurement", "verdict", "note", "seal")
Kind = Literal["header", "measurement", "verdict", "note", "seal"]


def encode(value: Json) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8; the same value gives the same bytes.

    NaN and infinities become null, since JSON has none; a lone surrogate, which a broken server can
    send, is written as its escape.
    """
    text = json.dumps(
        _finite(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    if any("\ud800" <= character <= "\udfff" for character in text):
        return json.dumps(_finite(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text


def _finite(value: Json) -> Json:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_finite(inner) for inner in value]
    return value


def make_line(seq: int, prev: str, kind: Kind, body: Json) -> bytes:
    """The line's bytes with its newline."""
    text = encode({"seq": seq, "prev": prev, "kind": kind, "body": body})
    return text.encode() + b"\n"


def digest(line: bytes) -> str:
    """What the next line carries as ``prev``: SHA-256 of the line without its newline."""
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()
