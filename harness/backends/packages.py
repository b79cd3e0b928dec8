"""Questions about installed packages that must be answered without importing them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

# The names of the models that ship inside ``reference_server``; the first is the default.
SHIPPED = ("embedded", "embedded-8bit", "embedded-4bit")


def installed(module: str) -> bool:
    """Whether a top-level module can be imported."""
    return importlib.util.find_spec(module) is not None


def version(distribution: str) -> str:
    """The installed version of a distribution, or ``unknown``."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def embedded_model(name: str = SHIPPED[0]) -> Path | None:
    """The folder of a model that ships inside ``reference_server``, or None."""
    spec = importlib.util.find_spec("reference_server")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "models" / name
    return folder if (folder / "config.json").is_file() else None


def mkl_library() -> Path | None:
    """The file of Intel's MKL from its package, or None when it is not installed."""
    try:
        files = importlib.metadata.files("mkl") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name.startswith("libmkl_rt.so"):
            path = Path(str(file.locate())).resolve()
            return path if path.is_file() else None
    return None
