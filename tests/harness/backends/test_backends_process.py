"""A managed server is started, watched and always stopped."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from harness.backends import BACKENDS, Launch, ServerProcess, find_backend, free_port
from harness.errors import BackendError, UsageError

STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def launch(code: str, port: int | None = None) -> Launch:
    port = port or free_port()
    return Launch((sys.executable, "-c", code), f"http://127.0.0.1:{port}/v1", "m")


def wait_for(process: ServerProcess, word: str) -> None:
    for _ in range(200):
        if word in process.tail():
            return
        time.sleep(0.02)
    raise AssertionError(f"{word!r} never came: {process.tail()!r}")


def test_leaving_the_block_stops_the_server() -> None:
    with ServerProcess(launch("import time; print('up', flush=True); time.sleep(60)")) as process:
        wait_for(process, "up")
        pid = process.pid
        assert pid is not None
        assert psutil.pid_exists(pid)
        assert process.alive()
    assert not psutil.pid_exists(pid)


def test_an_error_inside_the_block_stops_it_too() -> None:
    pids: list[int | None] = []

    def fail_inside() -> None:
        with ServerProcess(launch("import time; time.sleep(60)")) as process:
            pids.append(process.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert pids[0] is not None
    assert not psutil.pid_exists(pids[0])


def test_a_server_that_ignores_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.backends.process.STOP_TIMEOUT_S", 0.3)
    with ServerProcess(launch(STUBBORN)) as process:
        wait_for(process, "ready")
        assert process.stop() == -9


def test_a_server_that_ends_is_told_with_its_last_words() -> None:
    with ServerProcess(launch("import sys; sys.exit('no such model')")) as process:
        assert process._process is not None
        process._process.wait(10)
        with pytest.raises(BackendError, match=r"exit code 1.*no such model"):
            process.check()


def test_a_running_server_passes_the_check() -> None:
    with ServerProcess(launch("import time; time.sleep(60)")) as process:
        process.check()


def test_a_command_that_does_not_exist_is_one_sentence() -> None:
    nowhere = Launch(("/nonexistent/server",), "http://127.0.0.1:1/v1", "m")
    with pytest.raises(BackendError, match="cannot be run"), ServerProcess(nowhere):
        pass


def test_restart_gives_a_new_process_on_the_same_port() -> None:
    with ServerProcess(launch("import time; time.sleep(60)")) as process:
        before = process.pid
        process.restart()
        assert process.alive()
        assert process.pid != before


def test_unknown_backends_list_the_known_ones() -> None:
    with pytest.raises(UsageError, match="reference, mlx-lm"):
        find_backend("nonsense")


def test_every_backend_names_its_port_and_model(tmp_path: Path) -> None:
    for backend in BACKENDS.values():
        made = backend.launch(str(tmp_path), 4321)
        assert "4321" in made.argv
        assert str(tmp_path) in made.argv
        assert made.base_url == "http://127.0.0.1:4321/v1"
        assert made.model_path == tmp_path
