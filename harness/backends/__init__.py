"""Servers that the harness can start: one small module each."""

from harness.backends.launch import Backend, Launch
from harness.backends.mlx_lm import MlxLm
from harness.backends.process import ServerProcess, free_port
from harness.backends.reference import Reference
from harness.errors import UsageError

BACKENDS: dict[str, Backend] = {backend.name: backend for backend in (Reference(), MlxLm())}

__all__ = ["BACKENDS", "Backend", "Launch", "ServerProcess", "find_backend", "free_port"]


def find_backend(name: str) -> Backend:
    """The backend of that name, installed and ready to be started.

    Raises:
        UsageError: it is unknown, or something that it needs is missing.
    """
    if name not in BACKENDS:
        raise UsageError(
            f"There is no backend {name!r}.",
            remedy=f"Known backends: {', '.join(BACKENDS)}. "
            "A server that already runs needs none: use --base-url.",
        )
    backend = BACKENDS[name]
    if missing := backend.missing():
        raise UsageError(f"The backend {name!r} cannot be started: it {missing}.")
    return backend
