from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from training.dice import Dice
from training.grammar import sample
from training.render import Renderer
from training.tokenizer import train_tokenizer


@pytest.fixture(scope="session")
def small_tokenizer() -> Tokenizer:
    """As the model's, of fewer texts."""
    dice, renderer = Dice("tokenizer"), Renderer(None)
    return train_tokenizer(renderer.text(sample(dice)) for _ in range(200))
