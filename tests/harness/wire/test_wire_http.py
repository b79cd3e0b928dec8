import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.records import Request
from harness.wire import http
from harness.wire.http import Response, origin_of, serialise

CHUNKED = (
    b"HTTP/1.1 100 Continue\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n"
    b"5\r\nhello\r\n7;ext=1\r\n w\xc3\xb6rld\r\n0\r\nX-Trailer: t\r\n\r\n"
)
SIZED = b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\noops!"
OPEN = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end"


def taken(pieces: list[bytes], method: str = "GET") -> Response:
    response = Response(method)
    for index, piece in enumerate(pieces):
        response.take(index + 1, piece)
    return response


def body(response: Response) -> bytes:
    return b"".join(data for _, data in response.chunks)


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges) if b > a]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 200), max_size=20))
def test_a_chunked_body_split_anywhere(cuts):
    response = taken(split(CHUNKED, cuts))
    assert response.complete
    assert response.fault is None
    assert (response.status, body(response)) == (200, "hello wörld".encode())
    assert response.headers == [("Transfer-Encoding", "chunked"), ("X-A", "1")]
    stamps = [at_ns for at_ns, _ in response.chunks]
    assert stamps == sorted(set(stamps))
    assert response.headers_ns is not None
    assert response.headers_ns <= stamps[0]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), max_size=8))
def test_a_sized_body_split_anywhere(cuts):
    response = taken(split(SIZED, cuts))
    assert (response.complete, response.status, body(response)) == (True, 404, b"oops!")
    assert response.keep_alive


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_make_the_parser_raise(data):
    response = taken([data, b"\r\n\r\n", data])
    assert response.fault is None or isinstance(response.fault, str)


def test_a_body_until_close_ends_only_at_the_close():
    response = taken([OPEN])
    assert not response.complete
    assert response.finish_at_close()
    assert response.complete


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ],
)
def test_a_close_too_early_is_no_end(data):
    response = taken([data]) if data else Response("GET")
    assert not response.finish_at_close()
    assert response.shortfall()


def test_shortfall_counts_bytes():
    response = taken([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"])
    assert "5 of 9 body bytes" in response.shortfall()


def test_a_head_answer_has_no_body_whatever_its_length_says():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"
    assert taken([head], "HEAD").complete
    assert taken([head], "HEAD").keep_alive
    assert not taken([head], "GET").complete


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_statuses_without_body_end_with_the_head(status):
    assert taken([f"HTTP/1.1 {status}\r\n\r\n".encode()]).complete


@pytest.mark.parametrize(
    ("head", "keep"),
    [
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", False),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", True),
    ],
)
def test_keep_alive(head, keep):
    assert taken([head.encode()]).keep_alive is keep


def test_bytes_after_the_answer_spoil_the_connection_not_the_answer():
    response = taken([SIZED + SIZED])
    assert response.complete
    assert response.fault is None
    assert body(response) == b"oops!"
    assert not response.keep_alive


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"SSH-2.0-OpenSSH_9.7\r\n", "not HTTP"),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "switch",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", "not HTTP"),
    ],
)
def test_what_is_not_http_is_a_fault(data, sentence):
    response = taken([data])
    assert sentence in (response.fault or "")
    assert not response.complete


def test_body_and_head_are_bounded(monkeypatch):
    monkeypatch.setattr(http, "BODY_LIMIT", 3)
    assert "longer than 3" in (taken([SIZED[:-1]]).fault or "")
    monkeypatch.setattr(http, "BODY_LIMIT", 5)
    assert taken([SIZED]).fault is None
    monkeypatch.setattr(http, "HEAD_LIMIT", 30)
    assert "head is longer" in (taken([b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 30]).fault or "")
    assert taken([SIZED]).fault is None


def test_serialise_adds_what_http_needs_and_keeps_what_is_given():
    plain = serialise(Request("POST", "http://h:8/v1/x?q=1", (("A", "b"),), b"{}"))
    head, _, sent = plain.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[:2] == ["POST /v1/x?q=1 HTTP/1.1", "Host: h:8"]
    assert "Content-Length: 2" in lines
    assert sent == b"{}"
    assert b"Accept-Encoding: identity" in plain  # a compressor would hold a stream back
    given = serialise(Request("GET", "http://h", (("host", "other"), ("accept", "x"))))
    assert given.count(b"ost:") == 1
    assert given.lower().count(b"accept:") == 1
    assert given.startswith(b"GET / HTTP/1.1\r\n")
    assert b"Content-Length" not in given
    assert b"Content-Length: 0" in serialise(Request("POST", "http://h/"))
    assert b"Content-Length" not in serialise(
        Request("POST", "http://h/", (("Transfer-Encoding", "chunked"),), b"0\r\n\r\n")
    )


@pytest.mark.parametrize("header", [("A", "b\r\nX: y"), ("A\n", "b"), ("A", "€")])
def test_serialise_refuses_what_would_smuggle(header):
    with pytest.raises(ValueError, match=r"line break|latin-1"):
        serialise(Request("GET", "http://h/", (header,)))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://h/v1", ("http", "h", 80)),
        ("https://h/v1", ("https", "h", 443)),
        ("http://[::1]:8000/v1", ("http", "::1", 8000)),
    ],
)
def test_origin(url, origin):
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", ["h:80", "ftp://h", "http://", "http://h:99999", "http://h:x", ""])
def test_origin_refuses(url):
    with pytest.raises(ValueError, match=r".+"):
        origin_of(url)
