"""Ends a server whose harness was killed: nothing else can once SIGKILL has struck."""

from __future__ import annotations

import subprocess
import sys

# A process of its own. Its standard input is a pipe into which only the harness can write: a byte
# means that the server was stopped in order, the pipe's end that the harness is gone.
_SCRIPT = """
import os, signal, sys, time
group, grace_s = int(sys.argv[1]), float(sys.argv[2])
if not sys.stdin.buffer.read(1):
    try:
        os.killpg(group, signal.SIGTERM)
        end = time.monotonic() + grace_s
        while time.monotonic() < end:
            time.sleep(0.1)
            os.killpg(group, 0)
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
"""


class Guard:
    """Watches over one process group until it is dismissed.

    Raises:
        OSError: the process cannot be started.
    """

    def __init__(self, group: int, *, grace_s: float) -> None:
        # -I -S: no site packages and no environment, so that it starts at once and stays small.
        self._process = subprocess.Popen(  # noqa: S603 - a constant script and two numbers
            [sys.executable, "-I", "-S", "-c", _SCRIPT, str(group), str(grace_s)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C at the terminal is not for it
        )

    def dismiss(self) -> None:
        """The server has ended: there is nothing left to watch."""
        self._process.communicate(b"\n")  # takes a guard that somebody ended for granted
