"""What a format of tool calls consists of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from reference_server.tool_formats.offered import Offered


@dataclass(frozen=True, slots=True)
class Call:
    """What a call says; ``arguments`` is the JSON text of an object. ``id`` if the model wrote one.

    JSON text and not a value: numbers too large for Python and their spelling survive in it.
    """

    name: str
    arguments: str
    id: str | None = None


# What a block holds, in its order: calls, and the text between them that is none.
Parts: TypeAlias = Sequence[Call | str]


class Scanner(Protocol):
    """Finds the end of one block in text that grows; how it grows changes nothing."""

    def feed(self, text: str) -> int | None:
        """The block's length, ``text`` starting with it; None: not there yet; 0: it is no block."""
        ...


@dataclass(frozen=True, slots=True)
class Block:
    """Text that may hold calls, from the marker ``open`` on.

    ``parse`` gets what is between the markers and returns None when no call is in it. ``close`` is
    the end marker, if there is one. With ``at_end`` the answer's end ends the block too: the
    marker is an end-of-sequence token, or there is none.

    A ``lead`` opens a block only before any text and right after a call, and what it holds counts
    only when all names are those of offered tools: without a marker, JSON may be the answer.
    """

    open: str
    scanner: Callable[[], Scanner]
    parse: Callable[[str, Offered], Parts | None]
    close: str = ""
    at_end: bool = False
    lead: bool = False

    def parts(self, text: str, offered: Offered) -> Parts | None:
        """What the text of a whole block says, markers included; None when it is no call."""
        body = text.removeprefix(self.open)
        if self.close:
            body = body.removesuffix(self.close)
        parts = self.parse(body, offered)
        if (
            parts is not None
            and self.lead
            and not all(part.name in offered for part in parts if isinstance(part, Call))
        ):
            return None
        return parts


@dataclass(frozen=True, slots=True)
class ToolFormat:
    """One way of writing calls.

    ``models`` says who writes it. ``controls`` are the parts of its markup that tokenizers may hold
    as control tokens, which are shown as text while calls are looked for.
    """

    name: str
    models: str
    blocks: tuple[Block, ...]
    controls: frozenset[str] = frozenset()
