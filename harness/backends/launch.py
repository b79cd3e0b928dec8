"""What a backend module provides: how to start a server, and what it must be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from harness.backends.generated import Generated
from harness.backends.packages import SHIPPED, embedded_model
from harness.errors import UsageError


@dataclass(frozen=True, slots=True)
class Launch:
    """One way of starting a server: everything that a reader needs to repeat it.

    ``model`` is the id that requests name, None for the only one that the server lists;
    ``model_path`` is the folder of its files, if it is local. ``generated`` says how these files
    are made, if they are; starting the process makes them first.
    """

    argv: tuple[str, ...]
    base_url: str
    model: str | None
    env: Mapping[str, str] = field(default_factory=dict)
    model_path: Path | None = None
    generated: Generated | None = None
    start_timeout_s: float = 120.0


class Backend(Protocol):
    """A server that the harness can start by itself."""

    name: str
    summary: str

    def missing(self) -> str | None:
        """None when the backend can be started here, else one sentence with what to type."""
        ...

    def version(self) -> str:
        """The version of the server's package, or ``unknown``."""
        ...

    def launch(self, model: str | None, port: int) -> Launch:
        """How to start it on 127.0.0.1:port; ``model`` None means the embedded model."""
        ...


def model_folder(model: str) -> Path | None:
    """The folder that a model's name is; None when it is an id that the server must resolve.

    The names of the models that ship with the reference server are theirs alone.

    Raises:
        UsageError: it can only be meant as a path, and nothing is there.
    """
    if model in SHIPPED:
        return embedded_model(model)
    path = Path(model)
    if path.is_dir():
        return path
    if model.startswith((".", "/", "~")) and not path.exists():
        raise UsageError(
            f"The model {model!r} does not exist.",
            remedy="Give --model a folder that holds its config.json, or a hub id.",
        )
    return None
