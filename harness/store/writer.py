"""The thread that writes: the measuring loop never waits for a disk."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from harness.errors import StoreError
from harness.records import RunOutcome
from harness.store.disk import AppendFile, store_error, sync_path, write_blob
from harness.store.lines import BLOBS, FIRST_PREV, Kind, make_line, seal_line, sha256


def now() -> str:
    """UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class _Record:
    kind: Kind
    body: bytes
    blob: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class _Barrier:
    """Everything before it shall be on the device; ``outcome`` seals, ``last`` ends the thread."""

    done: Future[None]
    outcome: RunOutcome | None = None
    last: bool = False


class Writer:
    """Owns the file: numbers, chains and writes records in the order in which they were given.

    After the first error nothing more is written, so what is there stays a valid beginning.
    """

    def __init__(self, file: AppendFile, path: Path, header: bytes) -> None:
        self._file = file
        self._path = path  # the file's name once its header is written
        self._queue: SimpleQueue[_Record | _Barrier] = SimpleQueue()
        self._counts: Counter[Kind] = Counter()
        self._prev = FIRST_PREV
        self._hash = hashlib.sha256()
        self._new_blobs: list[Path] = []
        self._failure: StoreError | None = None
        self._told = False
        # The header is written here and now: a run that exists says what it is.
        self._write(_Record("header", header))
        self._file.sync()
        # Daemon: an interpreter that ends must not wait for records that nobody will add.
        self._thread = threading.Thread(target=self._run, name="run-log", daemon=True)

    def start(self) -> None:
        """Begin to take records."""
        self._thread.start()

    def append(self, kind: Kind, body: bytes, blob: tuple[str, bytes] | None = None) -> None:
        """Queue a record.

        Raises:
            StoreError: an earlier record could not be written.
        """
        self._complain()
        self._queue.put(_Record(kind, body, blob))

    def barrier(self, outcome: RunOutcome | None = None, *, last: bool = False) -> None:
        """Wait until all is on the device. ``outcome`` seals first; ``last`` ends the writer.

        Raises:
            StoreError: something before it could not be written.
        """
        done: Future[None] = Future()
        if self._thread.is_alive():
            self._queue.put(_Barrier(done, outcome, last))
            if not self._thread.is_alive():  # it ended between the question and the request
                self._release()
            done.result()
        if last:
            self._thread.join()
            self._file.close()
        self._complain()

    @property
    def failed(self) -> bool:
        """Whether an error was met and told."""
        return self._failure is not None and self._told

    def _complain(self) -> None:
        if self._failure:
            self._told = True
            raise self._failure

    def _run(self) -> None:
        item: _Record | _Barrier | None = None
        try:
            while True:
                item = self._queue.get()
                self._guard(item)
                if isinstance(item, _Barrier):
                    item.done.set_result(None)
                    if item.last:
                        return
        finally:
            if isinstance(item, _Barrier) and not item.done.done():
                self._abandon(item)
            self._release()

    def _release(self) -> None:
        """Whoever waits for a thread that has ended waits no longer."""
        while True:
            try:
                self._abandon(self._queue.get_nowait())
            except Empty:
                return

    def _abandon(self, item: _Record | _Barrier) -> None:
        self._failure = self._failure or StoreError(
            f"The writer of {self._path} ended before all was written.",
            remedy="What was recorded before is kept; run again.",
        )
        if isinstance(item, _Barrier):
            item.done.set_result(None)

    def _guard(self, item: _Record | _Barrier) -> None:
        if self._failure:
            return
        try:
            if isinstance(item, _Record):
                self._write(item)
            else:
                self._settle(item)
        except OSError as error:
            self._failure = store_error(self._path, error)

    def _write(self, record: _Record) -> None:
        if record.blob:
            new = write_blob(self._path.parent / BLOBS, *record.blob)
            if new:
                self._new_blobs.append(new)
        seq = self._counts.total()
        self._put(record.kind, make_line(seq, self._prev, record.kind, record.body))

    def _put(self, kind: Kind, line: bytes) -> None:
        self._file.write(line + b"\n")
        self._hash.update(line + b"\n")
        self._prev = sha256(line)
        self._counts[kind] += 1

    def _settle(self, barrier: _Barrier) -> None:
        if self._new_blobs:
            for blob in self._new_blobs:
                sync_path(blob)
            sync_path(self._path.parent / BLOBS)
            self._new_blobs.clear()
        if barrier.outcome:
            self._seal(barrier.outcome)
        self._file.sync(full=barrier.outcome is not None)

    def _seal(self, outcome: RunOutcome) -> None:
        body = {
            "outcome": outcome,
            "counts": dict(self._counts),
            "last": self._prev,
            "file_sha256": self._hash.hexdigest(),
            "ended_at": now(),
        }
        self._put("seal", seal_line(self._counts.total(), self._prev, body))
