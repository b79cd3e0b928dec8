"""Makes the embedded model: ``python -m reference_server.models.make_embedded --seed 0 --out DIR``.

Qwen3 architecture, untrained: its weights come from the seed. The same seed gives the same bytes,
on any machine: the random numbers are integers scaled by IEEE operations that round the same
everywhere, and the tokenizer's corpus is written by a seeded grammar.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from reference_server.chat.bytelevel import token_bytes
from reference_server.models.grammar import corpus

Array = np.ndarray[Any, np.dtype[np.float32]]

# Control tokens are dropped when decoding; markup that parsers must see survives, as in Qwen3.
CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
MARKUP = (
    "<tool_call>", "</tool_call>", "<think>", "</think>", "<tool_response>", "</tool_response>",
)  # fmt: skip
VOCABULARY = 1024

CONTEXT = 4096
CONFIG: dict[str, Any] = {
    "architectures": ["Qwen3ForCausalLM"],
    "model_type": "qwen3",
    "vocab_size": VOCABULARY,
    "hidden_size": 128,
    "num_hidden_layers": 3,
    "intermediate_size": 256,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "max_position_embeddings": CONTEXT,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "hidden_act": "silu",
    "attention_bias": False,
    "tie_word_embeddings": False,
    "torch_dtype": "float32",
}

# One channel of the hidden state that is the same for every token: embeddings start it at this, and
# no block writes to it. It is what lets the head, which has no bias, rule tokens out. 1 is the
# standard deviation of the other channels: measured, 8 drowns them and greedy text runs in cycles.
CONSTANT = 1.0

# The ruled-out tokens' weight on that channel. The last norm brings the channel to 0.13 to 0.2, so
# their logit is -34 or less, where the others' are within 5 of 0: never drawn, up to temperature 2.
RULED_OUT = -256.0

# How far the blocks' output outweighs the token's own embedding. At 1 the next token depends on the
# last one alone and greedy text runs into short cycles; measured: at 4 it does not.
GAIN = 4.0


def make_tokenizer(seed: int) -> Tokenizer:
    """A byte-level BPE of ``VOCABULARY`` tokens, added ones included."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(CONTROL) - len(MARKUP),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(seed), trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in CONTROL])
    tokenizer.add_tokens([AddedToken(text, special=False, normalized=False) for text in MARKUP])
    return tokenizer


def speakable(tokenizer: Tokenizer) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Shape (vocabulary,): tokens that are text by themselves, so that what the model says is.

    Newline is the only control character among them (``isprintable`` is False for C0, DEL, C1).
    """
    added = set(tokenizer.get_added_tokens_decoder())
    return np.array([i not in added and _is_text(tokenizer, i) for i in range(VOCABULARY)])


def _is_text(tokenizer: Tokenizer, token: int) -> bool:
    text = token_bytes(tokenizer.id_to_token(token) or "").decode("utf-8", "replace")
    return "\ufffd" not in text and all(c.isprintable() or c == "\n" for c in text)


def make_weights(
    seed: int, spoken: np.ndarray[Any, np.dtype[np.bool_]], ends: Sequence[int]
) -> dict[str, Array]:
    """All tensors under their Hugging Face names, uniform with variance ``scale² / fan_in``.

    Tokens outside ``spoken`` are ruled out, but for ``ends``: these have the logit 0, which is
    never the largest of a thousand random ones. So only drawn answers end by themselves, and none
    has half a character, a control character or stray markup.
    """
    generator = np.random.Generator(np.random.PCG64(seed))

    def uniform(rows: int, columns: int, scale: float = 1.0) -> Array:
        numbers = generator.integers(-(2**23), 2**23, size=(rows, columns), endpoint=True)
        return np.asarray(numbers * (scale * 2.0**-23 * math.sqrt(3.0 / columns)), np.float32)

    hidden = CONFIG["hidden_size"]
    embeddings = uniform(VOCABULARY, hidden, math.sqrt(hidden))
    embeddings[:, 0] = CONSTANT
    weights = {"model.embed_tokens.weight": embeddings}
    for layer in range(CONFIG["num_hidden_layers"]):
        weights |= _layer(f"model.layers.{layer}.", uniform)
    weights["model.norm.weight"] = np.ones(hidden, np.float32)
    head = uniform(VOCABULARY, hidden) * spoken[:, None].astype(np.float32)
    head[~spoken, 0] = RULED_OUT
    head[list(ends), 0] = 0
    weights["lm_head.weight"] = head
    return weights


def _layer(prefix: str, uniform: Callable[..., Array]) -> dict[str, Array]:
    hidden, inner, head = (CONFIG[k] for k in ("hidden_size", "intermediate_size", "head_dim"))
    queries, keys = head * CONFIG["num_attention_heads"], head * CONFIG["num_key_value_heads"]
    tensors = {
        "self_attn.q_proj": uniform(queries, hidden),
        "self_attn.k_proj": uniform(keys, hidden),
        "self_attn.v_proj": uniform(keys, hidden),
        "self_attn.o_proj": uniform(hidden, queries, GAIN),
        "self_attn.q_norm": np.full(head, 2.0, np.float32),  # sharper attention than 1 gives
        "self_attn.k_norm": np.ones(head, np.float32),
        "mlp.gate_proj": uniform(inner, hidden),
        "mlp.up_proj": uniform(inner, hidden),
        "mlp.down_proj": uniform(hidden, inner, GAIN),
        "input_layernorm": np.ones(hidden, np.float32),
        "post_attention_layernorm": np.ones(hidden, np.float32),
    }
    for output in ("self_attn.o_proj", "mlp.down_proj"):
        tensors[output][0] = 0  # the constant channel
    return {f"{prefix}{name}.weight": tensor for name, tensor in tensors.items()}


def make(seed: int, out: Path) -> None:
    """Write the model's files into ``out``, which is created when it is not there."""
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer(seed)
    eos, pad = tokenizer.token_to_id("<|im_end|>"), tokenizer.token_to_id("<|endoftext|>")
    weights = make_weights(seed, speakable(tokenizer), [i for i in (eos, pad) if i is not None])
    safetensors.numpy.save_file(weights, out / "model.safetensors", metadata={"format": "mlx"})
    (out / "model.safetensors").chmod(0o644)  # the library writes it for its owner alone
    tokenizer.save(str(out / "tokenizer.json"))
    _write(out / "config.json", {**CONFIG, "eos_token_id": eos, "pad_token_id": pad})
    _write(out / "generation_config.json", {"eos_token_id": [eos, pad], "do_sample": False})
    template = Path(__file__).with_name("chat_template.jinja").read_text(encoding="utf-8")
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": CONTEXT,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "clean_up_tokenization_spaces": False,
        "chat_template": template,
    }
    _write(out / "tokenizer_config.json", settings)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m reference_server.models.make_embedded")
    parser.add_argument("--seed", type=int, default=0, help="what the weights come from")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model's files")
    arguments = parser.parse_args()
    make(arguments.seed, arguments.out)


if __name__ == "__main__":
    main()
