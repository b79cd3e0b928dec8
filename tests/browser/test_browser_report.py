"""The report in the system's Chromium, and a page that must fail every check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from harness.report import write_report
from tests.browser.page_checks import CHROMIUM, Look, chromium, visit
from tests.harness.report.report_samples import divergence, record, throughput, two_targets
from tests.harness.report.test_report_html import HOSTILE, hostile_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium found: apt-get install chromium (Debian, Ubuntu)"
    ),
]
WIDTHS = (375, 1280)
SCHEMES = ("light", "dark")
BAD = """<!doctype html><html lang="en"><title>bad</title>
<body style="background:#fff"><img src="missing.png">
<svg width="200" height="40"><text x="5" y="20" style="fill:#eee">pale</text>
<text x="190" y="20">cut off here</text></svg>
<div style="width:3000px">wide</div><script>nothing.there()</script></body></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(two_targets(folder / "results"), folder / "report.html", None)
    return folder / "report.html"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_quiet_fits_and_can_be_read(
    browser: Browser, report: Path, width: int, scheme: str
) -> None:
    look = visit(browser, report, width=width, scheme=scheme)
    assert look.requests == [report.as_uri()]
    assert look.console == []
    assert look.measured["found"] == []
    assert look.measured["texts"] > 50
    assert look.measured["scripts"] == 0


def test_on_paper_everything_fits_and_the_evidence_is_open(browser: Browser, report: Path) -> None:
    # A4 between margins of 1 cm, at 96 pixels per inch
    paper = visit(browser, report, width=718, scheme="light", media="print").measured
    assert paper["found"] == []
    assert paper["evidence"] == 4
    assert paper["shown"] == 4
    assert visit(browser, report, width=718, scheme="light").measured["shown"] == 0


def test_hostile_text_neither_runs_nor_breaks_the_page(browser: Browser, tmp_path: Path) -> None:
    runs = hostile_run(tmp_path, " ".join(HOSTILE[:5]))
    runs.append(record(tmp_path, throughput(), "w" * 400))
    file = tmp_path / "hostile.html"
    write_report(runs, file, None)
    look = visit(browser, file, width=375, scheme="dark")
    assert look.requests == [file.as_uri()]
    assert look.console == []
    assert look.measured["found"] == []


def test_many_targets_stay_in_their_drawings(browser: Browser, tmp_path: Path) -> None:
    runs = []
    for i in range(14):
        runs.append(record(tmp_path, throughput(1 + i / 10, seed=i), f"server-{i}"))
        runs.append(record(tmp_path, divergence(i % 5), f"server-{i}"))
    file = tmp_path / "many.html"
    write_report(runs, file, None)
    look = visit(browser, file, width=375, scheme="light")
    assert look.measured["found"] == []
    assert look.measured["texts"] > 100


@pytest.fixture(scope="module")
def bad(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Look:
    file = tmp_path_factory.mktemp("bad") / "bad.html"
    file.write_text(BAD)
    return visit(browser, file, width=375, scheme="light")


def test_control_the_checks_see_a_bad_page(bad: Look) -> None:
    told = " | ".join(bad.measured["found"])
    assert "contrast" in told
    assert "pale" in told
    assert "outside its drawing: cut off here" in told
    assert "overflow" in told
    assert len(bad.requests) == 2
    assert any("nothing is not defined" in line for line in bad.console)
    assert bad.measured["scripts"] == 1
