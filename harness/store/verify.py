"""Is a run what its writer wrote? Chain, seal, schema and blobs, line by line."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.errors import CorruptRun
from harness.records import Json
from harness.store.lines import FIRST_PREV, KINDS, SCHEMA, digest
from harness.store.reader import read_blob, records_file

REQUIRED = ("schema", "run_id", "suite", "suite_version", "plan", "plan_hash", "target")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a run. A ``warning`` is no sign of tampering: no seal, a torn tail."""

    path: Path
    line: int
    sentence: str
    severity: Literal["error", "warning"] = "error"


def verify(path: Path) -> list[Fault]:
    """The first error of a run, or its warnings; empty when there is nothing to say."""
    file = records_file(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        return [Fault(file, 0, f"cannot be read: {error.strerror or error}")]
    lines = data.split(b"\n")
    torn = lines.pop()
    if not lines:
        return [Fault(file, 1, "holds no complete line")]
    check = _Chain(file)
    for number, line in enumerate(lines, start=1):
        if sentence := check.line(line):
            return [Fault(file, number, sentence)]
    warnings = []
    if torn:
        warnings.append(Fault(file, len(lines) + 1, "torn last line, skipped", "warning"))
    if not check.sealed:
        told = "not sealed: whole lines may be missing at the end"
        warnings.append(Fault(file, len(lines), told, "warning"))
    elif torn:
        return [Fault(file, len(lines) + 1, "bytes after the seal")]
    return warnings


class _Chain:
    """Walks the lines; each call gives the sentence of a fault or None."""

    def __init__(self, file: Path) -> None:
        self.sealed = False
        self._file = file
        self._prev = FIRST_PREV
        self._counts: Counter[str] = Counter()

    def line(self, line: bytes) -> str | None:
        seq = sum(self._counts.values())
        try:
            record = json.loads(line)
        except ValueError as error:
            return f"is no JSON: {error}"
        if not isinstance(record, dict) or set(record) != {"seq", "prev", "kind", "body"}:
            return "is no record: it must hold seq, prev, kind and body"
        sentence = self._place(record, seq) or self._content(record, seq)
        self._prev = digest(line)
        self._counts[record["kind"]] += 1
        return sentence

    def _place(self, record: Mapping[str, Json], seq: int) -> str | None:
        if self.sealed:
            return "stands after the seal"
        if record["seq"] != seq:
            return f"has number {record['seq']} where {seq} is due: a line was lost or moved"
        if record["prev"] != self._prev:
            return "does not continue the line before: one of the two was changed"
        if record["kind"] not in KINDS:
            return f"has the unknown kind {record['kind']!r}"
        return None

    def _content(self, record: Mapping[str, Json], seq: int) -> str | None:
        kind, body = record["kind"], record["body"]
        if (kind == "header") != (seq == 0):
            return "the header must be the first line, and only that"
        if kind == "header":
            return self._header(body)
        if kind == "seal":
            return self._seal(body)
        if kind == "measurement" and isinstance(body.get("exchanges"), dict):
            return self._blob(body["exchanges"])
        return None

    def _header(self, body: Mapping[str, Json]) -> str | None:
        if body.get("schema") != SCHEMA:
            return f"has schema {body.get('schema')!r}; this version knows {SCHEMA}"
        missing = [key for key in REQUIRED if key not in body]
        if missing:
            return f"the header lacks {', '.join(missing)}"
        if body["run_id"] != self._file.parent.name:
            return f"belongs to run {body['run_id']}, but lies in {self._file.parent.name}"
        return None

    def _seal(self, body: Mapping[str, Json]) -> str | None:
        self.sealed = True
        if body.get("last") != self._prev:
            return "the seal names another line as the last"
        if body.get("counts") != dict(self._counts):
            return f"the seal counts {body.get('counts')}, the file has {dict(self._counts)}"
        return None

    def _blob(self, value: Mapping[str, Json]) -> str | None:
        try:
            data = read_blob(self._file.parent, value["blob"])
        except CorruptRun as error:
            return error.sentence
        if hashlib.sha256(data).hexdigest() != value["blob"]:
            return f"the blob {value['blob'][:12]}… was changed"
        return None
