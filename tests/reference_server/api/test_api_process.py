"""The server as a process: its start, its end, and what it says when it cannot start."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import httpx2
import pytest

pytestmark = pytest.mark.server

ENDLESS = "random:1m"  # its answers run to max_tokens
USER = [{"role": "user", "content": "hello"}]
BODY = {"model": "default", "messages": USER, "stream": True, "temperature": 0}


def command(*arguments):
    return [sys.executable, "-m", "reference_server", "--log-level", "info", *arguments]


def refused(*arguments):
    done = subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@contextmanager
def serving(*arguments, **environment):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command("--port", str(port), *arguments),
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            yield process, http
    finally:
        process.kill()
        process.communicate()


def until_ready(process, http):
    """Every status of /health on the way to 200."""
    seen = []
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx2.TransportError):
            answer = http.get("/health")
            if not seen or seen[-1] != answer.status_code:
                seen.append(answer.status_code)
            if answer.status_code == 200:
                return seen
        time.sleep(0.01)
    pytest.fail(f"the server did not become ready: {process.poll()}, {seen}")


def ended(process):
    _, log = process.communicate(timeout=30)
    assert "Traceback" not in log, log
    return process.returncode, log


def test_options_that_contradict_each_other_end_the_start():
    said = refused("--port", "0", "--runtime-mode", "simple", "--batching", "invariant")
    assert "--runtime-mode simple and --batching invariant contradict each other" in said


def test_start_answers_and_ends(tmp_path):
    with serving("--api-key", "sk-secret") as (process, http):
        until_ready(process, http)
        assert http.get("/v1/models").status_code == 401
        headers = {"authorization": "Bearer sk-secret"}
        secret = {"messages": [{"role": "user", "content": "xyzzy-prompt"}], "max_tokens": 2}
        answer = http.post(
            "/v1/chat/completions", json=BODY | {"stream": False} | secret, headers=headers
        )
        assert answer.status_code == 200
        process.send_signal(signal.SIGINT)
        code, log = ended(process)
        assert code == 0
        assert "sk-secret" not in log
        assert "xyzzy-prompt" not in log


def test_end_lets_streams_finish():
    with serving("--model", ENDLESS, "--drain-seconds", "20") as (process, http):
        until_ready(process, http)
        with http.stream("POST", "/v1/chat/completions", json=BODY | {"max_tokens": 300}) as s:
            lines = s.iter_lines()
            next(lines)
            process.send_signal(signal.SIGTERM)
            rest = [line for line in lines if line]
        assert rest[-1] == "data: [DONE]"
        assert json.loads(rest[-2][6:])["choices"][0]["finish_reason"] == "length"
        assert ended(process)[0] == 0


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages"])
def test_end_tells_streams_that_it_is_over(path):
    with serving("--model", ENDLESS, "--drain-seconds", "0.2") as (process, http):
        until_ready(process, http)
        with http.stream("POST", path, json=BODY | {"max_tokens": 3500}) as s:
            lines = s.iter_lines()
            next(lines)
            process.send_signal(signal.SIGTERM)
            rest = [line for line in lines if line]
        assert "error" in json.loads(rest[-1].removeprefix("data: "))
        assert rest[-1] != "data: [DONE]"
        assert not any('"finish_reason":"' in line for line in rest)
        assert ended(process)[0] == 0


def test_port_in_use():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused("--port", port)
    assert f"Cannot listen on 127.0.0.1:{port}" in said
    assert "--port" in said


def test_model_that_is_not_there(tmp_path):
    said = refused("--port", "0", "--model", str(tmp_path / "nope"))
    assert said.strip().splitlines()[-1].startswith("reference_server: ")
    assert "nope" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "70000"),
        ("--port", "x"),
        ("--max-batch", "0"),
        ("--drain-seconds", "-1"),
        ("--log-level", "loud"),
        ("--unknown",),
        ("--rate-limit", "60"),
        ("--rate-limit", "0/min"),
        ("--request-timeout", "0"),
        ("--log-format", "xml"),
    ],
)
def test_wrong_arguments(arguments):
    said = refused(*arguments)
    assert arguments[0] in said


def test_version():
    done = subprocess.run(command("--version"), capture_output=True, text=True, check=True)
    assert done.stdout.startswith("reference_server ")


def test_what_the_operator_asks_for():
    arguments = (
        "--log-format", "json", "--rate-limit", "3/min", "--request-timeout", "60",
        "--served-model-name", "small", "--strict-model-id", "--cors-origin", "https://a.example",
        "--allowed-host", "mac.local",
    )  # fmt: skip
    with serving(*arguments) as (process, http):
        until_ready(process, http)
        assert http.get("/v1/models").json()["data"][0]["id"] == "small"
        page = {"origin": "https://a.example"}
        given = {"model": "small", "stream": False, "max_tokens": 2}
        answer = http.post("/v1/chat/completions", json=BODY | given, headers=page)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "https://a.example"
        assert answer.headers["x-ratelimit-remaining-requests"] == "2"
        assert http.post("/v1/chat/completions", json=BODY).status_code == 404
        assert http.get("/health", headers={"host": "mac.local"}).status_code == 200
        assert http.get("/health", headers={"host": "evil.example"}).status_code == 403
        process.send_signal(signal.SIGTERM)
        code, log = ended(process)
    assert code == 0
    entries = [json.loads(line) for line in log.splitlines()]
    [told] = [entry for entry in entries if entry.get("status") == 200 and "finish" in entry]
    assert (told["route"], told["request_id"]) == (
        "/v1/chat/completions",
        answer.headers["x-request-id"],
    )
