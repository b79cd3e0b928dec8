"""Runs, side by side: one self-contained HTML page, and the same as Markdown.

The drawing library takes half a second to import and the command line imports this package, so the
renderers are imported when a report is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.store import Run

__all__ = ["render_html", "render_markdown", "write_report"]


def render_html(runs: Sequence[Run]) -> str:
    """The report as one HTML file without scripts or links to elsewhere.

    Raises:
        UsageError: there is nothing to show.
    """
    from harness.report.html import page
    from harness.report.view import view

    return page(view(runs))


def render_markdown(runs: Sequence[Run]) -> str:
    """The report as GitHub Markdown, without charts, short enough for a job summary.

    Raises:
        UsageError: there is nothing to show.
    """
    from harness.report.markdown import document
    from harness.report.view import view

    return document(view(runs))


def write_report(runs: Sequence[Run], html: Path | None, markdown: Path | None) -> None:
    """Write the report to one or both files. A reader sees the old file or the whole new one.

    Raises:
        StoreError: a file cannot be written.
        UsageError: there is nothing to show.
    """
    from harness.report.html import page
    from harness.report.markdown import document
    from harness.report.view import view
    from harness.report.write import replace_file

    shown = view(runs)
    if html is not None:
        replace_file(html, page(shown))
    if markdown is not None:
        replace_file(markdown, document(shown))
