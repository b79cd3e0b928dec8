"""Published R2C results come out as published, and are judged by our rules beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import UsageError
from suites.divergence.published import read

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data" / "r2c"
FOUR = ["one two three four", "a b c d", "same", "x y z w"]
CHANGED = ["one two THREE four", "a b c d", "same", "x y"]


def row(prompt, serial, concurrent):
    return {"prompt": prompt, "serial_output": serial, "concurrent_output": concurrent}


def rows(concurrent=CHANGED):
    return [row(f"p{at}", FOUR[at], text) for at, text in enumerate(concurrent)]


def result(*runs, **more):
    if len(runs) == 1:
        return json.dumps({"model": "m", "rows": runs[0], **more})
    reports = [{"rows": one} for one in runs]
    return json.dumps({"model": "m", "rows": runs[0], "run_reports": reports, **more})


def detail(text):
    return read(text).verdicts[0].detail


def test_one_run_of_the_short_layout():
    found = read(result(rows(), max_tokens=64, timestamp_epoch=1772036895))
    legacy = found.verdicts[0].detail["legacy"]
    assert legacy["exact"] == {"mean": 0.5, "low": 0.5, "high": 0.5, "runs": 1}
    assert legacy["words"]["mean"] == pytest.approx((3 / 4 + 1 + 1 + 2 / 4) / 4)
    assert found.verdicts[0].detail["first_differing_words"] == [2, None, None, 2]
    assert "icc" not in found.verdicts[0].detail, "one run has no repeats"
    assert found.cases[0].parameters == {"max_tokens": 64}
    assert found.measurements[0].started_at == "2026-02-25T16:28:15.000+00:00"


def test_repeats_that_never_differ_are_counted_once():
    found = detail(result(rows(), rows(), rows()))
    assert (found["icc"], found["effective_n"], found["of"]) == (1.0, 4.0, 12)
    assert found["control"] == {"exact": 1.0, "words": 1.0}
    assert found["excess_words"]["value"] == pytest.approx(1 - (3 / 4 + 1 + 1 + 2 / 4) / 4)
    assert found["excess_words"]["low"] < found["excess_words"]["high"]
    assert found["legacy"]["exact"]["low"] == found["legacy"]["exact"]["high"], "as published"


def test_a_server_that_differs_when_idle_shows_in_the_control():
    other = [row(f"p{at}", text + " more", CHANGED[at]) for at, text in enumerate(FOUR)]
    found = detail(result(rows(), other))
    assert found["control"]["exact"] == 0.0


def test_the_same_under_load_is_never_a_pass_without_proof_of_a_batch():
    verdict = read(result(rows(FOUR))).verdicts[0]
    assert verdict.outcome == "inconclusive"
    assert "72 prompts" in verdict.reason
    many = [row(f"p{at}", "a b", "a c") for at in range(30)]
    assert read(result(many)).verdicts[0].outcome == "fail"


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"rows": []}', '{"rows": [{"prompt": "a"}]}',
        '{"rows": [{"prompt": "a", "serial_output": 1, "concurrent_output": "b"}]}',
        result(rows(), rows()[:2]),
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(text):
    with pytest.raises(UsageError, match="This is no R2C result"):
        read(text)


published = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the published data set")


@published
def test_the_published_figures_of_five_runs():
    found = detail((SHARED / "qwen3_4b_r2c.json").read_text())
    assert found["legacy"]["words"]["mean"] == pytest.approx(0.97857, abs=1e-5)
    assert found["legacy"]["words"]["high"] == pytest.approx(found["legacy"]["words"]["low"])
    assert found["legacy"]["exact"]["mean"] == pytest.approx(0.8)
    assert found["control"] == {"exact": 1.0, "words": 1.0}
    told = found["estimates"]
    exact = told["exact in every run"]
    assert (round(exact["low"], 3), round(exact["high"], 3)) == (0.444, 0.975)
    # Bounds of a bootstrap, give or take its own error.
    assert told["words"]["low"] == pytest.approx(0.911, abs=0.01)
    assert told["words, plain bootstrap"]["low"] == pytest.approx(0.943, abs=0.01)
    assert found["icc"] == 1.0
    assert found["excess_words"]["value"] == pytest.approx(0.0214, abs=1e-4)
    plain = found["excess_words, plain bootstrap"]
    assert (plain["low"], plain["high"]) == pytest.approx((0.0, 0.057), abs=0.01)


@published
def test_the_published_figures_of_one_run():
    found = detail((SHARED / "qwen3_4b_r2a.json").read_text())
    assert found["legacy"]["words"]["mean"] == pytest.approx(0.8342, abs=1e-4)
    exact = found["estimates"]["exact in every run"]
    assert (exact["value"], round(exact["low"], 3), round(exact["high"], 3)) == (0.6, 0.262, 0.878)
    assert sorted(at for at in found["first_differing_words"] if at is not None) == [6, 29, 34, 46]
