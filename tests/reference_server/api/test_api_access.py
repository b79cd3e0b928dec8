"""Who is let in: names in the Host header, origins of web pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_server.api.holder import Settings
from reference_server.api.hosts import is_address, name_in

PAGE = "https://app.example"
GENERATING = ["/v1/chat/completions", "/v1/completions", "/v1/messages"]
# What the SDKs of OpenAI and Anthropic send from a browser.
SDK_HEADERS = (
    "authorization,content-type,x-api-key,anthropic-version,anthropic-beta,"
    "anthropic-dangerous-direct-browser-access,x-stainless-arch,x-stainless-lang,x-stainless-os,"
    "x-stainless-package-version,x-stainless-retry-count,x-stainless-runtime,"
    "x-stainless-runtime-version,x-stainless-timeout"
)


@pytest.fixture(scope="module")
def local(start):
    with start(Settings(allowed_hosts=("127.0.0.1", "Mac.local"))) as server:
        yield server


def status(server, host, path="/v1/models"):
    head = f"GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    return int(server.raw(head.encode("latin-1")).split()[1])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost:8000",
        "LOCALHOST",
        "[::1]:8000",
        "mac.local:80",
        "mac.local.",
        "10.0.0.7",
    ],
)
def test_known_names_and_addresses(local, host):
    assert status(local, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "",
        "[evil]",
    ],
)
@pytest.mark.parametrize("path", ["/v1/models", "/health", "/nope"])
def test_other_names_are_refused(local, host, path):
    assert status(local, host, path) == 403


def test_two_host_headers_must_both_be_known(local):
    for second, expected in (("localhost", 200), ("evil.example", 403)):
        assert status(local, f"localhost\r\nhost: {second}") == expected


def test_the_refusal_is_an_error_with_a_remedy(local):
    answer = local.http.get("/v1/models", headers={"host": "evil.example"})
    error = answer.json()["error"]
    assert (error["code"], error["type"]) == ("host_not_allowed", "permission_error")
    assert "--allowed-host" in error["message"]
    assert answer.headers["x-request-id"]
    told = local.http.post("/v1/messages", headers={"host": "evil.example"}).json()
    assert (told["type"], told["error"]["type"]) == ("error", "permission_error")


def test_a_star_lets_every_name_in(start):
    with start(Settings(allowed_hosts=("*",))) as server:
        assert status(server, "evil.example") == 200


@given(st.text(st.characters(max_codepoint=255)))
def test_any_host_has_a_name(host):
    name = name_in(host)
    assert name == name.lower()
    assert not is_address(f"{name}.evil.example")


def preflight(server, path, origin=PAGE, method="POST"):
    headers = {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": SDK_HEADERS,
    }
    return server.http.request("OPTIONS", path, headers=headers)


@pytest.fixture(scope="module")
def shared(start):
    with start(Settings(cors_origins=(PAGE,), api_key="sk-1")) as server:
        yield server


@pytest.mark.parametrize("path", GENERATING)
def test_preflight_needs_no_key_and_echoes_the_headers(shared, path):
    answer = preflight(shared, path)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == SDK_HEADERS
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]


def test_preflight_of_another_page_is_refused(shared):
    answer = preflight(shared, GENERATING[0], "https://evil.example")
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers


def test_answers_errors_and_streams_are_readable(shared):
    headers = {"origin": PAGE, "authorization": "Bearer sk-1"}
    body = {"model": "default", "prompt": "hi", "max_tokens": 2}
    answers = [
        shared.http.post("/v1/completions", json=body, headers=headers),
        shared.http.post("/v1/completions", json=body | {"stream": True}, headers=headers),
        shared.http.post("/v1/completions", json={}, headers=headers),
        shared.http.post("/v1/completions", json=body, headers={"origin": PAGE}),
        shared.http.get("/nope", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 400, 401, 404]
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert "Origin" in answer.headers["vary"]
        assert "x-request-id" in answer.headers["access-control-expose-headers"]


def test_faults_are_readable_too(start, monkeypatch, borrowed):
    def fault():
        raise KeyError("nobody thought of this")

    with start(Settings(cors_origins=(PAGE,))) as server:
        monkeypatch.setattr(borrowed, "cache_stats", fault, raising=False)
        answer = server.http.get("/v1/cache/stats", headers={"origin": PAGE})
    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == PAGE


def test_other_pages_cannot_read(shared):
    headers = {"origin": "https://evil.example", "authorization": "Bearer sk-1"}
    answer = shared.http.get("/v1/models", headers=headers)
    assert "access-control-allow-origin" not in answer.headers


def test_off_by_default(server):
    answer = preflight(server, GENERATING[0])
    assert not [name for name in answer.headers if name.startswith("access-control")]
    answer = server.http.get("/v1/models", headers={"origin": PAGE})
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_star_is_without_credentials(start):
    with start(Settings(cors_origins=("*",))) as server:
        answer = preflight(server, GENERATING[0], "https://any.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == SDK_HEADERS
        assert "access-control-allow-credentials" not in answer.headers
