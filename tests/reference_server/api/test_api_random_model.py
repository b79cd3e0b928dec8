"""A model of random weights behind the real server."""

from __future__ import annotations

import pytest

from reference_server.api.holder import Settings
from reference_server.service import Service, ServiceSettings

MODEL = "random:1m@5"


@pytest.fixture(scope="module")
def server(start_with, until):
    with start_with(Settings(), lambda: Service(ServiceSettings(MODEL, max_batch=4))) as running:
        until(lambda: running.holder.service is not None, "the service")
        yield running


def test_it_is_served_under_the_id_that_was_asked_for(server):
    listed = server.http.get("/v1/models").json()["data"]
    assert [entry["id"] for entry in listed] == [MODEL]
    assert server.chat(model=MODEL).status_code == 200


def test_every_answer_has_the_length_that_was_asked_for(server):
    texts = set()
    for temperature in (0, 2):
        answer = server.chat(model=MODEL, max_tokens=200, temperature=temperature).json()
        assert answer["choices"][0]["finish_reason"] == "length"
        assert answer["usage"]["completion_tokens"] == 200
        texts.add(answer["choices"][0]["message"]["content"])
    assert len(texts) == 2
    assert all(c.isprintable() or c == "\n" for text in texts for c in text)


def test_it_speaks_to_anthropic_clients_too(server):
    answer = server.messages(model=MODEL, max_tokens=20).json()
    assert answer["stop_reason"] == "max_tokens"
    assert answer["usage"]["output_tokens"] == 20
