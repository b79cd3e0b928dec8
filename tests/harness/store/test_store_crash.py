"""A writer that is killed or meets a full disk loses nothing that was flushed."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

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

    monkeypatch.setattr("harness.store.log.os.fsync", broken)
    with pytest.raises(StoreError, match="Input/output error"):
        log.flush()
    for _ in range(2):
        with pytest.raises(StoreError):
            log.measurement(measurement(1))
    with pytest.raises(StoreError):
        log.seal("complete")
    log.close()
    assert log.file.read_bytes() == before
