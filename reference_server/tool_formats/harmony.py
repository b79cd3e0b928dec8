"""gpt-oss: a message whose header names a function as its recipient, closed by ``<|call|>``.

Format: https://cookbook.openai.com/articles/openai-harmony. The recipient stands in the header of
the channel or in that of the role; the prompt may have opened the latter. Messages to nobody are no
calls, and what their channels mean is not decided here.
"""

from __future__ import annotations

import re

from reference_server.tool_formats import jsontext
from reference_server.tool_formats.format import Block, Call, Parts, ToolFormat
from reference_server.tool_formats.offered import Offered
from reference_server.tool_formats.scanners import Until

MESSAGE, CALL = "<|message|>", "<|call|>"
RECIPIENT = re.compile(r"to=functions\.(?P<name>[^\s<]+)")


class Message:
    """Ends a message to a function where it is called; a message to nobody is no block."""

    def __init__(self) -> None:
        self._until: Until | None = None

    def feed(self, text: str) -> int | None:
        """The block's length."""
        if self._until is None:
            start = text.find(MESSAGE)
            if start < 0:
                return None
            if RECIPIENT.search(text, 0, start) is None:
                return 0
            self._until = Until(CALL, start=start)
        return self._until.feed(text)


def _parse(body: str, offered: Offered) -> Parts | None:
    header, _, content = body.partition(MESSAGE)
    recipient = RECIPIENT.search(header)
    arguments = jsontext.strict_object(content.strip() or "{}")
    if recipient is None or arguments is None:
        return None
    return [Call(recipient["name"], arguments)]


def _led(body: str, offered: Offered) -> Parts | None:
    return _parse("to=" + body, offered)


def _block(opening: str) -> Block:
    return Block(opening, Message, _parse, close=CALL, at_end=True)


HARMONY = ToolFormat(
    "harmony",
    "gpt-oss",
    (
        _block("<|start|>assistant"),
        _block("<|channel|>commentary"),
        _block("<|channel|>analysis"),
        Block("to=", Message, _led, close=CALL, at_end=True, lead=True),
    ),
    frozenset(
        {"<|start|>", "<|channel|>", "<|constrain|>", MESSAGE, CALL, "<|end|>", "<|return|>"}
    ),
)
