"""A model for embeddings beside the one that answers: over HTTP, and refused at the start."""

from __future__ import annotations

import asyncio
import importlib.util
import threading
from contextlib import contextmanager

import httpx2
import mlx_lm
import numpy as np
import pytest

from reference_server.api.app import create_app
from reference_server.api.holder import Holder, Settings
from reference_server.blas import mx
from reference_server.errors import ModelNotLoaded
from reference_server.models import embedding
from reference_server.models.load import EMBEDDED
from reference_server.service import Service
from reference_server.settings import ServiceSettings

STAND_IN = "tests.reference_server.models.stand_in_embeddings"
TEXTS = ["The sea is calm today.", "A train leaves the station at nine."]
NAME = str(EMBEDDED)


@contextmanager
def served(settings):
    service = Service(settings)
    try:
        yield service
    finally:
        service.close(0.0)


@pytest.fixture(scope="module")
def last_states():
    """Of each text the last token's hidden state, of length 1: what mlx-embeddings' qwen3 gives."""
    model, tokenizer = mlx_lm.load(NAME)
    states = [np.array(model.model(mx.array([tokenizer.encode(t)])))[0, -1] for t in TEXTS]
    return [state / np.linalg.norm(state) for state in states]


async def ask(service, path, body=None):
    transport = httpx2.ASGITransport(create_app(Holder(Settings(), service)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://server") as client:
        return await (client.get(path) if body is None else client.post(path, json=body))


@pytest.fixture(params=[STAND_IN, "mlx_embeddings"])
def package(request, monkeypatch):
    if request.param == "mlx_embeddings":
        pytest.importorskip(
            "mlx_embeddings", reason="pip install 'mlx-serving-harness[embeddings]'"
        )
    monkeypatch.setattr(embedding, "PACKAGE", request.param)
    return request.param


def test_it_makes_the_embeddings(package, last_states):
    async def go(service):
        for model in (NAME, "default"):
            body = {"model": model, "input": TEXTS}
            answer = await ask(service, "/v1/embeddings", body)
            assert answer.status_code == 200, answer.text
            found = [entry["embedding"] for entry in answer.json()["data"]]
            np.testing.assert_allclose(found, last_states, atol=2e-5)
        mean = await ask(service, "/v1/embeddings", {"model": "random:1m", "input": TEXTS})
        assert len(mean.json()["data"][0]["embedding"]) != len(last_states[0])
        cut = {"model": NAME, "input": TEXTS[0], "dimensions": 8}
        [entry] = (await ask(service, "/v1/embeddings", cut)).json()["data"]
        head = last_states[0][:8]
        np.testing.assert_allclose(entry["embedding"], head / np.linalg.norm(head), atol=2e-5)
        for fields, param in (
            ({"dimensions": 161}, "dimensions"),
            ({"input": ""}, "input"),
            ({"input": "hello " * 5000}, "input"),
            ({"input": [2048]}, "input"),
        ):
            refused = await ask(service, "/v1/embeddings", {**cut, "dimensions": None} | fields)
            assert refused.status_code == 400, refused.text
            assert refused.json()["error"]["param"] == param
        listed = (await ask(service, "/v1/models")).json()["data"]
        assert [entry["id"] for entry in listed] == ["random:1m", NAME]
        one = await ask(service, "/v1/models/" + NAME)
        assert one.json() == listed[1]

    with served(ServiceSettings("random:1m", max_batch=2, embedding_model=NAME)) as service:
        asyncio.run(go(service))


def test_a_missing_package_is_refused_before_anything_is_loaded(monkeypatch):
    monkeypatch.setattr(embedding, "PACKAGE", "no_such_package_here")
    with pytest.raises(ModelNotLoaded, match=r"pip install 'mlx-serving-harness\[embeddings\]'"):
        Service(ServiceSettings("no such model", embedding_model=NAME))
    assert importlib.util.find_spec("no_such_package_here") is None


def test_a_model_that_is_not_there_is_refused_and_the_engine_ends(monkeypatch, tmp_path):
    monkeypatch.setattr(embedding, "PACKAGE", STAND_IN)
    missing = str(tmp_path / "nothing")
    before = set(threading.enumerate())  # engines of other tests
    with pytest.raises(ModelNotLoaded, match=r"The embedding model .* cannot be loaded"):
        Service(ServiceSettings("random:1m", max_batch=1, embedding_model=missing))
    assert not [one for one in set(threading.enumerate()) - before if one.name == "engine"]
