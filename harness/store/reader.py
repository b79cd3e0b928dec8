"""Run: what a results file holds, read back."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from harness.errors import CorruptRun, StoreError
from harness.records import Exchange, Json, Measurement, RunOutcome, Verdict
from harness.store import codec
from harness.store.lines import BLOBS, RECORDS, Line, parse_json, parse_line, sha256


@dataclass(frozen=True, slots=True)
class Run:
    """One run as recorded. ``seal`` is None when the writer did not come to its end."""

    path: Path
    header: Mapping[str, Json]
    measurements: tuple[Measurement, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[Mapping[str, Json], ...] = ()
    seal: Mapping[str, Json] | None = None
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
        """As sealed; without a seal the run was interrupted."""
        return "interrupted" if self.seal is None else cast("RunOutcome", self.seal["outcome"])


@dataclass(slots=True)
class _Parts:
    """What was read so far."""

    header: dict[str, Json] | None = None
    measurements: list[Measurement] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[dict[str, Json]] = field(default_factory=list)
    seal: dict[str, Json] | None = None
    warnings: list[str] = field(default_factory=list)


def run_folder(path: Path) -> Path:
    """The run's folder, whether that or its records file was named."""
    return path.parent if path.name == RECORDS else path


def read(path: Path, *, exchanges: bool = True) -> Run:
    """The run in this folder (or of this records file), also while it is being written.

    A torn last line is left out with a warning. Chain and seal are ``verify``'s matter. Without
    ``exchanges`` measurements come without their transcripts, quicker and smaller.

    Raises:
        StoreError: there is no such file, or its schema version is unknown.
        CorruptRun: a line other than a torn last one cannot be read.
    """
    folder = run_folder(path)
    lines, torn = read_lines(folder / RECORDS)
    parts = _Parts()
    for number, data in enumerate(lines, 1):
        try:
            _add(parts, parse_line(data), folder / RECORDS, number, exchanges=exchanges)
        except ValueError as error:
            raise CorruptRun(
                f"{folder / RECORDS}:{number}: the line {error}.",
                remedy="Someone changed the file, or a disk did; `harness verify` tells more.",
            ) from error
    if parts.header is None:
        raise CorruptRun(
            f"{folder / RECORDS} holds no header.", remedy="It is no run, or its start was cut off."
        )
    if torn:
        parts.warnings.append(f"the last line is torn ({len(torn)} bytes) and was left out")
    if parts.seal is None:
        parts.warnings.append("not sealed: the run was interrupted or is still being written")
    return Run(
        path=folder,
        header=parts.header,
        measurements=tuple(parts.measurements),
        verdicts=tuple(parts.verdicts),
        notes=tuple(parts.notes),
        seal=parts.seal,
        warnings=tuple(parts.warnings),
    )


def read_lines(file: Path) -> tuple[list[bytes], bytes]:
    """The whole lines, and what stands after the last newline.

    Raises:
        StoreError: the file cannot be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise StoreError(
            f"{file} cannot be read: {error.strerror}.",
            remedy="Name a run by its folder, its id or a glob.",
        ) from error
    lines = data.split(b"\n")
    return lines[:-1], lines[-1]


def _add(parts: _Parts, line: Line, file: Path, number: int, *, exchanges: bool) -> None:
    if (line.kind == "header") != (number == 1):
        raise ValueError("is in the wrong place: the header must be the first line, and only that")
    if line.kind == "header":
        parts.header = _header(file, line.body)
    elif line.kind == "measurement":
        found, warning = _exchanges(file.parent, line.body) if exchanges else ((), None)
        parts.measurements.append(codec.read_measurement(line.body, found))
        if warning:
            parts.warnings.append(f"line {number} {warning}; its exchanges are left out")
    elif line.kind == "verdict":
        parts.verdicts.append(codec.read_verdict(line.body))
    elif line.kind == "note":
        codec.check_note(line.body)
        parts.notes.append(line.body)
    else:
        codec.check_seal(line.body)
        parts.seal = line.body


def _header(file: Path, body: dict[str, Json]) -> dict[str, Json]:
    if body.get("schema") not in codec.READABLE:
        known = ", ".join(map(str, codec.READABLE))
        raise StoreError(
            f"{file} has schema {body.get('schema')!r}; this version reads {known}.",
            remedy="Read it with the version of the harness that wrote it, or a newer one.",
        )
    codec.check_header(body)
    return body


def _exchanges(folder: Path, body: Mapping[str, Json]) -> tuple[tuple[Exchange, ...], str | None]:
    blob = codec.blob_of(body)
    if blob is None:
        return codec.read_exchanges(body["exchanges"]), None
    try:
        return read_blob(folder, *blob), None
    except ValueError as error:
        return (), str(error)


def read_blob(folder: Path, name: str, count: int) -> tuple[Exchange, ...]:
    """The exchanges in a blob whose content has the hash that it is named by.

    Raises:
        ValueError: it is missing, damaged, or holds something else; the sentence says which.
    """
    path = folder / BLOBS / f"{name}.gz"
    try:
        data = gzip.decompress(path.read_bytes())
    except FileNotFoundError as error:
        raise ValueError(f"lacks its blob {path.name}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"has a damaged blob {path.name} ({error})") from error
    if sha256(data) != name:
        raise ValueError(f"has a blob {path.name} that was changed")
    found = codec.read_exchanges(parse_json(data))
    if len(found) != count:
        raise ValueError(f"has a blob {path.name} of {len(found)} exchanges, not {count}")
    return found
