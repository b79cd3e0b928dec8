"""Both front ends ask the same and write the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness import store
from tests.servers.fake_openai import serve

ROOT = Path(__file__).parents[2]
SUITE = "tool_calling"


def run_pytest(results: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", f"suites/{SUITE}", "-p", "no:cacheprovider", "-v"),
            *("--base-url", url, "--model", "fake", "--results", str(results), *arguments),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run_harness(results: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "harness", "run", "--suite", SUITE, "--json"),
            *("--base-url", url, "--model", "fake", "--results", str(results)),
            *("--report", str(results / "report.html"), *arguments),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )


def only_run(results: Path) -> Path:
    found = store.find_runs(results, ["*"])
    assert len(found) == 1
    assert not [f for f in store.verify(found[0]) if f.severity == "error"]
    return found[0]


VARYING = re.compile(
    # hashes, times, ids and what follows from them: the only differences that are allowed
    r"^(prev|last|run_id|started_at|ended_at|at|duration_s|.*_ns|.*_s|command|blob|load_1m|id"
    r"|base_url|url|chunks|headers|.*_sha256)$"
)


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if not VARYING.match(k)}
    if isinstance(value, list):
        return [without_times(item) for item in value]
    return value


def records(path: Path) -> list[Any]:
    lines = (path / "records.jsonl").read_bytes().splitlines()
    return [without_times(json.loads(line)) for line in lines]


def test_records_are_identical_but_for_times_and_ids(tmp_path: Path) -> None:
    with serve() as fake:
        by_pytest = run_pytest(tmp_path / "a", fake.base_url)
        by_harness = run_harness(tmp_path / "b", fake.base_url)
    first, second = records(only_run(tmp_path / "a")), records(only_run(tmp_path / "b"))
    assert len(first) > 20, by_pytest.stdout + by_harness.stderr
    assert first == second


def test_a_selection_is_told_and_stays_undecided(tmp_path: Path) -> None:
    with serve() as fake:
        done = run_pytest(tmp_path, fake.base_url, "-k", "plain or verdict")
    run = store.read(only_run(tmp_path))
    suite = [verdict for verdict in run.verdicts if verdict.case_id is None]
    assert {verdict.outcome for verdict in suite} <= {"inconclusive", "skip"}
    assert run.header["planned_cases"] > len(run.measurements), done.stdout


def test_a_server_that_dies_fails_the_items_and_keeps_the_records(tmp_path: Path) -> None:
    with serve(die_after=6) as fake:
        done = run_pytest(tmp_path, fake.base_url)
    run = store.read(only_run(tmp_path))
    assert done.returncode == 1
    assert "stopped answering" in done.stdout
    assert "Traceback" not in done.stdout
    assert run.outcome == "failed"
    assert run.measurements


def test_nothing_listening_is_one_sentence_an_item_and_no_run(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "http://127.0.0.1:1/v1")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout
    assert "127.0.0.1:1" in done.stdout
    assert not (tmp_path / "runs").exists()


def test_parallel_workers_are_refused(tmp_path: Path) -> None:
    pytest.importorskip(
        "xdist", reason="needs pytest-xdist to be refused: pip install pytest-xdist"
    )
    with serve() as fake:
        done = run_pytest(tmp_path, fake.base_url, "-n", "2")
    assert "without pytest-xdist" in done.stdout
    assert done.returncode == 1
    assert not (tmp_path / "runs").exists()
