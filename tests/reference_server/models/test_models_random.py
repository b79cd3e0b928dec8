from __future__ import annotations

import functools
import hashlib
import json
import shutil

import mlx_lm
import numpy as np
import pytest
from mlx.utils import tree_flatten
from mlx_lm.generate import BatchGenerator
from mlx_lm.models import qwen3

from reference_server.blas import mx
from reference_server.errors import ModelNotLoaded
from reference_server.models import random_weights
from reference_server.models.load import EMBEDDED, load_model
from reference_server.models.random_tensors import (
    CONSTANT,
    RULED_OUT,
    Shape,
    halved,
    tensors,
    uniform,
)
from reference_server.models.random_weights import (
    SIZES,
    RandomModel,
    configuration,
    folder_name,
    main,
    named,
    speakable,
    write,
)

TINY = "random:1m"
QUESTIONS = ("hello", "What is the weather in Oslo?", "Write a story about a river.", "1 + 1")


@functools.cache
def loaded(name=TINY):
    return load_model(name)


def fingerprint(shape, seed, spoken):
    digest = hashlib.sha256()
    for name, tensor in tensors(shape, seed, spoken):
        digest.update(f"{name} {tensor.dtype} {tensor.shape}".encode() + tensor.tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("random:90m", RandomModel("90m")),
        ("random:90M", RandomModel("90m")),
        ("random:1m@7", RandomModel("1m", seed=7)),
        ("random:20m-bf16", RandomModel("20m", half=True)),
        ("random:300m-bf16@12", RandomModel("300m", half=True, seed=12)),
    ],
)
def test_an_id_names_a_model(text, model):
    assert named(text) == model
    assert named(model.id) == model


WRONG = (
    "random:", "random:91m", "random:90m@", "random:90m@-1", "random:90m@x", "random:90m@7-bf16",
    "random:90m ", "random:90m-fp16", "random:90m@" + "9" * 19, "random:90m@\u0667",
)  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_any_other_is_refused_with_those_that_there_are(text):
    with pytest.raises(ModelNotLoaded, match=r"1m, random:20m, random:90m, random:300m, .*@SEED"):
        named(text)
    with pytest.raises(ModelNotLoaded):
        load_model(text)


@pytest.mark.parametrize(("size", "millions", "within"), [
    ("1m", 1, 0.3), ("20m", 20, 0.05), ("90m", 90, 0.05), ("300m", 300, 0.05),
])  # fmt: skip
def test_the_sizes_are_what_they_are_called(size, millions, within):
    arguments = qwen3.ModelArgs.from_dict(configuration(RandomModel(size)))
    parameters = tree_flatten(qwen3.Model(arguments).parameters())  # lazy: nothing is computed
    assert sum(p.size for _, p in parameters) == pytest.approx(millions * 1e6, rel=within)


def test_the_weights_are_these_on_every_machine():
    shape = Shape(layers=2, hidden=16, inner=24, heads=2, key_heads=1, head=8)
    spoken = np.arange(40) % 3 > 0
    assert fingerprint(shape, 0, spoken) == (
        "c9787fba2dde2b23cb6c7e4247d38806a76f499954138f82c159568f44b4c7d2"
    )
    assert fingerprint(shape, 0, spoken) != fingerprint(shape, 1, spoken)
    assert fingerprint(shape, 0, spoken) != fingerprint(shape, 0, ~spoken)


def test_the_numbers_are_centred_and_have_the_variance_that_was_asked_for():
    numbers = uniform(3, "a", 501, 301, 2.0)  # no multiple of the four numbers of a draw
    assert numbers.shape == (501, 301)
    assert numbers.var() == pytest.approx(4 / 301, rel=0.01)
    assert abs(numbers.mean()) < 3 * numbers.std() / np.sqrt(numbers.size)
    assert (uniform(3, "a", 501, 301, 2.0) == numbers).all()
    assert (uniform(3, "b", 501, 301, 2.0) != numbers).any()


def test_the_constant_channel_is_constant_and_rules_out():
    shape, spoken = SIZES["1m"], np.arange(64) % 2 > 0
    made = dict(tensors(shape, 0, spoken))
    assert set(made["model.embed_tokens.weight"][:, 0]) == {CONSTANT}
    written = [w for name, w in made.items() if "o_proj" in name or "down_proj" in name]
    assert len(written) == 2 * shape.layers
    assert not any(w[0].any() for w in written)
    assert all(w[1].any() for w in written)
    head = made["lm_head.weight"]
    assert (head[~spoken, 0] == RULED_OUT).all()
    assert not head[~spoken, 1:].any()
    assert np.abs(head[spoken]).max() < 1


def test_bfloat16_is_rounded_as_mlx_rounds():
    numbers = np.concatenate([uniform(0, "x", 100, 100).ravel(), [0.0, -0.0, 1.0, -2048.0]])
    ties = (np.arange(64, dtype=np.uint32) << 15).view(np.float32)  # every second is a tie
    numbers = np.concatenate([numbers, ties + np.float32(0), ties + np.float32(1)])
    numbers = numbers.astype(np.float32)
    expected = np.array(mx.array(numbers).astype(mx.bfloat16).view(mx.uint16))
    normal = np.abs(numbers) >= np.finfo(np.float32).tiny  # MLX may flush what is below to 0
    assert normal.sum() > 10_000
    assert (halved(numbers) == expected)[normal].all()


def test_what_the_server_learns_about_it():
    model, embedded = loaded(), load_model(None)
    config = json.loads((EMBEDDED / "config.json").read_text())
    assert (model.id, model.dtype, model.vocabulary) == (TINY, "float32", config["vocab_size"])
    assert model.context_length == embedded.context_length
    assert model.end_tokens == embedded.end_tokens
    assert len(model.end_tokens) > 0
    assert model.tokenizer.init_kwargs == embedded.tokenizer.init_kwargs
    assert loaded(f"{TINY}-bf16@3").dtype == "bfloat16"


def test_only_text_can_be_said():
    tokenizer, vocabulary = loaded().tokenizer, loaded().vocabulary
    spoken = speakable(vocabulary + 1)
    assert vocabulary / 2 < spoken.sum() < vocabulary
    assert not spoken[vocabulary]
    assert not spoken[sorted(loaded().end_tokens)].any()
    assert not spoken[tokenizer.convert_tokens_to_ids("<tool_call>")]
    assert spoken[tokenizer.encode("a") + tokenizer.encode("\n")].all()
    texts = [tokenizer.decode([int(token)]) for token in np.flatnonzero(spoken)]
    assert all(text and all(c.isprintable() or c == "\n" for c in text) for text in texts)
    assert not any("\ufffd" in text for text in texts)


def answers(model, count, sampler=None):
    """Tokens of one answer a question, which an end token would end early."""
    template = model.tokenizer.apply_chat_template
    prompts = [
        template([{"role": "user", "content": text}], add_generation_prompt=True)
        for text in QUESTIONS
    ]
    ends = [[token] for token in model.end_tokens]
    generator = BatchGenerator(model.model, max_tokens=count, stop_tokens=ends, sampler=sampler)
    tokens = {row: [] for row in generator.insert(prompts)}
    finished = set()
    while len(finished) < len(prompts):
        for response in generator.next_generated():
            tokens[response.uid].append(response.token)
            finished |= {response.uid} if response.finish_reason else set()
    generator.close()
    return list(tokens.values())


def period(tokens):
    """How long the loop is in which the tokens end, if it was gone through twice at least."""
    for length in range(1, len(tokens) // 2 + 1):
        if tokens[-length:] == tokens[-2 * length : -length]:
            return length
    return None


def repeated(tokens):
    fours = list(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))
    return 1 - len(set(fours)) / len(fours)


@pytest.mark.parametrize("name", [TINY, f"{TINY}@1", f"{TINY}-bf16"])
def test_greedy_text_is_as_long_as_asked_and_runs_in_no_circle(name):
    spoken = speakable(loaded(name).vocabulary)
    found = answers(loaded(name), 400)
    assert [len(tokens) for tokens in found] == [400] * len(QUESTIONS)
    assert len({tuple(tokens) for tokens in found}) == len(QUESTIONS)
    for tokens in found:
        assert spoken[tokens].all()
        assert (period(tokens) or 0) in (0, 1)  # one word said twice at the very end is no loop
        assert repeated(tokens) < 0.1
        assert len(set(tokens)) > 80


def test_the_circle_is_found_when_there_is_one():
    assert period([9, 8, 1, 2, 3, 1, 2, 3]) == 3
    assert period([1, 2, 3, 4]) is None
    assert repeated([1, 2, 3] * 50) > 0.9


def test_no_temperature_that_may_be_asked_for_draws_an_end():
    def hot(scores):
        return mx.random.categorical(scores / 2.0)

    spoken = speakable(loaded().vocabulary)
    found = answers(loaded(), 300, hot)
    assert [len(tokens) for tokens in found] == [300] * len(QUESTIONS)
    assert all(spoken[tokens].all() for tokens in found)
    head = loaded().model.lm_head
    kept = head.weight
    try:  # without the constant channel they would be drawn
        head.weight = mx.concatenate([mx.zeros_like(kept[:, :1]), kept[:, 1:]], axis=1)
        assert not all(spoken[tokens].all() for tokens in answers(loaded(), 300, hot))
    finally:
        head.weight = kept


@pytest.mark.parametrize("name", [f"{TINY}@2", f"{TINY}-bf16"])
def test_the_folder_holds_the_same_model(name, tmp_path):
    write(named(name), tmp_path / "new" / "folder")
    model, tokenizer, config = mlx_lm.load(str(tmp_path / "new" / "folder"), return_config=True)
    here = dict(tree_flatten(loaded(name).model.parameters()))
    there = dict(tree_flatten(model.parameters()))
    assert here.keys() == there.keys()
    for part, tensor in there.items():
        assert tensor.dtype == here[part].dtype
        assert mx.array_equal(tensor, here[part]).item(), part
    assert config["torch_dtype"] == loaded(name).dtype
    assert set(tokenizer.eos_token_ids) == loaded(name).end_tokens
    assert tokenizer.chat_template == loaded(name).tokenizer.chat_template
    left = {path.name for path in (tmp_path / "new").iterdir()}
    assert left == {"folder"}


def test_the_same_id_gives_the_same_files(tmp_path):
    for folder in ("a", "b"):
        write(named(TINY), tmp_path / folder)
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json"} < names
    assert names == {path.name for path in (tmp_path / "b").iterdir()}
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine").write_text("kept")
    assert main(["--size", "1m", "--out", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told == f"The model 'random:1m' cannot be made: {tmp_path} is not empty.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_nothing_is_left_of_a_folder_that_could_not_be_finished(tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(random_weights, "_save", full)
    assert main(["--size", "1m", "--out", str(tmp_path / "out")]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_size_is_one_sentence(tmp_path, capsys):
    assert main(["--size", "9m", "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert told.startswith("The model 'random:9m' cannot be made: ")
    assert "random:90m" in told
    assert told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_name_in_a_cache_changes_with_what_comes_out(tmp_path, monkeypatch, capsys):
    names = [folder_name(named(text)) for text in ("random:1m", "random:1m@1", "random:1m-bf16")]
    assert len(set(names)) == 3
    assert main(["--size=1M", "--name"]) == 0
    assert capsys.readouterr().out == names[0] + "\n"
    assert names[0].startswith("random-1m-")
    copy = shutil.copytree(EMBEDDED, tmp_path / "embedded")
    monkeypatch.setattr(random_weights, "SOURCE", copy)
    assert folder_name(named("random:1m")) == names[0]
    (copy / "model.safetensors").write_bytes(b"its weights are nothing to us")
    assert folder_name(named("random:1m")) == names[0]
    (copy / "tokenizer.json").write_text("{}")
    assert folder_name(named("random:1m")) != names[0]
