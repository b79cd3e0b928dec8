"""Functionary v3.2: ``>>>f`` and arguments on the next line; ``>>>all`` and text.

Format: https://github.com/MeetKai/functionary, functionary/prompt_template. The prompt ends with
the first ``>>>``, so that an answer begins with a name.
"""

from __future__ import annotations

import re

from reference_server.tool_formats.format import Block, Parts, ToolFormat
from reference_server.tool_formats.offered import Offered
from reference_server.tool_formats.scanners import Balanced
from reference_server.tool_formats.walk import headed

OPEN = ">>>"
# OpenAI's API allows names of 64 characters; a longer line is no name.
RECIPIENT = re.compile(r">{0,3}[\w.-]{0,64}")
TEXT = "all"

_call = headed(re.compile(r"\A>{0,3}(?P<name>[\w.-]+)\n\s*"), re.compile(""))


class Message:
    """Ends a call with its object, and a message of text behind its first line."""

    def __init__(self) -> None:
        self._balanced: Balanced | None = None

    def feed(self, text: str) -> int | None:
        """The block's length."""
        if self._balanced is None:
            match = RECIPIENT.match(text)
            end = match.end() if match else 0
            if end == len(text):
                return None
            if text[end] != "\n":
                return 0
            if text[:end].lstrip(">") == TEXT:
                return end + 1
            self._balanced = Balanced(end + 1)
        return self._balanced.feed(text)


def _parse(body: str, offered: Offered) -> Parts | None:
    return [] if body.lstrip(">") == TEXT + "\n" else _call(body)


FUNCTIONARY = ToolFormat(
    "functionary",
    "Functionary v3.2",
    (Block(OPEN, Message, _parse), Block("", Message, _parse, lead=True)),
)
