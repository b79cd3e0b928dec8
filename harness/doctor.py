"""What this machine has and lacks, with what to type."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from typing import Literal

from harness.backends import BACKENDS
from harness.backends.packages import embedded_model, installed, mkl_library, version
from harness.suite import discover

EXTRAS = {  # module that proves it -> (distribution, extra)
    "uvloop": ("uvloop", "fast"),
    "distributed": ("distributed", "distributed"),
    "duckdb": ("duckdb", "parquet"),
    "pyarrow": ("pyarrow", "parquet"),
    "mlx_vlm": ("mlx-vlm", "vision"),
    "mlx_audio": ("mlx-audio", "audio"),
    "mlx_embeddings": ("mlx-embeddings", "embeddings"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was looked for. ``needed``: `harness run` does not work without it."""

    what: str
    state: str
    remedy: str = ""
    needed: bool = False


def findings() -> list[Found]:
    """Everything worth knowing, in the order of importance."""
    found = [Found("python", platform.python_version()), _suites(), _embedded()]
    for backend in BACKENDS.values():
        lack = backend.missing()
        state = "missing" if lack else backend.version()
        needed = backend.name == "reference"
        found.append(Found(f"backend {backend.name}", state, lack or "", needed=needed))
    if sys.platform == "linux":
        found.append(_mkl())
    for module, (distribution, extra) in EXTRAS.items():
        remedy = f"pip install 'mlx-serving-harness[{extra}]'"
        if installed(module):
            found.append(Found(distribution, version(distribution)))
        else:
            found.append(Found(distribution, "missing", remedy))
    browser = shutil.which("chromium")
    tell = "only for the browser tests: apt-get install chromium"
    found.append(Found("chromium", browser or "missing", "" if browser else tell))
    return found


def _state(there: bool) -> Literal["found", "missing"]:
    return "found" if there else "missing"


def _suites() -> Found:
    names = ", ".join(discover())
    return Found("suites", names or "missing", "" if names else "pip install -e .", needed=True)


def _embedded() -> Found:
    there = embedded_model() is not None
    remedy = "" if there else "pip install 'mlx-serving-harness[server]', or name a --model"
    return Found("embedded model", _state(there), remedy, needed=True)


def _mkl() -> Found:
    there = mkl_library() is not None
    tell = "float32 is many times slower without: pip install 'mlx-serving-harness[linux-blas]'"
    return Found("Intel MKL", version("mkl") if there else "missing", "" if there else tell)
