"""A file of another tool becomes a sealed run that says where it comes from."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import EntryPoint

import pytest

from harness import cli, imports, store
from harness.errors import UsageError
from harness.imports import import_file

TEXT = json.dumps(
    {
        "model": "some/model",
        "base_url": "http://localhost:8000",
        "rows": [{"prompt": f"p{n}", "serial_output": "a", "concurrent_output": "a"} for n in "ab"],
    }
)


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """As pyproject.toml registers it, also where an older version is installed."""
    point = EntryPoint("r2c", "suites.divergence.published:read", imports.GROUP)
    monkeypatch.setattr(imports, "entry_points", lambda group: [point])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "result.json"
    path.write_text(TEXT)
    return path


def test_a_run_is_kept_sealed_and_marked(file, tmp_path):
    log, _ = import_file("r2c", file, tmp_path / "results", "harness import")
    run = store.read(log.path)
    assert store.verify(log.path) == []
    assert run.header["imported"] == {
        "tool": "r2c", "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
    }  # fmt: skip
    assert run.header["target"]["backend"] == "imported (r2c)"
    assert [m.case_id for m in run.measurements] == ["diverge-imported-r2c"]


def test_the_command_tells_the_verdict(file, tmp_path, capsys, monkeypatch):
    command = ["import", "r2c", str(file), "--results", str(tmp_path / "results")]
    for more in ([], ["--json"]):
        monkeypatch.setattr("sys.argv", ["harness", *command, *more])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 3
        told = capsys.readouterr().out
        assert "inconclusive" in told
    assert json.loads(told)[0]["detail"]["legacy"]["exact"]["mean"] == 1.0


def test_an_imported_run_has_a_place_in_the_report(file, tmp_path, monkeypatch):
    log, _ = import_file("r2c", file, tmp_path / "results", "harness import")
    page = tmp_path / "report.html"
    told = ["report", log.run_id, "--results", str(tmp_path / "results"), "--html", str(page)]
    monkeypatch.setattr("sys.argv", ["harness", *told])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code in (None, 0)
    assert "imported (r2c)" in page.read_text()


@pytest.mark.parametrize("data", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read(data, tmp_path):
    path = tmp_path / "other.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError, match=r"other\.json cannot be read"):
        import_file("r2c", path, tmp_path, "")


def test_an_unknown_tool(file, tmp_path):
    with pytest.raises(UsageError, match="Known: r2c"):
        import_file("guidellm", file, tmp_path, "")
