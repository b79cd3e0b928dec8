"""Legacy completions: many prompts, echo with log-probabilities, the best of several."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import mlx_lm
import numpy as np
import openai
import pytest
from openai.types import Completion

from reference_server.blas import mx
from reference_server.models.load import EMBEDDED

TEXTS = ["Tell me about the sea.", "Where is the", "Grüße aus 世界 👩‍👩‍👧, my"]
BASE = {"model": "default", "max_tokens": 6, "temperature": 0}
LISTS = ("tokens", "token_logprobs", "top_logprobs", "text_offset")


def post(server, **fields):
    answer = server.http.post("/v1/completions", json=BASE | fields)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [one["index"] for one in body["choices"]] == list(range(len(body["choices"])))
    return body


def texts(body):
    return [choice["text"] for choice in body["choices"]]


def streamed(server, **fields):
    """Each choice put together, and the usage."""
    options = {"stream": True, "stream_options": {"include_usage": True}}
    answer = server.http.post("/v1/completions", json=BASE | fields | options)
    lines = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    assert lines.pop() == "[DONE]"
    *parts, last = [json.loads(line) for line in lines]
    assert last["choices"] == []
    choices: dict[int, dict] = {}
    for part in parts:
        [piece] = part["choices"]
        whole = choices.setdefault(piece["index"], {**piece, "text": "", "logprobs": None})
        whole["text"] += piece["text"]
        if piece["logprobs"]:
            before = whole["logprobs"] or {key: [] for key in LISTS}
            whole["logprobs"] = {key: before[key] + piece["logprobs"][key] for key in LISTS}
        assert whole["finish_reason"] in (None, piece["finish_reason"])
        whole["finish_reason"] = piece["finish_reason"]
    return [choices[index] for index in range(len(choices))], last["usage"]


@pytest.fixture(scope="module")
def expected():
    """Log-probabilities of a prompt's tokens by one pass over all of it, without any cache."""
    model, _ = mlx_lm.load(str(EMBEDDED))

    def score(tokens: list[int]) -> np.ndarray:
        logits = np.array(model(mx.array([tokens])))[0].astype(np.float64)
        logits -= logits.max(axis=-1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))

    return score


# -- several prompts --------------------------------------------------------------------------


def test_each_prompt_has_its_choices_in_order(server):
    single = [post(server, prompt=text) for text in TEXTS]
    assert len(set(texts(single[0]) + texts(single[1]) + texts(single[2]))) == 3
    together = post(server, prompt=TEXTS)
    Completion.model_validate(together, strict=True)
    assert texts(together) == [texts(one)[0] for one in single]
    for key in ("prompt_tokens", "completion_tokens", "total_tokens"):
        assert together["usage"][key] == sum(one["usage"][key] for one in single)


def test_tokens_are_the_same_prompts(server):
    ids = [server.service.text_prompt(text) for text in TEXTS]
    assert texts(post(server, prompt=ids)) == texts(post(server, prompt=TEXTS))
    assert texts(post(server, prompt=ids[1])) == texts(post(server, prompt=TEXTS[1]))


def test_choices_of_one_prompt_come_together(server):
    hot = {"temperature": 1.2, "seed": 3, "n": 2}
    body = post(server, prompt=TEXTS[:2], **hot)
    by_prompt = [texts(post(server, prompt=text, **hot)) for text in TEXTS[:2]]
    assert texts(body) == by_prompt[0] + by_prompt[1]
    assert len(set(texts(body))) == 4


@pytest.mark.parametrize("more", [{}, {"n": 2}, {"logprobs": 2}, {"echo": True, "logprobs": 1}])
def test_a_stream_says_the_same(server, more):
    fields = {"prompt": TEXTS, "temperature": 1.0, "seed": 5, **more}
    whole = post(server, **fields)
    choices, usage = streamed(server, **fields)
    for choice, other in zip(choices, whole["choices"], strict=True):
        assert choice["text"] == other["text"]
        assert choice["finish_reason"] == other["finish_reason"]
        if other["logprobs"] is None:
            assert choice["logprobs"] is None
        else:
            assert [choice["logprobs"][k] for k in ("tokens", "text_offset")] == [
                other["logprobs"][k] for k in ("tokens", "text_offset")
            ]
    counts = ("prompt_tokens", "completion_tokens", "total_tokens")
    assert [usage[key] for key in counts] == [whole["usage"][key] for key in counts]


# -- echo -------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"logprobs": 0}, {"n": 2}])
def test_an_echo_comes_before_the_answer(server, more):
    plain = post(server, prompt=TEXTS, **more)
    body = post(server, prompt=TEXTS, echo=True, **more)
    count = more.get("n", 1)
    repeated = [text for text in TEXTS for _ in range(count)]
    assert texts(body) == [a + b for a, b in zip(repeated, texts(plain), strict=True)]
    for key in ("prompt_tokens", "completion_tokens"):
        assert body["usage"][key] == plain["usage"][key]
    ids = [server.service.text_prompt(text) for text in TEXTS]
    assert texts(post(server, prompt=ids, echo=True, **more)) == texts(body)


def test_scores_are_the_models(server, expected):
    long = " ".join(TEXTS) * 6
    tokens = server.service.text_prompt(long)
    assert len(tokens) > 130  # three chunks
    [choice] = post(server, prompt=long, echo=True, max_tokens=0, logprobs=3)["choices"]
    assert choice["text"] == long
    assert choice["finish_reason"] == "length"
    found = choice["logprobs"]
    assert {len(found[key]) for key in LISTS} == {len(tokens)}
    assert found["token_logprobs"][0] is found["top_logprobs"][0] is None
    scores = expected(tokens)[:-1]
    wanted = scores[np.arange(len(tokens) - 1), tokens[1:]]
    np.testing.assert_allclose(found["token_logprobs"][1:], wanted, atol=2e-4)
    assert abs(np.diff(wanted)).max() > 1  # the control: a shift by one would be seen
    for at, best in enumerate(found["top_logprobs"][1:]):
        values = sorted(best.values(), reverse=True)
        assert values[0] == pytest.approx(scores[at].max(), abs=2e-4)
        assert found["token_logprobs"][at + 1] in values
        assert len(values) <= 4
        assert sum(map(math.exp, values)) <= 1 + 1e-6


def test_scores_have_the_same_bits_in_any_company(server):
    alone = post(server, prompt=TEXTS[0], echo=True, max_tokens=0, logprobs=1)["choices"][0]
    with server.asking():
        among = post(server, prompt=TEXTS, echo=True, max_tokens=0, logprobs=1)["choices"][0]
    assert among == alone


@pytest.mark.parametrize("more", [{"echo": True}, {}, {"echo": True, "max_tokens": 0}])
def test_offsets_point_at_the_tokens(server, more):
    for text in (*TEXTS, "one </s> <|im_end|> two"):
        [choice] = post(server, prompt=text, logprobs=1, **more)["choices"]
        found = choice["logprobs"]
        assert found["text_offset"] == sorted(found["text_offset"])
        for token, offset in zip(found["tokens"], found["text_offset"], strict=True):
            if not token.startswith("bytes:"):
                assert choice["text"][offset : offset + len(token)] == token
        assert sum(not token.startswith("bytes:") for token in found["tokens"]) > 2


def test_only_the_prompt(server):
    body = post(server, prompt=TEXTS, echo=True, max_tokens=0, n=2)
    assert texts(body) == [text for text in TEXTS for _ in range(2)]
    assert {one["finish_reason"] for one in body["choices"]} == {"length"}
    assert {one["logprobs"] for one in body["choices"]} == {None}
    count = sum(len(server.service.text_prompt(text)) for text in TEXTS)
    assert body["usage"]["prompt_tokens"] == body["usage"]["total_tokens"] == count
    assert body["usage"]["completion_tokens"] == 0
    choices, usage = streamed(server, prompt=TEXTS, echo=True, max_tokens=0, n=2)
    assert choices == body["choices"]
    assert usage == body["usage"]


def test_a_prompt_to_score_may_fill_the_context(server, monkeypatch):
    limit, service = 100, server.service._service
    monkeypatch.setattr(service, "context_length", limit)
    short = replace(service._loaded, context_length=limit)
    monkeypatch.setattr(service.reader, "_loaded", short)
    tokens = [5 + at % 90 for at in range(limit)]
    [choice] = post(server, prompt=tokens, echo=True, max_tokens=0, logprobs=0)["choices"]
    assert len(choice["logprobs"]["tokens"]) == limit
    for fields in ({"prompt": [*tokens, 5], "max_tokens": 0}, {"prompt": tokens, "max_tokens": 1}):
        body = BASE | {"echo": True, "logprobs": 0} | fields
        refused = server.http.post("/v1/completions", json=body)
        assert refused.status_code == 400
        assert refused.json()["error"]["code"] == "context_length_exceeded"
        assert refused.json()["error"]["param"] == "prompt"


def test_parts_of_characters_stay_apart(server):
    """Their own text would be U+FFFD for all of them."""
    [choice] = post(server, prompt="世界👩", echo=True, max_tokens=0, logprobs=5)["choices"]
    parts = [one for one in choice["logprobs"]["tokens"] if one.startswith("bytes:")]
    data = [bytes.fromhex(part.removeprefix("bytes:").replace("\\x", "")) for part in parts]
    assert b"".join(data).decode() == "世界👩"
    assert all(len(best) >= 5 for best in choice["logprobs"]["top_logprobs"][1:])


# -- the best of several ------------------------------------------------------------------------


def test_the_best_have_the_highest_mean_logprob(server):
    hot = {"prompt": TEXTS[:2], "temperature": 1.3, "seed": 11, "max_tokens": 8}
    every = post(server, n=6, logprobs=0, **hot)
    wanted = []
    for start in (0, 6):
        choices = every["choices"][start : start + 6]
        means = [np.mean(one["logprobs"]["token_logprobs"]) for one in choices]
        assert len(set(means)) == 6
        order = np.argsort(means)[::-1][:2]
        wanted += [choices[at]["text"] for at in order]
    best = post(server, best_of=6, n=2, **hot)
    assert texts(best) == wanted
    assert {one["logprobs"] for one in best["choices"]} == {None}
    assert best["usage"]["completion_tokens"] == every["usage"]["completion_tokens"]
    assert best["usage"]["prompt_tokens"] == every["usage"]["prompt_tokens"]
    shown = post(server, best_of=6, n=2, logprobs=1, **hot)
    assert all(one["logprobs"]["tokens"] for one in shown["choices"])


def test_best_of_n_is_n(server):
    hot = {"prompt": TEXTS[0], "temperature": 1.3, "seed": 11, "n": 3}
    assert texts(post(server, best_of=3, **hot)) == texts(post(server, **hot))


# -- the sdk ----------------------------------------------------------------------------------


def test_the_sdk(server):
    with openai.OpenAI(base_url=server.url + "/v1", api_key="x", max_retries=0) as sdk:
        answer = sdk.completions.create(
            model="default", prompt=TEXTS, max_tokens=3, n=2, echo=True, logprobs=2
        )
        assert [choice.text.startswith(TEXTS[at // 2]) for at, choice in enumerate(answer.choices)]
        stream = sdk.completions.create(model="default", prompt=TEXTS, max_tokens=3, stream=True)
        seen = {choice.index for chunk in stream for choice in chunk.choices}
        assert seen == {0, 1, 2}


def test_one_prompt_for_many_choices_enters_once(server):
    """The decoder's own count of what it gave to the model."""
    decoder = server.service._engine._decoder
    prompt = [700 + at % 300 for at in range(200)]
    server.http.delete("/v1/cache")
    before = decoder.prefilled
    body = post(server, prompt=prompt, n=6, temperature=1.0)
    assert decoder.prefilled - before == len(prompt) - 1
    assert body["usage"]["prompt_tokens"] == len(prompt)
    server.http.delete("/v1/cache")
    before = decoder.prefilled
    post(server, prompt=[[at, *prompt] for at in range(600, 606)])  # the control: six prompts
    assert decoder.prefilled - before == 6 * len(prompt)
