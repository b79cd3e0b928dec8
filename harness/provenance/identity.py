"""What must be equal before two runs may be compared: hashed, field by field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from harness.records import Json

MODEL_FILES = ("*.safetensors", "*.json", "*.jinja", "*.model", "*.gguf")
BLOCK = 1 << 20  # read files by the MiB: weights do not fit in memory twice


def model_files(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a model that decides what it answers, by name."""
    files = {file for pattern in MODEL_FILES for file in folder.glob(pattern)}
    return {file.name: _sha256(file) for file in sorted(files)}


def _sha256(file: Path) -> str:
    total = hashlib.sha256()
    with file.open("rb") as data:
        while block := data.read(BLOCK):
            total.update(block)
    return total.hexdigest()


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
        "plan_hash": header["plan_hash"],
        "model": hashed(files) if files else f"name only: {header['target']['model']}",
        "dialect": header["target"]["dialect"],
        "chip": provenance["machine"]["chip"],
        "cores": provenance["machine"]["cores_usable"],
    }
