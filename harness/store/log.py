"""Writing a run: append, flush, seal. Never edits, never blocks the measuring loop on a disk."""

from __future__ import annotations

import gzip
import hashlib
import os
import queue
import secrets as randomness
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from harness.errors import StoreError
from harness.records import Json, Measurement, RunOutcome, Verdict
from harness.store import codec
from harness.store.lines import FIRST_PREV, SCHEMA, Kind, digest, encode, make_line

INLINE_BYTES = 8 * 1024  # exchanges beyond this go to a blob: lines stay readable in a pager
SECRET_LENGTH = 4  # a shorter "secret" would redact ordinary words
_REMEDY = "Free space or choose another folder with --results; what was written before is valid."


class RunLog:
    """One run's file while it is written: one writer, made exclusively, never overwriting."""

    def __init__(self, path: Path, file: BinaryIO, hidden: Sequence[str]) -> None:
        self.path = path
        self.file = path / "records.jsonl"
        self.run_id = path.name
        self._out = file
        self._hidden = sorted((s for s in hidden if len(s) >= SECRET_LENGTH), key=len, reverse=True)
        self._queue: queue.Queue[tuple[Kind, Json] | threading.Event | None] = queue.Queue()
        self._failure: OSError | None = None
        self._seq, self._prev = 0, FIRST_PREV
        self._counts: Counter[str] = Counter()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="run-log", daemon=True)
        self._thread.start()

    @classmethod
    def create(
        cls,
        results: Path,
        header: Mapping[str, Json],
        *,
        suite: str,
        secrets: Sequence[str] = (),
    ) -> RunLog:
        """A new run with its header on disk.

        Raises:
            StoreError: the folder cannot be made or written.
        """
        now = datetime.now(UTC)
        run_id = f"{now:%Y%m%dT%H%M%SZ}-{suite}-{randomness.token_hex(4)}"
        path = results / "runs" / f"{now:%Y}" / f"{now:%m}" / run_id
        try:
            path.mkdir(parents=True, exist_ok=False)
            file = (path / "records.jsonl").open("xb", buffering=0)
        except OSError as error:
            raise StoreError(
                f"Results cannot be written to {results}: {error.strerror or error}.",
                remedy="Choose a folder that you may write to with --results.",
            ) from error
        log = cls(path, file, secrets)
        body = {"schema": SCHEMA, "run_id": run_id, "suite": suite, "continues": None}
        log._append("header", {**body, "supersedes": None, "started_at": _now(), **header})
        log.flush()
        return log

    def measurement(self, measurement: Measurement) -> None:
        """Append a measurement with its exchanges."""
        exchanges = [codec.exchange_to_json(exchange) for exchange in measurement.exchanges]
        body = codec.measurement_to_json(measurement)
        self._append("measurement", {**body, "exchanges": exchanges})

    def verdict(self, verdict: Verdict) -> None:
        """Append a verdict."""
        self._append("verdict", codec.verdict_to_json(verdict))

    def note(self, text: str, kind: str = "note") -> None:
        """Append a sentence: a warning, a condition, the reason why the run ended."""
        self._append("note", {"kind": kind, "text": text, "at": _now()})

    def flush(self) -> None:
        """Wait until everything appended so far is on the disk.

        Raises:
            StoreError: a write failed; what was written before is valid.
        """
        written = threading.Event()
        self._queue.put(written)
        written.wait()
        self._check()

    def seal(self, outcome: RunOutcome) -> None:
        """The last line: nothing can be appended after it.

        Raises:
            StoreError: a write failed.
        """
        self.flush()
        body = {
            "outcome": outcome,
            "counts": dict(self._counts),
            "last": self._prev,
            "ended_at": _now(),
        }
        self._append("seal", body)
        self.flush()
        self._full_fsync()
        self.close()

    def close(self) -> None:
        """End the writer. Without a seal the run stays readable and counts as interrupted."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._thread.join()
            self._out.close()

    def _append(self, kind: Kind, body: Json) -> None:
        self._check()
        if self._closed:
            raise StoreError(f"The run {self.run_id} is closed; nothing can be added to it.")
        self._queue.put((kind, body))

    def _check(self) -> None:
        if self._failure is not None:
            reason = self._failure.strerror or str(self._failure)
            raise StoreError(f"Results cannot be written to {self.file}: {reason}.", remedy=_REMEDY)

    def _write(self) -> None:
        while (item := self._queue.get()) is not None:
            try:
                if isinstance(item, threading.Event):
                    if self._failure is None:
                        os.fsync(self._out.fileno())
                elif self._failure is None:
                    self._write_line(*item)
            except OSError as error:
                self._failure = error  # told at the next append, flush or seal
            finally:
                if isinstance(item, threading.Event):
                    item.set()

    def _write_line(self, kind: Kind, body: Json) -> None:
        if kind == "measurement":
            body = self._with_blob(body)
        line = self._redact(make_line(self._seq, self._prev, kind, body))
        done = 0
        while done < len(line):
            done += self._out.write(line[done:]) or 0
        self._seq += 1
        self._prev = digest(line)
        self._counts[kind] += 1

    def _with_blob(self, body: dict[str, Json]) -> dict[str, Json]:
        data = self._redact(encode(body["exchanges"]).encode())
        if len(data) <= INLINE_BYTES:
            return body
        name = hashlib.sha256(data).hexdigest()
        folder = self.path / "blobs"
        folder.mkdir(exist_ok=True)
        blob = folder / f"{name}.gz"
        if not blob.exists():
            with blob.open("xb") as file:
                # mtime=0: the same exchanges give the same file
                file.write(gzip.compress(data, compresslevel=3, mtime=0))
                file.flush()
                os.fsync(file.fileno())
        return {**body, "exchanges": {"blob": name, "count": len(body["exchanges"])}}

    def _redact(self, line: bytes) -> bytes:
        for secret in self._hidden:
            escaped = encode(secret)[1:-1]
            for form in {secret, escaped}:
                line = line.replace(form.encode(), codec.REDACTED.encode())
        return line

    def _full_fsync(self) -> None:
        # macOS answers fsync from the drive's cache; F_FULLFSYNC (51 in <fcntl.h>) waits for the
        # medium. Not run on macOS yet.
        if sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(self._out.fileno(), 51)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
