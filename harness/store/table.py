"""frame: measurements of many runs as one pandas table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from harness.records import Json, Measurement
from harness.store.reader import Run, read

if TYPE_CHECKING:
    import pandas

_RUN = ("run_id", "suite", "suite_version", "outcome", "backend", "model", "identity_hash")
_MEASUREMENT = ("case_id", "repeat", "started_at", "duration_s", "error")


def frame(paths: Iterable[Path]) -> pandas.DataFrame:
    """One row a measurement: columns of its run, of itself, and ``value.x`` for each of its values.

    Values that are mappings or lists stay whole in their column. Transcripts are not read.

    Raises:
        StoreError: a file cannot be read.
    """
    import pandas  # half a second that only this function pays for

    rows = [row for path in paths for row in _rows(read(path, exchanges=False))]
    found = pandas.DataFrame.from_records(rows) if rows else pandas.DataFrame()
    values = [name for name in found.columns if name.startswith("value.")]
    return found.reindex(columns=[*_RUN, *_MEASUREMENT, *values])


def _rows(run: Run) -> Iterator[dict[str, Json]]:
    target = run.header["target"]
    shared = {
        "run_id": run.run_id,
        "suite": run.suite,
        "suite_version": run.header["suite_version"],
        "outcome": run.outcome,
        "backend": target.get("backend"),
        "model": target.get("model"),
        "identity_hash": run.header.get("identity_hash"),
    }
    for measurement in run.measurements:
        yield shared | _row(measurement)


def _row(measurement: Measurement) -> dict[str, Json]:
    own = {name: getattr(measurement, name) for name in _MEASUREMENT}
    return own | {f"value.{name}": value for name, value in measurement.values.items()}
