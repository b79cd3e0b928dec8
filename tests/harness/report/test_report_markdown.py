from __future__ import annotations

import re
from pathlib import Path

from harness.records import Verdict
from harness.report import render_markdown
from harness.report.markdown import LIMIT_BYTES, LONG_TABLE
from tests.harness.report.report_samples import Content, contract, record, two_targets


def bars(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line))


def test_it_says_the_same_as_the_page(tmp_path: Path) -> None:
    text = render_markdown(two_targets(tmp_path))
    assert text.startswith("# reference 0.1.0, mlx-lm 0.1.0\n")
    assert "**B ✗ failed** contract MUST: 2 of 36 MUST rules are not kept" in text
    assert "0.70 (0.62 to 0.79)" in text
    assert "harness run --backend mlx-lm" in text


def test_every_row_has_the_columns_of_its_head(tmp_path: Path) -> None:
    lines = render_markdown(two_targets(tmp_path)).splitlines()
    width, tables = 0, 0
    for line in lines:
        if not line.startswith("|"):
            width = 0
            continue
        tables += width == 0
        width = width or bars(line)
        assert bars(line) == width, line
    assert tables > 8


def test_the_same_runs_give_the_same_text(tmp_path: Path) -> None:
    runs = two_targets(tmp_path)
    assert render_markdown(runs) == render_markdown(list(reversed(runs)))


def test_hostile_text_makes_no_markup(tmp_path: Path) -> None:
    text = "<script>x</script> | cell [a](http://b) @someone `code` # head ![i](u)\n\n# Owned"
    hostile = Verdict("t", "fail", text, None, "CHT-01", {"got": text, "finding": text})
    run = record(tmp_path, Content("contract", [], [hostile], header={"command": "a\n```\n# b"}))
    shown = render_markdown([run])
    assert "<script" not in shown
    assert "\n# Owned" not in shown
    assert not re.search(r"(?<!\\)\]\(", shown)
    assert "http://b" not in shown
    assert "@someone" not in shown
    assert "````\na\n```\n# b\n````" in shown
    assert "&lt;script&gt;x" in shown


def test_a_long_table_lists_what_did_not_pass_and_says_so(tmp_path: Path) -> None:
    rules = [
        Verdict(r, "fail" if i == 3 else "pass", "so", None, r, {"severity": "MUST"})
        for i, r in enumerate(f"CHT-{i:02d}" for i in range(LONG_TABLE + 5))
    ]
    text = render_markdown([record(tmp_path, Content("contract", [], rules))])
    assert f"1 of {LONG_TABLE + 5} rows: those that did not pass." in text
    assert "| CHT-03 |" in text
    assert "| CHT-04 |" not in text
    assert "| CHT-04 |" in render_markdown([record(tmp_path, contract())])


def test_a_long_table_of_facts_stays_whole(tmp_path: Path) -> None:
    facts = {f"fact_{i:03d}": i for i in range(LONG_TABLE + 5)}
    text = render_markdown([record(tmp_path, contract(), **facts)])
    assert "| machine.fact\\_000 | 0 |" in text
    assert f"| machine.fact\\_{LONG_TABLE + 4:03d} | {LONG_TABLE + 4} |" in text


def test_it_fits_a_job_summary_or_says_that_it_was_cut(tmp_path: Path) -> None:
    verdicts = [
        Verdict(f"R-{i}", "fail", "y" * 590, None, f"R-{i}", {"got": "é" * 600})
        for i in range(1200)
    ]
    text = render_markdown([record(tmp_path, Content("contract", [], verdicts))])
    assert len(text.encode()) < 1_048_576
    assert text.endswith("Cut here: the whole is in the HTML report.\n")
    small = render_markdown([record(tmp_path, contract())])
    assert "Cut here" not in small
    assert len(small.encode()) < LIMIT_BYTES
