"""What a response answers: the items of the responses before it, and its own input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter

from reference_server.api.errors import invalid
from reference_server.api.responses_body import ResponsesBody
from reference_server.api.responses_items import Item, fresh_id, without_call
from reference_server.api.responses_store import ResponseStore, Stored

ITEMS: TypeAdapter[list[Item]] = TypeAdapter(list[Item])


@dataclass(frozen=True, slots=True)
class History:
    """All ``items``, oldest first; those of responses ``before`` are there as JSON, too."""

    before: tuple[bytes, ...]
    items: list[Item]

    @property
    def nbytes(self) -> int:
        """What is added to the request's own bytes."""
        return sum(map(len, self.before))

    def stored(self, resource: Mapping[str, Any], *, continues: bool) -> Stored:
        """A response to these items as it is kept. Each of its items has an id of its own."""
        taken = {item.id for item in self.items[: len(self.before)]}
        own = []
        for item in self.items[len(self.before) :]:
            wire = item.wire()
            if wire["id"] in taken:
                wire["id"] = fresh_id("item")
            taken.add(wire["id"])
            own.append(orjson.dumps(wire))
        output = tuple(orjson.dumps(item) for item in resource["output"])
        return Stored(orjson.dumps(resource), (*self.before, *own), output, continues)


def history_of(store: ResponseStore, ask: ResponsesBody) -> History:
    """What a request wants an answer to.

    Raises:
        ApiError: 400 when the response before it is not there or has no answer, or when a result
            belongs to no call.
    """
    before = _before(store, ask.previous_response_id)
    known = ITEMS.validate_python([orjson.loads(item) for item in before])
    items = known + ask.items
    place = without_call(items)
    if place is not None:
        sentence = "belongs to no function_call before it."
        raise invalid(f"input[{place - len(known)}].call_id", sentence)
    return History(before, items)


def _before(store: ResponseStore, name: str | None) -> tuple[bytes, ...]:
    if name is None:
        return ()
    stored = store.get(name)
    if stored is None:
        sentence = (
            f"names {name[:64]!r}, which is not stored (any more); send the conversation as input."
        )
        code = "previous_response_not_found"
        raise invalid("previous_response_id", sentence, code=code)
    if not stored.continues:
        raise invalid("previous_response_id", "names a response that failed or was cancelled.")
    return stored.input + stored.output
