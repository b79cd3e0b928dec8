"""Is a run what its writer wrote? Chain, seal, schema and blobs, line by line."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.errors import StoreError
from harness.store import codec
from harness.store.lines import FIRST_PREV, RECORDS, Kind, Line, parse_line, seal_intact
from harness.store.reader import read_blob, read_lines, run_folder


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a run. A ``warning`` is no sign of tampering: no seal, a torn tail.

    ``line`` counts from 1; 0 is the file as a whole.
    """

    path: Path
    line: int
    sentence: str
    severity: Literal["error", "warning"] = "error"


class _Broken(Exception):
    """Carries the first fault to ``verify``."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def verify(path: Path) -> list[Fault]:
    """The first error of a run, or its warnings; empty when there is nothing to say.

    Whole lines cut off the end take the seal with them, which a killed writer does too: a warning.
    A file that was rewritten with a new chain leaves no trace in itself.
    """
    folder = run_folder(path)
    file = folder / RECORDS
    try:
        lines, torn = read_lines(file)
        sealed = _check(folder, lines)
    except StoreError as error:
        return [Fault(file, 0, error.sentence)]
    except _Broken as broken:
        return [Fault(file, broken.line, str(broken))]
    if sealed and torn:
        return [Fault(file, len(lines) + 1, "stands after the seal")]
    warnings = []
    if torn:
        warnings.append(Fault(file, len(lines) + 1, "is torn and was skipped", "warning"))
    if not sealed:
        told = "not sealed: the run was interrupted, or whole lines are missing at its end"
        warnings.append(Fault(file, len(lines), told, "warning"))
    return warnings


def _check(folder: Path, lines: list[bytes]) -> bool:
    """Whether the run is sealed, when every line holds."""
    if not lines:
        raise _Broken(1, "is no header: the file holds no whole line")
    prev, counts, before = FIRST_PREV, Counter[Kind](), hashlib.sha256()
    for number, data in enumerate(lines, 1):
        if counts["seal"]:
            raise _Broken(number, "stands after the seal")
        try:
            line = parse_line(data)
            _check_seq(number, line)
            if line.prev != prev:
                raise _blame(number, line, lines)
            _check_body(folder, number, line)
            if line.kind == "seal":
                _check_seal(line, data, counts, before.hexdigest())
        except ValueError as error:
            raise _Broken(number, str(error)) from error
        counts[line.kind] += 1
        before.update(data + b"\n")
        prev = line.sha256
    return counts["seal"] == 1


def _check_seq(number: int, line: Line) -> None:
    if line.seq != number - 1:
        raise ValueError(
            f"has number {line.seq} where {number - 1} is due: a line was lost, added or moved"
        )


def _blame(number: int, line: Line, lines: list[bytes]) -> _Broken:
    """Of two neighbours that do not fit, the one that was changed.

    Whether this line is as it was written tells the line after it, or the seal's own hash.
    """
    if number == 1:
        return _Broken(1, "was changed: the first line has no line before it")
    if number < len(lines):
        try:
            intact = parse_line(lines[number]).prev == line.sha256
        except ValueError:
            intact = True
    else:
        intact = line.kind != "seal" or seal_intact(lines[-1])
    if intact:
        return _Broken(number - 1, f"was changed: line {number} holds another hash of it")
    return _Broken(number, "was changed: it does not continue the line before")


def _check_body(folder: Path, number: int, line: Line) -> None:
    if (line.kind == "header") != (number == 1):
        raise ValueError("is in the wrong place: the header must be the first line, and only that")
    if line.kind == "header":
        codec.check_header(line.body)
        if line.body["run_id"] != folder.resolve().name:
            raise ValueError(f"belongs to run {line.body['run_id']}, but lies in {folder.name}")
    elif line.kind == "measurement":
        blob = codec.blob_of(line.body)
        found = read_blob(folder, *blob) if blob else codec.read_exchanges(line.body["exchanges"])
        codec.read_measurement(line.body, found)
    elif line.kind == "verdict":
        codec.read_verdict(line.body)
    elif line.kind == "note":
        codec.check_note(line.body)
    else:
        codec.check_seal(line.body)


def _check_seal(line: Line, data: bytes, counts: Counter[Kind], before: str) -> None:
    if not seal_intact(data):
        raise ValueError("was changed: the seal's own hash does not hold")
    if line.body["last"] != line.prev:
        raise ValueError("names another line as the last")
    if line.body["counts"] != dict(counts):
        raise ValueError(f"counts {line.body['counts']}, the file holds {dict(counts)}")
    if line.body["file_sha256"] != before:
        raise ValueError("holds another hash of the lines before it")
