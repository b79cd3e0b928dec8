"""The server as a process with MCP servers: refusals at its start, nothing left at its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import psutil
import pytest

pytestmark = pytest.mark.server

SCRIPT = str(Path(__file__).parents[2] / "servers" / "mcp_tools.py")
COMMAND = [sys.executable, "-m", "reference_server", "--log-level", "debug"]
SECRET = "the-secret-of-this-test"


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "mcp.json"
    entry = {
        "command": sys.executable,
        "args": [SCRIPT],
        "env": {"KEY": "${SECRET_OF_TEST}"},
        "allow": "*",
        "connect_s": 200,
    }
    path.write_text(json.dumps({"mcpServers": {"box": entry}}))
    return str(path)


@contextmanager
def serving(config):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port), "--mcp-config", config],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"SECRET_OF_TEST": SECRET},
    )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            yield process, http
    finally:
        process.kill()
        process.communicate()


def patiently(process, condition):
    deadline = time.monotonic() + 200
    while True:
        with suppress(httpx2.TransportError):
            if condition():
                return
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_sigterm_leaves_no_process_and_the_log_tells_no_secret(config):
    with serving(config) as (process, http):

        def connected():
            [box] = http.get("/v1/mcp/servers").json()["servers"]
            assert box["state"] in ("connecting", "ready"), box["error"]
            return box["state"] == "ready"

        patiently(process, connected)
        asked = {"name": "box__variable", "arguments": {"name": "KEY"}}
        answer = http.post("/v1/mcp/execute", json=asked)
        assert answer.json()["content"][0]["text"] == SECRET
        children = psutil.Process(process.pid).children(recursive=True)
        assert any(SCRIPT in child.cmdline() for child in children)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
        assert process.returncode == 0
        assert not [child for child in children if child.is_running()]
        assert SECRET not in log
        assert "Traceback" not in log


def test_sigterm_while_the_mcp_server_still_starts(config):
    with serving(config) as (process, _):
        patiently(process, lambda: psutil.Process(process.pid).children())
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
        assert process.returncode == 0
        assert not [child for child in children if child.is_running()]
        assert "Traceback" not in log


def refused(*arguments, **environment):
    done = subprocess.run(
        [*COMMAND, "--port", "0", *arguments],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env=os.environ | environment,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_refusals_at_the_start(config, tmp_path):
    assert "SECRET_OF_TEST" in refused("--mcp-config", config)  # the variable is not set
    assert "cannot read" in refused("--mcp-config", str(tmp_path / "none"))
    assert "--mcp-offer needs --mcp-config" in refused("--mcp-offer")
    everybody = refused("--mcp-config", config, "--host", "0.0.0.0", SECRET_OF_TEST="x")
    assert "--api-key" in everybody


@pytest.mark.parametrize("kind", ["missing", "old"])
def test_without_the_package_the_command_that_installs_it_is_told(config, tmp_path, kind):
    (tmp_path / "mcp").mkdir()
    body = "raise ModuleNotFoundError('mcp')" if kind == "missing" else ""
    (tmp_path / "mcp" / "__init__.py").write_text(body)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    told = refused("--mcp-config", config, PYTHONPATH=path, SECRET_OF_TEST="x")
    assert "pip install 'mlx-serving-harness[mcp]'" in told
