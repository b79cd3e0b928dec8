"""From the items of a request to the tokens of its prompt, cut to the context where it allows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from reference_server.api.responses_body import ResponsesBody
from reference_server.api.responses_items import Item, MessageItem, conversation
from reference_server.errors import PromptTooLong
from reference_server.service import Service


def prompt(
    service: Service, ask: ResponsesBody, items: Sequence[Item], max_tokens: int
) -> list[int]:
    """The tokens that the model reads: the instructions, then the items.

    With ``truncation: "auto"`` items are left out from the beginning, whole turns at a time, until
    ``max_tokens`` have room after the prompt, or half of the context where they are more than that.
    What the system and developers say at the very beginning stays.

    Raises:
        BadRequest: the template refuses the conversation.
        PromptTooLong: it is too long, with ``auto`` even without all turns before the last.
    """
    first = ask.instructions
    head = [{"role": "system", "content": first}] if first is not None else []
    pinned = _pinned(items)

    def made(cut: int) -> list[int]:
        kept = [*items[:pinned], *items[cut:]]
        messages = head + conversation(kept)
        return service.chat_prompt(messages, ask.offered or None, ask.template_options)

    if ask.truncation == "disabled":
        return made(pinned)
    room = min(max_tokens, service.context_length // 2)
    return _first_fitting(made, _cuts(items, pinned), service.context_length - room)


def _first_fitting(made: Callable[[int], list[int]], cuts: list[int], most: int) -> list[int]:
    """What is made of the first cut that leaves ``most`` tokens at most; else of the last."""

    def fits(cut: int) -> bool:
        try:
            return len(made(cut)) <= most
        except PromptTooLong:
            return False

    # Most conversations fit as they are.
    at = 0 if fits(cuts[0]) else bisect_left(cuts, True, lo=1, key=fits)
    return made(cuts[min(at, len(cuts) - 1)])


def _pinned(items: Sequence[Item]) -> int:
    """How many items at the beginning are the system's or a developer's."""
    for index, item in enumerate(items):
        if not isinstance(item, MessageItem) or item.role not in ("system", "developer"):
            return index
    return len(items)


def _cuts(items: Sequence[Item], pinned: int) -> list[int]:
    """Where the conversation may begin: as it does, and at each later thing that a user says."""
    return [pinned] + [
        index
        for index, item in enumerate(items)
        if index > pinned and isinstance(item, MessageItem) and item.role == "user"
    ]
