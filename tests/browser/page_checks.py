"""What a page must hold in a real browser, measured by our own script in the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Media = Literal["screen", "print"]
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, for text below 18 points

# For every text in a drawing: its contrast with the nearest filled shape below it (else the page),
# and whether its box lies inside its drawing. Colours are read through a canvas: `getComputedStyle`
# may answer in any notation.
MEASURE = """
() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data;
  };
  const light = (c) => {
    const [r, g, b] = [0, 1, 2].map((i) => c[i] / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const page = () => {
    const own = rgba(getComputedStyle(document.body).backgroundColor);
    if (own[3] > 0) return own;
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 255]
      : [255, 255, 255, 255];
  };
  const ground = (text, box) => {
    const stack = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    for (const element of stack) {
      if (element === text || !text.ownerSVGElement.contains(element)) continue;
      if (element === text.ownerSVGElement || element.tagName === 'text') continue;
      const style = getComputedStyle(element);
      const solid = Number(style.fillOpacity) * Number(style.opacity) > 0.9;
      if (style.fill === 'none' || !solid) continue;
      return rgba(style.fill);
    }
    return page();
  };
  const found = [];
  const texts = [...document.querySelectorAll('svg text')];
  for (const text of texts) {
    text.scrollIntoView({block: 'center'});
    const box = text.getBoundingClientRect();
    const around = text.ownerSVGElement.getBoundingClientRect();
    const ratio = contrast(rgba(getComputedStyle(text).fill), ground(text, box));
    const slack = 0.5;
    if (ratio < LEAST) found.push(`contrast ${ratio.toFixed(2)}: ${text.textContent}`);
    if (box.left < around.left - slack || box.right > around.right + slack
        || box.top < around.top - slack || box.bottom > around.bottom + slack) {
      found.push(`outside its drawing: ${text.textContent}`);
    }
  }
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll('body *')]
      .find((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5
        && !e.closest('.scroll') && !e.closest('svg'));
    const which = wide?.outerHTML.slice(0, 90);
    found.push(`overflow ${root.scrollWidth} > ${root.clientWidth}: ${which}`);
  }
  const evidence = [...document.querySelectorAll('details dl')];
  const shown = evidence.filter((e) => e.checkVisibility({contentVisibilityAuto: true})
    && e.getBoundingClientRect().height > 20).length;
  return {found, texts: texts.length, scripts: document.scripts.length,
    evidence: evidence.length, shown};
}
""".replace("LEAST)", f"{LEAST_CONTRAST})")


@dataclass
class Look:
    """What one visit of a page showed."""

    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    measured: dict[str, Any] = field(default_factory=dict)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser, closed also when a check fails."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def visit(
    browser: Browser, file: Path, *, width: int, scheme: str, media: Media = "screen"
) -> Look:
    """Open the file at that width and colour scheme, on the screen or on paper, and measure it.

    The page's own policy forbids scripts; measuring goes through the debugger, which it does not
    bind.
    """
    look = Look()
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    try:
        page = context.new_page()
        page.on("request", lambda request: look.requests.append(request.url))
        page.on("console", lambda message: look.console.append(message.text))
        page.on("pageerror", lambda error: look.console.append(str(error)))
        page.emulate_media(media=media)
        page.goto(file.as_uri())
        look.measured = page.evaluate(MEASURE)
    finally:
        context.close()
    return look
