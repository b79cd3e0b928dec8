"""RunLog: one run being written."""

from __future__ import annotations

import atexit
import contextlib
import re
import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from harness.errors import StoreError
from harness.records import Json, Measurement, RunOutcome, Verdict
from harness.store import codec
from harness.store.disk import AppendFile, store_error, sync_path
from harness.store.lines import BLOBS, RECORDS, Kind, canonical, sha256
from harness.store.redact import MIN_LENGTH, Redactor, clean_header, clean_url, url_secrets
from harness.store.writer import Writer, now

# A line with its transcripts stays readable in an editor up to about this size.
BLOB_FROM_BYTES = 8 * 1024
_SUITE = re.compile(r"[a-z0-9][a-z0-9_-]*")  # becomes part of a folder's name


class RunLog:
    """Append-only record of one run. Made by ``create``; ended by ``seal`` or ``close``."""

    def __init__(self, path: Path, writer: Writer, redactor: Redactor) -> None:
        self.path = path
        self.file = path / RECORDS
        self.run_id = path.name
        self._writer = writer
        self._redactor = redactor
        self._ended = ""
        atexit.register(self._at_exit)

    @classmethod
    def create(
        cls,
        results: Path,
        header: Mapping[str, Json],
        *,
        suite: str,
        secrets: Sequence[str] = (),
    ) -> RunLog:
        """A new run under ``results``; its header is on disk when this returns.

        ``secrets`` are kept out of every record. Schema version, run id, suite and times are added
        to the header.

        Raises:
            StoreError: the folder cannot be written, or the header lacks a required field.
        """
        if not _SUITE.fullmatch(suite):
            raise StoreError(
                f"{suite!r} cannot name a run's folder.",
                remedy="Name the suite with lower-case letters, digits, _ and -.",
            )
        redactor = Redactor([*secrets, *_url_secrets(header)])
        moment = datetime.now(UTC)
        run_id = f"{moment:%Y%m%dT%H%M%SZ}-{suite}-{randomness.token_hex(4)}"
        body = _header_body(header, run_id, suite, redactor)
        path = results / "runs" / f"{moment:%Y}" / f"{moment:%m}" / run_id
        log = cls(path, _open(path, canonical(body)), redactor)
        if redactor.too_short:
            log.note(
                f"{redactor.too_short} secret(s) shorter than {MIN_LENGTH} characters were "
                "removed from authorization headers only",
                kind="warning",
            )
        return log

    def measurement(self, measurement: Measurement) -> None:
        """Add a measurement; large transcripts go to a blob.

        Raises:
            StoreError: an earlier record could not be written, or a value is not JSON.
        """
        clean = self._redactor
        bodies = [codec.exchange_body(clean.exchange(x)) for x in measurement.exchanges]
        data = canonical(bodies)
        blob = (sha256(data), data) if len(data) > BLOB_FROM_BYTES else None
        exchanges = {"blob": blob[0], "count": len(bodies)} if blob else bodies
        cleaned = clean.value(codec.measurement_body(measurement, []))
        cleaned["exchanges"] = exchanges
        self._append("measurement", canonical(cleaned), blob)

    def verdict(self, verdict: Verdict) -> None:
        """Add a verdict.

        Raises:
            StoreError: an earlier record could not be written, or a value is not JSON.
        """
        self._append("verdict", canonical(self._redactor.value(codec.verdict_body(verdict))))

    def note(self, text: str, kind: str = "note") -> None:
        """Add a sentence that a reader of the run should know.

        Raises:
            StoreError: an earlier record could not be written.
        """
        body = {"text": self._redactor.text(text), "kind": kind, "at": now()}
        self._append("note", canonical(body))

    def flush(self) -> None:
        """Wait until everything added so far is on the device.

        Raises:
            StoreError: something could not be written.
        """
        self._check_open()
        self._writer.barrier()

    def seal(self, outcome: RunOutcome) -> None:
        """Add the last line: counts, hashes and outcome. Nothing can be added after it.

        Raises:
            StoreError: something could not be written; the run then stays unsealed.
        """
        self._check_open()
        self._end("sealed")
        self._writer.barrier(outcome, last=True)

    def close(self) -> None:
        """End without a seal: the run counts as interrupted. Asked again, nothing.

        Raises:
            StoreError: something could not be written and this was not told yet.
        """
        if self._ended:
            return
        told = self._writer.failed
        self._end("closed")
        try:
            self._writer.barrier(last=True)
        except StoreError:
            if not told:
                raise

    def _end(self, how: str) -> None:
        self._ended = how
        atexit.unregister(self._at_exit)

    def _at_exit(self) -> None:
        with contextlib.suppress(StoreError):  # nobody is left to be told
            self.close()

    def _check_open(self) -> None:
        if self._ended:
            raise StoreError(
                f"The run {self.run_id} is {self._ended}: nothing can be added to it.",
                remedy="Start a new run.",
            )

    def _append(self, kind: Kind, body: bytes, blob: tuple[str, bytes] | None = None) -> None:
        self._check_open()
        self._writer.append(kind, body, blob)


def _url_secrets(header: Mapping[str, Json]) -> list[str]:
    return url_secrets(_base_url(header))


def _base_url(header: Mapping[str, Json]) -> str:
    target = header.get("target")
    return str(target.get("base_url", "")) if isinstance(target, Mapping) else ""


def _header_body(
    header: Mapping[str, Json], run_id: str, suite: str, redactor: Redactor
) -> dict[str, Json]:
    url = _base_url(header)
    body = {"continues": None, "supersedes": None, "started_at": now(), **header}
    for key in ("command", "provenance"):
        body[key] = clean_header(body.get(key))
    cleaned: dict[str, Json] = redactor.value(_swap(body, url, clean_url(url)))
    cleaned |= {"schema": codec.SCHEMA, "run_id": run_id, "suite": suite}
    try:
        codec.check_header(cleaned)
    except ValueError as error:
        raise StoreError(
            f"The run's header cannot be used: it {error}.",
            remedy="This is a defect of the harness.",
        ) from error
    return cleaned


def _swap(value: Json, old: str, new: str) -> Json:
    if isinstance(value, str):
        return value.replace(old, new) if old else value
    if isinstance(value, Mapping):
        return {key: _swap(item, old, new) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_swap(item, old, new) for item in value]
    return value


def _open(path: Path, header: bytes) -> Writer:
    """The folder and the file, made exclusively: two writers cannot share a run.

    The file gets its name when its header is on the device, so every run that has a file can be
    read.
    """
    part = path / f"{RECORDS}.part"
    try:
        path.mkdir(parents=True)
        (path / BLOBS).mkdir()
        writer = _begin(part, path / RECORDS, header)
        sync_path(path)
        sync_path(path.parent)
    except OSError as error:
        _remove(part, path / BLOBS, path)
        raise store_error(path, error) from error
    writer.start()
    return writer


def _begin(part: Path, path: Path, header: bytes) -> Writer:
    file = AppendFile(part)
    try:
        writer = Writer(file, path, header)
        part.rename(path)
    except OSError:
        file.close()
        raise
    return writer


def _remove(part: Path, *folders: Path) -> None:
    """What a run that never began has left; nothing that holds a record."""
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)
        for folder in folders:
            folder.rmdir()
