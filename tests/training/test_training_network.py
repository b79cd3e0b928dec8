"""The network and its training, where torch is installed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

torch = pytest.importorskip("torch", reason="torch is installed for training only")

from training import train  # noqa: E402
from training.network import PLAIN_UP_TO, Network, attend  # noqa: E402
from training.settings import CONFIG, Training  # noqa: E402
from training.stream import Batch  # noqa: E402

TINY = {
    **CONFIG,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "intermediate_size": 48,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "max_position_embeddings": 64,
    "vocab_size": 50,
}


@pytest.fixture
def network() -> Network:
    torch.manual_seed(0)
    return Network(TINY)


def test_a_token_sees_those_before_it_only(network: Network) -> None:
    tokens = torch.randint(0, 50, (1, 20))
    other = tokens.clone()
    other[0, 12] = (other[0, 12] + 1) % 50
    one, two = network.hidden(tokens), network.hidden(other)
    assert torch.allclose(one[0, :12], two[0, :12], atol=1e-5)
    assert not torch.allclose(one[0, 12:], two[0, 12:], atol=1e-5)


def test_the_plain_attention_is_torchs() -> None:
    torch.manual_seed(0)
    q, k, v = (torch.randn(2, 3, 40, 16) for _ in range(3))
    theirs = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert torch.allclose(attend(q, k, v), theirs, atol=1e-5)
    long = torch.randn(1, 1, PLAIN_UP_TO + 1, 16)
    assert attend(long, long, long).shape == long.shape


def test_only_marked_tokens_count(network: Network) -> None:
    tokens, wanted = torch.randint(0, 50, (2, 12)), torch.zeros(2, 12, dtype=torch.bool)
    wanted[0, 5] = True
    scores = network.hidden(tokens)[0, 4] @ network.model.embed_tokens.weight.T
    expected = torch.nn.functional.cross_entropy(scores[None], tokens[0, 5:6])
    assert torch.allclose(network.loss(tokens, wanted), expected, atol=1e-5)


def test_the_speed_rises_stays_and_falls() -> None:
    settings = Training(warm=0.1, fall=0.5)
    assert [round(train.speed(at, settings), 3) for at in (0, 0.05, 0.1, 0.4, 0.75, 1.0)] == [
        0.0, 0.5, 1.0, 1.0, 0.5, 0.0,
    ]  # fmt: skip


def test_every_parameter_has_one_optimizer(network: Network) -> None:
    opts = train.optimizers(network, Training())
    taught = [id(w) for opt in opts for part in opt.param_groups for w in part["params"]]
    assert sorted(taught) == sorted(id(w) for w in network.parameters())


def test_a_tiny_training_learns_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_tokenizer: Tokenizer
) -> None:
    monkeypatch.setattr(train, "CONFIG", TINY)
    monkeypatch.setattr(train, "make_tokenizer", lambda seed: small_tokenizer)
    tokens = torch.randint(1, 50, (4, 32), generator=torch.Generator().manual_seed(0))
    batch = Batch(tokens.short().numpy(), (tokens > 0).numpy())
    monkeypatch.setattr(train, "exams", lambda *_: {"train": [batch]})
    given: list[int] = []

    def forty(tokenizer: Tokenizer, settings: Training, start: int) -> list[Batch]:
        given.append(start)
        return [batch] * 40

    monkeypatch.setattr(train, "stream", forty)
    settings = Training(tokens=80 * 128, examine_every=20 * 128)
    train.learn(tmp_path, settings)
    train.learn(tmp_path, settings, resume=True)
    lines = [json.loads(line) for line in (tmp_path / "curve.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 20, 40, 60, 80]
    assert given == [0, 40 * 128]
    assert lines[-1]["train"]["loss"] < lines[0]["train"]["loss"] / 2
    saved = torch.load(tmp_path / "checkpoint.pt")
    assert saved["state"]["step"] == 80
    assert saved["network"].keys() == Network(TINY).state_dict().keys()


def test_a_loss_that_is_no_number_ends_the_training(network: Network) -> None:
    batch = Batch(np.ones((1, 8), np.int16), np.ones((1, 8), bool))
    with torch.no_grad():
        network.model.norm.weight.fill_(float("nan"))
    with pytest.raises(FloatingPointError, match="at step 1"):
        train._step(network, [], batch, train.State(), Training())
