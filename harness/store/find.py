"""From what a user types to runs on disk."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from pathlib import Path

from harness.errors import UsageError

NEAREST = 5  # this many ids are a help, more are a wall


def find_runs(results: Path, patterns: Sequence[str]) -> list[Path]:
    """The folders of the runs that the patterns name: by path, id or glob over ids; oldest first.

    Raises:
        UsageError: a pattern names none; the message lists the newest ids.
    """
    every = sorted((file.parent for file in results.glob("runs/*/*/*/records.jsonl")), key=_name)
    found: dict[Path, None] = {}
    for pattern in patterns:
        matching = _by_path(Path(pattern)) or [
            run for run in every if fnmatch.fnmatch(run.name, pattern)
        ]
        if not matching:
            newest = ", ".join(run.name for run in every[-NEAREST:]) or "none yet"
            raise UsageError(
                f"No run in {results} matches {pattern!r}.", remedy=f"The newest: {newest}."
            )
        found.update(dict.fromkeys(matching))
    return list(found)


def _name(path: Path) -> str:
    return path.name


def _by_path(path: Path) -> list[Path]:
    if path.name == "records.jsonl" and path.is_file():
        return [path.parent]
    return [path] if (path / "records.jsonl").is_file() else []
