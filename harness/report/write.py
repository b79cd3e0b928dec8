"""A file appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from harness.errors import StoreError, UsageError


def replace_file(path: Path, text: str) -> None:
    """Write beside the place, then move into it: a reader never sees half a report.

    Raises:
        StoreError: the folder or the file cannot be written; an earlier file is left as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # the folder may be what cannot be used
            temporary.unlink(missing_ok=True)
        raise StoreError(
            f"The report {path} cannot be written: {error.strerror or error}.",
            remedy="Choose another place with --report or --html, or free some space; "
            "`harness report RUN…` renders it again from the recorded runs.",
        ) from error


def check_place(html: Path) -> None:
    """Minutes of measuring later would be too late to say that a report has no place.

    Raises:
        UsageError: the file or its folder cannot be written, or Markdown would take its name.
    """
    if html.suffix == ".md" or html.is_dir():
        raise UsageError(
            f"{html} cannot be the HTML report: the Markdown report goes beside it.",
            remedy="Name a file like reports/latest.html with --report.",
        )
    try:
        html.parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(html.parent, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise UsageError(
            f"The folder {html.parent} cannot take the report.",
            remedy="Choose another place with --report.",
        )
