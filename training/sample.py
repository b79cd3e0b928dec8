"""One conversation to learn from or to be examined by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.family import Call, Tool


@dataclass(frozen=True, slots=True)
class Sample:
    """A conversation in the OpenAI dialect that ends with the assistant's right message.

    ``situation`` says what is asked of the model (call, two, missing, nofit, result, talk ...),
    ``calls`` what its last message must call, ``key`` what its last text must hold (None: no
    matter). ``thinking`` is switched on, off, or left to the words. ``document`` replaces it all by
    plain text.
    """

    situation: str
    family: str
    messages: tuple[dict[str, Any], ...]
    tools: tuple[Tool, ...] = ()
    thinking: bool | None = None
    calls: tuple[Call, ...] = ()
    key: str | None = None
    document: str = ""
