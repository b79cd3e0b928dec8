"""Which run stands where: the targets of a report, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from harness.errors import UsageError
from harness.report.parts import Column
from harness.report.sections.common import counts, suite_verdicts
from harness.report.text import name
from harness.store import Run

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TITLES = {
    "throughput": "Throughput and latency",
    "divergence": "Divergence under load",
    "contract": "API contract",
    "tool_calling": "Tool calls",
}  # also the order of the report


def make_columns(runs: Sequence[Run]) -> tuple[Column, ...]:
    """Runs of one target stand in one column; a suite run twice opens another one.

    Raises:
        UsageError: there are more targets than letters.
    """
    groups: list[tuple[tuple[str, ...], dict[str, Run]]] = []
    for run in runs:
        key = _key(run)
        mine = next((g for k, g in groups if k == key and run.suite not in g), None)
        if mine is None:
            mine = {}
            groups.append((key, mine))
        mine[run.suite] = run
    if len(groups) > len(LETTERS):
        raise UsageError(
            f"A report shows {len(LETTERS)} targets side by side; these runs have {len(groups)}.",
            remedy="Name fewer runs.",
        )
    labels = [_label(next(iter(group.values()))) for _, group in groups]
    return tuple(_column(i, group, _distinct(labels, i)) for i, (_, group) in enumerate(groups))


def _column(index: int, group: dict[str, Run], label: str) -> Column:
    target = _target(next(iter(group.values())))
    return Column(
        letter=LETTERS[index],
        index=index,
        label=label,
        model=name(target.get("model")),
        url=name(target.get("base_url")),
        dialect=name(target.get("dialect")),
        tally=counts([v for run in group.values() for v in suite_verdicts(run)]) or "none",
        runs=dict(sorted(group.items(), key=lambda item: rank(item[0]))),
    )


def _target(run: Run) -> dict[str, object]:
    found = run.header.get("target")
    return dict(found) if isinstance(found, dict) else {}


def _server(run: Run) -> dict[str, object]:
    provenance = run.header.get("provenance")
    found = provenance.get("server") if isinstance(provenance, dict) else None
    return dict(found) if isinstance(found, dict) else {}


def _key(run: Run) -> tuple[str, ...]:
    target, server = _target(run), _server(run)
    backend = str(target.get("backend"))
    # A managed backend gets a new port at each start; a found one is known by its URL alone.
    url = str(target.get("base_url")) if backend == "external" else ""
    facts = (target.get("model"), target.get("dialect"), server.get("name"), server.get("version"))
    return (backend, url, *(str(fact) for fact in facts))


def _label(run: Run) -> str:
    target, server = _target(run), _server(run)
    backend = str(target.get("backend") or "external")
    if backend == "external":
        backend = str(server.get("name") or target.get("base_url") or "external")
    version = server.get("version")
    return name(f"{backend} {version}" if version else backend)


def _distinct(labels: Sequence[str], index: int) -> str:
    label = labels[index]
    earlier = labels[:index].count(label)
    return f"{label} ({earlier + 1})" if labels.count(label) > 1 else label


def rank(suite: str) -> tuple[int, str]:
    """Where a suite stands in the report: the known ones first."""
    known = list(TITLES)
    return (known.index(suite) if suite in known else len(known), suite)
