"""/health tells the truth: while the model loads, when it serves, and after the engine's death."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from reference_server.api.holder import Settings
from reference_server.errors import ModelNotLoaded
from reference_server.service import Service, ServiceSettings

USER = [{"role": "user", "content": "hi"}]
BODY = {"model": "default", "messages": USER, "prompt": "hi", "max_tokens": 2}
GENERATING = ["/v1/chat/completions", "/v1/completions", "/v1/messages"]


def test_ready(server):
    for path in ("/health", "/healthz"):
        answer = server.http.get(path)
        assert answer.status_code == 200
        body = answer.json()
        assert (body["status"], body["alive"]) == ("ok", True)
        assert body["model"] == server.service.model_id
        assert body["versions"]["mlx"]


def test_diagnostics(server):
    answer = server.http.get("/health/diagnostics")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] in ("healthy", "degraded")
    assert "decoder-slots" in {finding["code"] for finding in body["findings"]}


def test_loading(start_with, borrowed, until):
    release = threading.Event()

    def load():
        release.wait(30)
        return borrowed

    with start_with(Settings(), load) as server:
        try:
            answer = server.http.get("/health")
            assert answer.status_code == 503
            assert answer.json() == {"status": "loading"}
            assert int(answer.headers["retry-after"]) > 0
            for path in GENERATING:
                refused = server.http.post(path, json=BODY)
                assert refused.status_code == 503
                assert refused.headers["retry-after"]
                assert refused.json()["error"]["type"] in ("server_error", "api_error")
            assert server.http.get("/v1/models").status_code == 503
        finally:
            release.set()
        until(lambda: server.http.get("/health").status_code == 200, "readiness")
        assert server.http.post(GENERATING[0], json=BODY).status_code == 200


def test_a_model_that_does_not_load_ends_the_server(start_with, until):
    def load():
        raise ModelNotLoaded("There is no model.")

    with start_with(Settings(), load) as server:
        until(lambda: server.server.failure is not None, "the failure")
        assert str(server.server.failure) == "There is no model."
        assert server.server.should_exit


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_while_loading_ends_the_server_too(start_with, until):
    def load():
        raise KeyError("nobody thought of this")

    with start_with(Settings(), load) as server:
        until(lambda: server.server.failure is not None, "the failure")
        assert "KeyError" not in str(server.server.failure)
        assert server.server.should_exit


@pytest.fixture
def doomed(start_with, until):
    """A server with an engine of its own, which the test may break."""
    with start_with(Settings(), lambda: Service(ServiceSettings(None, max_batch=2))) as server:
        until(lambda: server.holder.service is not None, "the service")
        yield server


def test_dead_engine(doomed, until, monkeypatch):
    assert doomed.http.get("/health").status_code == 200
    decoder = doomed.service._engine._decoder

    def fault(*_):
        raise RuntimeError("the accelerator is gone")

    monkeypatch.setattr(type(decoder), "step", fault)
    monkeypatch.setattr(type(decoder), "reset", fault)
    first = doomed.http.post(GENERATING[0], json=BODY)
    assert first.status_code >= 500
    assert "accelerator" not in first.text
    second = doomed.http.post(GENERATING[0], json=BODY)
    assert second.status_code >= 500
    until(lambda: doomed.http.get("/health").status_code == 503, "health to notice")
    body = doomed.http.get("/health").json()
    assert (body["status"], body["alive"]) == ("dead", False)
    assert body["failure"]
    for path in GENERATING:
        refused = doomed.http.post(path, json=BODY | {"stream": True})
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/json"
        assert "RuntimeError" not in refused.text


@pytest.fixture
def narrow(start_with, until):
    """A server for one request at a time, and one in the queue."""
    with start_with(
        Settings(), lambda: Service(ServiceSettings(None, max_batch=1, max_queue=1))
    ) as server:
        until(lambda: server.holder.service is not None, "the service")
        yield server


def test_full_queue(narrow, until):
    state = narrow.service.state
    with narrow.asking(), narrow.asking():
        until(lambda: (state().running, state().waiting) == (1, 1), "a full queue")
        for path in GENERATING:
            refused = narrow.http.post(path, json=BODY)
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) > 0
        assert refused.json()["error"]["type"] == "rate_limit_error"
        bad = narrow.http.post(GENERATING[0], json=BODY | {"n": 0})
        assert bad.status_code == 400  # checked before the queue
        assert narrow.http.get("/health").status_code == 200
    until(narrow.idle, "both to be cancelled")
    assert narrow.http.post(GENERATING[0], json=BODY).status_code == 200


def test_a_long_prompt_does_not_hold_up_others(start, borrowed, monkeypatch):
    """Its tokens are made beside the event loop, which answers in the meantime."""
    release = threading.Event()

    def slow(*arguments):
        assert release.wait(30)
        return borrowed._service.chat_prompt(*arguments)

    monkeypatch.setattr(borrowed, "chat_prompt", slow, raising=False)
    long = BODY | {"messages": [{"role": "user", "content": "hello there " * 10_000}]}
    with start(Settings()) as server, ThreadPoolExecutor(1) as pool:
        refused = pool.submit(server.http.post, GENERATING[0], json=long)
        try:
            assert server.http.get("/health").status_code == 200
            assert not refused.done()
        finally:
            release.set()
        assert refused.result().json()["error"]["code"] == "context_length_exceeded"
