"""What the machine has, and what is installed on it."""

from __future__ import annotations

import importlib.metadata
import os
import platform

from reference_server.blas import mx

# The packages whose versions decide what is computed.
PACKAGES = ("mlx", "mlx-lm", "transformers", "tokenizers")


def memory() -> dict[str, int]:
    """MLX's memory on the device, in bytes: in use, the most so far, and kept for reuse."""
    return {
        "active_bytes": mx.get_active_memory(),
        "peak_bytes": mx.get_peak_memory(),
        "reusable_bytes": mx.get_cache_memory(),
    }


def share_of_memory(percent: float) -> int:
    """This much of the machine's memory, in bytes."""
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * percent / 100)


def versions() -> dict[str, str]:
    """Of Python and of the packages that decide what is computed."""
    found = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **found}
