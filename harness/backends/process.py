"""A server process of ours: started on a free port, watched, and always stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from harness.backends.guard import Guard
from harness.backends.launch import Launch
from harness.errors import BackendError

STOP_TIMEOUT_S = 15.0  # longer than the reference server's default drain of 10 s
TAIL_BYTES = 2_000  # enough for the last lines of a traceback


def free_port() -> int:
    """A TCP port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """A server that this harness started. Its output goes to a file that errors quote.

    The process leads a session of its own: a Ctrl-C at the terminal reaches the harness only, which
    then seals its run and stops the server in order. A guard stops it when the harness is killed.
    """

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        handle, name = tempfile.mkstemp(prefix="harness-server-", suffix=".log")
        os.close(handle)
        self._log = Path(name)

    def __enter__(self) -> ServerProcess:
        try:
            self.start()
        except (BackendError, KeyboardInterrupt):  # then __exit__ is not called
            self.stop()
            self._log.unlink(missing_ok=True)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self._log.unlink(missing_ok=True)

    @property
    def pid(self) -> int | None:
        """The process id while the process was started and not stopped."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process, once its model is there; it is not ready yet.

        Raises:
            BackendError: the command cannot be run, or a generated model cannot be written.
        """
        if self.launch.generated is not None:
            self.launch.generated.write()
        with self._log.open("ab") as log:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - argv is built by a backend module
                    self.launch.argv,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, "HF_HUB_DISABLE_TELEMETRY": "1", **self.launch.env},
                    start_new_session=True,
                )
            except OSError as error:
                raise BackendError(f"{self.launch.argv[0]!r} cannot be run: {error}.") from error
        try:
            self._guard = Guard(self._process.pid, grace_s=STOP_TIMEOUT_S)
        except OSError as error:
            raise BackendError(f"The server's guard cannot be started: {error}.") from error

    def check(self) -> None:
        """Raise when the process has ended.

        Raises:
            BackendError: it has; the message quotes the end of its output.
        """
        if self._process is None or self._process.poll() is None:
            return
        code = self._process.returncode
        raise BackendError(
            f"The server ended with exit code {code}.",
            remedy=f"Its last words: {self.tail() or '(none)'}",
        )

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def tail(self) -> str:
        """The end of what the server printed."""
        return self._log.read_bytes()[-TAIL_BYTES:].decode("utf-8", "replace").strip()

    def stop(self) -> int | None:
        """SIGTERM, then SIGKILL to its whole group; gives the exit code.

        A Ctrl-C while this waits is a user in a hurry: it kills at once.
        """
        process, guard = self._process, self._guard
        if process is None:
            return None
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                with contextlib.suppress(ProcessLookupError):  # it ended in this very moment
                    os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        self._process = self._guard = None
        if guard is not None:
            guard.dismiss()
        return code

    def restart(self) -> None:
        """Stop what is left of it and start anew on the same port."""
        self.stop()
        _wait_port_free(int(self.launch.base_url.split(":")[2].split("/")[0]))
        self.start()


def _wait_port_free(port: int, timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                time.sleep(0.1)
                continue
            return
    raise BackendError(f"Port {port} is still taken after the server was stopped.")
