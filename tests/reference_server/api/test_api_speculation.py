"""A draft model, seen through HTTP: the same answers, counters, and refusals by name."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from reference_server.api.holder import Settings
from reference_server.engine.speculation import NotSpeculative
from reference_server.errors import ModelNotLoaded
from reference_server.models.load import SHIPPED
from reference_server.service import Service, ServiceSettings

TEXTS = ["Hello", "Tell me about the sea.", "What is 2 + 2?", "A story, please."]


def ask(server, text, **more):
    body = {"model": "default", "messages": [{"role": "user", "content": text}], "max_tokens": 40}
    answer = server.http.post("/v1/chat/completions", json={**body, "temperature": 0, **more})
    assert answer.status_code == 200
    return [one["message"] for one in answer.json()["choices"]], answer.json()["usage"]


@pytest.fixture(scope="module")
def speculating(start_with, until):
    service = Service(ServiceSettings(max_batch=8, draft_model="embedded-8bit"))
    with start_with(Settings(), lambda: service) as running:
        until(lambda: running.http.get("/health").status_code == 200, "readiness")
        yield running


def counters(server):
    return server.http.get("/v1/status").json()["speculation"]


@pytest.mark.parametrize("more", [{}, {"temperature": 0.8, "seed": 3}], ids=str)
def test_answers_are_those_without_a_draft_model(speculating, server, more):
    before = counters(speculating)
    with ThreadPoolExecutor(len(TEXTS)) as pool:
        found = list(pool.map(lambda text: ask(speculating, text, **more), TEXTS))
    expected = [ask(server, text, **more) for text in TEXTS]
    assert [message for message, _ in found] == [message for message, _ in expected]
    for (_, usage), (_, other) in zip(found, expected, strict=True):
        assert usage["completion_tokens"] == other["completion_tokens"]
    after = counters(speculating)
    assert after["proposed"] > before["proposed"]
    assert after["accepted"] > before["accepted"]


def test_a_stop_string_inside_a_round_cuts_exactly(speculating, server):
    [message], _ = ask(server, TEXTS[1])
    stop = message["content"][10:14]
    found, usage = ask(speculating, TEXTS[1], stop=[stop])
    assert (found, usage["completion_tokens"]) == (
        (expected := ask(server, TEXTS[1], stop=[stop]))[0], expected[1]["completion_tokens"],
    )  # fmt: skip
    assert found[0]["content"] == message["content"].partition(stop)[0]


def test_health_tells_when_it_works_and_status_counts(speculating, server):
    told = speculating.http.get("/health").json()["speculation"]
    assert (told["draft_model"], told["tokens"]) == ("embedded-8bit", 4)
    assert "4 requests run at most" in told["scope"]
    assert told["proposed"] == 4 * told["rounds"] >= told["accepted"]
    assert server.http.get("/health").json()["speculation"] is None
    assert counters(server) is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"batching": "invariant"}, "--draft-model does not go with invariant batching"),
        ({"deterministic": True}, "--draft-model does not go with invariant batching"),
        ({"logits_hashes": True}, "--draft-model does not go with --logits-hashes"),
    ],
)
def test_options_that_exclude_a_draft_model_are_refused_by_name(options, sentence):
    with pytest.raises(NotSpeculative, match=sentence):
        Service(ServiceSettings(draft_model="embedded-8bit", **options))


def test_a_draft_model_that_is_not_there_is_refused_by_name():
    with pytest.raises(ModelNotLoaded, match="--draft-model random:3m cannot be loaded"):
        Service(ServiceSettings(draft_model="random:3m"))


def test_another_vocabulary_is_refused_by_name(tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(SHIPPED["embedded"], folder)
    path = folder / "tokenizer.json"
    tokenizer = orjson.loads(path.read_bytes())
    words = tokenizer["model"]["vocab"]
    names = [name for name in words if len(name) == 1][:2]
    words[names[0]], words[names[1]] = words[names[1]], words[names[0]]
    path.write_bytes(orjson.dumps(tokenizer))
    with pytest.raises(ModelNotLoaded, match="has another vocabulary than embedded: 2048 tokens"):
        Service(ServiceSettings(draft_model=str(folder)))
