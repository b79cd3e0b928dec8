"""--served-model-name and --strict-model-id: which ids mean the model."""

from __future__ import annotations

import pytest

from reference_server.api.holder import Settings

USER = [{"role": "user", "content": "hi"}]
BODY = {"messages": USER, "prompt": "hi", "max_tokens": 1}
GENERATING = ["/v1/chat/completions", "/v1/completions", "/v1/messages"]


@pytest.fixture(scope="module")
def named(start):
    with start(Settings(served_names=("team/small", "gpt-4o"))) as server:
        yield server


@pytest.fixture(scope="module")
def strict(start):
    with start(Settings(strict_model_id=True)) as server:
        yield server


def statuses(server, model):
    asked = [server.http.post(path, json=BODY | {"model": model}) for path in GENERATING]
    return {answer.status_code for answer in asked} | {
        server.http.get(f"/v1/models/{model}").status_code
    }


def test_every_name_means_the_model(named):
    listed = named.http.get("/v1/models").json()["data"]
    assert [entry["id"] for entry in listed] == ["team/small", "gpt-4o"]
    for name in ("team/small", "gpt-4o", "default"):
        assert statuses(named, name) == {200}
    assert named.http.get("/v1/models/gpt-4o").json() == listed[1]
    assert named.http.get("/v1/models/default").json() == listed[0]
    assert named.http.get("/v1/models/team%2Fsmall").json() == listed[0]


def test_its_own_id_is_replaced(named, server):
    own = server.service.model_id
    assert statuses(server, own) == {200}
    assert statuses(named, own) == {404}


def test_strict_knows_no_default(strict, server):
    assert statuses(strict, strict.service.model_id) == {200}
    assert statuses(strict, "default") == {404}
    assert statuses(server, "default") == {200}


def test_unknown_ids_are_refused_either_way(strict, server, named):
    for running in (strict, server, named):
        assert statuses(running, "gpt-nope") == {404}
