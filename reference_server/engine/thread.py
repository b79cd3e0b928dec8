"""Waiting for a thread's real end.

MLX keeps compiled functions for each thread and lets go of them when the thread of the operating
system ends, for which it needs Python's interpreter. Up to Python 3.12 ``join`` returns before
that: an interpreter that exits right afterwards aborts the process ("terminate called without an
active exception") instead of leaving its own exit code.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

# Where the system's threads of this process are listed, on Linux.
TASKS = Path("/proc/self/task")

# Elsewhere the end cannot be seen. Measured on Linux it comes within a few milliseconds.
GRACE_S = 0.05


def join(thread: threading.Thread, timeout_s: float) -> None:
    """Wait ``timeout_s`` at most until Python and the operating system have ended ``thread``."""
    deadline = time.monotonic() + timeout_s
    thread.join(timeout_s)
    if thread.is_alive() or sys.version_info >= (3, 13):  # whose join is the system's own
        return
    if not TASKS.is_dir():
        time.sleep(GRACE_S)
        return
    task = TASKS / str(thread.native_id)
    while task.exists() and time.monotonic() < deadline:
        time.sleep(0.001)
