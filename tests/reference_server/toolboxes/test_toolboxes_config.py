"""The file of MCP servers: what it may say, and how it is refused."""

from __future__ import annotations

import json

import pytest

from reference_server.toolboxes.config import (
    HttpServer,
    ProgramServer,
    ToolboxConfigError,
    read_servers,
)


@pytest.fixture
def read(tmp_path):
    def reading(content):
        path = tmp_path / "mcp.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return read_servers(path)

    return reading


def one(entry, name="box"):
    return {"mcpServers": {name: entry}}


def test_both_kinds(read, monkeypatch):
    monkeypatch.setenv("TOKEN_OF_TEST", "sesame")
    program, address = read(
        {
            "mcpServers": {
                "files": {"command": "tool", "args": ["-x"], "env": {"T": "${TOKEN_OF_TEST}"}},
                "far_away": {
                    "type": "http",
                    "url": "https://tools.example/mcp",
                    "headers": {"authorization": "Bearer ${TOKEN_OF_TEST}"},
                    "allow": ["a"],
                },
            }
        }
    )
    assert isinstance(program, ProgramServer)
    assert (program.name, program.command, program.args) == ("files", "tool", ["-x"])
    assert program.secrets() == ["sesame"]
    assert isinstance(address, HttpServer)
    assert address.headers["authorization"].get_secret_value() == "Bearer sesame"
    assert "sesame" not in repr((program, address))


def test_nothing_is_allowed_unless_it_is_listed(read):
    [none] = read(one({"command": "x"}))
    [some] = read(one({"command": "x", "allow": ["a"]}))
    [every] = read(one({"command": "x", "allow": "*"}))
    assert [s.allows("a") for s in (none, some, every)] == [False, True, True]
    assert [s.allows("b") for s in (none, some, every)] == [False, False, True]


def test_secrets_are_taken_out_of_sentences(read):
    entry = {"url": "https://x/mcp?key=abcdef", "headers": {"a": "Bearer topsecret", "b": "no"}}
    [server] = read(one(entry))
    said = server.redacted("topsecret, Bearer topsecret, key=abcdef: no")
    assert said == "***, ***, ***: no"  # "no" is too short to be one


REFUSED = [
    ("{", "not valid JSON at line 1"),
    ([], "mcpServers"),
    ({}, "mcpServers"),
    ({"mcpServers": {}, "servers": {}}, "mcpServers"),
    (one([]), "mcpServers.box"),
    (one({}), "either command or url"),
    (one({"command": "x", "url": "https://x"}), "either command or url"),
    (one({"command": ""}), "mcpServers.box.command"),
    (one({"command": "x", "disabled": True}), "mcpServers.box.disabled"),
    (one({"command": "x", "allow": "a"}), "mcpServers.box.allow"),
    (one({"command": "x", "allow": [1]}), "mcpServers.box.allow"),
    (one({"command": "x", "timeout_s": 0}), "mcpServers.box.timeout_s"),
    (one({"command": "x", "max_result_bytes": "9"}), "mcpServers.box.max_result_bytes"),
    (one({"command": "x", "env": {"A": "${NOT_SET_ANYWHERE}"}}), "NOT_SET_ANYWHERE"),
    (one({"url": "ftp://x/mcp"}), "http:// or https://"),
    (one({"url": "https://"}), "name a host"),
    (one({"url": "https://u:hidden@x/mcp"}), "must not hold a password"),
    (one({"url": "http://tools.example/mcp", "headers": {"k": "hidden"}}), "use https"),
    (one({"url": "https://x/mcp", "type": "sse"}), "mcpServers.box.type"),
    (one({"command": "x"}, "a__b"), "mcpServers.a__b"),
    (one({"command": "x"}, "a_"), "mcpServers.a_"),
    (one({"command": "x"}, ""), "server's name"),
    (one({"command": "x"}, "a" * 33), "server's name"),
]


@pytest.mark.parametrize(("content", "told"), REFUSED)
def test_refusals(read, content, told):
    with pytest.raises(ToolboxConfigError) as refusal:
        read(content)
    assert told in str(refusal.value)
    assert str(refusal.value).startswith("--mcp-config")
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "localhost", "[::1]"])
def test_headers_may_go_in_the_clear_to_this_machine(read, host):
    [server] = read(one({"url": f"http://{host}:9/mcp", "headers": {"k": "v"}}))
    assert isinstance(server, HttpServer)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ToolboxConfigError, match="cannot read"):
        read_servers(tmp_path / "none.json")
