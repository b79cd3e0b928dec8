"""All provenance of a run in one dictionary, and the refusal to measure without it."""

from __future__ import annotations

import getpass
import hashlib
import importlib.metadata
import os
import platform
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from harness.errors import StoreError
from harness.provenance.checkout import git
from harness.provenance.identity import model_dtype, model_files
from harness.provenance.machine import UNKNOWN, machine
from harness.records import Json

PACKAGES = (
    "mlx-serving-harness",
    "mlx",
    "mlx-metal",
    "mlx-cpu",
    "mlx-lm",
    "mkl",
    "numpy",
    "uvloop",
)
ENVIRONMENT = ("MLX_", "VLLM_", "MKL_", "OMP_", "METAL_")
SECRET_WORDS = ("KEY", "TOKEN", "SECRET", "PASSWORD")
REQUIRED = {
    "machine": ("chip", "cores_logical", "memory_bytes", "os", "os_build", "power", "thermal"),
    "python": ("version",),
    "packages": ("mlx-serving-harness",),
    "server": ("name", "version", "command", "url"),
    "who": ("host", "user"),
    "clock": ("name", "resolution_s"),
}


def collect(
    *, server: Mapping[str, Json], model_path: Path | None, prompts_hash: str | None = None
) -> dict[str, Json]:
    """Everything that a reader needs to judge whether a run is comparable with another.

    ``prompts_hash`` is that of a prompt set which the run's plan does not hold itself; a
    plan that does, as those of all suites here do, leaves it out.

    Raises:
        StoreError: a required field could not be found.
    """
    clock = time.get_clock_info("perf_counter")
    found: dict[str, Json] = {
        "machine": machine(),
        "python": {
            "version": platform.python_version(),
            "build": platform.python_build()[0],
        },
        "packages": {name: _version(name) for name in PACKAGES},
        "environment": environment(os.environ),
        "git": git(Path(__file__).parent),
        "who": {"host": _hashed(socket.gethostname()), "user": _hashed(_user())},
        "clock": {"name": clock.implementation, "resolution_s": clock.resolution},
        "server": {name: _pathless(value) for name, value in server.items()},
        "model": {
            "path": _pathless(str(model_path)) if model_path else None,
            "files": model_files(model_path) if model_path else {},
            "dtype": model_dtype(model_path) if model_path else None,
        },
        **({"prompts_hash": prompts_hash} if prompts_hash else {}),
    }
    require(found)
    return found


def require(provenance: Mapping[str, Json]) -> None:
    """Refuse a run whose conditions are not known.

    Raises:
        StoreError: names each missing field.
    """
    missing = [
        f"{part}.{name}"
        for part, names in REQUIRED.items()
        for name in names
        if (provenance.get(part) or {}).get(name) in (None, "")
    ]
    # Kept also where there is nothing to tell: their absence is a fact, their lack a defect.
    missing += [part for part in ("environment", "git", "model") if part not in provenance]
    if missing:
        raise StoreError(
            f"Provenance is incomplete: {', '.join(missing)}.",
            remedy="A run without it could not be compared with any other; report this machine.",
        )


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that change how MLX, vLLM and MKL compute; values of secrets left out."""
    return {
        name: "[redacted]" if any(word in name for word in SECRET_WORDS) else _pathless(value)
        for name, value in sorted(variables.items())
        if name.startswith(ENVIRONMENT)
    }


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user number without a name
        return str(os.getuid())


def _hashed(name: str) -> str:
    # Tells whether two runs come from one machine without telling which machine.
    return hashlib.sha256(f"mlx-serving-harness:{name}".encode()).hexdigest()[:16]


def _pathless(value: Json) -> Json:
    """Paths of this machine replaced by what they are to a reader: python, ., ~."""
    if not isinstance(value, str):
        return value
    home = str(Path.home())
    for path, means in (
        (sys.executable, "python"),
        (str(Path(__file__).parents[2]), "."),
        (sys.prefix, "<python>"),
        (home, "~"),
    ):
        if len(path) > 1:
            value = value.replace(path, means)
    return value


__all__ = ["UNKNOWN", "collect", "environment", "git", "require"]
