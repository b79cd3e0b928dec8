from __future__ import annotations

import functools
import json

import pytest
from mlx_lm.generate import BatchGenerator

from harness.backends import packages
from reference_server.errors import ModelNotLoaded
from reference_server.models import load
from reference_server.models.load import EMBEDDED, SHIPPED, load_model

FILES = {
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
}
# The bound for the weights in the package.
LARGEST = 8_000_000


@functools.cache
def shipped(name="embedded"):
    return load_model(name)


def prompt(text, **switches):
    message = [{"role": "user", "content": text}]
    template = shipped().tokenizer.apply_chat_template
    return template(message, add_generation_prompt=True, **switches)


def greedy(prompts, count, name="embedded"):
    """Of each prompt the tokens said, and whether the answer ended by itself."""
    model = shipped(name)
    ends = [[token] for token in model.end_tokens]
    generator = BatchGenerator(model.model, max_tokens=count, stop_tokens=ends)
    rows = generator.insert(prompts)
    said, ended = {row: [] for row in rows}, {}
    while len(ended) < len(rows):
        for response in generator.next_generated():
            if response.finish_reason != "stop":
                said[response.uid].append(response.token)
            if response.finish_reason:
                ended[response.uid] = response.finish_reason == "stop"
    generator.close()
    return [(said[row], ended[row]) for row in rows]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_files_of_a_shipped_model(name):
    there = {path.name: path.stat().st_size for path in SHIPPED[name].iterdir()}
    written_by_the_converter = {"chat_template.jinja", "model.safetensors.index.json"}
    assert set(there) - written_by_the_converter == FILES | {"README.md"}
    assert there["model.safetensors"] <= LARGEST
    assert packages.embedded_model(name) == SHIPPED[name]


def test_client_and_server_ship_the_same_names():
    assert tuple(SHIPPED) == packages.SHIPPED
    assert packages.embedded_model("no-such-model") is None


def test_what_the_server_learns_about_it():
    model = load_model(None)
    assert (model.id, model.context_length, model.vocabulary) == ("embedded", 4096, 2048)
    assert model.dtype == "float32"
    names = model.tokenizer.convert_ids_to_tokens(sorted(model.end_tokens))
    assert names == ["<|endoftext|>", "<|im_end|>"]


def test_mlx_lm_finds_its_tools_and_its_thinking():
    tokenizer = shipped().tokenizer
    assert tokenizer.init_kwargs["tool_parser_type"] == "json_tools"
    assert (tokenizer.think_start, tokenizer.think_end) == ("<think>", "</think>")
    assert tokenizer.tool_call_start == "<tool_call>"


def test_added_tokens_are_single_and_markup_survives_decoding():
    tokenizer = shipped().tokenizer
    assert len(tokenizer) == 2048
    for text in ("<tool_call>", "</tool_call>", "<think>", "</think>"):
        (token,) = tokenizer.encode(text)
        assert tokenizer.decode([token], skip_special_tokens=True) == text
    (token,) = tokenizer.encode("<|im_end|>")
    assert tokenizer.decode([token], skip_special_tokens=True) == ""


@pytest.mark.parametrize("name", SHIPPED)
def test_a_variant_answers_and_ends(name):
    ((said, ended),) = greedy([prompt("Hello!")], 100, name)
    assert said
    assert ended


def test_it_thinks_only_when_it_is_switched_on():
    tokenizer = shipped().tokenizer
    asked = "What is the weather in Oslo?"
    thought, plain = greedy(
        [prompt(asked, reasoning_effort="low"), prompt(asked, enable_thinking=False)], 200
    )
    assert tokenizer.decode(thought[0]).startswith("<think>")
    assert "</think>" in tokenizer.decode(thought[0])
    assert "<think>" not in tokenizer.decode(plain[0])


def needle(lines):
    """A conversation that tells a code first and fills the rest with other facts."""
    told = "The code for the red gate is 40718."
    filler = " ".join(f"The box {n} is in the room {n * 7 % 90}." for n in range(lines))
    return prompt(f"{told} {filler} What is the code for the red gate?")


def test_it_finds_what_was_said_before():
    ((said, _),) = greedy([needle(10)], 40)
    assert "40718" in shipped().tokenizer.decode(said)


@pytest.mark.xfail(reason="not reached yet: facts are found over some 700 tokens, not over 4,000")
def test_it_reads_the_whole_context():
    longest = max(n for n in range(10, 400, 5) if len(needle(n)) <= 4096 - 40)
    far = needle(longest)
    assert len(far) > 3900
    answers = greedy([needle(3), far], 40)
    assert ["40718" in shipped().tokenizer.decode(said) for said, _ in answers] == [True, True]


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
    assert config["tie_word_embeddings"] is True
