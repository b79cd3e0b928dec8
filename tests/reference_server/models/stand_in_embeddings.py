"""Has the interface of mlx_embeddings: the embedded model, its last token's state as embedding."""

from __future__ import annotations

from types import SimpleNamespace

import mlx_lm

from reference_server.blas import mx


class Model:
    def __init__(self, model):
        self._model = model
        self.config = SimpleNamespace(max_position_embeddings=256, vocab_size=2048)

    def __call__(self, input_ids, attention_mask):
        assert input_ids.shape == attention_mask.shape
        last = self._model.model(input_ids)[:, -1]
        return SimpleNamespace(text_embeds=last / mx.linalg.norm(last, axis=-1, keepdims=True))


def load(name):
    model, tokenizer = mlx_lm.load(name)
    return Model(model), tokenizer
