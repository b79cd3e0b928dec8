"""Embeddings as clients ask for them, against the model called directly."""

from __future__ import annotations

import base64
import json

import mlx_lm
import numpy as np
import openai
import pytest
from openai.types import CreateEmbeddingResponse

from reference_server.blas import mx
from reference_server.models.load import EMBEDDED

TEXTS = ["The sea is calm today.", "A train leaves the station at nine.", "Grüße aus 世界 👩‍👩‍👧"]
SIZE = 160  # of the embedded model's hidden states


def post(server, **fields):
    return server.http.post("/v1/embeddings", json={"model": "default", **fields})


def vectors(server, **fields):
    answer = post(server, **fields)
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    assert [entry["index"] for entry in data] == list(range(len(data)))
    return [np.array(entry["embedding"], np.float32) for entry in data]


@pytest.fixture(scope="module")
def expected():
    """The mean of the hidden states of one pass over the whole text, without any cache."""
    model, tokenizer = mlx_lm.load(str(EMBEDDED))

    def embed(text: str) -> np.ndarray:
        states = np.array(model.model(mx.array([tokenizer.encode(text)])))[0]
        mean = states.astype(np.float64).mean(axis=0)
        return mean / np.linalg.norm(mean)

    return embed


def test_shape(server):
    body = post(server, input=TEXTS).json()
    CreateEmbeddingResponse.model_validate(body, strict=True)
    count = sum(len(server.service.text_prompt(text)) for text in TEXTS)
    assert body["usage"] == {"prompt_tokens": count, "total_tokens": count}
    assert body["model"] == "default"


def test_they_are_the_mean_of_the_hidden_states(server, expected):
    long = " ".join(TEXTS) * 30
    assert len(server.service.text_prompt(long)) > 1024  # several chunks
    for text in (*TEXTS, "x", long):
        [found] = vectors(server, input=text)
        assert found.shape == (SIZE,)
        np.testing.assert_allclose(found, expected(text), atol=2e-5)
    assert abs(expected(TEXTS[0]) - expected(TEXTS[1])).max() > 0.01  # the control


def test_neighbours_change_no_bit(server):
    alone = [vectors(server, input=text)[0] for text in TEXTS]
    together = vectors(server, input=[*TEXTS, TEXTS[0]])
    assert [one.tobytes() for one in together] == [one.tobytes() for one in (*alone, alone[0])]
    backwards = vectors(server, input=TEXTS[::-1])
    assert [one.tobytes() for one in backwards] == [one.tobytes() for one in alone[::-1]]
    with server.asking():  # somebody's answer is being made
        assert vectors(server, input=TEXTS[1])[0].tobytes() == alone[1].tobytes()


def test_four_forms_of_input(server):
    ids = [server.service.text_prompt(text) for text in TEXTS]
    by_text, by_ids = vectors(server, input=TEXTS), vectors(server, input=ids)
    assert [one.tobytes() for one in by_text] == [one.tobytes() for one in by_ids]
    [single] = vectors(server, input=TEXTS[0])
    [single_ids] = vectors(server, input=ids[0])
    assert single.tobytes() == single_ids.tobytes() == by_text[0].tobytes()


def test_base64_is_the_same_numbers(server):
    floats = vectors(server, input=TEXTS)
    packed = post(server, input=TEXTS, encoding_format="base64").json()["data"]
    for entry, vector in zip(packed, floats, strict=True):
        assert np.frombuffer(base64.b64decode(entry["embedding"]), "<f4").tolist() == (
            vector.tolist()
        )


def test_dimensions_cut_and_keep_length_one(server):
    [whole] = vectors(server, input=TEXTS[0])
    assert np.linalg.norm(whole) == pytest.approx(1, abs=1e-6)
    for size in (1, 7, SIZE):
        [cut] = vectors(server, input=TEXTS[0], dimensions=size)
        assert cut.shape == (size,)
        np.testing.assert_allclose(cut, whole[:size] / np.linalg.norm(whole[:size]), atol=1e-6)


def test_the_sdk(server):
    with openai.OpenAI(base_url=server.url + "/v1", api_key="x", max_retries=0) as sdk:
        answer = sdk.embeddings.create(model="default", input=TEXTS)  # asks for base64
        assert [len(one.embedding) for one in answer.data] == [SIZE] * 3
        np.testing.assert_allclose(answer.data[1].embedding, vectors(server, input=TEXTS[1])[0])


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"input": ""}, "input"),
        ({"input": []}, "input"),
        ({"input": None}, "input"),
        ({"input": ["a", ""]}, "input"),
        ({"input": [[]]}, "input"),
        ({"input": 5}, "input"),
        ({"input": ["a", 5]}, "input[1]"),
        ({"input": [[1], "a"]}, "input[1]"),
        ({"input": [[1, -1]]}, "input"),
        ({"input": [10**8]}, "input"),
        ({"input": ["a"] * 2049}, "input"),
        ({"input": "hello " * 5000}, "input"),
        ({"input": "a", "encoding_format": "int8"}, "encoding_format"),
        ({"input": "a", "dimensions": 0}, "dimensions"),
        ({"input": "a", "dimensions": SIZE + 1}, "dimensions"),
        ({"input": "a", "dimensions": 2.0}, "dimensions"),
    ],
)
def test_what_is_refused(server, fields, param):
    answer = post(server, **fields)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"] == param


def test_other_models_are_not_here(server, script):
    for model in ("text-embedding-3-small", script("x")):
        answer = post(server, input="a", model=model)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "model_not_found"
    assert "x-ignored-fields" not in post(server, input="a", user="me").headers
    assert post(server, input="a", zzz=1).headers["x-ignored-fields"] == "zzz"


def test_a_client_that_goes_away_ends_the_work(server, until):
    words = "hello there " * 300
    body = json.dumps({"model": "default", "input": [words] * 200}).encode()
    head = f"POST /v1/embeddings HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
    with server.connected() as sock:
        sock.sendall(head.encode() + body)
        until(lambda: server.service.state().waiting == 1, "the work to begin")
        assert vectors(server, input="x")  # others come in between
        assert server.service.state().waiting == 1
    until(server.idle, "rest")
