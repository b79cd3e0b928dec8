"""Models made from an id: Qwen3 architecture, random weights, the embedded model's tokenizer.

For throughput work, where compute must dominate and nobody reads the answers. ``random:90m`` has
about 90 million parameters in float32; ``random:90m@7`` has other ones, from the seed 7 in place of
0; ``random:90m-bf16`` has the first ones rounded to bfloat16, as GPUs like them. The id decides
everything and the machine nothing: MLX on Linux is quick in float32 only (with MKL), on Metal in
bfloat16 too, but one name for two models would make results look comparable that are not. One id
gives the same weights everywhere, for one version of the package and its tokenizer.

What such a model says is printable text without sense. **It never ends an answer by itself**, at no
temperature: each runs to ``max_tokens``, unless a stop string ends it. It calls no tools. Greedy
text does not run into a loop, whatever its length (a prompt of one token repeated can cause one).

``python -m reference_server.models.random_weights --size 90m --out DIR`` writes the same model as a
folder for other servers. There is no MLX in here: ``load.py`` makes the arrays its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reference_server.chat import bytelevel
from reference_server.errors import ModelNotLoaded
from reference_server.models import random_tensors
from reference_server.models.random_tensors import Floats, Halves, Mask, Shape, halved, tensors

MODULE = "reference_server.models.random_weights"
PREFIX = "random:"
EXIT_USAGE = 2

# The model whose tokenizer, template and end tokens are taken; its weights are not looked at.
SOURCE = Path(__file__).with_name("embedded")

# Parameters as the names say, within a few percent for a vocabulary of 1,000 to 2,000 tokens.
SIZES = {
    "1m": Shape(layers=3, hidden=128, inner=320, heads=4, key_heads=2, head=32),  # for tests
    "20m": Shape(layers=10, hidden=384, inner=1280, heads=6, key_heads=2),
    "90m": Shape(layers=12, hidden=768, inner=2432, heads=12, key_heads=4),
    "300m": Shape(layers=24, hidden=1024, inner=3072, heads=16, key_heads=4),
}
NAME = re.compile(rf"({'|'.join(SIZES)})(-bf16)?(?:@([0-9]{{1,18}}))?")


@dataclass(frozen=True, slots=True)
class RandomModel:
    """What an id names."""

    size: str
    half: bool = False
    seed: int = 0

    @property
    def id(self) -> str:
        """The shortest id that names it."""
        seed = f"@{self.seed}" if self.seed else ""
        return f"{PREFIX}{self.size}{'-bf16' if self.half else ''}{seed}"

    @property
    def dtype(self) -> str:
        """The type of all its tensors."""
        return "bfloat16" if self.half else "float32"


def named(model: str) -> RandomModel:
    """What an id that starts with ``random:`` names.

    Raises:
        ModelNotLoaded: it names none; the sentence lists those that there are.
    """
    found = NAME.fullmatch(model.removeprefix(PREFIX).lower())
    if found is None:
        known = ", ".join(PREFIX + size for size in SIZES)
        raise ModelNotLoaded(
            f"no random model has this name. Known: {known}, each also with -bf16, @SEED or both, "
            f"as in {PREFIX}90m-bf16@7."
        )
    size, half, seed = found.groups()
    return RandomModel(size, half is not None, int(seed or 0))


def configuration(model: RandomModel) -> dict[str, Any]:
    """The model's ``config.json``; what belongs to the tokenizer is taken from the embedded model.

    Raises:
        OSError: the embedded model's files cannot be read.
    """
    source = json.loads((SOURCE / "config.json").read_bytes())
    shape = SIZES[model.size]
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "vocab_size": source["vocab_size"],
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "intermediate_size": shape.inner,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.key_heads,
        "head_dim": shape.head,
        "max_position_embeddings": source["max_position_embeddings"],
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "attention_bias": False,
        "tie_word_embeddings": False,
        "torch_dtype": model.dtype,
        "eos_token_id": _ends(source),
        "pad_token_id": source.get("pad_token_id"),
    }


def _ends(source: Mapping[str, Any]) -> int | list[int] | None:
    # As mlx-lm and Transformers do: where the second file names some, they are those.
    generation = SOURCE / "generation_config.json"
    told = json.loads(generation.read_bytes()) if generation.is_file() else {}
    ends: int | list[int] | None = told.get("eos_token_id", source.get("eos_token_id"))
    return ends


def weights(model: RandomModel) -> Iterator[tuple[str, Floats | Halves]]:
    """Every tensor in the model's type, bfloat16 as its bits, each made when it is asked for.

    Raises:
        OSError: the embedded model's files cannot be read.
    """
    spoken = speakable(configuration(model)["vocab_size"])
    for name, tensor in tensors(SIZES[model.size], model.seed, spoken):
        yield name, halved(tensor) if model.half else tensor


def speakable(vocabulary: int) -> Mask:
    """Which tokens are printable text by themselves; newline is the only control character.

    Ends, markup, parts of a character and numbers that the tokenizer does not use are not.
    """
    from tokenizers import Tokenizer  # here: --name needs none, and is asked before every start

    tokenizer = Tokenizer.from_file(str(SOURCE / "tokenizer.json"))
    added = set(tokenizer.get_added_tokens_decoder())
    spellings = [tokenizer.id_to_token(token) for token in range(vocabulary)]
    return np.array([i not in added and _is_text(s or "") for i, s in enumerate(spellings)])


def _is_text(spelling: str) -> bool:
    text = bytelevel.token_bytes(spelling).decode("utf-8", "replace")
    return text != "" and "\ufffd" not in text and all(c.isprintable() or c == "\n" for c in text)


def write(model: RandomModel, out: Path) -> None:
    """Write a folder that mlx-lm and Transformers load; ``out`` is there whole or not at all.

    Raises:
        OSError: it cannot be written, or is there already and not empty.
    """
    out = out.resolve()
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty.")
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    try:
        _fill(part, model)
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _fill(folder: Path, model: RandomModel) -> None:
    for file in _shared():
        shutil.copyfile(file, folder / file.name)
    config = json.dumps(configuration(model), indent=2)
    (folder / "config.json").write_text(config + "\n", encoding="utf-8")
    command = f"python -m {MODULE} --size {model.id.removeprefix(PREFIX)}"
    (folder / "README.md").write_text(f"Random weights, made by `{command}`.\n", encoding="utf-8")
    _save(folder / "model.safetensors", dict(weights(model)), "BF16" if model.half else "F32")
    for file in folder.iterdir():  # to the disk before the rename, or a crash could leave a ruin
        with file.open("rb") as written:
            os.fsync(written.fileno())


def _save(path: Path, content: dict[str, Floats | Halves], kind: str) -> None:
    # By hand, ten lines: the library has no bfloat16 for numpy, and its bytes, by whose hash models
    # are compared, may change with its version. https://huggingface.co/docs/safetensors
    header: dict[str, Any] = {"__metadata__": {"format": "mlx"}}
    end = 0
    for name, tensor in content.items():
        begin, end = end, end + tensor.nbytes
        header[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": [begin, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for tensor in content.values():
            file.write(tensor.data)


def _shared() -> list[Path]:
    """The embedded model's files but for configuration and weights: tokenizer, template, ends."""
    files = sorted(file for kind in ("*.json", "*.jinja") for file in SOURCE.glob(kind))
    own = ("config.json", "model.safetensors.index.json")
    return [file for file in files if file.name not in own]


def folder_name(model: RandomModel) -> str:
    """A name for a cache: another one whenever other files could come out.

    Raises:
        OSError: a file that decides what comes out cannot be read.
    """
    sources = [Path(module) for module in (__file__, random_tensors.__file__, bytelevel.__file__)]
    files = [*sources, SOURCE / "config.json", *_shared()]
    digests = [hashlib.sha256(file.read_bytes()).digest() for file in files]
    return f"{model.id.replace(':', '-')}-{hashlib.sha256(b''.join(digests)).hexdigest()[:12]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code: 2 when the model cannot be made."""
    options = _parser().parse_args(arguments)
    try:
        model = named(PREFIX + options.size)
        if options.name:
            sys.stdout.write(folder_name(model) + "\n")
        else:
            write(model, options.out)
    except (ModelNotLoaded, OSError) as error:
        sys.stderr.write(f"The model {PREFIX + options.size!r} cannot be made: {error}\n")
        return EXIT_USAGE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m {MODULE}", description="Write a random model as a folder."
    )
    sizes = f"{', '.join(SIZES)}; with -bf16, @SEED or both after it: 90m-bf16@7"
    parser.add_argument("--size", required=True, help=sizes)
    does = parser.add_mutually_exclusive_group(required=True)
    does.add_argument("--out", type=Path, help="the folder, which is not there or empty")
    does.add_argument("--name", action="store_true", help="print a name for it in a cache instead")
    return parser


if __name__ == "__main__":
    sys.exit(main())
