"""A model of mlx-embeddings' that makes the embeddings, beside the model that answers."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference_server.blas import mx
from reference_server.chat.bound import PromptBound
from reference_server.chat.tokens import Tokens
from reference_server.engine.reading import Vector, fitting, unit
from reference_server.engine.work import Steps
from reference_server.errors import ModelNotLoaded
from reference_server.models.load import NO_LIMIT, context_length

PACKAGE = "mlx_embeddings"


def require_package() -> None:
    """Refuse before any model is loaded.

    Raises:
        ModelNotLoaded: mlx-embeddings is not installed.
    """
    if importlib.util.find_spec(PACKAGE) is None:
        raise ModelNotLoaded(
            "--embedding-model needs a package that is not installed: "
            "pip install 'mlx-serving-harness[embeddings]'"
        )


class EmbeddingModel:
    """One embedding model, loaded from a folder or a Hugging Face id, and its own tokenizer.

    To be made on the engine's thread, which also runs ``embedded``.

    Raises:
        ModelNotLoaded: its files are missing, broken or of an unknown architecture.
    """

    def __init__(self, name: str) -> None:
        self.id = name
        try:
            self._model, tokenizer = importlib.import_module(PACKAGE).load(name)
        except (OSError, ValueError, TypeError, KeyError, ImportError) as error:
            reason = f"{type(error).__name__}: {error}"
            sentence = f"The embedding model {name!r} cannot be loaded: {reason}"
            raise ModelNotLoaded(sentence) from error
        config = vars(self._model.config)
        self.context_length = _context(config, tokenizer)
        bound = PromptBound(tokenizer, self.context_length)
        self.tokens = Tokens(tokenizer, bound, int(config.get("vocab_size") or len(tokenizer)))

    def embedded(
        self, inputs: Sequence[Sequence[int]], dimensions: int | None = None
    ) -> Steps[list[Vector]]:
        """The embedding of each input as the model's own pooling makes it, of length 1 (L2).

        A step is one input, alone, so that it has the same bits in any company.

        Raises:
            BadRequest: ``dimensions`` are more than the model has.
        """
        found = []
        for tokens in inputs:
            ids = mx.array([list(tokens)])
            given = self._model(ids, attention_mask=mx.ones_like(ids)).text_embeds[0]
            vector = np.array(given.astype(mx.float32))
            fitting(dimensions, vector.size)
            found.append(unit(vector[:dimensions]))
            yield True
        return found


def _context(config: Mapping[str, Any], tokenizer: Any) -> int:  # noqa: ANN401 - no types
    """The shorter of what model and tokenizer say: positions of some models start behind 0."""
    limit = getattr(tokenizer, "model_max_length", None)
    known = context_length(config, tokenizer)
    return min(known, limit) if isinstance(limit, int) and 0 < limit < NO_LIMIT else known
