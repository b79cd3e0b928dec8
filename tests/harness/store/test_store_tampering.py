"""Every change to a sealed run is found, at its line; what is no change is not."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import store
from harness.errors import CorruptRun
from harness.store import lines as line_format
from tests.harness.store.store_rig import write_run

Lines = list[bytes]
SEAL = 7  # the lines of the rig's run: header, three measurements, note, verdict, seal


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("sealed"))


def altered(sealed: Path, folder: Path, change: Callable[[Lines], Lines]) -> Path:
    copy = folder / sealed.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(sealed, copy)
    file = copy / "records.jsonl"
    file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))
    return copy


def edit(n: int, old: bytes = b'"kind":', new: bytes = b'"kind" :') -> Callable[[Lines], Lines]:
    def change(lines: Lines) -> Lines:
        assert old in lines[n]
        return [line.replace(old, new, 1) if i == n else line for i, line in enumerate(lines)]

    return change


@pytest.mark.parametrize(
    ("change", "line"),
    [
        *((edit(n), n + 1) for n in range(SEAL)),  # the line itself, not the one that notices
        (edit(0, b'"base_url":"http:', b'"base_url":"ftp:'), 1),
        (edit(1, b'"duration_s":0.5', b'"duration_s":0.4'), 2),
        (edit(2, b'"prev":"', b'"prev":"0'), 3),
        (edit(5, b'"outcome":"pass"', b'"outcome":"fail"'), 6),
        (edit(6, b'"outcome":"complete"', b'"outcome":"failed"'), SEAL),
        (edit(6, b'"ended_at":"2', b'"ended_at":"1'), SEAL),
        (edit(6, b"seal_sha256", b"seal_sha255"), SEAL),
        (lambda lines: [*lines[:2], *lines[3:]], 3),  # deleted
        (lambda lines: [*lines[:5], lines[6]], 6),  # deleted just before the seal
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),  # swapped
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], 3),  # repeated
        (lambda lines: [*lines, lines[-1]], SEAL + 1),  # after the seal
        (lambda lines: lines[1:], 1),  # header gone
        (lambda lines: [*lines, b'{"torn'], SEAL + 1),  # bytes after the seal
        (lambda lines: [*lines[:3], b"not json\n", *lines[3:]], 4),
        (lambda lines: [*lines[:3], b"\xff\xfe\n", *lines[3:]], 4),
        (lambda lines: [*lines[:3], b"[" * 100_000 + b"\n", *lines[3:]], 4),
    ],
)
def test_a_change_is_found_at_its_line(
    sealed: Path, tmp_path: Path, change: Callable[[Lines], Lines], line: int
) -> None:
    faults = store.verify(altered(sealed, tmp_path, change))
    assert [(fault.line, fault.severity) for fault in faults] == [(line, "error")]


def test_an_untouched_copy_is_clean(sealed: Path, tmp_path: Path) -> None:
    assert store.verify(altered(sealed, tmp_path, lambda lines: lines)) == []


@pytest.mark.parametrize("kept", range(1, SEAL))
def test_whole_lines_cut_off_leave_a_run_without_a_seal(
    sealed: Path, tmp_path: Path, kept: int
) -> None:
    copy = altered(sealed, tmp_path, lambda lines: lines[:kept])
    faults = store.verify(copy)
    assert [(f.line, f.severity, "not sealed" in f.sentence) for f in faults] == [
        (kept, "warning", True)
    ]
    assert store.read(copy).outcome == "interrupted"


def test_what_is_no_run_at_all_is_told(tmp_path: Path) -> None:
    assert [fault.line for fault in store.verify(tmp_path)] == [0]
    (tmp_path / "records.jsonl").touch()
    assert [(f.line, f.severity) for f in store.verify(tmp_path)] == [(1, "error")]


def chained(bodies: list[tuple[line_format.Kind, bytes]]) -> bytes:
    """Lines whose chain holds, whatever their bodies are."""
    prev, made = line_format.FIRST_PREV, []
    for seq, (kind, body) in enumerate(bodies):
        made.append(line_format.make_line(seq, prev, kind, body))
        prev = line_format.sha256(made[-1])
    return b"".join(line + b"\n" for line in made)


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("measurement", b"{}", "lacks the field exchanges"),
        ("measurement", b'{"exchanges":[{}]}', "lacks the field request"),
        ("measurement", b'{"exchanges":[],"case_id":1}', "holds case_id as int"),
        ("measurement", b'{"exchanges":{"blob":"../../x","count":1}}', "else than a SHA-256"),
        ("verdict", b'{"name":"a","outcome":"perhaps"}', "holds outcome 'perhaps'"),
        ("note", b'{"text":"t","kind":"k"}', "lacks the field at"),
        ("header", b"{}", "in the wrong place"),
        ("measurement", b"[]", "body an object"),
        ("measurement", b'{"exchanges":[],"x":NaN}', "NaN is not JSON"),
    ],
)
def test_a_record_that_breaks_the_schema_is_named_also_where_the_chain_holds(
    sealed: Path, tmp_path: Path, kind: line_format.Kind, body: bytes, told: str
) -> None:
    def change(lines: Lines) -> Lines:
        header = line_format.parse_line(lines[0].rstrip(b"\n")).body
        return [chained([("header", line_format.canonical(header)), (kind, body)])]

    copy = altered(sealed, tmp_path, change)
    fault = store.verify(copy)[0]
    assert (fault.line, fault.severity) == (2, "error")
    assert told in fault.sentence
    with pytest.raises(CorruptRun, match=r"records\.jsonl:2"):
        store.read(copy)


def test_a_changed_and_a_missing_blob_are_found(sealed: Path, tmp_path: Path) -> None:
    copy = altered(sealed, tmp_path, lambda lines: lines)
    blob = next((copy / "blobs").iterdir())
    assert store.read(copy).measurements[1].exchanges
    blob.write_bytes(gzip.compress(gzip.decompress(blob.read_bytes()) + b" "))
    assert [(f.line, "changed" in f.sentence) for f in store.verify(copy)] == [(3, True)]
    run = store.read(copy)  # what the lines hold can still be read, and the loss is told
    assert len(run.measurements) == 3
    assert run.measurements[1].exchanges == ()
    assert any(w.startswith("line 3") and "left out" in w for w in run.warnings)
    blob.unlink()
    assert [(f.line, "lacks its blob" in f.sentence) for f in store.verify(copy)] == [(3, True)]


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_changed_byte_of_a_blob_is_found_unless_its_content_stays_the_same(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    copy = altered(sealed, tmp_path_factory.getbasetemp() / "blob", lambda lines: lines)
    blob = next((copy / "blobs").iterdir())
    content = bytearray(blob.read_bytes())
    whole = gzip.decompress(content)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    blob.write_bytes(content)
    if [fault.line for fault in store.verify(copy)] != [3]:
        # time, system and level in the head of a gzip file say nothing about its content
        assert gzip.decompress(content) == whole


def test_a_run_under_another_name_is_found(sealed: Path, tmp_path: Path) -> None:
    other = tmp_path / "20260101T000000Z-fake-ffffffff"
    shutil.copytree(sealed, other)
    assert [fault.line for fault in store.verify(other)] == [1]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found_at_its_line(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    copy = altered(sealed, tmp_path_factory.getbasetemp() / "byte", lambda lines: lines)
    file = copy / "records.jsonl"
    content = bytearray(file.read_bytes())
    starts = [0, *(i + 1 for i, byte in enumerate(content[:-1]) if byte == 0x0A)]
    number = data.draw(st.integers(1, SEAL))  # by line: the short ones are drawn as often
    end = starts[number] if number < SEAL else len(content)
    at = data.draw(st.integers(starts[number - 1], end - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)
    faults = store.verify(copy)
    assert faults[0].line == number
    # the last byte is the seal's newline: without it the seal is a torn line
    assert faults[0].severity == ("warning" if at == len(content) - 1 else "error")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_moved_or_lost_line_is_found_where_the_order_breaks(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    order = data.draw(st.lists(st.integers(0, SEAL - 1), min_size=1, max_size=SEAL + 2))
    copy = altered(
        sealed, tmp_path_factory.getbasetemp() / "order", lambda lines: [lines[i] for i in order]
    )
    faults = store.verify(copy)
    wrong = next((n for n, i in enumerate(order) if i != n), None)
    if wrong is not None:
        assert [(fault.line, fault.severity) for fault in faults] == [(wrong + 1, "error")]
    else:
        assert [fault.severity for fault in faults] == ["warning"] * (len(order) < SEAL)
