"""The API key: who is let in, and what the others are told."""

from __future__ import annotations

import pytest

from reference_server.api.holder import Settings

KEY = "sk-right"
USER = [{"role": "user", "content": "hi"}]
BODY = {"model": "default", "messages": USER, "prompt": "hi", "max_tokens": 1}

ROUTES = [
    ("GET", "/v1/models"),
    ("GET", "/v1/models/default"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/completions"),
    ("POST", "/v1/messages"),
    ("POST", "/v1/messages/count_tokens"),
]

RIGHT = [
    {"authorization": f"Bearer {KEY}"},
    {"authorization": f"bearer {KEY}"},
    {"x-api-key": KEY},
    {"x-api-key": KEY, "authorization": "Bearer other"},
]

WRONG = [
    {},
    {"authorization": "Bearer wrong"},
    {"authorization": f"Bearer {KEY}x"},
    {"authorization": f"Bearer {KEY[:-1]}"},
    {"authorization": "Bearer"},
    {"authorization": KEY},
    {"authorization": f"Basic {KEY}"},
    {"authorization": ""},
    {"x-api-key": ""},
    {"x-api-key": "wrong"},
    {"authorization": b"Bearer \xff\xfe"},
]


@pytest.fixture(scope="module")
def keyed(start):
    with start(Settings(api_key=KEY)) as server:
        yield server


def ask(server, method, path, headers):
    content = {"json": BODY} if method == "POST" else {}
    return server.http.request(method, path, headers=headers, **content)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_right_keys(keyed, method, path):
    for headers in RIGHT:
        assert ask(keyed, method, path, headers).status_code == 200, headers


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_wrong_keys(keyed, method, path):
    for headers in WRONG:
        answer = ask(keyed, method, path, headers)
        assert answer.status_code == 401, headers
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["x-request-id"]
        assert KEY not in answer.text
        if "messages" in path:
            assert answer.json()["error"]["type"] == "authentication_error"
            assert answer.json()["request_id"]
        else:
            assert answer.json()["error"]["code"] == "invalid_api_key"


def test_asked_before_anything_else(keyed):
    assert keyed.http.post("/v1/chat/completions", content=b"{bad").status_code == 401
    assert keyed.http.get("/v1/nope").status_code == 401
    headers = RIGHT[0]
    bad = keyed.http.post("/v1/chat/completions", content=b"{bad", headers=headers)
    assert bad.status_code == 400
    assert keyed.http.get("/v1/nope", headers=headers).status_code == 404


def test_open_routes(keyed):
    assert keyed.http.get("/health").status_code == 200
    assert keyed.http.get("/healthz").status_code == 200
    assert keyed.http.request("OPTIONS", "/v1/chat/completions").status_code == 204


def test_without_a_key_everyone_is_let_in(server):
    for headers in WRONG:
        assert ask(server, "POST", "/v1/chat/completions", headers).status_code == 200


def test_scripts_need_the_option(keyed, script):
    answer = ask(keyed, "POST", "/v1/chat/completions", RIGHT[0])
    assert answer.status_code == 200
    body = BODY | {"model": script("hi")}
    answer = keyed.http.post("/v1/chat/completions", json=body, headers=RIGHT[0])
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "model_not_found"
