"""Every way of asking wrongly ends in one clear sentence, the right exit code and no traceback."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from harness import cli


class Answer(NamedTuple):
    code: int
    out: str
    err: str


Harness = Callable[..., Answer]


@pytest.fixture
def harness(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Harness:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "500")

    def call(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["harness", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        assert "A defect of the harness" not in captured.err
        return Answer(int(ended.value.code or 0), captured.out, captured.err)

    return call


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("run", "--profile", "nonsense"), 2, "'quick', 'standard', 'full'"),
        (("run", "--suite", "nonsense"), 2, "contract, divergence, throughput, tool_calling"),
        (("run", "--backend", "nonsense"), 2, "reference, mlx-lm"),
        (("run", "--case", "nonsense-*"), 2, "No case matches"),
        (("run", "--nonsense"), 2, "No such option"),
        (("run", "--dialect", "french"), 2, "'openai', 'anthropic'"),
        (("run", "--base-url", "nonsense", "--model", "m"), 2, "http://127.0.0.1:8000/v1"),
        (("run", "--base-url", "http://x/v1", "--backend", "mlx-lm"), 2, "exclude each other"),
        (("run", "--scheduler", "tcp://127.0.0.1:1"), 2, "not available"),
        (("run", "--backend", "mlx-lm", "--model", "./nowhere"), 2, "does not exist"),
        (("run", "--report", "latest.md"), 2, "--report"),
        (("run", "--report", "/proc/nowhere/latest.html"), 2, "--report"),
        (("nonsense",), 2, "No such command"),
        (("cases", "nonsense"), 2, "Known suites"),
        (("explain", "CHT-1"), 2, "CHT-01"),
        (("report", "nonsense", "--html", "x.html"), 2, "nonsense"),
        (("report", "nonsense"), 2, "--html"),
        (("compare", "a", "b"), 2, "not available"),
        (("resume", "a"), 2, "not available"),
        (("import", "r2c", "a.json"), 2, "a.json cannot be read"),
        (("import", "nobody", "a.json"), 2, "There is no importer 'nobody'"),
        (("export", "--parquet", "out"), 2, "not available"),
        (("calibrate",), 2, "not available"),
    ],
)
def test_a_wrong_question_gets_a_clear_answer(
    harness: Harness, arguments: tuple[str, ...], code: int, told: str
) -> None:
    answer = harness(*arguments)
    assert answer.code == code
    assert told in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--profile", "nonsense"),
        ("run", "--backend", "reference", "--backend", "nonsense"),
        ("run", "--nonsense"),
    ],
)
def test_a_wrong_run_is_one_document_too(harness: Harness, arguments: tuple[str, ...]) -> None:
    answer = harness(*arguments, "--json")
    body = json.loads(answer.out)
    assert body["runs"] == []
    assert body["report"] is None
    assert body["errors"][0]["error"] in answer.err
    assert harness(*arguments).out == ""  # not asked for


def test_a_wrong_lookup_is_one_document_too(harness: Harness) -> None:
    answer = harness("explain", "CHT-1", "--json")
    assert answer.code == 2
    assert "CHT-01" in json.loads(answer.out)["errors"][0]["remedy"]


def test_an_unknown_backend_keeps_the_known_one_from_being_measured(
    harness: Harness, tmp_path: Path
) -> None:
    answer = harness("run", "--backend", "reference", "--backend", "nonsense")
    assert answer.code == 2
    assert "Starting" not in answer.err
    assert not (tmp_path / "results").exists()


def test_help_on_serving_lists_the_options_of_the_server(harness: Harness) -> None:
    answer = harness("serve", "--help")
    assert answer.code == 0
    assert "--max-batch" in answer.out


def test_a_bare_command_shows_the_help_and_no_complaint(harness: Harness) -> None:
    answer = harness()
    assert (answer.code, answer.err) == (2, "")
    assert "Usage" in answer.out


def test_a_defect_is_one_sentence_and_a_file(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> list[object]:
        raise KeyError("planted")

    monkeypatch.setattr("harness.doctor.findings", broken)
    monkeypatch.setattr(sys, "argv", ["harness", "doctor"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert told.count("\n") == 1
    file = Path(told.split("report it with ")[1].strip().rstrip("."))
    assert "Traceback" in file.read_text()
    file.unlink()


def test_a_missing_key_variable_is_named(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    answer = harness(
        *("run", "--base-url", "http://127.0.0.1:1/v1", "--model", "m"),
        *("--api-key-env", "NO_SUCH_KEY"),
    )
    assert answer.code == 2
    assert "NO_SUCH_KEY" in answer.err


def test_nothing_listening_is_exit_4_and_writes_no_run(harness: Harness, tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound, not listening: the port refuses connections
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        answer = harness("run", "--base-url", url, "--model", "m", "--json")
    assert answer.code == 4
    assert url.split("/")[2] in answer.err
    assert json.loads(answer.out)["runs"] == []
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("command", ["suites", "backends", "doctor"])
def test_listings_are_json_too(harness: Harness, command: str) -> None:
    rows = json.loads(harness(command, "--json").out)
    assert rows
    assert all(isinstance(row, dict) for row in rows)


def test_cases_and_explain_agree(harness: Harness) -> None:
    for suite in json.loads(harness("suites", "--json").out):
        listed = json.loads(harness("cases", suite["name"], "--json").out)
        assert listed
        told = json.loads(harness("explain", listed[0]["id"], "--json").out)
        assert told["suite"] == suite["name"]
        assert told["explain"]


def test_case_ids_are_unique_over_all_suites(harness: Harness) -> None:
    ids = [
        case["id"]
        for suite in json.loads(harness("suites", "--json").out)
        for case in json.loads(harness("cases", suite["name"], "--json").out)
    ]
    assert len(ids) == len(set(ids))


def test_the_version_is_told(harness: Harness) -> None:
    assert harness("--version").out.startswith("harness 0.")
