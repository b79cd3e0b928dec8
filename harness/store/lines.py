"""One line of a results file: canonical JSON, numbered and chained by SHA-256."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Literal, cast, get_args

from harness.errors import StoreError
from harness.records import Json

Kind = Literal["header", "measurement", "verdict", "note", "seal"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIRST_PREV = "0" * 64  # what the first line holds in place of its predecessor's hash
RECORDS = "records.jsonl"
BLOBS = "blobs"
SELF_HASH = "seal_sha256"  # the seal's hash of its own line, taken without this field

_SURROGATE = re.compile("[\ud800-\udfff]")
_FLOAT = "$float"  # JSON has no NaN and no infinities (RFC 8259 section 6)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was parsed; ``sha256`` is the hash of its bytes without the newline."""

    seq: int
    prev: str
    kind: Kind
    body: dict[str, Json]
    sha256: str


def sha256(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: Json) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8.

    A surrogate without its partner, which UTF-8 cannot hold, is written as its ``\\u`` escape. A
    float that JSON lacks is written as ``{"$float": "nan"}`` (``inf``, ``-inf``).

    Raises:
        StoreError: a value is not JSON (bytes, sets, objects, cycles).
    """
    try:
        try:
            text = _ENCODER.encode(value)
        except ValueError:  # not finite, or a cycle: the walk below tells them apart
            text = _ENCODER.encode(_finite(value))
    except (TypeError, ValueError, RecursionError) as error:
        raise StoreError(
            f"A record cannot be written as JSON: {error}.",
            remedy="Values must be None, bool, int, float, str, or lists and mappings of these.",
        ) from error
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _plain(value: object) -> Json:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Integral):  # numpy's integers
        return int(value)
    if isinstance(value, Real):  # numpy's narrow floats
        return float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


# Built once: json.dumps and json.loads make a new one for every call with such options.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
)


def _finite(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, Real) and not isinstance(value, Integral) and not math.isfinite(value):
        return {_FLOAT: str(float(value))}
    return value


def _restore(pairs: list[tuple[str, Json]]) -> Json:
    if len(pairs) == 1 and pairs[0][0] == _FLOAT and pairs[0][1] in ("nan", "inf", "-inf"):
        return float(pairs[0][1])
    return dict(pairs)


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
_RESTORING = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_restore)


def parse_json(data: bytes) -> Json:
    """What ``canonical`` wrote.

    Raises:
        ValueError: it is not UTF-8 or not JSON.
    """
    # The hook costs more than the parsing; nearly no line needs it.
    decoder = _RESTORING if _FLOAT.encode() in data else _DECODER
    try:
        return decoder.decode(data.decode())
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def make_line(seq: int, prev: str, kind: Kind, body: bytes) -> bytes:
    """The bytes of a line, without its newline. ``body`` is canonical JSON already."""
    return b'{"seq":%d,"prev":"%s","kind":"%s","body":%s}' % (
        seq,
        prev.encode(),
        kind.encode(),
        body,
    )


def parse_line(data: bytes) -> Line:
    """The line's parts; neither chain nor body are judged here.

    Raises:
        ValueError: with a sentence about what is wrong with it.
    """
    try:
        found = parse_json(data)
    except ValueError as error:
        raise ValueError(f"is no JSON ({error})") from error
    if not isinstance(found, dict) or set(found) != {"seq", "prev", "kind", "body"}:
        raise ValueError("is no record: it must hold seq, prev, kind and body, and nothing else")
    seq, prev, kind, body = found["seq"], found["prev"], found["kind"], found["body"]
    if type(seq) is not int or not isinstance(prev, str) or not isinstance(body, dict):
        raise ValueError("is no record: seq must be an integer, prev a string, body an object")
    if kind not in KINDS:
        raise ValueError(f"has the unknown kind {kind!r}")
    return Line(seq, prev, cast("Kind", kind), body, sha256(data))


def seal_line(seq: int, prev: str, body: Mapping[str, Json]) -> bytes:
    """The seal's bytes with the hash of its own line added to its body."""
    bare = make_line(seq, prev, "seal", canonical(dict(body)))
    return make_line(seq, prev, "seal", canonical({**body, SELF_HASH: sha256(bare)}))


def seal_intact(data: bytes) -> bool:
    """Whether the bytes are a seal whose own hash holds."""
    try:
        line = parse_line(data)
    except ValueError:
        return False
    body = {key: value for key, value in line.body.items() if key != SELF_HASH}
    return line.kind == "seal" and seal_line(line.seq, line.prev, body) == data
