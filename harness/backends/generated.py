"""Models that the reference server's package makes from an id, such as ``random:90m``.

Its own server makes them in memory. Others need a folder, which is written once and kept in the
user's cache; it may be deleted at any time. The folder also tells provenance what the model is: by
the hash of its files, so that two servers on one such model can be compared. The harness knows none
of these ids: it asks the generator, as a process, as everything else of that package.
"""

from __future__ import annotations

import functools
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from harness.errors import BackendError, UsageError

PREFIX = "random:"
MODULE = "reference_server.models.random_weights"

# To name a folder takes a quarter of a second, to write one of 1 GB some seconds.
TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Generated:
    """Where such a model's files belong, and the command that writes them when they are not there.

    Another version of the generator has another folder.
    """

    folder: Path
    command: tuple[str, ...]

    def write(self) -> None:
        """Write the folder unless it is there.

        Raises:
            BackendError: it cannot be written.
        """
        if self.folder.is_dir():
            return
        try:
            done = _run(self.command)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BackendError(f"The model's files cannot be made: {error}.") from error
        if done.returncode != 0 and not self.folder.is_dir():  # another harness may have been first
            raise BackendError(
                _last_line(done.stderr) or "The model's files cannot be made.",
                remedy=f"The command was: {shlex.join(self.command)}",
            )


def generated(model: str | None) -> Generated | None:
    """What is known of a model that is made from its id; None for every other model.

    Raises:
        UsageError: there is none of that id; the sentence lists those that there are.
    """
    if model is None or not model.startswith(PREFIX):
        return None
    size = model.removeprefix(PREFIX)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "mlx-serving-harness" / "models" / _folder_name(size)
    return Generated(folder, (*_generator(size), "--out", str(folder)))


@functools.cache  # every choice of a command is checked before it is started
def _folder_name(size: str) -> str:
    try:
        done = _run((*_generator(size), "--name"))
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"The model {PREFIX + size!r} cannot be made: {error}.") from error
    if done.returncode != 0:
        raise UsageError(
            _last_line(done.stderr) or f"The model {PREFIX + size!r} cannot be made here."
        )
    return done.stdout.strip()


def _generator(size: str) -> tuple[str, ...]:
    return (sys.executable, "-m", MODULE, f"--size={size}")


def _run(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own module; the size is one argument
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        start_new_session=True,  # a Ctrl-C at the terminal is the harness's, which waits seconds
    )


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]
