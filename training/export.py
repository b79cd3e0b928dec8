"""A checkpoint becomes a model folder: ``python -m training.export --run DIR --out DIR``.

The folder is what mlx-lm and transformers load: float32 weights under Hugging Face's names, the
tokenizer with the chat template, and their configurations. ``--bits`` makes smaller variants of a
finished folder with mlx-lm's own converter.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from training.render import TEMPLATE
from training.settings import CONFIG

# 4 bits cannot tell 64 weights of so small a model apart with one scale; 32 is the finest group
# that every kernel of MLX has.
GROUP = 32


def export(run: Path, out: Path) -> None:
    """Write the folder from ``tokenizer.json`` and ``checkpoint.pt`` of a training run.

    Raises:
        FileNotFoundError: the run has no checkpoint yet.
    """
    import safetensors.torch
    import torch

    out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(run / "tokenizer.json"))
    checkpoint = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    weights = {name: weight.float().contiguous() for name, weight in checkpoint["network"].items()}
    safetensors.torch.save_file(weights, out / "model.safetensors", metadata={"format": "mlx"})
    (out / "model.safetensors").chmod(0o644)  # the library writes it for its owner alone
    tokenizer.save(str(out / "tokenizer.json"))
    write_settings(tokenizer, out)


def write_settings(tokenizer: Tokenizer, out: Path) -> None:
    """The configurations beside the weights."""
    end, pad = tokenizer.token_to_id("<|im_end|>"), tokenizer.token_to_id("<|endoftext|>")
    config = {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "vocab_size": tokenizer.get_vocab_size(),
        **CONFIG,
        "hidden_act": "silu",
        "attention_bias": False,
        "tie_word_embeddings": True,
        "torch_dtype": "float32",
        "eos_token_id": end,
        "pad_token_id": pad,
    }
    _write(out / "config.json", config)
    _write(out / "generation_config.json", {"eos_token_id": [end, pad], "do_sample": False})
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": CONFIG["max_position_embeddings"],
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "clean_up_tokenization_spaces": False,
        "chat_template": TEMPLATE.read_text(encoding="utf-8"),
    }
    _write(out / "tokenizer_config.json", settings)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def convert(model: Path, out: Path, bits: int) -> None:
    """A quantised variant by mlx-lm's converter; a folder that is there is replaced."""
    if out.exists():
        shutil.rmtree(out)
    command = [sys.executable, "-m", "mlx_lm", "convert", "--hf-path", str(model), "--quantize"]
    command += ["--q-bits", str(bits), "--q-group-size", str(GROUP), "--mlx-path", str(out)]
    subprocess.run(command, check=True)  # noqa: S603 - our own interpreter and mlx-lm
    told = f"The embedded model in {bits} bits, made by mlx-lm's converter: see `../embedded`.\n"
    (out / "README.md").write_text(told, encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("--run", type=Path, help="folder of a training run")
    parser.add_argument("--model", type=Path, help="a finished folder, to quantise")
    parser.add_argument("--bits", type=int, choices=(4, 8), help="bits of the quantised variant")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    arguments = parser.parse_args()
    if arguments.bits and arguments.model:
        convert(arguments.model, arguments.out, arguments.bits)
    elif arguments.run:
        export(arguments.run, arguments.out)
    else:
        parser.error("give --run for a new model, or --model and --bits for a variant of one")


if __name__ == "__main__":
    main()
