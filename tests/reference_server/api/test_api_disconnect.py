"""A client that goes away frees its row at once, wherever its request is; neighbours go on.

The long requests here run for seconds when nobody stops them, so a row that is free while its
neighbour still runs was freed by the disconnect and by nothing else.
"""

from __future__ import annotations

import logging
import socket
from contextlib import ExitStack

import pytest

PATHS = ["/v1/chat/completions", "/v1/completions", "/v1/messages", "/v1/responses"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("stream", [True, False])
def test_while_generating(server, until, path, stream):
    until(server.idle, "an idle server")
    state = server.service.state
    with server.asking() as neighbour:
        with server.asking(path, stream=stream) as leaver:
            until(lambda: state().running == 2, "both requests to run")
            if stream:
                assert b"200 OK" in leaver.recv(4096)
        until(lambda: state().running == 1, "the row of the one that left")
        assert neighbour.fileno() >= 0
    until(server.idle, "the row of the neighbour")
    assert server.chat().status_code == 200


def test_while_queued(server, until):
    until(server.idle, "an idle server")
    state = server.service.state
    with ExitStack() as rows:
        for _ in range(8):  # the fixture's max_batch
            rows.enter_context(server.asking())
        until(lambda: state().running == 8, "a full batch")
        with server.asking():
            until(lambda: state().waiting == 1, "the request in the queue")
        until(lambda: state().waiting == 0, "the request out of the queue")
        assert state().running == 8
    until(server.idle, "an idle server again")


def test_storm(server, until):
    """Connections that drop at once leave nothing behind."""
    until(server.idle, "an idle server")
    for turn in range(40):
        with server.asking(stream=bool(turn % 2)):
            pass
    until(server.idle, "an idle server after the storm")
    assert server.chat().status_code == 200


def test_half_a_request(server):
    """Leaving in the middle of the body is no fault of the server's."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as sock:
        sock.sendall(b"POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{")
    assert server.chat().status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_is_nothing_to_report(server, until, caplog, path, stream):
    until(server.idle, "an idle server")
    state = server.service.state
    with caplog.at_level(logging.DEBUG):
        with server.asking(path, stream=stream) as leaver:
            until(lambda: state().running == 1, "the request to run")
            if stream:
                assert b"200 OK" in leaver.recv(4096)
        until(server.idle, "the row of the one that left")
        until(lambda: not stream or "went away" in caplog.text, "the line of the log")
        assert server.chat().status_code == 200  # what the leaver's task had to say is said
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_a_fault_in_the_same_place_is_reported(server, until, caplog, monkeypatch):
    def broken(*arguments):
        raise ZeroDivisionError("a fault of ours")

    until(server.idle, "an idle server")
    monkeypatch.setattr("reference_server.api.openai_chat._delta", broken)
    answer = server.chat(stream=True)
    assert answer.status_code == 500
    assert "ZeroDivisionError" in caplog.text
