"""The committed runs are what their writer wrote, and the example report is made from them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from harness import store

ROOT = Path(__file__).parents[2]


def committed() -> list[Path]:
    """Folders of the runs that git tracks; runs of this machine beside them are nobody's claim."""
    listed = subprocess.run(
        ["git", "ls-files", "results/runs/*records.jsonl"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return [(ROOT / line).parent for line in listed.stdout.splitlines()]


@pytest.mark.parametrize("path", committed(), ids=lambda path: path.name)
def test_a_committed_run_is_whole_and_sealed(path: Path) -> None:
    assert store.verify(path) == []
    assert store.read(path).header["provenance"]["git"]["dirty"] is False


@pytest.mark.skipif(not committed(), reason="no git checkout: nothing is committed here")
def test_the_example_report_names_every_committed_run() -> None:
    page = (ROOT / "reports" / "example.html").read_text()
    assert [path.name for path in committed() if path.name not in page] == []
