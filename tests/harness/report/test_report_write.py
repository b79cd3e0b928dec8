from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import StoreError, UsageError
from harness.report import render_html, render_markdown, write_report
from harness.report.write import check_place
from tests.harness.report.report_samples import contract, record


def test_both_files_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    runs = [record(tmp_path / "results", contract())]
    folder = tmp_path / "new" / "folder"
    write_report(runs, folder / "r.html", folder / "r.md")
    assert (folder / "r.html").read_text("utf-8") == render_html(runs)
    assert (folder / "r.md").read_text("utf-8") == render_markdown(runs)
    assert sorted(path.name for path in folder.iterdir()) == ["r.html", "r.md"]


def test_one_file_alone(tmp_path: Path) -> None:
    write_report([record(tmp_path / "results", contract())], None, tmp_path / "r.md")
    assert not (tmp_path / "r.html").exists()


def test_a_place_that_cannot_be_written_is_one_sentence_with_a_remedy(tmp_path: Path) -> None:
    runs = [record(tmp_path / "results", contract())]
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StoreError, match=r"cannot be written") as told:
        write_report(runs, blocked / "r.html", None)
    assert "harness report" in told.value.remedy
    assert blocked.read_text() == "in the way"


def test_a_failure_leaves_the_old_report_and_no_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [record(tmp_path / "results", contract())]
    place = tmp_path / "reports" / "r.html"
    write_report(runs, place, None)
    old = place.read_bytes()

    def full(self: Path, *_: object, **__: object) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StoreError, match="No space left on device"):
        write_report(runs, place, None)
    assert place.read_bytes() == old
    assert [path.name for path in place.parent.iterdir()] == ["r.html"]


@pytest.mark.parametrize("name", ["latest.md", "folder", "file/latest.html"])
def test_a_place_that_cannot_take_a_report_is_told_before(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match="--report"):
        check_place(tmp_path / name)
    check_place(tmp_path / "new" / "latest.html")
    assert not list((tmp_path / "new").iterdir())
