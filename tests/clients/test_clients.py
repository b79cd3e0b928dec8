"""Clients that nobody here wrote, in several versions, each in an environment of its own.

``make clients`` installs them below ``.clients``; what is not there is skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from harness.backends import ServerProcess, find_backend, free_port
from tests.clients.wrong_server import wrong_server

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".clients"

OPENAI = ("openai==1.109.1", "openai==2.54.0", "openai==3.52.0")
ANTHROPIC = ("anthropic==0.75.0", "anthropic==1.17.0", "anthropic==2.11.0")
MATRIX = [
    *((name, "client_openai.py", "/v1") for name in OPENAI),
    *((name, "client_anthropic.py", "") for name in ANTHROPIC),
    ("langchain", "client_langchain.py", "/v1"),
]

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    """The root of a running reference server."""
    backend, port = find_backend("reference"), free_port()
    if missing := backend.missing():
        pytest.skip(missing)
    url = f"http://127.0.0.1:{port}"
    with ServerProcess(backend.launch("embedded", port)) as process:
        for _ in range(600):
            process.check()
            with suppress(httpx2.TransportError):
                if httpx2.get(f"{url}/health").status_code == 200:
                    break
            time.sleep(0.2)
        else:
            raise AssertionError(f"The server never became ready: {process.tail()}")
        yield url


def python_of(name: str) -> Path:
    python = ENVIRONMENTS / name / "bin" / "python"
    if not python.exists():
        pytest.skip(f"{name} is not installed: make clients")
    return python


def faults(python: Path, script: str, url: str) -> dict[str, str | None]:
    """What each check of a script says; the script's exit code says the same."""
    ran = subprocess.run(
        [str(python), str(HERE / script), url], capture_output=True, text=True, timeout=600,
        check=False, env={**os.environ, "PYTHONPATH": str(HERE)},
    )  # fmt: skip
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert told, ran.stderr[-2000:]
    found = {one["check"]: one["fault"] for one in told}
    assert ran.returncode == (1 if any(found.values()) else 0), ran.stderr[-2000:]
    return found


@pytest.mark.parametrize(("name", "script", "base"), MATRIX, ids=[name for name, *_ in MATRIX])
def test_a_client_is_served(name: str, script: str, base: str, root: str) -> None:
    found = faults(python_of(name), script, root + base)
    assert len(found) >= 6
    assert {check: fault for check, fault in found.items() if fault} == {}


@pytest.mark.parametrize("script", ["client_openai.py", "client_anthropic.py"])
def test_a_wrong_server_passes_no_check(script: str) -> None:
    with wrong_server() as url:
        found = faults(Path(sys.executable), script, url + ("/v1" if "openai" in script else ""))
    assert [check for check, fault in found.items() if fault is None] == []
