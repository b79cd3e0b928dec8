"""The order of the events of a response: the first that cannot come where it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from suites.contract.reading import at, is_int

Value = dict[str, Any]
ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})
# What may come around the output; a queued response is told between the two that are required.
BEFORE = ("response.created", "response.queued", "response.in_progress")
ITEM, PART = "response.output_item", "response.content_part"
# Servers announce the parts of thoughts in events of their own names, or not at all.
THOUGHTS = "response.reasoning_text"
TEXTS = ("response.output_text", "response.refusal", THOUGHTS)
ARGUMENTS = "response.function_call_arguments"
PLACE = ("output_index", "content_index")


def order_problem(values: Sequence[Value]) -> str | None:
    """A sentence, or None. Events of unknown kinds may come anywhere between the first and last."""
    kinds = [str(value.get("type")) for value in values]
    first = [kind for kind in kinds if kind in BEFORE]
    if kinds[:1] != ["response.created"] or "response.in_progress" not in kinds[:3]:
        return f"the stream begins with {kinds[:2]}"
    if kinds[: len(first)] != first or len(set(first)) != len(first):
        return f"{first[-1]} comes again or late"
    if not kinds or kinds[-1] not in ENDS:
        return f"the stream ends with {kinds[-1:]}"
    order = _Order()
    for value in values[len(first) : -1]:
        problem = order.take(value)
        if problem:
            return problem
    if order.open and kinds[-1] != "response.failed":
        return f"the item at output_index {min(order.open)} has no output_item.done"
    return None


class _Order:
    """The items and parts that are open: an item's events may mix with those of another."""

    def __init__(self) -> None:
        self.open: dict[int, str] = {}  # type of each open item, by output_index
        self._texts: dict[tuple[Any, Any], bool] = {}  # of open parts: whether the text is done
        self._arguments: set[Any] = set()  # items whose arguments are done
        self._steps: dict[str, Callable[[Value], str | None]] = {
            f"{ITEM}.added": self._item_added,
            f"{ITEM}.done": self._item_done,
            f"{PART}.added": self._part_added,
            f"{PART}.done": self._part_done,
            f"{ARGUMENTS}.delta": self._arguments_delta,
            f"{ARGUMENTS}.done": self._arguments_done,
            **{f"{kind}.delta": self._delta for kind in TEXTS},
            **{f"{kind}.done": self._text_done for kind in TEXTS},
        }

    def take(self, value: Value) -> str | None:
        """What is wrong with the next event."""
        kind = str(value.get("type"))
        if kind in ENDS:
            return f"{kind} is not last"
        if kind not in self._steps:
            return None
        unplaced = [key for key in PLACE if key in value and not is_int(value[key])]
        problem = f"{unplaced[0]} is no integer" if unplaced else self._steps[kind](value)
        return problem and f"{kind}: {problem}"

    def _item_added(self, value: Value) -> str | None:
        index = value.get("output_index")
        if not isinstance(index, int):
            return "there is no output_index"
        if index in self.open:
            return f"the item at output_index {index} is open already"
        self.open[index] = str(at(value, "item", "type"))
        return None

    def _item_done(self, value: Value) -> str | None:
        index = value.get("output_index")
        parts = [part for item, part in self._texts if item == index]
        if index not in self.open:
            return f"no item is open at output_index {index}"
        if parts:
            return f"the part at content_index {parts[0]} is still open"
        if self.open[index] == "function_call" and index not in self._arguments:
            return "its arguments are not done"
        del self.open[index]
        return None

    def _part_added(self, value: Value) -> str | None:
        if problem := self._item_open(value):
            return problem
        self._texts[_place(value)] = False
        return None

    def _part_done(self, value: Value) -> str | None:
        done = self._texts.pop(_place(value), None)
        if done is None:
            return f"no part is open at {_place(value)}"
        return None if done else "its text is not done"

    def _delta(self, value: Value) -> str | None:
        done = self._texts.get(_place(value))
        if done is None and str(value.get("type")).startswith(THOUGHTS):
            return self._item_open(value)
        if done is None:
            return f"no part is open at {_place(value)}"
        return "the text is done already" if done else None

    def _text_done(self, value: Value) -> str | None:
        problem = self._delta(value)
        if problem is None and _place(value) in self._texts:
            self._texts[_place(value)] = True
        return problem

    def _item_open(self, value: Value) -> str | None:
        index = value.get("output_index")
        return None if index in self.open else f"no item is open at output_index {index}"

    def _arguments_delta(self, value: Value) -> str | None:
        index = value.get("output_index")
        if problem := self._item_open(value):
            return problem
        return "the arguments are done already" if index in self._arguments else None

    def _arguments_done(self, value: Value) -> str | None:
        problem = self._arguments_delta(value)
        self._arguments.add(value.get("output_index"))
        return problem


def _place(value: Value) -> tuple[Any, Any]:
    return value.get(PLACE[0]), value.get(PLACE[1])
