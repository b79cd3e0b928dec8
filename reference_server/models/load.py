"""Loading a model of mlx-lm's: a folder, a Hugging Face id, the embedded one, or random weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlx_lm
from mlx.utils import tree_flatten
from mlx_lm.models import qwen3
from mlx_lm.utils import load_tokenizer, sharded_load

from reference_server.blas import mx
from reference_server.errors import ModelNotLoaded
from reference_server.models import random_weights
from reference_server.models.kernels import AS_ON_METAL, NATIVE, emulate_metal
from reference_server.models.random_tensors import Floats, Halves

EMBEDDED = Path(__file__).parent / "embedded"
EMBEDDED_ID = "embedded"

# Models that ship in the package: the embedded one, and what mlx-lm's converter makes of it.
SHIPPED = {
    name: Path(__file__).parent / name for name in (EMBEDDED_ID, "embedded-8bit", "embedded-4bit")
}

# What the Hugging Face hub takes as a repository's id: a name, or an owner and a name.
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")

# For a model whose files tell no context length: what every current chat model has at least.
FALLBACK_CONTEXT = 4096

# transformers gives tokenizers without a limit int(1e30) as model_max_length.
NO_LIMIT = 10**9


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to compute, its tokenizer, and what the server must know of both."""

    id: str
    model: Any
    tokenizer: Any
    context_length: int
    vocabulary: int
    end_tokens: frozenset[int]
    dtype: str
    quantised: bool
    kernels: str = NATIVE


def load_model(
    name: str | None,
    group: Any = None,  # noqa: ANN401 - MLX's group
    *,
    emulate_kernels: bool = False,
) -> LoadedModel:
    """Load a model; ``None`` is the embedded one, and ``random:90m`` is made (``random_weights``).

    The names in ``SHIPPED`` are those of the package, whatever folders there are where one stands.

    To be called on the thread that will use it. With a ``group`` of processes each loads its share
    of every layer. ``emulate_kernels``: see ``models.kernels``.

    Raises:
        ModelNotLoaded: there is no such folder, and the name is no Hugging Face id either; or no
            random model has the name.
        OSError, ValueError and what else mlx-lm raises: the files are missing, broken or unknown.
    """
    if name is not None and name.startswith(random_weights.PREFIX):
        model, tokenizer, config = _made(random_weights.named(name))
        if group is not None:
            model.shard(group)
            mx.eval(model.parameters())
    else:
        model, tokenizer, config = _found(str(SHIPPED.get(name or EMBEDDED_ID, name)), group)
    if emulate_kernels:
        emulate_metal(model)
    vocabulary = _text(config).get("vocab_size") or len(tokenizer)
    return LoadedModel(
        id=EMBEDDED_ID if name is None else name,
        model=model,
        tokenizer=tokenizer,
        context_length=context_length(config, tokenizer),
        vocabulary=int(vocabulary),
        end_tokens=frozenset(int(token) for token in tokenizer.eos_token_ids),
        dtype=dtype(model),
        quantised=quantised(model),
        kernels=AS_ON_METAL if emulate_kernels else NATIVE,
    )


def _found(path: str, group: Any) -> tuple[Any, Any, Mapping[str, Any]]:  # noqa: ANN401
    if not Path(path).is_dir() and not HUB_ID.fullmatch(path):
        raise ModelNotLoaded("there is no such folder, and it is no Hugging Face id.")
    if group is not None:
        model, tokenizer, config = sharded_load(path, tensor_group=group, return_config=True)
        return model, tokenizer, config
    model, tokenizer, config = mlx_lm.load(path, return_config=True)
    return model, tokenizer, config


def _made(wanted: random_weights.RandomModel) -> tuple[Any, Any, Mapping[str, Any]]:
    """What mlx-lm would load from the folder that ``random_weights`` writes, without the folder."""
    config = random_weights.configuration(wanted)
    model = qwen3.Model(qwen3.ModelArgs.from_dict(config))
    made = random_weights.weights(wanted)
    model.load_weights([(name, _array(tensor, half=wanted.half)) for name, tensor in made])
    mx.eval(model.parameters())
    model.eval()
    return model, load_tokenizer(EMBEDDED, eos_token_ids=config["eos_token_id"]), config


def _array(tensor: Floats | Halves, *, half: bool) -> mx.array:
    array = mx.array(tensor)
    return array.view(mx.bfloat16) if half else array


def context_length(config: Mapping[str, Any], tokenizer: Any) -> int:  # noqa: ANN401 - no types
    """How many tokens, prompt and answer together, the model was made for."""
    known = _text(config).get("max_position_embeddings")
    if isinstance(known, int) and known > 0:
        return known
    limit = getattr(tokenizer, "model_max_length", None)
    return limit if isinstance(limit, int) and 0 < limit < NO_LIMIT else FALLBACK_CONTEXT


def dtype(model: Any) -> str:  # noqa: ANN401 - mlx-lm's models share no base class
    """The type of the first floating-point parameter: what the model computes in."""
    for _, parameter in tree_flatten(model.parameters()):
        if mx.issubdtype(parameter.dtype, mx.floating):
            return str(parameter.dtype).removeprefix("mlx.core.")
    return "unknown"


def quantised(model: Any) -> bool:  # noqa: ANN401 - mlx-lm's models share no base class
    """Whether some weights are packed integers, which mlx-lm keeps with their scales."""
    return any(name.endswith(".scales") for name, _ in tree_flatten(model.parameters()))


def _text(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The language model's part of a configuration; multimodal ones nest it."""
    nested = config.get("text_config")
    return nested if isinstance(nested, Mapping) else config
