"""Runs as a pandas table, for those who ask questions of their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from harness.records import Json
from harness.store.reader import Run, read

if TYPE_CHECKING:
    import pandas as pd


def frame(paths: Iterable[Path]) -> pd.DataFrame:
    """One row a measurement; its values as columns ``value.<name>``.

    Raises:
        StoreError: a run cannot be read.
    """
    import pandas as pd  # takes half a second to import: only those who ask pay for it

    return pd.DataFrame([row for path in paths for row in _rows(read(path))])


def _rows(run: Run) -> list[dict[str, Json]]:
    target = run.header["target"]
    return [
        {
            "run_id": run.run_id,
            "suite": run.suite,
            "backend": target["backend"],
            "model": target["model"],
            "case_id": measurement.case_id,
            "repeat": measurement.repeat,
            "started_at": measurement.started_at,
            "duration_s": measurement.duration_s,
            "error": measurement.error,
            **{f"value.{name}": value for name, value in measurement.values.items()},
        }
        for measurement in run.measurements
    ]
