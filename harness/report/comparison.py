"""What may be compared with what: a ratio needs the same question and the same conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.records import Json
from harness.report.parts import Column, Comparability, Table
from harness.report.sections.common import text
from harness.report.text import name, sentence
from harness.store import Run

ABSENT = "not recorded"
# Facts about the server under test (which a comparison is there to vary) or about the moment (which
# always differ): neither forbids nor explains a ratio.
EXPECTED = re.compile(r"(server|clock)\..*|machine\.load_1m")
# The last part of a provenance field that changes what a number means when it differs. What else
# does so is in the header's identity, which is compared suite by suite.
BLOCKING = frozenset({"chip", "dtype", "power", "prompts_hash"})  # power: a battery throttles
# The question itself: compared for each suite on its own.
QUESTION = ("suite_version", "profile", "plan_hash")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs between targets, with each target's value in the columns' order."""

    field: str
    values: tuple[str, ...]


def flat(value: Json, prefix: str = "") -> dict[str, str]:
    """Nested mappings as dotted names; lists and leaves as text, whole: cut only what is shown."""
    if not isinstance(value, Mapping):
        return {prefix: ABSENT if value is None else str(value)}
    found: dict[str, str] = {}
    for key in sorted(value, key=str):
        found |= flat(value[key], f"{prefix}.{key}" if prefix else str(key))
    return found


def compare(columns: Sequence[Column]) -> Comparability:
    """Which suites may be compared, which not, and the fields that say so."""
    suites = list(dict.fromkeys(suite for column in columns for suite in column.runs))
    if len(columns) == 1:
        told = "One target was measured: there is nothing to compare it with in this report."
        return Comparability((told,), comparable=dict.fromkeys(suites, False))
    machine = _differing(columns, [_conditions(column) for column in columns])
    hard = [d for d in machine if _blocks(d.field)]
    blocking, comparable = list(hard), {}
    said: dict[str, list[str]] = {}
    for suite in suites:
        asked = [column for column in columns if suite in column.runs]
        question = _question(suite, columns)
        blocking += question
        comparable[suite] = len(asked) > 1 and not question and not hard
        said.setdefault(_sentence(suite, len(asked), question, hard), []).append(suite)
    soft = [d for d in machine if d not in hard]
    tables = (
        _table("These differ and forbid a ratio", blocking, columns),
        _table("These differ too; none of them forbids a ratio", soft, columns),
    )
    sentences = tuple(f"{', '.join(name(s) for s in them)}: {it}" for it, them in said.items())
    return Comparability(sentences, tuple(t for t in tables if t.rows), comparable)


def _table(caption: str, found: Sequence[Difference], columns: Sequence[Column]) -> Table:
    rows = tuple((text(d.field), *(text(value) for value in d.values)) for d in found)
    return Table(caption, ("Field", *(column.letter for column in columns)), rows)


def _sentence(suite: str, asked: int, question: list[Difference], hard: list[Difference]) -> str:
    if asked < 2:
        return "asked of one target only."
    prefix = f"{suite}: "
    fields = ", ".join(dict.fromkeys(d.field.removeprefix(prefix) for d in question + hard))
    if fields:
        return f"not comparable, no ratio is stated. These differ: {sentence(fields)}."
    return "the same question under the same recorded conditions."


def _question(suite: str, columns: Sequence[Column]) -> list[Difference]:
    asked = [column for column in columns if suite in column.runs]
    fields = [_identity(column.runs[suite]) for column in asked]
    if len(asked) < 2:
        return []
    found = _differing(asked, fields)
    places = {column.letter: i for i, column in enumerate(asked)}
    return [
        Difference(
            f"{suite}: {difference.field}",
            tuple(
                difference.values[places[column.letter]] if column.letter in places else "–"
                for column in columns
            ),
        )
        for difference in found
    ]


def _identity(run: Run) -> dict[str, str]:
    header = run.header
    fields = flat({key: header.get(key) for key in QUESTION})
    identity = header.get("identity")
    return fields | (flat(identity) if isinstance(identity, Mapping) else {})


def _conditions(column: Column) -> dict[str, str]:
    found: dict[str, str] = {}
    for run in column.runs.values():
        for key, value in flat(run.header.get("provenance") or {}).items():
            if not EXPECTED.fullmatch(key) and found.setdefault(key, value) != value:
                found[key] = "differs between this target's runs"
    return found


def _blocks(field: str) -> bool:
    return field.split(".")[-1] in BLOCKING


def _differing(columns: Sequence[Column], fields: Sequence[Mapping[str, str]]) -> list[Difference]:
    keys = dict.fromkeys(key for found in fields for key in found)
    rows = {key: tuple(found.get(key, ABSENT) for found in fields) for key in keys}
    return [Difference(key, values) for key, values in rows.items() if len(set(values)) > 1]
