"""schemathesis against /openapi.json: whatever it makes of the document, the server stays right.

Hundreds of requests, each followed by a canary, take minutes: `tox -e nightly`. More of them for
each operation: `NIGHTLY_EXAMPLES=200 tox -e nightly`; fewer: `NIGHTLY_PHASES=fuzzing`.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

pytest.importorskip("schemathesis", reason="needs schemathesis: tox -e nightly")

pytestmark = [pytest.mark.server, pytest.mark.timeout(7200)]

HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
EXAMPLES = os.environ.get("NIGHTLY_EXAMPLES", "20")
PHASES = os.environ.get("NIGHTLY_PHASES", "coverage,fuzzing")

# What fields demand of each other and of the text (a message's role, tokens of a prompt) stands in
# the errors and not in the schemas: a request that fits them may get a 400 all the same.
UNCHECKED = "positive_data_acceptance"


@pytest.fixture(scope="module")
def url():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "reference_server", "--scripted", "--log-level", "error"]
    process = subprocess.Popen([*command, "--port", str(port)])
    try:
        ready(process, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def ready(process, url):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx2.TransportError):
            if httpx2.get(f"{url}/health").status_code == 200:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not become ready: {process.poll()}")


def schemathesis(location, url, folder, *options, **environment):
    """The run's exit code and what it said."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "run", location, "--url", url,
            "--exclude-checks", UNCHECKED, "--phases", PHASES, "--seed", "1",
            "--request-timeout", "60", "--no-color", *options,
        ],
        cwd=folder,
        env=os.environ | {"SCHEMATHESIS_HOOKS": str(HOOKS), "CANARY_URL": url} | environment,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_it_finds_nothing(url, tmp_path):
    code, said = schemathesis(f"{url}/openapi.json", url, tmp_path, "--max-examples", EXAMPLES)
    assert code == 0, said
    selected, there, tested = map(
        int, re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", said).groups()
    )
    assert selected == there == tested > 10
    assert httpx2.get(f"{url}/health").status_code == 200


def test_it_finds_a_document_that_is_not_true(url, tmp_path):
    made = httpx2.get(f"{url}/openapi.json").json()
    made["components"]["schemas"]["Model"]["required"].append("invented")
    wrong = tmp_path / "openapi.json"
    wrong.write_text(json.dumps(made))
    code, said = schemathesis(str(wrong), url, tmp_path, "--include-path", "/v1/models", "-n", "1")
    assert code == 1, said
    assert "invented" in said


def test_the_canary_can_fail(url, tmp_path):
    options = ("--include-path", "/v1/models", "-n", "1")
    code, said = schemathesis(
        f"{url}/openapi.json", url, tmp_path, *options, CANARY_TEXT="another text"
    )
    assert code == 1, said
    assert "The canary got 200" in said
