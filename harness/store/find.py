"""Runs by path, id or glob."""

from __future__ import annotations

import fnmatch
import glob
import os
from collections.abc import Sequence
from pathlib import Path

from harness.errors import UsageError
from harness.store.lines import RECORDS
from harness.store.reader import run_folder

_SHOWN = 5  # enough to recognise what ids look like


def find_runs(results: Path, patterns: Sequence[str]) -> list[Path]:
    """Folders of the runs that the patterns name, each once.

    A pattern is a run's folder, its records file, a folder of runs, or a glob over ids or paths.

    Raises:
        UsageError: a pattern names nothing; the newest ids are listed.
    """
    known = _below(results)
    found: dict[Path, None] = {}
    for pattern in patterns:
        matching = _matching(pattern, known)
        if not matching:
            raise _nothing(pattern, results, known)
        found |= dict.fromkeys(matching)
    return list(found)


def _matching(pattern: str, known: list[Path]) -> list[Path]:
    by_id = [path for path in known if fnmatch.fnmatchcase(path.name, pattern)]
    if by_id:
        return by_id
    # A bare glob is over ids: "*" must not find whatever lies in the current folder.
    named = sorted(glob.glob(pattern)) if os.sep in pattern else []
    return [run for path in named or [pattern] for run in _below(run_folder(Path(path)))]


def _below(folder: Path) -> list[Path]:
    """Every run at or under the folder, oldest first."""
    if (folder / RECORDS).is_file():
        return [folder]
    return sorted((file.parent for file in folder.rglob(RECORDS)), key=lambda path: path.name)


def _nothing(pattern: str, results: Path, known: list[Path]) -> UsageError:
    if not known:
        return UsageError(
            f"No run matches {pattern!r}: there is no run under {results}.",
            remedy="Measure with `harness run` first, or name another folder with --results DIR.",
        )
    newest = ", ".join(path.name for path in known[: -_SHOWN - 1 : -1])
    return UsageError(f"No run matches {pattern!r}.", remedy=f"The newest runs are {newest}.")
