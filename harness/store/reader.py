"""Reading a run back, also one whose writer was killed in the middle of a line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import CorruptRun, StoreError
from harness.records import Exchange, Json, Measurement, RunOutcome, Verdict
from harness.store import codec
from harness.store.lines import SCHEMA


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it lies on disk. ``warnings`` are sentences about how it was read."""

    path: Path
    header: Mapping[str, Json]
    measurements: tuple[Measurement, ...]
    verdicts: tuple[Verdict, ...]
    notes: tuple[Mapping[str, Json], ...]
    seal: Mapping[str, Json] | None
    warnings: tuple[str, ...] = ()

    @property
    def run_id(self) -> str:
        """The run's id; its folder has the same name."""
        return str(self.header["run_id"])

    @property
    def suite(self) -> str:
        """The name of the suite that was measured."""
        return str(self.header["suite"])

    @property
    def outcome(self) -> RunOutcome:
        """What the seal says; a run without one was interrupted."""
        outcome: RunOutcome = self.seal["outcome"] if self.seal else "interrupted"
        return outcome


def records_file(path: Path) -> Path:
    """The file of a run, given its folder or the file itself."""
    return path if path.name == "records.jsonl" else path / "records.jsonl"


def read(path: Path) -> Run:
    """A run from its folder or file. A torn last line is skipped, with a warning.

    Raises:
        StoreError: there is no readable run, or its schema is newer than this version.
        CorruptRun: a line in the middle is no record.
    """
    file = records_file(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror or error}.") from error
    lines, warnings = _complete_lines(data)
    records = [_parse(file, number, line) for number, line in enumerate(lines, start=1)]
    if not records or records[0].get("kind") != "header":
        raise CorruptRun(f"{file}:1: the first line is no header.")
    header = records[0]["body"]
    _check_schema(file, header)
    seal = records[-1]["body"] if records[-1]["kind"] == "seal" else None
    if seal is None:
        warnings = [*warnings, "not sealed: the run was interrupted or is still being written"]
    return Run(
        path=file.parent,
        header=header,
        measurements=tuple(
            codec.measurement_from_json(body, _exchanges(file, body["exchanges"]))
            for body in _bodies(records, "measurement")
        ),
        verdicts=tuple(codec.verdict_from_json(body) for body in _bodies(records, "verdict")),
        notes=tuple(_bodies(records, "note")),
        seal=seal,
        warnings=tuple(warnings),
    )


def _complete_lines(data: bytes) -> tuple[list[bytes], list[str]]:
    lines = data.split(b"\n")
    torn = lines.pop()
    if not torn:
        return lines, []
    return lines, [f"the last line is torn ({len(torn)} bytes) and was skipped"]


def _parse(file: Path, number: int, line: bytes) -> dict[str, Json]:
    try:
        record = json.loads(line)
        kind, body = record["kind"], record["body"]
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptRun(
            f"{file}:{number}: no record ({error}).", remedy="`harness verify` tells more."
        ) from error
    return {"kind": kind, "body": body}


def _bodies(records: Sequence[Mapping[str, Json]], kind: str) -> list[Json]:
    return [record["body"] for record in records if record["kind"] == kind]


def _check_schema(file: Path, header: Mapping[str, Json]) -> None:
    if header.get("schema") != SCHEMA:
        raise StoreError(
            f"{file} has schema {header.get('schema')!r}; this version reads {SCHEMA}.",
            remedy="Read it with the version of the harness that wrote it, or a newer one.",
        )


def _exchanges(file: Path, value: Json) -> tuple[Exchange, ...]:
    if isinstance(value, Mapping):
        value = json.loads(read_blob(file.parent, value["blob"]))
    return tuple(codec.exchange_from_json(item) for item in value)


def read_blob(folder: Path, name: str) -> bytes:
    """The content of a blob.

    Raises:
        CorruptRun: it is missing or no gzip file.
    """
    blob = folder / "blobs" / f"{name}.gz"
    try:
        return gzip.decompress(blob.read_bytes())
    except (OSError, EOFError) as error:
        raise CorruptRun(f"{blob} cannot be read: {error}.") from error
