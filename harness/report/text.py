"""Text from outside made inert: what a server or a model wrote is shown, never obeyed."""

from __future__ import annotations

import json
import re
import unicodedata

SENTENCE_CHARS = 600  # a reason that is longer is a dump; its head says what it is
BLOCK_CHARS = 4_000  # evidence: enough for an error body, small beside the page's 2 MB
NAME_CHARS = 80  # ids, model names, file names: one line of a table
# Format characters that are part of ordinary text: ZWNJ and ZWJ join Persian letters and emoji.
HARMLESS_FORMAT = {"\u200c", "\u200d"}
CONTROL_PICTURES = 0x2400  # Unicode chart U+2400: U+241B shows ESC as one visible sign


def sentence(value: object, limit: int = SENTENCE_CHARS) -> str:
    """One line: white space folded, control characters visible, cut with the full length told."""
    return _visible(" ".join(_cut(value, limit).split()))


def name(value: object) -> str:
    """A short sentence for a table's head or an id."""
    return sentence(value, NAME_CHARS)


def block(value: object, limit: int = BLOCK_CHARS) -> str:
    """Text that keeps its lines, for preformatted evidence; other values as JSON."""
    if value is not None and not isinstance(value, str):
        value = json.dumps(value, indent=1, ensure_ascii=False, default=str)
    lines = _cut(value, limit).replace("\r\n", "\n").split("\n")
    return "\n".join(_visible(line) for line in lines)


def _cut(value: object, limit: int) -> str:
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … [cut: {limit:,} of {len(text):,} characters shown]"


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _plain(character) else _named(character) for character in text)


def _plain(character: str) -> bool:
    if character in HARMLESS_FORMAT or character == "\t":
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _named(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(CONTROL_PICTURES + code)
    return f"[U+{code:04X}]"


def anchor(value: str) -> str:
    """A fragment identifier made of letters, digits, dots and hyphens alone."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", value)[:NAME_CHARS]
