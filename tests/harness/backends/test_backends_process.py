"""A managed server is started, watched and always stopped."""

from __future__ import annotations

import subprocess
import sys
import tempfile
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


def test_a_ctrl_c_while_it_is_stopped_kills_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []

    def impatient(self: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        waits.append(timeout)
        if len(waits) == 1:
            raise KeyboardInterrupt
        return wait(self, timeout)

    wait = subprocess.Popen.wait
    with ServerProcess(launch(STUBBORN)) as process:
        wait_for(process, "ready")
        monkeypatch.setattr(subprocess.Popen, "wait", impatient)
        assert process.stop() == -9


def test_a_ctrl_c_in_the_moment_in_which_it_ends_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wait = subprocess.Popen.wait
    waits: list[float | None] = []

    def ended_just_now(self: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        waits.append(timeout)
        code = wait(self, timeout)
        if len(waits) == 1:
            raise KeyboardInterrupt
        return code

    with ServerProcess(launch("import time; print('up', flush=True); time.sleep(60)")) as process:
        wait_for(process, "up")
        monkeypatch.setattr(subprocess.Popen, "wait", ended_just_now)
        assert process.stop() == -15


HARNESS = """
import sys, time
from harness.backends import Launch, ServerProcess
server = "import time; print('up', flush=True); time.sleep(60)"
with ServerProcess(Launch((sys.executable, "-c", server), "http://127.0.0.1:1/v1", "m")) as process:
    print(process.pid, flush=True)
    sys.stdin.read()
"""


def gone(pid: int, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_a_harness_that_is_killed_leaves_no_server_behind() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HARNESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        server = int(process.stdout.readline())
        assert not gone(server, 0.5)  # while the harness lives the guard leaves it alone
        process.kill()
        assert gone(server, 10)
    finally:
        process.kill()
        process.communicate()


def test_the_guard_leaves_with_the_server() -> None:
    before = {child.pid for child in psutil.Process().children()}
    with ServerProcess(launch("import time; time.sleep(60)")) as process:
        during = {child.pid for child in psutil.Process().children()} - before
        assert len(during) == 2
        assert process.pid in during
    assert not {child.pid for child in psutil.Process().children()} & during


def test_nothing_is_left_of_a_command_that_cannot_be_run() -> None:
    logs = set(Path(tempfile.gettempdir()).glob("harness-server-*"))
    nowhere = ServerProcess(Launch(("/nonexistent/server",), "http://127.0.0.1:1/v1", "m"))
    assert nowhere._log not in logs
    assert nowhere._log.exists()
    with pytest.raises(BackendError, match="cannot be run"), nowhere:
        pass
    assert not nowhere._log.exists()


@pytest.mark.parametrize("name", sorted(BACKENDS))
def test_a_model_folder_that_is_not_there_is_refused_at_once(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        BACKENDS[name].launch(str(tmp_path / "nowhere"), 4321)
    made = BACKENDS[name].launch("some/hub-id", 4321)  # only the server can resolve this
    assert "some/hub-id" in made.argv
    assert made.model_path is None


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
