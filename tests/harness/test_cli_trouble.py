"""What goes wrong while measuring: one sentence, the right exit code, nothing measured is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from harness import store
from tests.servers.fake_openai import Reply, Served, serve


class Done(NamedTuple):
    code: int
    out: str
    err: str


def command(results: Path, url: str, *arguments: str) -> list[str]:
    return [
        *(sys.executable, "-m", "harness", "run", "--base-url", url, "--json"),
        *("--results", str(results), "--report", str(results.parent / "report.html")),
        *arguments,
    ]


def run(results: Path, url: str, *arguments: str, prefix: tuple[str, ...] = ()) -> Done:
    done = subprocess.run(
        [*prefix, *command(results, url, *arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def only_run(results: Path) -> store.Run:
    found = store.find_runs(results, ["*"])
    assert len(found) == 1
    assert not [fault for fault in store.verify(found[0]) if fault.severity == "error"]
    return store.read(found[0])


def complaint(done: Done) -> str:
    lines = [line for line in done.err.splitlines() if line.startswith("harness: ")]
    assert len(lines) == 1, done.err
    return lines[0]


MEASURE = ("--suite", "tool_calling", "--case", "tool-behave-*")


def test_a_server_that_is_well_is_measured(tmp_path: Path) -> None:
    with serve() as fake:
        done = run(tmp_path / "r", fake.base_url, "--model", "fake", *MEASURE)
    assert done.code == 3, done.err  # the fake calls no tools: undecided, and nothing else
    assert only_run(tmp_path / "r").outcome == "complete"
    assert (tmp_path / "report.html").is_file()
    assert (tmp_path / "report.md").is_file()


def test_a_port_that_answers_html(tmp_path: Path) -> None:
    with serve("html") as fake:
        done = run(tmp_path / "r", fake.base_url, "--model", "fake", *MEASURE)
    assert done.code == 4
    assert "HTML" in complaint(done)
    assert not (tmp_path / "r").exists()


def no_such_model(request: Served) -> Reply | None:
    if request.method == "POST" and request.json["model"] != "fake":
        return Reply({"error": {"message": "no such model", "code": "model_not_found"}}, 404)
    return None


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with serve(respond=no_such_model) as fake:
        done = run(tmp_path / "r", fake.base_url, "--model", "missing", *MEASURE)
    assert done.code == 4
    assert "missing" in complaint(done)
    assert "fake" in complaint(done)  # what it does offer
    assert not (tmp_path / "r").exists()


def test_a_server_that_dies_mid_run(tmp_path: Path) -> None:
    with serve(die_after=8) as fake:
        done = run(tmp_path / "r", fake.base_url, "--model", "fake", *MEASURE)
    measured = only_run(tmp_path / "r")
    assert done.code == 4
    assert "stopped answering" in complaint(done)
    assert measured.outcome == "failed"
    assert measured.measurements
    assert json.loads(done.out)["runs"][0]["outcome"] == "failed"


def test_a_results_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("in the way")
    with serve() as fake:
        done = run(tmp_path / "r", fake.base_url, "--model", "fake", *MEASURE)
    assert done.code == 2
    assert "--results" in complaint(done)


def test_a_report_that_cannot_be_written_does_not_hide_the_verdicts(tmp_path: Path) -> None:
    blocker = tmp_path / "report.md"
    blocker.mkdir()  # the place of the Markdown file, which is found out when it is written
    with serve() as fake:
        done = run(tmp_path / "r", fake.base_url, "--model", "fake", *MEASURE)
    assert done.code == 2
    assert "report.md" in complaint(done)
    body = json.loads(done.out)
    assert body["runs"][0]["verdicts"]
    assert body["report"] is None
    assert body["errors"]
    assert only_run(tmp_path / "r").outcome == "complete"


DRAWING = (
    "import runpy, sys, harness.report\n"
    "def drawn(*_, **__): raise KeyboardInterrupt\n"
    "harness.report.write_report = drawn\n"
    "sys.argv = ['harness', *sys.argv[4:]]\n"
    "runpy.run_module('harness', run_name='__main__')"
)


def test_a_ctrl_c_while_the_report_is_drawn_does_not_hide_the_verdicts(tmp_path: Path) -> None:
    with serve() as fake:
        done = run(
            *(tmp_path / "r", fake.base_url, "--model", "fake", *MEASURE),
            prefix=(sys.executable, "-c", DRAWING),
        )
    assert done.code == 130
    assert json.loads(done.out)["runs"][0]["verdicts"]


LIMITED = (
    "import resource, signal, sys, runpy;"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000));"
    "sys.argv = ['harness', *sys.argv[4:]];"
    "runpy.run_module('harness', run_name='__main__')"
)


def test_a_full_disk_while_writing(tmp_path: Path) -> None:
    with serve() as fake:
        done = run(
            *(tmp_path / "r", fake.base_url, "--model", "fake", "--suite", "tool_calling"),
            prefix=(sys.executable, "-c", LIMITED),
        )
    assert done.code == 2, done.err
    assert "cannot be written" in complaint(done)
    assert "cannot be written" in json.loads(done.out)["errors"][0]["error"]
    kept = only_run(tmp_path / "r")
    assert kept.outcome == "interrupted"
    assert kept.measurements


# A shell that starts a job in the background has it ignore SIGINT, and children inherit that.
HEEDING = (
    "import runpy, signal, sys;"
    "signal.signal(signal.SIGINT, signal.default_int_handler);"
    "sys.argv = ['harness', *sys.argv[4:]];"
    "runpy.run_module('harness', run_name='__main__')"
)


@contextmanager
def started(results: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    arguments = command(results, url, "--model", "fake", "--suite", "tool_calling")
    process = subprocess.Popen(
        [sys.executable, "-c", HEEDING, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_seals_what_was_measured(tmp_path: Path, sent: signal.Signals) -> None:
    if signal.getsignal(sent) is signal.SIG_IGN:
        pytest.skip(f"{sent.name} is ignored here, as under nohup, and so by what is started")
    with serve(gap_s=0.05) as fake, started(tmp_path / "r", fake.base_url) as process:
        for _ in range(600):
            found = list((tmp_path / "r").glob("runs/*/*/*/records.jsonl"))
            if found and found[0].read_bytes().count(b'"kind":"measurement"') >= 2:
                break
            time.sleep(0.05)
        os.kill(process.pid, sent)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in out + err
    kept = only_run(tmp_path / "r")
    assert kept.outcome == "interrupted"
    assert kept.seal is not None
    assert len(kept.measurements) >= 2
    assert json.loads(out)["runs"][0]["outcome"] == "interrupted"
    assert "harness: Interrupted; 1 run(s) were sealed" in err


def test_a_torn_tail_is_rendered_with_a_warning(tmp_path: Path) -> None:
    with serve() as fake:
        run(tmp_path / "r", fake.base_url, "--model", "fake", *MEASURE)
    file = only_run(tmp_path / "r").path / "records.jsonl"
    file.write_bytes(file.read_bytes()[:-20])
    html, markdown = tmp_path / "torn.html", tmp_path / "torn.md"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "harness", "report", "*", "--results", str(tmp_path / "r")),
            *("--html", str(html), "--markdown", str(markdown)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "torn" in markdown.read_text()
    assert "torn" in html.read_text()
