"""The tool-calling suite: probe by target, with the counts in the cells."""

from __future__ import annotations

from collections.abc import Sequence

from harness.records import Verdict
from harness.report import figures
from harness.report.parts import Cell, Column, Finding, Section, Table
from harness.report.sections.common import WORDS, case_verdicts, detail, text, undecided, with_suite
from harness.report.text import anchor, block, name, sentence
from harness.store import Run

SUITE = "tool_calling"
LAYERS = {"L0": "bytes", "L1": "wire", "L2": "behaviour"}


def sections(columns: Sequence[Column]) -> list[Section]:
    """One section, or none when no target was asked."""
    asked = with_suite(columns, SUITE)
    if not asked:
        return []
    layers = sorted({_layer(v) for _, run in asked for v in case_verdicts(run)})
    return [
        Section(
            "tools",
            "Tool calls",
            "Wire probes ask the server to deliver a scripted output, so the model's skill plays "
            "no part. Behaviour probes ask the model; a model that calls no tool says nothing "
            "about its server. Each cell: passed of asked, and the 95 % interval of that share.",
            tables=(*(_matrix(layer, asked) for layer in layers), *undecided(asked)),
            findings=tuple(_findings(asked)),
        )
    ]


def _layer(verdict: Verdict) -> str:
    return name(detail(verdict).get("layer") or "unstated")


def _matrix(layer: str, asked: Sequence[tuple[Column, Run]]) -> Table:
    probes = {
        verdict.case_id: None
        for _, run in asked
        for verdict in case_verdicts(run)
        if _layer(verdict) == layer
    }
    rows = tuple(
        (text(probe), *(_cell(probe or "", column, run) for column, run in asked))
        for probe in probes
    )
    caption = f"Probes of the layer {layer}" + (f", {LAYERS[layer]}" if layer in LAYERS else "")
    return Table(caption, ("Probe", *(column.letter for column, _ in asked)), rows)


def _cell(probe: str, column: Column, run: Run) -> Cell:
    verdict = next((v for v in case_verdicts(run) if v.case_id == probe), None)
    if verdict is None:
        return Cell("not asked")
    told = detail(verdict)
    passed, asked = figures.number(told.get("passed")), figures.number(told.get("n"))
    said = WORDS[verdict.outcome]
    if passed is not None and asked:
        said = f"{passed:.0f}/{asked:.0f}"
        share = figures.estimate(verdict.estimate)
        said += f" ({share.low * 100:.0f} to {share.high * 100:.0f} %)" if share else ""
    link = anchor(f"{column.letter}-{probe}") if verdict.outcome == "fail" else ""
    return Cell(said, verdict.outcome, link, numeric=True)


def _findings(asked: Sequence[tuple[Column, Run]]) -> list[Finding]:
    return [
        Finding(
            anchor=anchor(f"{column.letter}-{verdict.case_id}"),
            title=name(verdict.case_id),
            letter=column.letter,
            outcome=verdict.outcome,
            reason=sentence(verdict.reason),
            expected=block(detail(verdict).get("expected")),
            got=block(detail(verdict).get("got")),
            repeat=block(detail(verdict).get("curl")),
        )
        for column, run in asked
        for verdict in case_verdicts(run)
        if verdict.outcome == "fail"
    ]
