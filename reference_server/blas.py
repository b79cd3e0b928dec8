"""The one place that imports MLX, after a fast BLAS library is in the process.

MLX's wheel for Linux links a reference BLAS. Its symbols resolve to Intel's MKL instead when that
is loaded with ``RTLD_GLOBAL`` first: float32 matrix products are 7 to 47 times quicker. On macOS
MLX uses Accelerate and Metal, and nothing is loaded here.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import sys
from pathlib import Path


def mkl_library() -> tuple[Path, str] | None:
    """MKL's file and version from its installed package, or None when there is none."""
    try:
        distribution = importlib.metadata.distribution("mkl")
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in distribution.files or ():
        path = Path(str(file.locate())).resolve()
        if file.name.startswith("libmkl_rt.so") and path.is_file():
            return path, distribution.version
    return None


def load_blas(platform: str = sys.platform) -> str:
    """Load MKL where it helps; the name of the library that MLX computes with.

    Without MKL, or when MLX was imported before and has bound its own library, the name says so.
    """
    if platform == "darwin":
        return "accelerate"
    found = mkl_library() if platform == "linux" else None
    if found is None or "mlx.core" in sys.modules:
        return "bundled"
    path, version = found
    # One thread: MKL's own threads compete with the event loop and with MLX's for the same cores,
    # and its threading layer would need a second runtime library.
    os.environ.setdefault("MKL_THREADING_LAYER", "SEQUENTIAL")
    try:
        ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    except OSError as error:
        return f"bundled (mkl {version} did not load: {error})"
    return f"mkl {version}"


BLAS = load_blas()

import mlx.core as mx  # noqa: E402 - MLX binds the BLAS library that is there by now

__all__ = ["BLAS", "load_blas", "mkl_library", "mx"]
