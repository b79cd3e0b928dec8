"""A writer that is killed or meets a full disk loses nothing that was flushed."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from harness import store
from harness.errors import StoreError
from harness.store import RunLog
from tests.harness.store.store_rig import HEADER, measurement

RIG = Path(__file__).parents[3]  # the root: tests is importable from there
KILLS = 20

WRITER = """
import sys
from pathlib import Path
from harness.store import RunLog
from tests.harness.store.store_rig import HEADER, measurement
log = RunLog.create(Path(sys.argv[1]), HEADER, suite="fake")
print(log.path, flush=True)
for repeat in range(100_000):
    log.measurement(measurement(repeat, size=9_000 if repeat % 3 else 10))
    log.flush()
    print(repeat, flush=True)
"""


def kill_a_writer(results: Path, after_s: float) -> tuple[Path, int]:
    """The run's folder, and how many measurements the writer said were flushed."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(results)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(RIG)},
    )
    assert process.stdout is not None
    path = Path(process.stdout.readline().strip())
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    told = process.stdout.read().splitlines(keepends=True)
    process.stdout.close()
    process.wait()
    return path, sum(line.endswith("\n") for line in told)


def test_sigkill_loses_at_most_the_line_that_was_being_written(tmp_path: Path) -> None:
    moments = random.Random(0)
    flushed_in_all = 0
    for _ in range(KILLS):
        path, flushed = kill_a_writer(tmp_path, moments.uniform(0.0, 0.05))
        run = store.read(path)
        assert run.outcome == "interrupted"
        assert [m.repeat for m in run.measurements][:flushed] == list(range(flushed))
        assert len(run.measurements) in (flushed, flushed + 1)
        assert {fault.severity for fault in store.verify(path)} == {"warning"}
        flushed_in_all += flushed
    assert flushed_in_all > 0  # the kills did not all come before the first record


def test_a_torn_tail_is_skipped_and_told(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    for repeat in range(2):
        log.measurement(measurement(repeat))
    log.flush()
    log.close()
    whole = log.file.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    for cut in range(last + 1, len(whole)):
        log.file.write_bytes(whole[:cut])
        run = store.read(log.path)
        assert len(run.measurements) == 1
        assert any("torn" in warning for warning in run.warnings)
    log.file.write_bytes(whole)
    assert not any("torn" in warning for warning in store.read(log.path).warnings)


FULL = """
import resource, signal, sys
from pathlib import Path
from harness.errors import StoreError
from harness.store import RunLog
from tests.harness.store.store_rig import HEADER, measurement
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
log = RunLog.create(Path(sys.argv[1]), HEADER, suite="fake")
print(log.path)
for repeat in range(1_000):
    try:
        log.measurement(measurement(repeat))
        log.flush()
    except StoreError as error:
        print(repeat)
        print(error)
        log.close()
        break
"""


def test_a_full_disk_is_told_and_keeps_what_was_flushed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(RIG)},
    )
    path, count, sentence = done.stdout.splitlines()
    assert "cannot be written" in sentence
    assert "--results" in sentence
    run = store.read(Path(path))
    assert [m.repeat for m in run.measurements] == list(range(int(count)))
    assert int(count) > 5


def test_after_a_failed_write_nothing_more_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    log.measurement(measurement(0))
    log.flush()
    before = log.file.read_bytes()

    def broken(fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("harness.store.disk.os.fsync", broken)
    with pytest.raises(StoreError, match=r"Input/output error.*another disk"):
        log.flush()
    for _ in range(2):
        with pytest.raises(StoreError):
            log.measurement(measurement(1))
    with pytest.raises(StoreError):
        log.seal("complete")
    log.close()
    assert log.file.read_bytes() == before


def test_a_record_given_after_a_failed_write_is_not_written_out_of_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    real, calls = os.write, []

    def fails_once(fd: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) == 2:
            real(fd, bytes(data)[:20])  # a part of the line reaches the disk
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(fd, data)

    monkeypatch.setattr("harness.store.disk.os.write", fails_once)
    for repeat in range(5):  # queued before anybody can know
        with contextlib.suppress(StoreError):
            log.measurement(measurement(repeat))
    with pytest.raises(StoreError, match=r"No space left.*Free some space"):
        log.seal("complete")
    log.close()  # told already
    run = store.read(log.path)
    assert [m.repeat for m in run.measurements] == [0]
    assert [(f.line, f.severity) for f in store.verify(log.path)] == [
        (3, "warning"),
        (2, "warning"),
    ]


def test_an_error_that_nobody_heard_of_is_told_when_closing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")

    def broken(fd: int, data: bytes) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("harness.store.disk.os.write", broken)
    log.note("this is lost")
    with pytest.raises(StoreError, match="Input/output error"):
        log.close()
    log.close()


def test_a_writer_that_dies_of_a_defect_leaves_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    seen = []
    monkeypatch.setattr("threading.excepthook", lambda what: seen.append(what.exc_type))

    def defect(fd: int, data: bytes) -> int:
        raise ArithmeticError("no error of the disk")

    monkeypatch.setattr("harness.store.disk.os.write", defect)
    log.note("this is lost")
    for end in (log.flush, log.flush, lambda: log.seal("complete")):
        with pytest.raises(StoreError, match="ended before all was written"):
            end()
    assert seen == [ArithmeticError]
    assert store.read(log.path).notes == ()


def test_a_value_that_is_no_json_is_refused_and_costs_no_other_record(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    log.measurement(measurement(0))
    loop: dict[str, object] = {}
    loop["itself"] = loop
    for value in ({1, 2}, b"bytes", object(), loop):
        with pytest.raises(StoreError, match="cannot be written as JSON"):
            log.measurement(replace(measurement(1), values={"x": value}))
    log.measurement(measurement(2))
    log.seal("complete")
    assert [m.repeat for m in store.read(log.path).measurements] == [0, 2]
    assert store.verify(log.path) == []


def test_what_is_changed_after_it_was_given_is_recorded_as_it_was(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    values = {"n": 1}
    log.measurement(replace(measurement(), values=values))
    values["n"] = 2
    log.seal("complete")
    assert store.read(log.path).measurements[0].values == {"n": 1}


NO_SPACE = """
import sys
from pathlib import Path
from harness.errors import StoreError
from harness.store import RunLog
from tests.harness.store.store_rig import HEADER, measurement
try:
    log = RunLog.create(Path(sys.argv[1]), HEADER, suite="fake")
    print(log.path)
    for repeat in range(10_000):
        log.measurement(measurement(repeat))
        log.flush()
except StoreError as error:
    print(error)
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small tmpfs is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def run_script(script: str, *arguments: str, **options: Any) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(RIG)},
        **options,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_disk_without_space_is_told_and_keeps_what_was_flushed(small_disk: Path) -> None:
    path, sentence = run_script(NO_SPACE, str(small_disk))
    assert "No space left on device" in sentence
    assert "Free some space" in sentence
    run = store.read(Path(path))
    assert len(run.measurements) > 5
    assert {fault.severity for fault in store.verify(Path(path))} == {"warning"}
    # and on the disk that is full now, a new run is refused before anything is measured
    (again,) = run_script(NO_SPACE, str(small_disk))[-1:]
    assert "No space left on device" in again


@pytest.mark.skipif(sys.platform == "win32", reason="users and modes of POSIX")
def test_a_folder_of_somebody_else_is_one_sentence() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        user = os.geteuid()
        if user == 0:  # root may write everywhere: be nobody for a moment
            os.seteuid(65534)
        try:
            with pytest.raises(StoreError, match=r"Permission denied.*Make it writable"):
                RunLog.create(folder, HEADER, suite="fake")
        finally:
            os.seteuid(user)
        assert list(folder.iterdir()) == []
        folder.chmod(0o755)
        RunLog.create(folder, HEADER, suite="fake").seal("complete")  # it was that alone


LEFT_OPEN = """
import sys
from pathlib import Path
from harness.store import RunLog
from tests.harness.store.store_rig import HEADER, measurement
log = RunLog.create(Path(sys.argv[1]), HEADER, suite="fake")
for repeat in range(200):
    log.measurement(measurement(repeat))
print(log.path)
"""


def test_an_interpreter_that_ends_without_closing_writes_what_was_given(tmp_path: Path) -> None:
    (path,) = run_script(LEFT_OPEN, str(tmp_path))
    run = store.read(Path(path))
    assert run.outcome == "interrupted"
    assert len(run.measurements) == 200


def test_a_run_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    assert store.read(log.path).measurements == ()  # the header is there from the first moment
    log.measurement(measurement(0))
    log.flush()
    run = store.read(log.path)
    assert (len(run.measurements), run.outcome) == (1, "interrupted")
    log.seal("complete")
    assert store.read(log.path).outcome == "complete"


def test_a_second_writer_gets_a_run_of_its_own(tmp_path: Path) -> None:
    logs = [RunLog.create(tmp_path, HEADER, suite="fake") for _ in range(3)]
    for n, log in enumerate(logs):
        log.measurement(measurement(n))
    for log in logs:
        log.seal("complete")
    assert [store.read(log.path).measurements[0].repeat for log in logs] == [0, 1, 2]
    assert all(store.verify(log.path) == [] for log in logs)


def test_a_folder_that_is_there_already_is_never_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.store.log.randomness.token_hex", lambda _: "0" * 8)
    monkeypatch.setattr("harness.store.log.datetime", Fixed)
    first = RunLog.create(tmp_path, HEADER, suite="fake")
    first.seal("complete")
    before = first.file.read_bytes()
    with pytest.raises(StoreError, match="File exists"):
        RunLog.create(tmp_path, HEADER, suite="fake")
    assert first.file.read_bytes() == before


class Fixed(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Fixed:
        return cls(2026, 1, 1, tzinfo=tz)
