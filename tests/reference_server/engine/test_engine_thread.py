"""The engine's thread is really over when ``close`` returns: an exit right after it is clean."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from reference_server.engine import thread as module
from reference_server.engine.thread import join

EXIT_AT_ONCE = """
import asyncio
from reference_server.service import GenerationOptions, Service, ServiceSettings

service = Service(ServiceSettings())

async def go():
    options = GenerationOptions(max_tokens=4)
    return [piece async for piece in service.generate(service.text_prompt("hi"), options)]

asyncio.run(go())
service.close(0)
"""


def ended_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    return thread


@pytest.mark.parametrize(("version", "polls"), [((3, 11), 3), ((3, 12), 3), ((3, 13), 0)])
def test_the_systems_end_is_waited_for(monkeypatch, tmp_path, version, polls):
    thread, slept = ended_thread(), []
    task = tmp_path / str(thread.native_id)
    task.mkdir()

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            task.rmdir()

    monkeypatch.setattr(module, "TASKS", tmp_path)
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(time, "sleep", sleep)
    join(thread, 30.0)
    assert len(slept) == polls


def test_a_thread_that_the_system_never_ends_holds_up_nobody(monkeypatch, tmp_path):
    thread = ended_thread()
    (tmp_path / str(thread.native_id)).mkdir()
    monkeypatch.setattr(module, "TASKS", tmp_path)
    monkeypatch.setattr(sys, "version_info", (3, 12))
    join(thread, 0.01)


def test_a_process_that_ends_right_after_close_exits_with_0():
    for _ in range(3):  # without the wait two in three abort
        done = subprocess.run(
            [sys.executable, "-c", EXIT_AT_ONCE], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_a_thread_that_goes_on_is_waited_for_no_longer_than_asked():
    end = threading.Event()
    thread = threading.Thread(target=end.wait, daemon=True)
    thread.start()
    join(thread, 0.01)
    assert thread.is_alive()
    end.set()
    join(thread, 30.0)
    assert not thread.is_alive()


def test_where_the_end_cannot_be_seen_a_moment_is_given(monkeypatch):
    slept = []
    monkeypatch.setattr(module, "TASKS", Path("/nowhere/at/all"))
    monkeypatch.setattr(sys, "version_info", (3, 12))
    monkeypatch.setattr(time, "sleep", slept.append)
    thread = ended_thread()
    join(thread, 30.0)
    assert slept == [module.GRACE_S]
    monkeypatch.setattr(sys, "version_info", (3, 13))
    join(thread, 30.0)
    assert len(slept) == 1
