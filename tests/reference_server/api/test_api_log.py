"""One line for each request: enough to see what happened, nothing of what was said."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from reference_server.logs import JsonLines

LOGGER = "reference_server.requests"
SECRET = "xyzzy-prompt"


@pytest.fixture
def lines(caplog, until):
    caplog.set_level(logging.DEBUG, logger=LOGGER)

    def read(count):
        """The log once it has so many lines: the last byte of an answer is out before its line."""

        def found():
            return [one for one in caplog.records if one.name == LOGGER]

        until(lambda: len(found()) >= count, f"{count} lines")
        return found()

    return read


def test_a_request_is_one_line(server, lines):
    answer = server.chat(messages=[{"role": "user", "content": SECRET}])
    [record] = lines(1)
    facts = record.facts
    usage = answer.json()["usage"]
    assert facts["request_id"] == answer.headers["x-request-id"]
    assert (facts["method"], facts["route"]) == ("POST", "/v1/chat/completions")
    assert facts["status"] == 200
    assert facts["prompt_tokens"] == usage["prompt_tokens"]
    assert facts["completion_tokens"] == usage["completion_tokens"]
    assert facts["finish"] in ("stop", "length")
    assert 0 <= facts["queue_s"] <= facts["ttft_s"] <= facts["total_s"]
    assert SECRET not in record.getMessage()
    assert SECRET not in answer.json()["choices"][0]["message"]["content"]


def test_streams_errors_and_unknown_paths(server, lines):
    server.chat(stream=True)
    server.http.post("/v1/completions", content=b"{bad")
    server.http.get(f"/{SECRET}")
    found = [record.facts for record in lines(3)]
    assert sorted((f["status"], f.get("route")) for f in found if "route" in f) == [
        (200, "/v1/chat/completions"),
        (400, "/v1/completions"),
    ]
    [unknown] = [facts for facts in found if "route" not in facts]
    assert unknown["status"] == 404
    assert SECRET not in json.dumps(found)


def test_what_machines_ask_is_for_debugging(server, lines):
    for path in ("/health", "/metrics"):
        server.http.get(path)
    server.http.get("/v1/models")
    levels = {record.facts["route"]: record.levelno for record in lines(3)}
    assert levels["/health"] == levels["/metrics"] == logging.DEBUG
    assert levels["/v1/models"] == logging.INFO


def test_a_client_that_leaves_is_told_apart(server, lines, until):
    with server.asking():
        until(lambda: server.service.state().running == 1, "the request to run")
    [record] = lines(1)
    assert (record.facts["status"], record.facts["finish"]) == (499, "aborted")


def formatted(message, **extra):
    record = logging.LogRecord("a.b", logging.WARNING, "f", 1, message, None, None)
    record.__dict__ |= extra
    return JsonLines().format(record)


def test_json_lines():
    line = formatted("two\nlines \x1b[31m")
    assert "\n" not in line
    assert "\x1b" not in line
    entry = json.loads(line)
    assert (entry["level"], entry["logger"]) == ("warning", "a.b")
    assert entry["message"] == "two\nlines \x1b[31m"
    assert entry["time"].endswith("+00:00")
    told = json.loads(formatted("ignored", facts={"status": 200, "route": "/x"}))
    assert (told["status"], told["route"]) == (200, "/x")
    assert "message" not in told


def test_json_lines_have_tracebacks():
    try:
        {}["x"]
    except KeyError:
        line = formatted("broken", exc_info=sys.exc_info())
    assert "KeyError" in json.loads(line)["traceback"]
