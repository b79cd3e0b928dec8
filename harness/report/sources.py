"""The evidence behind a report: files, seals, provenance, and what to know before trusting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from harness.records import Json, Outcome
from harness.report.comparison import flat
from harness.report.parts import Cell, Column, Table, Warn
from harness.report.sections.common import text
from harness.report.text import name, sentence
from harness.store import Run, verify

SHOWN_PARTS = 5  # of a run's path: results/runs/YYYY/MM/<run>; what lies above is the reader's own


class Checked(NamedTuple):
    """The state of a run's file: ``pass`` is whole, ``inconclusive`` is whole as far as it goes."""

    said: str
    outcome: Outcome


MEMORY_DIGITS = 20  # more would be no memory, and int() refuses thousands of digits
Checks = Mapping[str, Checked]  # by run id


def check(run: Run) -> Checked:
    """What `harness.store.verify` says about the run's file, now."""
    faults = verify(run.path)
    if not faults:
        return Checked("whole", "pass")
    first = faults[0]
    outcome: Outcome = "fail" if first.severity == "error" else "inconclusive"
    return Checked(sentence(f"line {first.line} {first.sentence}"), outcome)


def _times(run: Run) -> list[str]:
    return sorted(m.started_at for m in run.measurements)


def span(runs: Sequence[Run]) -> str:
    """From the first measurement to the last, as recorded."""
    times = sorted(time for run in runs for time in _times(run))
    if not times:
        return "nothing was measured"
    first, last = (name(time[:16].replace("T", " ")) for time in (times[0], times[-1]))
    if first == last:
        return f"{first} UTC"
    return f"{first} to {last[11:] if first[:10] == last[:10] else last} UTC"


def machine(columns: Sequence[Column]) -> str:
    """The machine that measured, in words; said plainly when it was not one and the same."""
    found = [_machine(run) for column in columns for run in column.runs.values()]
    return found[0] if len(set(found)) == 1 else "several machines or states of one"


def _machine(run: Run) -> str:
    facts = flat(run.header.get("provenance"))
    chip, system, cores, size = (
        facts.get(f"machine.{key}") for key in ("chip", "os", "cores_logical", "memory_bytes")
    )
    parts = [chip, f"{cores} cores" if cores else None]
    parts += [
        f"{int(size) / 2**30:.0f} GiB"
        if size and size.isascii() and size.isdigit() and len(size) < MEMORY_DIGITS
        else None,
        system,
    ]
    return sentence(", ".join(part for part in parts if part) or "a machine that was not recorded")


def make_sources(columns: Sequence[Column], checks: Checks) -> Table:
    """One row a run: its file, its seal, whether both hold."""
    head = ("Target", "Suite", "Run", "Measured", "Ended", "Check", "Seal (SHA-256)")
    rows = tuple(
        _source(column, suite, run, checks[run.run_id])
        for column in columns
        for suite, run in column.runs.items()
    )
    return Table("Runs", head, rows, _places(columns))


def _places(columns: Sequence[Column]) -> str:
    runs = [run for column in columns for run in column.runs.values()]
    folders = dict.fromkeys("/".join(run.path.parts[-SHOWN_PARTS:-1]) for run in runs)
    return sentence(f"The records of a run are in <run>/records.jsonl under {', '.join(folders)}.")


def _source(column: Column, suite: str, run: Run, checked: Checked) -> tuple[Cell, ...]:
    return (
        text(column.letter),
        text(suite),
        Cell(name(run.run_id), code=True),
        text(span([run])),
        text(run.outcome),
        text(checked.said, checked.outcome),
        Cell(_seal(run), code=True),
    )


def _seal(run: Run) -> str:
    return name(run.seal.get("seal_sha256")) if run.seal else "not sealed"


def make_warnings(columns: Sequence[Column], checks: Checks, replaced: Sequence[str]) -> list[Warn]:
    """Everything that was noted while measuring, reading and checking the runs."""
    found = [Warn("runs", sentence(told)) for told in replaced]
    for column in columns:
        for suite, run in column.runs.items():
            where = f"{column.letter} {name(suite)}"
            found += [Warn(where, told) for told in _told(run)]
            checked = checks[run.run_id]
            if checked.outcome == "fail":
                found.append(Warn(where, f"The run's file is not sound: {checked.said}"))
    return list(dict.fromkeys(found))


def _told(run: Run) -> list[str]:
    told = []
    if run.seal and run.outcome != "complete":  # without a seal, reading the run has warned
        told.append(f"The run ended as {run.outcome}: a part of its plan was not measured.")
    told += [sentence(warning) for warning in run.warnings]
    told += [_noted(note) for note in run.notes]
    broken = [m for m in run.measurements if m.error is not None]
    if broken:
        first = broken[0]
        told.append(
            sentence(
                f"{len(broken)} of {len(run.measurements)} measurements failed; "
                f"the first, {first.case_id}: {first.error}"
            )
        )
    return told


def _noted(note: Mapping[str, Json]) -> str:
    kind = note.get("kind") or "note"
    said = note.get("text") or ""
    return sentence(said if kind == "note" else f"{kind}: {said}")


def provenance(columns: Sequence[Column]) -> Table:
    """All recorded facts about the targets and the machine."""
    facts = [
        {"model asked for": c.model, "dialect": c.dialect, "URL": c.url} | _facts(c)
        for c in columns
    ]
    keys = dict.fromkeys(key for found in facts for key in found)
    rows = tuple((text(key), *(text(found.get(key, "–")) for found in facts)) for key in keys)
    return Table("Where the numbers come from", ("Field", *(c.letter for c in columns)), rows)


def _facts(column: Column) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for run in column.runs.values():
        for key, value in flat(run.header.get("provenance") or {}).items():
            found.setdefault(key, []).append(value)
    return {key: " / ".join(dict.fromkeys(values)) for key, values in found.items()}
