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
from tests.harness.store.store_rig import write_run


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("sealed"))


def altered(sealed: Path, folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> Path:
    copy = folder / sealed.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(sealed, copy)
    file = copy / "records.jsonl"
    file.write_bytes(b"".join(change(file.read_bytes().splitlines(keepends=True))))
    return copy


def edit(n: int) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [
        line.replace(b'"kind":', b'"kind" :', 1) if i == n else line for i, line in enumerate(lines)
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (edit(1), 3),  # the next line no longer continues it
        (lambda lines: [*lines[:2], *lines[3:]], 3),  # deleted
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),  # swapped
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], 3),  # repeated
        (lambda lines: [*lines, lines[-1]], 8),  # after the seal
        (lambda lines: lines[1:], 1),  # header gone
        (lambda lines: [*lines, b'{"torn'], 8),  # bytes after the seal
        (lambda lines: [*lines[:3], b"not json\n", *lines[3:]], 4),
    ],
)
def test_a_change_is_found_at_its_line(
    sealed: Path, tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], line: int
) -> None:
    faults = store.verify(altered(sealed, tmp_path, change))
    assert [(fault.line, fault.severity) for fault in faults] == [(line, "error")]


def test_an_untouched_copy_is_clean(sealed: Path, tmp_path: Path) -> None:
    assert store.verify(altered(sealed, tmp_path, lambda lines: lines)) == []


def test_whole_lines_cut_off_leave_a_run_without_a_seal(sealed: Path, tmp_path: Path) -> None:
    faults = store.verify(altered(sealed, tmp_path, lambda lines: lines[:-2]))
    assert [(fault.severity, "not sealed" in fault.sentence) for fault in faults] == [
        ("warning", True)
    ]


def test_a_changed_and_a_missing_blob_are_found(sealed: Path, tmp_path: Path) -> None:
    copy = altered(sealed, tmp_path, lambda lines: lines)
    blob = next((copy / "blobs").iterdir())
    blob.write_bytes(gzip.compress(gzip.decompress(blob.read_bytes()) + b" "))
    assert [(f.line, "changed" in f.sentence) for f in store.verify(copy)] == [(3, True)]
    blob.unlink()
    assert [(f.line, "cannot be read" in f.sentence) for f in store.verify(copy)] == [(3, True)]


def test_a_run_under_another_name_is_found(sealed: Path, tmp_path: Path) -> None:
    other = tmp_path / "20260101T000000Z-fake-ffffffff"
    shutil.copytree(sealed, other)
    assert [fault.line for fault in store.verify(other)] == [1]


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    copy = altered(sealed, tmp_path_factory.getbasetemp(), lambda lines: lines)
    file = copy / "records.jsonl"
    content = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)
    faults = store.verify(copy)
    assert faults
    # the last byte is the seal's newline: without it the seal is a torn line
    assert faults[0].severity == "error" or at == len(content) - 1
