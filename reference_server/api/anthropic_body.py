"""The body of ``POST /v1/messages`` and ``/v1/messages/count_tokens``, and its way to the template.

After Anthropic's Messages API. Accepted without effect: ``cache_control`` anywhere, ``metadata``,
``service_tier``, ``inference_geo``. Thinking blocks in the history go to the template, which
decides what the model sees of them; redacted ones are dropped. What this server cannot do yet is
refused with a 400 that names the field.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import Field, model_validator

from reference_server.api.fields import (
    MAX_STOP_SEQUENCES,
    Body,
    Entries,
    JsonObject,
    MaxTokens,
    ObjectSchema,
    Probability,
    Refused,
    TextPart,
    ToolName,
    fault,
    joined,
    only,
    switched,
    tool_for_template,
    unsupported,
)
from reference_server.api.form_body import Choice, Offer, form_of
from reference_server.grammar.form import Document, Form


class Block(Body):
    """One content block: text, tool_use, tool_result, or reasoning of an earlier turn."""

    type: Literal["text", "tool_use", "tool_result", "thinking", "redacted_thinking"]
    text: str | None = None
    thinking: str | None = None
    id: str | None = None
    name: str | None = None
    input: JsonObject | None = None
    tool_use_id: str | None = None
    content: str | Entries[TextPart] = ""
    is_error: bool = False

    @model_validator(mode="after")
    def _has_its_keys(self) -> Self:
        needed = {"text": ("text",), "tool_use": ("id", "name", "input")}
        for key in needed.get(self.type, ()):
            if getattr(self, key) is None:
                raise fault(f"is required in a block of type {self.type!r}", key)
        if self.type == "tool_result" and self.tool_use_id is None:
            raise fault("is required in a block of type 'tool_result'", "tool_use_id")
        return self

    def call(self) -> dict[str, Any]:
        """A tool_use block as the call that chat templates expect."""
        arguments = orjson.dumps(self.input).decode()
        function = {"name": self.name, "arguments": arguments}
        return {"id": self.id, "type": "function", "function": function}

    def result(self) -> dict[str, Any]:
        """A tool_result block as a tool's message. A failed call is told to the model in words."""
        content = joined(self.content) or ""
        if self.is_error:
            content = f"Error: {content}"
        return {"role": "tool", "tool_call_id": self.tool_use_id, "content": content}


class Message(Body):
    """One turn. Tools are used by the assistant, their results come back from the user."""

    role: Literal["user", "assistant", "system"]
    content: str | Entries[Block]

    @model_validator(mode="after")
    def _blocks_fit_role(self) -> Self:
        if isinstance(self.content, str):
            return self
        foreign = {"assistant": {"tool_result"}, "user": {"tool_use"}}
        for index, block in enumerate(self.content):
            if block.type in foreign.get(self.role, {"tool_use", "tool_result"}):
                place = f"content[{index}].type"
                raise fault(f"cannot be {block.type!r} in a {self.role} message", place)
        return self

    def for_template(self) -> list[dict[str, Any]]:
        """The turn as messages for a chat template, in the order of its blocks."""
        if isinstance(self.content, str):
            return [{"role": self.role, "content": self.content}]
        results = [block.result() for block in self.content if block.type == "tool_result"]
        calls = [block.call() for block in self.content if block.type == "tool_use"]
        texts = [block.text for block in self.content if block.text is not None]
        turn: dict[str, Any] = {"role": self.role, "content": "".join(texts)}
        thoughts = [block.thinking for block in self.content if block.thinking]
        if thoughts and self.role == "assistant":
            turn["reasoning_content"] = "\n".join(thoughts)
        if calls:
            turn["tool_calls"] = calls
        return results + ([turn] if texts or calls or not results else [])


class Tool(Body):
    """A tool of the client's. Tools that run at Anthropic have other types and are refused."""

    type: Literal["custom"] = "custom"
    name: ToolName
    description: str | None = None
    input_schema: ObjectSchema
    strict: bool = False

    def for_template(self) -> dict[str, Any]:
        """The tool as chat templates expect it."""
        return tool_for_template(self.name, self.description, self.input_schema)


class ToolChoice(Body):
    """``tool_choice``. A tool chosen by name is used once."""

    type: Literal["auto", "none", "any", "tool"]
    name: str | None = None
    disable_parallel_tool_use: bool = False

    @model_validator(mode="after")
    def _has_its_name(self) -> Self:
        if self.type == "tool" and self.name is None:
            raise fault("is required with type 'tool'", "name")
        return self

    def chosen(self) -> Choice:
        """What it asks for."""
        if self.type == "tool" and self.name is not None:
            return Choice(must=True, names=frozenset([self.name]))
        return Choice(must=self.type == "any")


class Thinking(Body):
    """``thinking``: off, left to the model and its template, or asked for within a budget.

    Anthropic's own models take no budget below 1,024 tokens; small ones think in fewer.
    """

    type: Literal["disabled", "adaptive", "enabled"]
    budget_tokens: Annotated[int, Field(ge=1)] | None = None
    display: Annotated[Literal["summarized", "omitted"], only("summarized")] = "summarized"

    @model_validator(mode="after")
    def _budget_fits_type(self) -> Self:
        if self.type == "enabled" and self.budget_tokens is None:
            raise fault("is required with type 'enabled'", "budget_tokens")
        if self.type != "enabled" and self.budget_tokens is not None:
            raise fault("is only allowed with type 'enabled'", "budget_tokens")
        return self


class OutputFormat(Body):
    """``output_config.format``: the answer is a JSON document of this schema."""

    type: Literal["json_schema"]
    schema_: Annotated[JsonObject, Field(alias="schema")]

    def document(self) -> Document:
        """What it asks for."""
        return Document(self.schema_, "output_config.format.schema")


class OutputConfig(Body):
    """``output_config``: ``effort`` goes to the template, ``format`` bounds the answer."""

    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: OutputFormat | None = None


class CountBody(Body):
    """What determines the prompt: the body of ``count_tokens``."""

    model: Annotated[str, Field(min_length=1)]
    messages: Annotated[Entries[Message], Field(min_length=1)]
    system: str | Entries[TextPart] | None = None
    tools: Entries[Tool] = Field(default_factory=list)
    tool_choice: ToolChoice = ToolChoice(type="auto")
    thinking: Thinking = Thinking(type="adaptive")
    output_config: OutputConfig = OutputConfig()
    mcp: bool | Entries[str] | None = None
    mcp_servers: Annotated[list[Any], only([])] = Field(default_factory=list)
    container: Refused = None
    context_management: Refused = None
    cache_control: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _asks_for_a_turn(self) -> Self:
        if self.messages[-1].role == "assistant":
            raise unsupported(field="messages")
        return self

    @model_validator(mode="after")
    def _tools_fit(self) -> Self:
        if self.tool_choice.type in ("any", "tool") and not self.tools:
            raise fault("is only allowed together with tools", "tool_choice")
        name = self.tool_choice.chosen().unknown([tool.name for tool in self.tools])
        if name is not None:
            raise fault(f"names {name!r}, which is not in tools", "tool_choice")
        return self

    @property
    def form(self) -> Form | None:
        """The form that the answer must have."""
        choice, output = self.tool_choice, self.output_config.format
        offers = [
            Offer(tool.name, tool.input_schema, tool.strict, f"tools[{index}].input_schema")
            for index, tool in enumerate(self.tools)
            if choice.type != "none"
        ]
        several = choice.type != "tool" and not choice.disable_parallel_tool_use
        document = output.document() if output is not None else None
        return form_of(offers, choice.chosen(), document, several=several)

    @property
    def conversation(self) -> list[dict[str, Any]]:
        """All messages for the chat template, the system prompt first."""
        system = joined(self.system)
        head = [{"role": "system", "content": system}] if system else []
        return head + [entry for message in self.messages for entry in message.for_template()]

    @property
    def offered(self) -> list[dict[str, Any]]:
        """The tools that the model is shown: none with ``tool_choice: none``."""
        return [] if self.tool_choice.type == "none" else [t.for_template() for t in self.tools]

    @property
    def template_options(self) -> dict[str, Any]:
        """Reasoning is switched where the template knows how, and only when asked for.

        An effort that is not named is ``high``, as in Anthropic's documentation.
        """
        if self.thinking.type == "disabled":
            return switched(thinking=False)
        effort = self.output_config.effort
        if self.thinking.type == "enabled":
            return {**switched(thinking=True), "reasoning_effort": effort or "high"}
        return {"reasoning_effort": effort} if effort else {}


class MessagesBody(CountBody):
    """The whole body."""

    max_tokens: MaxTokens
    stream: bool = False
    temperature: Probability = 1.0
    top_p: Probability = 1.0
    stop_sequences: Annotated[
        Entries[Annotated[str, Field(min_length=1)]], Field(max_length=MAX_STOP_SEQUENCES)
    ] = Field(default_factory=list)
    top_k: Annotated[int, Field(ge=0)] = 0
    speed: Annotated[str, only("standard")] = "standard"

    metadata: dict[str, Any] | None = None
    service_tier: str | None = None
    inference_geo: str | None = None

    @model_validator(mode="after")
    def _budget_leaves_room(self) -> Self:
        budget = self.thinking.budget_tokens
        if budget is not None and budget >= self.max_tokens:
            raise fault("must be below max_tokens", "thinking.budget_tokens")
        return self
