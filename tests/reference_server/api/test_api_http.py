"""HTTP itself: methods, paths, sizes, framing, several requests on one connection."""

from __future__ import annotations

import json

import pytest

from reference_server.api.body import MAX_BODY_BYTES

BODY = json.dumps(
    {"model": "default", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 1}
).encode()


def post(path=b"/v1/chat/completions", headers=b"", body=BODY, close=True):
    end = b"connection: close\r\n" if close else b""
    length = b"content-length: %d\r\n" % len(body)
    return b"POST %b HTTP/1.1\r\nhost: x\r\n%b%b%b\r\n%b" % (path, length, headers, end, body)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "GET"])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/completions", "/v1/messages"])
def test_wrong_method(server, method, path):
    answer = server.http.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["error"]["message"]
    assert ("request_id" in answer.json()) == (path == "/v1/messages")


def test_right_method(server):
    assert server.chat().status_code == 200


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/nope", "/v1/chat/completions/", "/nope?x=1"])
def test_unknown_path(server, path):
    answer = server.http.post(path, json={})
    assert answer.status_code == 404
    assert answer.json()["error"].keys() == {"message", "type", "param", "code"}
    answer = server.http.get("/v1/messages/batches")
    assert answer.json()["error"]["type"] == "not_found_error"


@pytest.mark.parametrize("path", ["/health", "/healthz", "/v1/models"])
def test_head(server, path):
    answer = server.http.head(path)
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["x-request-id"]


def test_options(server):
    answer = server.http.request("OPTIONS", "/v1/messages")
    assert (answer.status_code, answer.headers["allow"]) == (204, "POST")


def test_query_strings_are_tolerated(server):
    assert server.http.post("/v1/chat/completions?beta=true", content=BODY).status_code == 200
    assert server.http.get("/v1/models?limit=5").status_code == 200


@pytest.mark.parametrize("kind", [None, "text/plain", "application/json; charset=latin1"])
def test_content_type_does_not_matter(server, kind):
    headers = {"content-type": kind} if kind else {}
    answer = server.http.post("/v1/chat/completions", content=BODY, headers=headers)
    assert answer.status_code == 200


def test_accept_does_not_matter(server):
    body = json.loads(BODY) | {"stream": True}
    answer = server.http.post(
        "/v1/chat/completions", json=body, headers={"accept": "application/json"}
    )
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_body_too_large(server):
    fits = BODY[:-1] + b" " * (MAX_BODY_BYTES - len(BODY)) + b"}"
    assert server.http.post("/v1/chat/completions", content=fits).status_code == 200
    answer = server.http.post("/v1/chat/completions", content=fits + b" ")
    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "invalid_request_error"
    answer = server.http.post("/v1/messages", content=fits + b" ")
    assert answer.json()["error"]["type"] == "request_too_large"
    assert server.chat().status_code == 200


def test_headers_too_large(server):
    assert server.raw(post(headers=b"x-a: " + b"a" * 30_000 + b"\r\n")).startswith(b"HTTP/1.1 200")
    answer = server.raw(post(headers=b"x-a: " + b"a" * 70_000 + b"\r\n"))
    assert answer.startswith(b"HTTP/1.1 431")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "headers_too_large"


@pytest.mark.parametrize(
    "payload",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n{}",
        b"POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n{}",
        post(headers=b"content-length: 3\r\n"),
        "GET /é HTTP/1.1\r\nhost: x\r\n\r\n".encode(),
    ],
)
def test_not_http(server, payload):
    answer = server.raw(payload)
    assert answer.startswith(b"HTTP/1.1 400")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "invalid_http"
    assert server.chat().status_code == 200


def test_chunked_body(server):
    parts = iter([BODY[:10], BODY[10:]])
    assert server.http.post("/v1/chat/completions", content=parts).status_code == 200


def test_expect_continue(server):
    answer = server.raw(post(headers=b"expect: 100-continue\r\n"))
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_two_requests_on_one_connection(server):
    answer = server.raw(post(close=False) + post())
    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_duplicate_keys_last_wins(server):
    twice = BODY[:-1] + b', "max_tokens": 3}'
    answer = server.http.post("/v1/chat/completions", content=twice)
    assert answer.json()["usage"]["completion_tokens"] == 3
