"""Results of other tools, kept as runs: measured by others, judged by us, marked as imported.

An importer is a function from a file's text to ``Imported``, found under the entry-point group
``harness.importers``. An imported run has no provenance but the file's: reports say so.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import entry_points
from pathlib import Path

from harness import provenance
from harness.errors import UsageError
from harness.records import Json
from harness.store import RunLog
from harness.suite import Imported, Importer

GROUP = "harness.importers"


def importers() -> dict[str, Importer]:
    """All importers by the name of their tool."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return {point.name: point.load() for point in points}


def import_file(kind: str, file: Path, results: Path, command: str) -> tuple[RunLog, Imported]:
    """Read a file of the tool ``kind`` and keep it as a sealed run.

    Raises:
        UsageError: there is no such importer, or the file cannot be read or is none of the tool's.
        StoreError: the run cannot be written.
    """
    known = importers()
    if kind not in known:
        raise UsageError(f"There is no importer {kind!r}.", remedy=f"Known: {', '.join(known)}.")
    try:
        data = file.read_bytes()
        text = data.decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{file} cannot be read: {why}.", remedy="Give a file.") from error
    found = known[kind](text)
    log = RunLog.create(
        results, _header(found, hashlib.sha256(data).hexdigest(), command), suite=found.suite
    )
    for measurement in found.measurements:
        log.measurement(measurement)
    for verdict in found.verdicts:
        log.verdict(verdict)
    log.seal("complete")
    return log, found


def _header(found: Imported, sha256: str, command: str) -> dict[str, Json]:
    cases: list[Json] = [
        {"id": case.id, "repeats": case.repeats, "parameters": dict(case.parameters)}
        for case in found.cases
    ]
    source = {"tool": found.tool, "sha256": sha256}
    header: dict[str, Json] = {
        "suite_version": f"imported from {found.tool}",
        "profile": "imported",
        "options": {},
        "plan": cases,
        "plan_hash": provenance.hashed(cases),
        "planned_cases": len(cases),
        "estimate_s": 0.0,
        "command": command,
        "imported": source,
        "target": {
            "base_url": found.base_url,
            "model": found.model,
            "dialect": "openai",
            "backend": f"imported ({found.tool})",
        },
        "provenance": {"imported": source},
    }
    header["identity"] = {"suite": found.suite, "imported": source}
    header["identity_hash"] = provenance.hashed(header["identity"])
    return header
