"""Running checks one after the other and telling each one's end, in any environment."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable
from typing import Any


def check(one: Callable[..., None], *arguments: Any) -> str | None:
    """None when it passes, else what is wrong: of any kind, as a client may raise anything."""
    try:
        one(*arguments)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[1]
        return f"line {place.lineno}: {type(error).__name__}: {str(error)[:300] or place.line}"
    return None


def run(checks: Iterable[Callable[..., None]], judge: Callable[[Any], str | None]) -> int:
    """Print a line of JSON for each check; the exit code says whether all passed."""
    failed = 0
    for one in checks:
        fault = judge(one)
        failed += fault is not None
        print(json.dumps({"check": one.__name__, "fault": fault}), flush=True)
    return 1 if failed else 0
