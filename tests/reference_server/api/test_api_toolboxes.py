"""Tools of real MCP servers, through the routes and in chats."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil
import pytest
from anthropic import Anthropic
from openai import OpenAI

from reference_server.api.holder import Settings
from reference_server.toolboxes.config import HttpServer, ProgramServer
from reference_server.toolboxes.toolboxes import Toolboxes

SCRIPT = str(Path(__file__).parents[2] / "servers" / "mcp_tools.py")
ALLOWED = ["add", "variables", "variable", "slow", "huge", "big", "fail", "die", "pid"]
KEY = "open-sesame"
START_S = 150.0

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    time.sleep(1)
"""

CHAT = {"model": "default", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 4}
MESSAGE = dict(CHAT)


def program(name="box", **extra):
    environment = {"SHOWN": "to the tool", "SECRET": KEY}
    fields = {"args": [SCRIPT], "allow": ALLOWED, "env": environment, "connect_s": START_S}
    return ProgramServer(name=name, command=sys.executable, **(fields | extra))


def call(server, tool, /, **arguments):
    return server.http.post("/v1/mcp/execute", json={"name": tool, "arguments": arguments})


def box(server, name):
    found = server.http.get("/v1/mcp/servers").json()["servers"]
    return next(entry for entry in found if entry["name"] == name)


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def patiently(condition):
    """An interpreter with the package mcp takes many seconds to start on a busy machine."""
    deadline = time.monotonic() + START_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ready(server, name="box"):
    patiently(lambda: box(server, name)["state"] != "connecting")
    assert box(server, name)["state"] == "ready", box(server, name)["error"]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def http_tools(port):
    """The tools over streamable HTTP, listening."""
    process = subprocess.Popen([sys.executable, SCRIPT, str(port)])
    try:
        patiently(lambda: listens(port) or process.poll() is not None)
        assert process.poll() is None
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def address():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with http_tools(port):
        yield f"http://127.0.0.1:{port}/mcp"


@pytest.fixture(scope="module")
def tooled(start, address):
    """One server over pipes with all tools, one with few, one over HTTP, and two that fail."""
    boxes = Toolboxes(
        [
            program(),
            program("few", allow=["add", "no_such_tool"], timeout_s=0.5, max_result_bytes=1000),
            HttpServer(name="far", url=address, headers={"x-key": KEY}, allow="*"),
            HttpServer(name="locked", url=address, headers={"x-key": "wrong-key-here"}, allow="*"),
            ProgramServer(name="absent", command="/no/such/program", allow="*"),
        ]
    )
    with start(Settings(scripted=True), boxes) as server:

        def settled():
            found = server.http.get("/v1/mcp/servers").json()["servers"]
            return all(entry["state"] in ("ready", "failed") for entry in found)

        patiently(settled)
        yield server


def test_servers_tell_their_state(tooled):
    states = {
        entry["name"]: entry["state"]
        for entry in tooled.http.get("/v1/mcp/servers").json()["servers"]
    }
    assert states == {
        "box": "ready", "few": "ready", "far": "ready", "locked": "failed", "absent": "failed",
    }  # fmt: skip
    assert box(tooled, "absent")["error"] == (
        "The server's command cannot be started: No such file or directory."
    )
    assert box(tooled, "locked")["error"].startswith("The server ")
    few = box(tooled, "few")
    assert {"name": "add", "allowed": True} in few["tools"]
    assert {"name": "slow", "allowed": False} in few["tools"]
    assert few["allowed_but_absent"] == ["no_such_tool"]
    [dotted] = few["unusable"]
    assert dotted["name"] == "dots.are/fine.in.MCP"
    assert (few["transport"], box(tooled, "far")["transport"]) == ("stdio", "http")


def test_no_answer_tells_a_secret(tooled):
    for path in ("/v1/mcp/servers", "/v1/mcp/tools", "/health"):
        text = tooled.http.get(path).text
        assert KEY not in text
        assert "wrong-key-here" not in text


def test_only_allowed_tools_are_listed(tooled):
    found = tooled.http.get("/v1/mcp/tools").json()
    names = {tool["function"]["name"] for tool in found["tools"]}
    assert names == {f"{name}__{tool}" for name in ("box", "far") for tool in ALLOWED} | {
        "few__add"
    }
    assert found["count"] == len(names)
    add = next(tool for tool in found["tools"] if tool["function"]["name"] == "box__add")
    assert add["type"] == "function"
    assert add["function"]["description"] == "Adds two whole numbers."
    assert set(add["function"]["parameters"]["required"]) == {"a", "b"}


@pytest.mark.parametrize("name", ["box", "far"])
def test_execute(tooled, name):
    answer = call(tooled, f"{name}__add", a=2, b=40)
    assert answer.status_code == 200
    assert answer.json() == {
        "content": [{"type": "text", "text": "42"}],
        "is_error": False,
        "structured_content": {"result": 42},
    }


def test_a_tools_own_failure_is_a_result(tooled):
    answer = call(tooled, "box__fail")
    assert answer.status_code == 200
    assert answer.json()["is_error"] is True
    assert answer.json()["content"][0]["type"] == "text"


def test_the_environment_is_not_inherited(tooled):
    assert call(tooled, "box__variable", name="SHOWN").json()["content"][0]["text"] == "to the tool"
    found = call(tooled, "box__variables").json()["structured_content"]["result"]
    assert "SHOWN" in found
    assert "PATH" in found
    assert "PYTEST_CURRENT_TEST" in os.environ
    assert "PYTEST_CURRENT_TEST" not in found
    assert "PYTHONPATH" not in found


REFUSALS = [
    ("few__slow", {"seconds": 0}, 403, "tool_not_allowed", "name"),
    ("few__no_such_tool", {}, 404, "tool_not_found", "name"),
    ("box__no_such_tool", {}, 403, "tool_not_allowed", "name"),
    ("far__no_such_tool", {}, 404, "tool_not_found", "name"),
    ("nobody__add", {}, 404, "tool_not_found", "name"),
    ("add", {}, 404, "tool_not_found", "name"),
    ("box__", {}, 404, "tool_not_found", "name"),
    ("box__add", {"a": 1}, 400, "invalid_value", "arguments"),
    ("box__add", {"a": 1, "b": "2"}, 400, "invalid_value", "arguments.b"),
    ("box__big", {}, 502, "tool_server_failed", None),
    ("absent__add", {}, 503, "tool_server_unavailable", None),
]


@pytest.mark.parametrize(("name", "arguments", "status", "code", "param"), REFUSALS)
def test_refusals(tooled, name, arguments, status, code, param):
    answer = call(tooled, name, **arguments)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (status, code, param)
    assert ("retry-after" in answer.headers) == (status == 503)


@pytest.mark.parametrize(
    ("body", "param"),
    [({}, "name"), ({"name": ""}, "name"), ({"name": "box__add", "arguments": []}, "arguments")],
)
def test_malformed_bodies(tooled, body, param):
    answer = tooled.http.post("/v1/mcp/execute", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_pages_in_a_browser_cannot_execute(tooled):
    body = json.dumps({"name": "box__add", "arguments": {"a": 1, "b": 1}})
    plain = {"content-type": "text/plain"}
    assert tooled.http.post("/v1/mcp/execute", content=body, headers=plain).status_code == 415
    page = {"content-type": "application/json", "origin": "http://evil.example"}
    answer = tooled.http.post("/v1/mcp/execute", content=body, headers=page)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin_not_allowed")
    good = {"content-type": "application/json; charset=utf-8"}
    assert tooled.http.post("/v1/mcp/execute", content=body, headers=good).status_code == 200


def test_a_slow_tool_and_a_huge_result(start, address):
    limits = {"timeout_s": 1.0, "max_result_bytes": 1000}
    servers = [
        program(**limits),
        HttpServer(name="far", url=address, headers={"x-key": KEY}, allow="*", **limits),
    ]
    with start(Settings(), Toolboxes(servers)) as server:
        for name in ("box", "far"):
            ready(server, name)
            late = call(server, f"{name}__slow", seconds=60)
            assert (late.status_code, late.json()["error"]["code"]) == (504, "tool_timeout")
            huge = call(server, f"{name}__huge", characters=2000)
            assert (huge.status_code, huge.json()["error"]["code"]) == (413, "result_too_large")
            small = call(server, f"{name}__huge", characters=100)
            assert small.json()["content"][0]["text"] == "x" * 100


def test_a_client_that_goes_away_ends_its_call(tooled, tmp_path):
    mark = tmp_path / "mark"
    with pytest.raises(httpx2.ReadTimeout):
        tooled.http.post(
            "/v1/mcp/execute",
            json={"name": "box__slow", "arguments": {"seconds": 3, "mark": str(mark)}},
            timeout=0.5,
        )
    # The control: the same call, awaited, leaves its mark.
    other = tmp_path / "other"
    assert call(tooled, "box__slow", seconds=3, mark=str(other)).status_code == 200
    assert other.exists()
    assert not mark.exists()


def test_a_server_that_dies_is_noticed_and_started_again(start, until):
    with start(Settings(), Toolboxes([program()])) as server:
        ready(server)
        first = call(server, "box__pid").json()["structured_content"]["result"]
        died = call(server, "box__die")
        assert (died.status_code, died.json()["error"]["code"]) == (502, "tool_server_failed")
        assert "not repeated" in died.json()["error"]["message"]
        patiently(lambda: call(server, "box__pid").status_code == 200)
        second = call(server, "box__pid").json()["structured_content"]["result"]
        assert second != first
        assert gone(first)
        os.kill(second, 9)  # while nobody calls
        until(lambda: box(server, "box")["state"] == "failed", "the death to be noticed")
        assert box(server, "box")["error"] == "The server ended the connection."
    assert gone(second)


def test_an_address_that_comes_later(start, until):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    later = HttpServer(
        name="later", url=f"http://127.0.0.1:{port}/mcp", headers={"x-key": KEY}, allow="*"
    )
    with start(Settings(), Toolboxes([later])) as server:
        until(lambda: box(server, "later")["state"] == "failed", "the failure")
        assert box(server, "later")["error"] == "The server's address cannot be reached."
        with http_tools(port) as process:
            patiently(lambda: server.http.get("/v1/mcp/tools").json()["count"] > 0)
            assert call(server, "later__add", a=1, b=1).status_code == 200
            process.kill()
            process.wait()
            assert call(server, "later__add", a=1, b=1).status_code in (502, 503)


def test_no_process_is_left_also_when_it_does_not_want_to_go(start):
    stubborn = program("stubborn", args=["-c", STUBBORN])
    with start(Settings(), Toolboxes([stubborn, program()])) as server:
        ready(server)
        pid = call(server, "box__pid").json()["structured_content"]["result"]
        children = psutil.Process().children()
        stuck = [child.pid for child in children if STUBBORN in child.cmdline()]
        assert len(stuck) == 1  # it never answers, and is being waited for
    assert gone(pid)
    assert gone(stuck[0])


def test_without_a_configuration(server):
    assert server.http.get("/v1/mcp/servers").json() == {"servers": []}
    assert server.http.get("/v1/mcp/tools").json() == {"tools": [], "count": 0}
    answer = call(server, "box__add", a=1, b=1)
    assert answer.status_code == 404
    assert "--mcp-config" in answer.json()["error"]["message"]
    asked = server.chat(mcp=True)
    assert (asked.status_code, asked.json()["error"]["param"]) == (400, "mcp")
    assert server.chat(mcp=False).status_code == 200


def prompt_tokens(server, **extra):
    answer = server.http.post("/v1/chat/completions", json=CHAT | extra)
    assert answer.status_code == 200, answer.text
    return answer.json()["usage"]["prompt_tokens"]


def test_mcp_offers_exactly_what_the_same_tools_would(tooled):
    listed = tooled.http.get("/v1/mcp/tools").json()["tools"]
    [add] = [tool for tool in listed if tool["function"]["name"] == "few__add"]
    bare = prompt_tokens(tooled)
    one = prompt_tokens(tooled, mcp=["few__add"])
    assert bare < one == prompt_tokens(tooled, tools=[add])
    # described by the client already: not twice
    assert prompt_tokens(tooled, mcp=["few__add"], tools=[add]) == one
    assert prompt_tokens(tooled, mcp=["few__add"], tool_choice="none") == bare
    assert prompt_tokens(tooled, mcp=["few__add"], tool_choice="auto") == one
    assert bare == prompt_tokens(tooled, mcp=[]) == prompt_tokens(tooled, mcp=False)


@pytest.mark.parametrize("value", ["yes", 1, {"all": True}, [1], ["few__slow"], ["nobody__add"]])
def test_wrong_values_of_mcp(tooled, value):
    for path in ("/v1/chat/completions", "/v1/messages"):
        answer = tooled.http.post(path, json=CHAT | {"mcp": value})
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"]["message"].startswith("mcp")


def test_malformed_tools_beside_mcp_are_named(tooled):
    for tools in (5, [5], [{}], [{"type": "function", "function": 5}]):
        answer = tooled.http.post(
            "/v1/chat/completions", json=CHAT | {"mcp": ["few__add"], "tools": tools}
        )
        assert answer.json()["error"]["param"].startswith("tools")


def test_mcp_offer_shows_the_tools_in_every_chat(start):
    boxes = Toolboxes([program(allow=["add"])], offer=True)
    with start(Settings(), boxes) as server:
        ready(server)
        assert prompt_tokens(server) == prompt_tokens(server, mcp=True)
        assert prompt_tokens(server) > prompt_tokens(server, mcp=False)
        counted = server.http.post("/v1/messages/count_tokens", json=MESSAGE).json()
        said = server.http.post("/v1/messages", json=MESSAGE).json()
        assert counted["input_tokens"] == said["usage"]["input_tokens"]
        less = server.http.post("/v1/messages/count_tokens", json=MESSAGE | {"mcp": False}).json()
        assert less["input_tokens"] < counted["input_tokens"]


def test_round_trip_with_the_openai_sdk(tooled, script):
    wanted = '<tool_call>{"name": "box__add", "arguments": {"a": 20, "b": 22}}</tool_call>'
    client = OpenAI(base_url=f"{tooled.url}/v1", api_key="none", max_retries=0)
    messages = [{"role": "user", "content": "20 + 22?"}]
    with client:
        first = client.chat.completions.create(
            model=script(wanted), messages=messages, max_tokens=200, extra_body={"mcp": True}
        )
        [made] = first.choices[0].message.tool_calls
        assert first.choices[0].finish_reason == "tool_calls"
        ran = client.post(
            "/mcp/execute",
            cast_to=object,
            body={"name": made.function.name, "arguments": json.loads(made.function.arguments)},
        )
        messages += [
            first.choices[0].message.model_dump(exclude_none=True),
            {"role": "tool", "tool_call_id": made.id, "content": ran["content"]},
        ]
        last = client.chat.completions.create(
            model=script("It is 42."), messages=messages, max_tokens=50, extra_body={"mcp": True}
        )
    assert ran["content"] == [{"type": "text", "text": "42"}]
    assert last.choices[0].message.content == "It is 42."


def test_round_trip_with_the_anthropic_sdk(tooled, script):
    wanted = '<tool_call>{"name": "far__add", "arguments": {"a": 20, "b": 22}}</tool_call>'
    asked = [{"role": "user", "content": "20 + 22?"}]
    with Anthropic(base_url=tooled.url, api_key="none", max_retries=0) as client:
        answer = client.messages.create(
            model=script(wanted), messages=asked, max_tokens=200, extra_body={"mcp": True}
        )
    [use] = [block for block in answer.content if block.type == "tool_use"]
    assert (use.name, use.input) == ("far__add", {"a": 20, "b": 22})
    assert call(tooled, use.name, **use.input).json()["content"][0]["text"] == "42"


def test_calls_run_side_by_side(tooled):
    answers = []

    def wait():
        answers.append(call(tooled, "box__slow", seconds=1).status_code)

    begun = time.monotonic()
    threads = [threading.Thread(target=wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 5
    assert time.monotonic() - begun < 4.5
