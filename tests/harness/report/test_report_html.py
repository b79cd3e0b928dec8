from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from harness.records import Verdict
from harness.report import render_html
from tests.harness.report.report_samples import Content, measured, record, two_targets

HOSTILE = [
    "</title><script>alert(1)</script>",
    "</bdi></td><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% for x in y %}",
    "\x1b[2J\x1b]0;owned\x07",
    "abc\u202egnp.exe",
    "z" * 1_000_000,
    'x" onmouseover="alert(1)',
    "]]><svg onload=alert(1)>",
    "half \ud83d emoji",
]
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Elements, attributes and the balance of tags."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, key, value or "") for key, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, key, value or "") for key, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> without a start"
        assert self.open.pop() == tag

    def all(self, attribute: str) -> list[str]:
        return [value for _, key, value in self.attributes if key == attribute]


def dangers(page: Page) -> list[str]:
    """Whatever could run, load or leave the page."""
    found = [
        tag for tag in ("script", "iframe", "object", "embed", "img", "form") if page.tags[tag]
    ]
    for tag, key, value in page.attributes:
        if key.startswith("on"):
            found.append(f"{tag} {key}")
        if key in ("href", "src", "xlink:href") and not value.startswith(("#", "data:,")):
            found.append(f"{tag} {key}={value}")
    return found


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    return render_html(two_targets(tmp_path_factory.mktemp("results")))


def hostile_run(results: Path, text: str) -> Any:
    detail = {
        "severity": text, "finding": text, "expected": text, "got": text, "curl": text,
        "layer": text, "unit": text, "concurrency": text,
    }  # fmt: skip
    case = Verdict(text[:2000], "fail", text, None, text[:2000], detail)
    whole = Verdict(text[:2000], "fail", text, None, None, detail)
    header = {"command": text, "target": {"model": text, "base_url": text, "backend": "external"}}
    runs = []
    for suite in ("contract", "tool_calling", "divergence", "throughput"):
        content = Content(suite, [measured("x")], [case, whole], [text], header)
        runs.append(record(results, content, text[:2000], chip=text))
    return runs


def test_the_page_is_well_formed_and_inert(source: str) -> None:
    page = Page(source)
    assert page.open == []
    assert dangers(page) == []
    assert page.tags["h1"] == 1
    assert page.tags["svg"] >= 8


def test_the_check_for_dangers_sees_them() -> None:
    bad = Page(f"<p>{HOSTILE[0]}</p>" if "title" not in HOSTILE[0] else "<script></script>")
    assert dangers(bad) == ["script"]
    assert dangers(Page("<a href='http://x'>a</a><b onclick=1></b>")) == [
        "a href=http://x",
        "b onclick",
    ]


def test_the_browser_is_told_to_run_and_load_nothing(source: str) -> None:
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in source.replace(
        "&#39;", "'"
    )
    assert "@import" not in source
    assert not re.search(r"url\((?!#)", source)


def test_ids_are_unique_and_every_inner_link_has_its_place(source: str) -> None:
    page = Page(source)
    ids = Counter(page.all("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    links = [h[1:] for h in (*page.all("href"), *page.all("xlink:href")) if h.startswith("#")]
    assert set(links) <= set(ids)
    assert len(links) > 10


def test_the_same_runs_give_the_same_bytes(tmp_path: Path) -> None:
    runs = two_targets(tmp_path)
    assert render_html(runs) == render_html(list(reversed(runs)))


def test_every_table_names_itself_and_the_scope_of_its_heads(source: str) -> None:
    page = Page(source)
    assert page.tags["table"] > 8
    scopes = Counter(page.all("scope"))
    assert scopes["col"] + scopes["row"] == page.tags["th"]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_text_is_shown_and_does_nothing(tmp_path: Path, text: str) -> None:
    source = render_html(hostile_run(tmp_path, text))
    page = Page(source)
    assert page.open == []
    assert dangers(page) == []
    source.encode()
    assert len(source) < 400_000
    assert "\x1b" not in source
    assert "\u202e" not in source


def test_text_that_was_cut_says_so(tmp_path: Path) -> None:
    assert "of 1,000,000 characters shown" in render_html(hostile_run(tmp_path, "z" * 1_000_000))


def test_templates_in_data_are_not_evaluated(tmp_path: Path) -> None:
    source = render_html(hostile_run(tmp_path, "{{ 7 * 7 }}"))
    assert "{{ 7 * 7 }}" in source
