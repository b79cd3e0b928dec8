"""The items of a response's ``input``, and the turns that a chat template makes of them.

OpenAPI schemas InputItem, EasyInputMessage, FunctionToolCall, FunctionCallOutputItemParam and
ReasoningItem. Items that belong to tools which run at OpenAI are refused by their type.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from reference_server.api.fields import Body, Entries, Json, fault

Wire: TypeAlias = dict[str, Any]
Status = Literal["in_progress", "completed", "incomplete"]


def fresh_id(prefix: str) -> str:
    """An id that nothing else has."""
    return f"{prefix}_{uuid.uuid4().hex}"


def _one_of(*kinds: str) -> BeforeValidator:
    """Refuses an object of another ``type``; the key may be absent where there is a default."""
    listed = ", ".join(map(repr, kinds[:-1])) + f" or {kinds[-1]!r}"

    def check(value: Json) -> Json:
        given = value.get("type") if isinstance(value, dict) else None
        if given is not None and given not in kinds:
            raise fault(f"must be {listed}, and nothing else is read here", "type")
        return value

    return BeforeValidator(check)


def _kind(default: str) -> Discriminator:
    """Tells the members of a union by their ``type``."""

    def kind(value: Json) -> str:
        given = value.get("type") if isinstance(value, dict) else None
        return default if given is None else str(given)

    return Discriminator(kind)


class InputText(Body):
    """Text of a user, a developer, the system or a tool."""

    type: Literal["input_text"]
    text: str

    def wire(self) -> Wire:
        """The part as it is listed."""
        return {"type": self.type, "text": self.text}


class OutputText(Body):
    """Text that a model wrote."""

    type: Literal["output_text"]
    text: str

    def wire(self) -> Wire:
        """The part as it is listed."""
        return {"type": self.type, "text": self.text, "annotations": [], "logprobs": []}


class Refusal(Body):
    """Text with which a model refused."""

    type: Literal["refusal"]
    refusal: str

    @property
    def text(self) -> str:
        """What it says."""
        return self.refusal

    def wire(self) -> Wire:
        """The part as it is listed."""
        return {"type": self.type, "refusal": self.refusal}


Part: TypeAlias = Annotated[
    Annotated[InputText, Tag("input_text")]
    | Annotated[OutputText, Tag("output_text")]
    | Annotated[Refusal, Tag("refusal")],
    _kind("input_text"),
    _one_of("input_text", "output_text", "refusal"),
]


class MessageItem(Body):
    """What somebody said."""

    type: Literal["message"] = "message"
    id: str | None = None
    status: Status = "completed"
    role: Literal["user", "assistant", "system", "developer"]
    content: str | Annotated[Entries[Part], Field(min_length=1)]

    @property
    def text(self) -> str:
        """The content as one string."""
        if isinstance(self.content, str):
            return self.content
        return "".join(part.text for part in self.content)

    def wire(self) -> Wire:
        """The item as it is listed: its content in parts, and an id."""
        return {
            "type": "message",
            "id": self.id or fresh_id("msg"),
            "status": self.status,
            "role": self.role,
            "content": [part.wire() for part in self._parts],
        }

    @property
    def _parts(self) -> Sequence[InputText | OutputText | Refusal]:
        if not isinstance(self.content, str):
            return self.content
        if self.role == "assistant":
            return [OutputText(type="output_text", text=self.content)]
        return [InputText(type="input_text", text=self.content)]


class CallItem(Body):
    """A call that the model made. ``arguments`` is what it wrote: any text."""

    type: Literal["function_call"]
    id: str | None = None
    status: Status = "completed"
    call_id: str
    name: str
    arguments: str

    def for_template(self) -> dict[str, Any]:
        """The call as chat templates expect it."""
        function = {"name": self.name, "arguments": self.arguments}
        return {"id": self.call_id, "type": "function", "function": function}

    def wire(self) -> Wire:
        """The item as it is listed."""
        keys = {"type", "status", "call_id", "name", "arguments"}
        return {"id": self.id or fresh_id("fc"), **self.model_dump(include=keys)}


class ResultItem(Body):
    """What a call gave."""

    type: Literal["function_call_output"]
    id: str | None = None
    status: Status = "completed"
    call_id: str
    output: str | Entries[InputText]

    @property
    def text(self) -> str:
        """The output as one string."""
        if isinstance(self.output, str):
            return self.output
        return "".join(part.text for part in self.output)

    def wire(self) -> Wire:
        """The item as it is listed."""
        keys = {"type", "status", "call_id", "output"}
        return {"id": self.id or fresh_id("fco"), **self.model_dump(include=keys)}


class SummaryText(Body):
    """A summary of a thought. This server makes none; templates do not show it."""

    type: Literal["summary_text"]
    text: str


class ReasoningText(Body):
    """What a model thought."""

    type: Literal["reasoning_text"]
    text: str


class ReasoningItem(Body):
    """A thought of an earlier turn. ``encrypted_content`` is another server's: nobody reads it."""

    type: Literal["reasoning"]
    id: str | None = None
    status: Status = "completed"
    summary: Entries[SummaryText] = Field(default_factory=list)
    content: Entries[ReasoningText] = Field(default_factory=list)

    @property
    def text(self) -> str:
        """The thought as one string."""
        return "".join(part.text for part in self.content)

    def wire(self) -> Wire:
        """The item as it is listed."""
        keys = {"type", "status", "summary", "content"}
        return {"id": self.id or fresh_id("rs"), **self.model_dump(include=keys)}


Item: TypeAlias = Annotated[
    Annotated[MessageItem, Tag("message")]
    | Annotated[CallItem, Tag("function_call")]
    | Annotated[ResultItem, Tag("function_call_output")]
    | Annotated[ReasoningItem, Tag("reasoning")],
    _kind("message"),
    _one_of("message", "function_call", "function_call_output", "reasoning"),
]


def conversation(items: Sequence[Item]) -> list[dict[str, Any]]:
    """The items as messages for a chat template.

    What the model said from one answer of others to the next is one turn, as in a chat: its
    thoughts, its text around the calls, its calls. Two messages with nothing in between stay two.
    """
    turns: list[dict[str, Any]] = []
    last: type[Body] | None = None  # of the item before, while it is the model's own turn
    for item in items:
        if isinstance(item, ReasoningItem) and not item.text:
            continue
        if isinstance(item, ResultItem):
            turns.append({"role": "tool", "tool_call_id": item.call_id, "content": item.text})
        elif isinstance(item, MessageItem) and item.role != "assistant":
            turns.append({"role": item.role, "content": item.text})
        else:
            if last is None or (last is MessageItem and not isinstance(item, CallItem)):
                turns.append({"role": "assistant", "content": ""})
            _said(turns[-1], item)
            last = type(item)
            continue
        last = None
    return turns


def _said(turn: dict[str, Any], item: MessageItem | CallItem | ReasoningItem) -> None:
    """Add what the model said to its turn."""
    if isinstance(item, CallItem):
        turn.setdefault("tool_calls", []).append(item.for_template())
    elif isinstance(item, MessageItem):
        turn["content"] += item.text
    else:
        turn["reasoning_content"] = turn.get("reasoning_content", "") + item.text


def without_call(items: Sequence[Item]) -> int | None:
    """The place of the first result whose call is not among the items before it."""
    calls: set[str] = set()
    for index, item in enumerate(items):
        if isinstance(item, CallItem):
            calls.add(item.call_id)
        elif isinstance(item, ResultItem) and item.call_id not in calls:
            return index
    return None
