"""The report as one HTML file: no script, no request, light and dark, phone and paper."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.report.charts import SERIES, draw
from harness.report.parts import GLYPHS, Chart, View
from harness.report.sections.common import WORDS


def page(view: View) -> str:
    """The whole page. The same view gives the same bytes."""
    return _environment().get_template("report.html").render(view=view)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("harness.report", "templates"),
        autoescape=True,  # always: choosing by file name would miss a renamed template
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = files("harness.report").joinpath("templates", "style.css").read_text("utf-8")
    environment.globals |= {
        "style": Markup(style),  # noqa: S704 - our own file
        "glyphs": GLYPHS,
        "words": WORDS,
        "series": SERIES,
    }
    environment.filters["drawn"] = _drawn
    return environment


def _drawn(chart: Chart) -> Markup:
    return Markup(draw(chart))  # noqa: S704 - draw() escapes title and description
