"""Which source ran, where it runs from a git checkout."""

from __future__ import annotations

import functools
import hashlib
import subprocess
from pathlib import Path

from harness.records import Json

TIMEOUT_S = 10.0  # git answers in milliseconds; a hanging file system must not hang a run


@functools.cache  # what a process runs is what was there when it began
def git(folder: Path) -> dict[str, Json] | None:
    """Commit, whether anything differs from it, and a hash of all that differs; None elsewhere.

    A folder that git does not track is no checkout, even inside one: an environment within some
    other project must not claim that project's commit.
    """
    top = _git(folder, "rev-parse", "--show-toplevel")
    commit = _git(folder, "rev-parse", "HEAD")
    if top is None or commit is None or not _git(folder, "ls-files"):
        return None
    root = Path(top.decode().rstrip("\n"))
    difference = _difference(root)
    digest = hashlib.sha256(difference).hexdigest() if difference else None
    return {"commit": commit.decode().strip(), "dirty": bool(difference), "diff_sha256": digest}


def _difference(root: Path) -> bytes:
    """Changes to tracked files, then name and hash of each new one; empty when there are none."""
    names = (_git(root, "ls-files", "--others", "--exclude-standard", "-z") or b"").split(b"\0")
    new = [name + b" " + _sha256(root / name.decode()).encode() for name in sorted(names) if name]
    return b"\n".join([_git(root, "diff", "HEAD", "--binary") or b"", *new])


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()
    except OSError:  # gone again, or a link to nowhere
        return "unreadable"


def _git(folder: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the user's own git
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
