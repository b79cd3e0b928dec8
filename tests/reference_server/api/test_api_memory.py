"""A request whose tokens could never fit is refused before anything is computed."""

from __future__ import annotations

import pytest

from reference_server.api.holder import Settings
from reference_server.service import Service, ServiceSettings

TEXT = {"model": "default", "prompt": "hi", "temperature": 0}


@pytest.fixture(scope="module")
def small(start_with):
    """A server with room for some hundred tokens."""

    def load():
        service = Service(ServiceSettings(None, max_batch=2))
        service._kv_bytes = 300 * service.state().decoder.token_bytes
        return service

    with start_with(Settings(), load) as running:
        yield running


def test_what_never_fits_is_a_503_that_says_how_much(small, until):
    until(lambda: small.http.get("/health").status_code == 200, "readiness")
    assert small.http.get("/health").json()["decoder"]["token_bytes"] > 0
    refused = small.http.post("/v1/completions", json={**TEXT, "max_tokens": 2000})
    assert refused.status_code == 503
    error = refused.json()["error"]
    assert error["code"] == "out_of_memory"
    assert "MB" in error["message"]
    assert small.http.post("/v1/completions", json={**TEXT, "max_tokens": 20}).status_code == 200
