"""What goes in comes out; keys do not."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import store
from harness.errors import StoreError, UsageError
from harness.records import Chunk, Estimate, Exchange, Measurement, Request, Verdict
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
    with pytest.raises(StoreError, match="is sealed"):
        log.note("late")


@pytest.mark.parametrize("make", ["file", "missing-parent-file"])
def test_a_results_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, make: str) -> None:
    blocked = tmp_path / "results"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(StoreError, match=r"cannot be written.*--results"):
        RunLog.create(blocked if make == "file" else blocked / "below", HEADER, suite="fake")


def test_numbers_that_json_lacks_come_back(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    values = {"x": [float("nan"), float("inf"), -float("inf"), 1.5]}
    log.measurement(Measurement("a", 0, "", 0.0, values))
    log.verdict(Verdict("a", "inconclusive", "", Estimate(1.0, 0.0, float("inf"), 1, "none")))
    log.seal("complete")
    assert b"NaN" not in log.file.read_bytes()
    assert b"Infinity" not in log.file.read_bytes()
    run = store.read(log.path)
    assert repr(run.measurements[0].values) == repr(values)
    assert run.verdicts[0].estimate == Estimate(1.0, 0.0, float("inf"), 1, "none")
    assert store.verify(log.path) == []


def test_numpy_values_are_numbers(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    values = {"n": np.int64(3), "x": np.float32(0.5), "y": np.float64(0.1), "z": np.float32("nan")}
    log.measurement(Measurement("a", 0, "", 0.0, values))
    log.seal("complete")
    back = store.read(log.path).measurements[0].values
    assert repr(back) == repr({"n": 3, "x": 0.5, "y": 0.1, "z": float("nan")})


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
BYTES = st.binary(max_size=40) | TEXT.map(lambda text: text.encode("utf-8", "replace"))
HEADERS = st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple)
TIMES = st.integers(0, 2**62)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    chunks = st.builds(Chunk, TIMES, BYTES)
    return Exchange(
        request=Request(draw(TEXT), draw(TEXT), draw(HEADERS), draw(BYTES)),
        due_ns=draw(TIMES),
        send_ns=draw(TIMES),
        headers_ns=draw(st.none() | TIMES),
        end_ns=draw(TIMES),
        status=draw(st.none() | st.integers(100, 599)),
        headers=draw(HEADERS),
        chunks=tuple(draw(st.lists(chunks, max_size=4))),
        error=draw(st.sampled_from([None, "connect", "reset", "timeout", "protocol", "abandoned"])),
        error_text=draw(TEXT),
        connect_ns=draw(st.none() | TIMES),
    )


def whole(text: str) -> str:
    """Two escapes in a row that make one character are read as that character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def readable(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {whole(key): readable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(readable(item) for item in value)
    return value


@settings(max_examples=60, deadline=None)
@given(values=st.dictionaries(TEXT, VALUES, max_size=3), one=exchanges(), error=st.none() | TEXT)
def test_whatever_a_server_sends_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    values: dict[str, Any],
    one: Exchange,
    error: str | None,
) -> None:
    given = Measurement("a", 0, "", 0.5, values, (one,), error)
    log = RunLog.create(tmp_path_factory.getbasetemp() / "any", HEADER, suite="fake")
    log.measurement(given)
    log.seal("complete")
    assert store.verify(log.path) == []
    (back,) = store.read(log.path).measurements
    assert back.values == readable(values)
    assert back.error == readable(error)
    expected = {
        field.name: readable(getattr(one, field.name))
        for field in fields(Exchange)
        if field.name not in ("request", "chunks", "headers")
    }
    assert {name: getattr(back.exchanges[0], name) for name in expected} == expected
    assert back.exchanges[0].chunks == one.chunks
    assert back.exchanges[0].request.body == one.request.body


def test_runs_are_found_by_path_id_and_glob(tmp_path: Path) -> None:
    first, second = write_run(tmp_path), write_run(tmp_path)
    assert store.find_runs(tmp_path, [str(first)]) == [first]
    assert store.find_runs(tmp_path, [str(first / "records.jsonl")]) == [first]
    assert store.find_runs(tmp_path, [second.name]) == [second]
    assert set(store.find_runs(tmp_path, ["*-fake-*"])) == {first, second}
    assert set(store.find_runs(tmp_path / "none", [str(tmp_path)])) == {first, second}
    assert set(store.find_runs(tmp_path / "none", [f"{first.parent}/*-fake-*"])) == {first, second}
    assert store.find_runs(tmp_path, [first.name, "*", str(second)])[0] == first
    assert len(store.find_runs(tmp_path, [first.name, "*", str(second)])) == 2
    with pytest.raises(UsageError, match=second.name):
        store.find_runs(tmp_path, ["nonsense"])
    with pytest.raises(UsageError, match="there is no run under"):
        store.find_runs(tmp_path / "none", ["*"])


def test_transcripts_are_left_out_where_nobody_asks_for_them(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    shutil.rmtree(path / "blobs")
    quick = store.read(path, exchanges=False)
    assert [m.values for m in quick.measurements] == [measurement(n).values for n in range(3)]
    assert all(m.exchanges == () for m in quick.measurements)
    assert quick.warnings == ()
    assert len(store.frame([path])) == 3


def test_equal_transcripts_share_a_blob(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    for repeat in range(3):
        log.measurement(measurement(repeat, size=20_000))
    log.seal("complete")
    assert [file.suffix for file in (log.path / "blobs").iterdir()] == [".gz"]
    assert len(store.read(log.path).measurements[2].exchanges) == 1
    assert store.verify(log.path) == []


@pytest.mark.parametrize("suite", ["../escape", "", "a/b", "Ä"])
def test_a_suite_that_cannot_name_a_folder_is_refused(tmp_path: Path, suite: str) -> None:
    with pytest.raises(StoreError, match="cannot name"):
        RunLog.create(tmp_path, HEADER, suite=suite)
    assert list(tmp_path.iterdir()) == []


def test_a_header_without_what_readers_need_is_refused(tmp_path: Path) -> None:
    for key in ("suite_version", "plan_hash", "target", "provenance"):
        lacking = {name: value for name, value in HEADER.items() if name != key}
        with pytest.raises(StoreError, match=key):
            RunLog.create(tmp_path, lacking, suite="fake")
    assert list(tmp_path.iterdir()) == []


def test_a_frame_has_one_row_a_measurement(tmp_path: Path) -> None:
    table = store.frame([write_run(tmp_path), write_run(tmp_path)])
    assert len(table) == 6
    assert list(table["value.n"]) == [0, 1, 2, 0, 1, 2]
    assert set(table["backend"]) == {"fake"}
    assert list(store.frame([]).columns)[:2] == ["run_id", "suite"]
    assert store.frame([]).empty


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
