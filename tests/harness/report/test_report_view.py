from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.records import Verdict
from harness.report.parts import Section, Table, View
from harness.report.sources import Checked
from harness.report.view import view
from harness.store import Run
from tests.harness.report.report_samples import (
    Content,
    contract,
    divergence,
    measured,
    record,
    throughput,
    tools,
    two_targets,
)


def section(shown: View, anchor: str) -> Section:
    return next(s for s in shown.sections if s.anchor == anchor)


def whole(run: Run) -> Checked:
    return Checked("whole", "pass")


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_two_targets_stand_in_two_columns_with_all_their_suites(tmp_path: Path) -> None:
    shown = view(two_targets(tmp_path))
    assert [(c.letter, c.label) for c in shown.columns] == [
        ("A", "reference 0.1.0"),
        ("B", "mlx-lm 0.1.0"),
    ]
    assert [score.suite for score in shown.scores] == [
        "throughput",
        "divergence",
        "contract",
        "tool_calling",
    ]
    wanted = ["throughput", "latency", "divergence", "contract", "tools"]
    assert [s.anchor for s in shown.sections] == wanted


def test_the_order_in_which_runs_are_named_does_not_matter(tmp_path: Path) -> None:
    runs = two_targets(tmp_path)
    assert view(runs) == view(list(reversed(runs)))


def test_a_suite_measured_twice_opens_a_second_column(tmp_path: Path) -> None:
    shown = view([record(tmp_path, throughput()), record(tmp_path, throughput(1.2))])
    assert [c.label for c in shown.columns] == ["reference 0.1.0 (1)", "reference 0.1.0 (2)"]


def test_a_superseded_run_is_left_out_and_named(tmp_path: Path) -> None:
    old = record(tmp_path, throughput())
    old = replace(old, header={**old.header, "run_id": "20260101T000000Z-a"})
    new = record(tmp_path, replace(throughput(), header={"supersedes": old.run_id}))
    shown = view([old, new], checked=whole)
    assert len(shown.columns) == 1
    assert any(old.run_id in w.text and "supersedes" in w.text for w in shown.warnings)
    assert not view([old], checked=whole).warnings


def test_no_run_supersedes_a_later_one(tmp_path: Path) -> None:
    first, second = record(tmp_path, throughput()), record(tmp_path, throughput())
    early = {**first.header, "run_id": "20260101T000000Z-a", "supersedes": second.run_id}
    late = {**second.header, "supersedes": early["run_id"]}
    shown = view([replace(first, header=early), replace(second, header=late)], checked=whole)
    (column,) = shown.columns
    assert column.runs["throughput"].run_id == second.run_id


def test_a_suite_that_was_not_run_is_said_to_be_so(tmp_path: Path) -> None:
    shown = view([record(tmp_path, throughput()), record(tmp_path, contract(), "mlx-lm")])
    lines = {(s.suite, line.letter): line.outcome for s in shown.scores for line in s.lines}
    assert lines[("throughput", "B")] is None
    assert lines[("throughput", "A")] == "pass"


def test_equal_conditions_give_a_ratio_with_bounds(tmp_path: Path) -> None:
    shown = view([record(tmp_path, throughput()), record(tmp_path, throughput(0.5), "mlx-lm")])
    table = section(shown, "throughput").tables[0]
    assert table.head[-1] == "Ratio to A"
    assert texts(table)[1][-1].startswith("0.50 (0.4")
    assert "no target is called faster" in table.note


@pytest.mark.parametrize(
    ("field", "value"), [("chip", "Apple M1"), ("dtype", "bfloat16"), ("power", "battery")]
)
def test_other_conditions_give_no_ratio_and_name_the_field(
    tmp_path: Path, field: str, value: str
) -> None:
    other = record(tmp_path, throughput(0.5), "mlx-lm", **{field: value})
    shown = view([record(tmp_path, throughput()), other])
    assert "Ratio to A" not in section(shown, "throughput").tables[0].head
    assert f"These differ: machine.{field}." in shown.comparability.sentences[0]
    assert shown.comparability.tables[0].rows[0][0].text == f"machine.{field}"


@pytest.mark.parametrize("header", [{"plan_hash": "another"}, {"identity": {"max_tokens": 128}}])
def test_another_question_gives_no_ratio(tmp_path: Path, header: dict[str, object]) -> None:
    other = record(tmp_path, replace(throughput(), header=header), "mlx-lm")
    shown = view([record(tmp_path, throughput()), other])
    assert "Ratio to A" not in section(shown, "throughput").tables[0].head
    assert "not comparable" in shown.comparability.sentences[0]


def test_a_difference_far_into_a_long_value_is_seen(tmp_path: Path) -> None:
    identity = {"prompts": "p" * 5000 + "a"}
    first = record(tmp_path, replace(throughput(), header={"identity": identity}))
    same = record(tmp_path, replace(throughput(), header={"identity": identity}), "mlx-lm")
    changed = {"identity": {"prompts": "p" * 5000 + "b"}}
    other = record(tmp_path, replace(throughput(), header=changed), "mlx-lm")
    assert view([first, same]).comparability.comparable == {"throughput": True}
    assert view([first, other]).comparability.comparable == {"throughput": False}


def test_what_differs_without_changing_a_number_forbids_nothing(tmp_path: Path) -> None:
    other = record(tmp_path, throughput(), "mlx-lm", os_build="25C1", load_1m=7.5)
    shown = view([record(tmp_path, throughput()), other])
    assert "Ratio to A" in section(shown, "throughput").tables[0].head
    (table,) = shown.comparability.tables
    assert texts(table) == [["machine.os_build", "25B78", "25C1"]]


def test_an_undecided_level_gets_no_ratio(tmp_path: Path) -> None:
    sample = throughput(0.5)
    first = replace(sample.verdicts[0], outcome="inconclusive")
    doubtful = replace(sample, verdicts=[first, *sample.verdicts[1:]])
    shown = view([record(tmp_path, throughput()), record(tmp_path, doubtful, "mlx-lm")])
    rows = texts(section(shown, "throughput").tables[0])
    assert rows[1][-1] == "not stated"
    assert rows[3][-1].startswith("0.5")


def test_percentiles_of_too_few_samples_are_not_stated(tmp_path: Path) -> None:
    table = section(view([record(tmp_path, throughput())]), "latency").tables[0]
    assert {row[4] for row in texts(table)} == {"n < 100"}
    assert {row[5] for row in texts(table)} == {"24"}


def test_failed_requests_lower_the_curve(tmp_path: Path) -> None:
    sample = throughput()
    broken = replace(
        sample.verdicts[0], detail={**sample.verdicts[0].detail, "failures": {"reset": 8}}
    )
    failed = replace(sample, verdicts=[broken, *sample.verdicts[1:]])
    ends = [
        chart.series[0].dots[-1].y
        for chart in section(view([record(tmp_path, failed)]), "latency").charts
        if chart.key in ("ttft-1", "ttft-4", "itl-1")
    ]
    assert ends == [0.75, 1.0, 1.0]


@pytest.mark.parametrize("detail", [{}, {"concurrency": 4}, {"concurrency": 4, "tok_s": {"n": 1}}])
def test_missing_numbers_are_not_invented(tmp_path: Path, detail: dict[str, object]) -> None:
    bare = Verdict("closed-4", "inconclusive", "nothing came", None, "closed-4", detail)
    shown = view([record(tmp_path, Content("throughput", [], [bare]))])
    if not detail:
        assert shown.sections == ()
        return
    (row,) = texts(section(shown, "throughput").tables[0])
    assert row[2:] == ["not measured"] * 4
    assert all(not s.charts for s in shown.sections)


def test_divergence_without_detail_has_words_and_no_chart(tmp_path: Path) -> None:
    bare = Content("divergence", [], [Verdict("divergence", "inconclusive", "no shared batch")])
    found = section(view([record(tmp_path, bare)]), "divergence")
    assert not found.charts
    assert {row[2] for row in texts(found.tables[0])} == {"not measured"}


def test_survival_ends_at_the_share_that_never_differed(tmp_path: Path) -> None:
    found = section(view([record(tmp_path, divergence(9, 2))]), "divergence")
    under_load, control = found.charts[0].series
    assert under_load.dots[-1].y == pytest.approx(63 / 72)
    assert control.dots[-1].y == pytest.approx(70 / 72)
    assert control.dashed
    assert under_load.dots[-1].low < 63 / 72 < under_load.dots[-1].high


def test_no_difference_at_all_still_has_a_band(tmp_path: Path) -> None:
    found = section(view([record(tmp_path, divergence(0))]), "divergence")
    last = found.charts[0].series[0].dots[-1]
    # Clopper-Pearson for 72 of 72, two-sided 95 %: 0.025 ** (1/72)
    assert (last.y, last.high) == (1, 1)
    assert last.low == pytest.approx(0.9501, abs=1e-4)


def test_failed_rules_carry_their_evidence_and_the_cell_links_to_it(tmp_path: Path) -> None:
    found = section(view([record(tmp_path, contract(["CHT-04", "MOD-03"]))]), "contract")
    assert [f.anchor for f in found.findings] == ["A-CHT-04", "A-MOD-03"]  # MUST before SHOULD
    assert "status 200" in found.findings[0].got
    assert (
        found.findings[0].rule
        == "A list is a list. (OpenAI API specification, CreateChatCompletionRequest)"
    )
    links = {cell.link for table in found.tables for row in table.rows for cell in row} - {""}
    assert links == {"A-CHT-04", "A-MOD-03"}


def test_a_skipped_rule_tells_its_reason(tmp_path: Path) -> None:
    found = section(view([record(tmp_path, contract())]), "contract")
    told = found.tables[-1]
    assert told.caption == "Not decided, and why"
    assert texts(told) == [
        ["MOD-08, CHT-07, STR-06, ANT-05, ERR-04", "A", "unsupported", "as the rule says"]
    ]
    decided = section(view([record(tmp_path, tools(), "b")]), "tools")
    assert "Not decided, and why" not in {table.caption for table in decided.tables}


def test_a_clean_contract_has_no_findings(tmp_path: Path) -> None:
    found = section(view([record(tmp_path, contract())]), "contract")
    assert not found.findings


def test_tool_cells_hold_counts_and_interval(tmp_path: Path) -> None:
    found = section(view([record(tmp_path, tools(["tool-wire-two-calls"]))]), "tools")
    rows = dict(texts(found.tables[0]))
    assert rows["tool-wire-two-calls"] == "1/2 (20 to 100 %)"
    assert rows["tool-wire-one-call"] == "2/2 (20 to 100 %)"


def test_an_unknown_suite_is_shown_by_its_cases(tmp_path: Path) -> None:
    verdicts = [Verdict("soak-1", "fail", "memory grew", None, "soak-1")]
    shown = view([record(tmp_path, Content("reliability", [measured("soak-1")], verdicts))])
    assert texts(section(shown, "suite-reliability").tables[0]) == [["soak-1", "A", "memory grew"]]


def test_warnings_tell_what_was_noted_and_what_is_missing(tmp_path: Path) -> None:
    broken = replace(measured("closed-1"), error="the server is gone")
    sample = Content("throughput", [broken], [], ["thermal pressure rose"], sealed=False)
    told = " ".join(w.text for w in view([record(tmp_path, sample)]).warnings)
    assert "not sealed" in told
    assert "thermal pressure rose" in told
    assert "1 of 1 measurements failed; the first, closed-1: the server is gone" in told
    clean = view([record(tmp_path, throughput(), "other")])
    assert not clean.warnings


def test_a_file_that_was_changed_is_named(tmp_path: Path) -> None:
    run = record(tmp_path, throughput())
    file = run.path / "records.jsonl"
    assert view([run]).runs.rows[0][5].outcome == "pass"
    file.write_bytes(file.read_bytes().replace(b"every request", b"EVERY request", 1))
    shown = view([run])
    assert any("not sound" in w.text for w in shown.warnings)
    assert shown.runs.rows[0][5].outcome == "fail"


def test_an_unsealed_run_is_neither_whole_nor_unsound(tmp_path: Path) -> None:
    shown = view([record(tmp_path, replace(throughput(), sealed=False))])
    assert shown.runs.rows[0][5].outcome == "inconclusive"
    assert shown.runs.rows[0][6].text == "not sealed"
    assert not any("not sound" in w.text for w in shown.warnings)


def test_the_machine_is_named_unless_it_was_not_one(tmp_path: Path) -> None:
    here = record(tmp_path, throughput())
    assert view([here]).machine == "Apple M4 Max, 16 cores, 64 GiB, macOS 26.1"
    there = record(tmp_path, contract(), chip="Apple M1")
    assert view([here, there]).machine == "several machines or states of one"


def test_no_runs_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no run to report on"):
        view([])
