"""Looking things up for the command line: a case among all suites, rows as a table or JSON."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.errors import UsageError
from harness.records import Case, Json
from harness.suite import Options, discover


def find_case(case_id: str) -> Case:
    """The case of that id, from the fullest profile of any suite.

    Raises:
        UsageError: there is none; the message names the nearest ids.
    """
    known = {
        case.id: case
        for suite in discover().values()
        for profile in ("quick", "standard", "full")
        for case in suite.cases(Options(profile=profile))
    }
    if case_id in known:
        return known[case_id]
    same = [other for other in known if _plain(other) == _plain(case_id)]
    near = same or difflib.get_close_matches(case_id, known, n=5, cutoff=0.4)
    raise UsageError(
        f"There is no case {case_id!r}.",
        remedy=f"Near it: {', '.join(near)}." if near else "List them with `harness cases SUITE`.",
    )


def _plain(case_id: str) -> str:
    """cht-1 for CHT-01: what people type."""
    return re.sub(r"\b0+(?=\d)", "", case_id.lower())


def print_json(value: Json) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_listing(rows: Sequence[Mapping[str, Json]], as_json: bool) -> None:
    """Rows with the same keys, for a person or for a program."""
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(value)) for value in row.values()))
    Console().print(table)
