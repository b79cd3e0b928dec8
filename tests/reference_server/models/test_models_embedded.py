from __future__ import annotations

import functools
import hashlib
import json

import numpy as np
import pytest
import safetensors.numpy
from mlx_lm.generate import BatchGenerator

from reference_server.blas import mx
from reference_server.errors import ModelNotLoaded
from reference_server.models import load
from reference_server.models.grammar import corpus
from reference_server.models.load import EMBEDDED, load_model
from reference_server.models.make_embedded import (
    CONSTANT,
    RULED_OUT,
    make,
    make_tokenizer,
    make_weights,
    speakable,
)

FILES = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
)


@functools.cache
def embedded():
    return load_model(None)


def hashes(folder):
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def test_the_script_makes_the_packaged_files(tmp_path):
    make(0, tmp_path)
    assert hashes(tmp_path) == hashes(EMBEDDED)


def test_another_seed_makes_another_model(tmp_path):
    make(1, tmp_path)
    assert hashes(tmp_path)["model.safetensors"] != hashes(EMBEDDED)["model.safetensors"]


def test_it_is_small_and_there_is_nothing_else():
    assert sum(path.stat().st_size for path in EMBEDDED.iterdir()) < 3_000_000
    assert {path.name for path in EMBEDDED.iterdir()} == {*FILES, "README.md"}


def test_what_the_server_learns_about_it():
    model = embedded()
    assert (model.id, model.context_length, model.vocabulary) == ("embedded", 4096, 1024)
    assert model.dtype == "float32"
    names = model.tokenizer.convert_ids_to_tokens(sorted(model.end_tokens))
    assert names == ["<|endoftext|>", "<|im_end|>"]


def test_mlx_lm_finds_its_tools_and_its_thinking():
    tokenizer = embedded().tokenizer
    assert tokenizer.init_kwargs["tool_parser_type"] == "json_tools"
    assert (tokenizer.think_start, tokenizer.think_end) == ("<think>", "</think>")
    assert tokenizer.tool_call_start == "<tool_call>"


def test_added_tokens_are_single_and_markup_survives_decoding():
    tokenizer = embedded().tokenizer
    assert len(tokenizer) == 1024
    for text in ("<tool_call>", "</tool_call>", "<think>", "</think>"):
        (token,) = tokenizer.encode(text)
        assert tokenizer.decode([token], skip_special_tokens=True) == text
    (token,) = tokenizer.encode("<|im_end|>")
    assert tokenizer.decode([token], skip_special_tokens=True) == ""


def drawn(prompts, count):
    return greedy(prompts, count, sampler=lambda scores: mx.random.categorical(scores))


def greedy(prompts, count, sampler=None):
    generator = BatchGenerator(embedded().model, max_tokens=count, sampler=sampler)
    rows = generator.insert(prompts)
    tokens = {row: [] for row in rows}
    while any(len(found) < count for found in tokens.values()):
        for response in generator.next_generated():
            tokens[response.uid].append(response.token)
    generator.close()
    return list(tokens.values())


def test_greedy_text_is_varied_readable_and_endless():
    tokenizer = embedded().tokenizer
    prompts = [
        tokenizer.apply_chat_template([{"role": "user", "content": t}], add_generation_prompt=True)
        for t in corpus(7, 20)
    ]
    answers = greedy(prompts, 64)
    assert sum(len(set(answer)) for answer in answers) / len(answers) >= 25
    assert len({tuple(answer) for answer in answers}) == len(prompts)
    assert not {token for answer in answers for token in answer} & set(embedded().end_tokens)
    for answer in answers:
        text = tokenizer.decode(answer)
        assert "\ufffd" not in text
        assert all(c.isprintable() or c == "\n" for c in text)


def test_only_text_and_the_end_can_be_said():
    spoken, ends = speakable(make_tokenizer(0)), sorted(embedded().end_tokens)
    head = safetensors.numpy.load_file(EMBEDDED / "model.safetensors")["lm_head.weight"]
    assert 700 < spoken.sum() < 1015
    assert (np.any(head[:, 1:] != 0, axis=1) == spoken).all()
    assert (np.flatnonzero(head[:, 0] == RULED_OUT) == np.setdiff1d(np.where(~spoken), ends)).all()
    assert not head[ends].any()
    everything = make_weights(0, np.ones(1024, bool), ())["lm_head.weight"]
    assert not (everything[:, 0] == RULED_OUT).any()


def test_the_constant_channel_is_constant():
    weights = safetensors.numpy.load_file(EMBEDDED / "model.safetensors")
    assert set(weights["model.embed_tokens.weight"][:, 0]) == {CONSTANT}
    written = [w for name, w in weights.items() if "o_proj" in name or "down_proj" in name]
    assert len(written) == 6
    assert not any(w[0].any() for w in written)
    assert all(w[1].any() for w in written)


@pytest.mark.parametrize(("script", "clean"), [(None, True), (("\x0f", "\x7f", "\r"), False)])
def test_drawn_text_has_no_control_characters_either(script, clean):
    tokenizer = embedded().tokenizer
    if script is not None:  # the check must see them when they are there
        texts = ["a" + character for character in script]
    else:
        prompts = [tokenizer.encode(text) for text in corpus(3, 8)]
        texts = [tokenizer.decode(answer) for answer in drawn(prompts, 200)]
        assert len(set(texts)) == 8
    odd = {c for text in texts for c in text if not (c.isprintable() or c == "\n")}
    assert (not odd and not any("\ufffd" in text for text in texts)) == clean


@pytest.mark.parametrize("name", ["/no/such/folder", "no/such/folder/either", "../nowhere"])
def test_a_folder_that_is_not_there(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelNotLoaded, match="no such folder"):
        load_model(name)


def test_a_folder_without_weights(tmp_path):
    (tmp_path / "config.json").write_text((EMBEDDED / "config.json").read_text())
    with pytest.raises(FileNotFoundError, match="safetensors"):
        load_model(str(tmp_path))


@pytest.mark.parametrize(
    ("config", "limit", "expected"),
    [
        ({"max_position_embeddings": 77}, 5, 77),
        ({"text_config": {"max_position_embeddings": 78}}, 5, 78),
        ({}, 99, 99),
        ({}, int(1e30), load.FALLBACK_CONTEXT),
        ({}, None, load.FALLBACK_CONTEXT),
    ],
)
def test_context_length(config, limit, expected):
    class Tokenizer:
        model_max_length = limit

    assert load.context_length(config, Tokenizer()) == expected


def test_the_files_are_what_transformers_expects():
    config = json.loads((EMBEDDED / "config.json").read_text())
    assert config["architectures"] == ["Qwen3ForCausalLM"]
    assert config["tie_word_embeddings"] is False
