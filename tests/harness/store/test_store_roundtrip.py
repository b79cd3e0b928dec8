"""What goes in comes out; keys do not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from harness import store
from harness.errors import StoreError, UsageError
from harness.records import Measurement
from harness.store import RunLog
from tests.harness.store.store_rig import HEADER, VERDICT, exchange, measurement, write_run

GOLDEN = Path(__file__).parent / "golden" / "20260101T000000Z-fake-00000001"


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    run = store.read(write_run(tmp_path))
    assert run.outcome == "complete"
    assert run.warnings == ()
    assert run.verdicts == (VERDICT,)
    assert [note["text"] for note in run.notes] == ["a note"]
    assert [m.values for m in run.measurements] == [measurement(n).values for n in range(3)]
    written, back = exchange(20_000), run.measurements[1].exchanges[0]
    assert back.body == written.body
    assert (back.send_ns, back.end_ns, back.status) == (2, 5, 200)
    assert store.verify(run.path) == []


def test_large_exchanges_lie_in_a_blob_and_small_ones_in_the_line(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    lines = [json.loads(line) for line in (path / "records.jsonl").read_bytes().splitlines()]
    kinds = [type(line["body"]["exchanges"]) for line in lines if line["kind"] == "measurement"]
    assert kinds == [list, dict, list]
    assert len(list((path / "blobs").iterdir())) == 1


def everything_written(path: Path) -> bytes:
    files = [file for file in path.rglob("*") if file.is_file()]
    read = [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]
    return b"".join(read)


def test_keys_reach_no_file(tmp_path: Path) -> None:
    secret = 'sk-"quoted"-planted'
    log = RunLog.create(tmp_path, {**HEADER, "command": secret}, suite="fake", secrets=[secret])
    for size in (10, 20_000):
        log.measurement(
            Measurement("a", 0, "", 0.0, {"echo": f"<{secret}>"}, (exchange(size, secret),))
        )
    log.note(f"the key is {secret}")
    log.seal("complete")
    written = everything_written(log.path)
    assert secret.encode() not in written
    assert b"planted" not in written
    assert store.verify(log.path) == []


def test_without_being_named_only_headers_are_hidden(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    log.note("not-a-secret")
    log.measurement(measurement())
    log.seal("complete")
    written = everything_written(log.path)
    assert b"not-a-secret" in written
    assert b"sk-planted" not in written


def test_nothing_is_added_after_the_seal(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    log.seal("complete")
    with pytest.raises(StoreError, match="closed"):
        log.note("late")


@pytest.mark.parametrize("make", ["file", "missing-parent-file"])
def test_a_results_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, make: str) -> None:
    blocked = tmp_path / "results"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(StoreError, match=r"cannot be written.*--results"):
        RunLog.create(blocked if make == "file" else blocked / "below", HEADER, suite="fake")


def test_not_a_number_is_null(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    log.measurement(Measurement("a", 0, "", 0.0, {"x": [float("nan"), float("inf"), 1.5]}))
    log.seal("complete")
    assert store.read(log.path).measurements[0].values == {"x": [None, None, 1.5]}


def test_runs_are_found_by_path_id_and_glob(tmp_path: Path) -> None:
    first, second = write_run(tmp_path), write_run(tmp_path)
    assert store.find_runs(tmp_path, [str(first)]) == [first]
    assert store.find_runs(tmp_path, [str(first / "records.jsonl")]) == [first]
    assert store.find_runs(tmp_path, [second.name]) == [second]
    assert set(store.find_runs(tmp_path, ["*-fake-*"])) == {first, second}
    with pytest.raises(UsageError, match=second.name):
        store.find_runs(tmp_path, ["nonsense"])


def test_a_frame_has_one_row_a_measurement(tmp_path: Path) -> None:
    table = store.frame([write_run(tmp_path), write_run(tmp_path)])
    assert len(table) == 6
    assert list(table["value.n"]) == [0, 1, 2, 0, 1, 2]
    assert set(table["backend"]) == {"fake"}


def test_the_first_schema_stays_readable() -> None:
    run = store.read(GOLDEN)
    assert store.verify(GOLDEN) == []
    assert (run.suite, run.outcome, len(run.measurements)) == ("fake", "complete", 3)
    assert run.measurements[1].exchanges[0].body == exchange(20_000).body


def test_a_schema_of_the_future_is_refused_with_both_numbers(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    file = path / "records.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"schema":1', b'"schema":2', 1))
    with pytest.raises(StoreError, match="schema 2; this version reads 1"):
        store.read(path)
