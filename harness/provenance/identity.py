"""What must be equal before two runs may be compared: hashed, field by field."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from harness.records import Json

MODEL_FILES = ("*.safetensors", "*.json", "*.jinja", "*.model", "*.gguf")


def model_files(path: Path) -> dict[str, str]:
    """SHA-256 of each file of a model that decides what it answers, by name.

    ``path`` is the model's folder, or the one file that a model is.
    """
    found = {file for pattern in MODEL_FILES for file in path.glob(pattern)}
    files = [path] if path.is_file() else sorted(file for file in found if file.is_file())
    return {file.name: _hash_of(file) for file in files}


def _hash_of(file: Path) -> str:
    state = file.stat()
    return _sha256(file, state.st_ino, state.st_size, state.st_mtime_ns)


@functools.cache  # weights are read once for all suites of a command, unless they change
def _sha256(file: Path, inode: int, size: int, changed_ns: int) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def model_dtype(path: Path) -> str | None:
    """The type of the weights as the model's ``config.json`` says it; None where it does not."""
    try:
        config = json.loads((path / "config.json").read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(config, dict):
        return None
    found = config.get("dtype") or config.get("torch_dtype")  # Transformers 5 renamed it
    bits = config.get("quantization")
    if isinstance(bits, dict) and bits.get("bits"):
        return f"{found or 'float'}, {bits['bits']} bit"
    return str(found) if found else None


def hashed(value: Json) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def identity(header: Mapping[str, Json]) -> dict[str, Json]:
    """The fields of a run's header that must agree before a ratio between two runs means anything.

    The model is known by the hash of its files; a server on another machine does not show them,
    then only its name is left, and the field says so.
    """
    provenance = header["provenance"]
    files = provenance["model"]["files"]
    return {
        "suite": header["suite"],
        "suite_version": header["suite_version"],
        "profile": header["profile"],
        "options": header["options"],
        "plan_hash": header["plan_hash"],
        "model": hashed(files) if files else f"name only: {header['target']['model']}",
        "dtype": provenance["model"].get("dtype"),
        "dialect": header["target"]["dialect"],
        "chip": provenance["machine"]["chip"],
        "cores": provenance["machine"]["cores_usable"],
    }
