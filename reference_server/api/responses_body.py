"""The body of ``POST /v1/responses``, after the OpenAPI schema CreateResponse.

Accepted without effect, because they ask for nothing that a local server of one model could do
otherwise: ``user``, ``safety_identifier``, ``service_tier``, ``prompt_cache_key``,
``prompt_cache_retention``, ``text.verbosity``, ``max_tool_calls`` (of tools that run at OpenAI),
``include`` of what such tools give and of encrypted reasoning: the thoughts themselves are in the
answer. The fields of ``SamplingBody`` that OpenAI's routes for chats have work here as well. What
this server cannot do yet is refused with a 400 that names the field.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from reference_server.api.chat_body import Function
from reference_server.api.fields import (
    Body,
    Entries,
    JsonObject,
    MaxTokens,
    Metadata,
    ReasoningEffort,
    Refused,
    StreamOptions,
    TemplateOptions,
    ToolName,
    fault,
    only,
)
from reference_server.api.form_body import Choice, Offer, check_choice, choice_of, form_of
from reference_server.api.responses_items import Item, MessageItem
from reference_server.api.sampling_body import SamplingBody
from reference_server.grammar.form import ANY_OBJECT, Document, Form

LOGPROBS = "message.output_text.logprobs"

# OpenAPI schema IncludeEnum.
Includable = Literal[
    "message.output_text.logprobs",
    "reasoning.encrypted_content",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
]


class Typed(Body):
    """What is checked of a tool before the rest."""

    type: Literal["function"]


class Tool(Function, Typed):
    """A function that the model may call, without chat's wrapper."""


class NamedTool(Body):
    """A function that ``tools`` has."""

    type: Literal["function"]
    name: str


class ToolChoice(Body):
    """``tool_choice`` as an object: one function, or a part of the tools."""

    type: Literal["function", "allowed_tools"]
    name: str | None = None
    mode: Literal["auto", "required"] | None = None
    tools: Entries[NamedTool] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_its_keys(self) -> Self:
        needed = ("name",) if self.type == "function" else ("mode", "tools")
        for key in needed:
            if not getattr(self, key):
                raise fault(f"is required with type {self.type!r}", key)
        return self

    def chosen(self) -> Choice:
        """What it asks for."""
        if self.name is not None and self.type == "function":
            return Choice(must=True, names=frozenset([self.name]))
        names = frozenset(tool.name for tool in self.tools)
        return Choice(must=self.mode == "required", names=names)

    def told(self) -> dict[str, Any]:
        """The choice as the response repeats it."""
        keys = {"type", "name"} if self.type == "function" else {"type", "mode", "tools"}
        return self.model_dump(include=keys)


class TextFormat(Body):
    """``text.format``. Both with ``strict`` and without the schema is kept."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    name: ToolName | None = None
    description: str | None = None
    schema_: Annotated[JsonObject | None, Field(alias="schema")] = None
    strict: bool = False

    @model_validator(mode="after")
    def _has_its_schema(self) -> Self:
        if self.type == "json_schema":
            for key, value in (("name", self.name), ("schema", self.schema_)):
                if value is None:
                    raise fault("is required with type 'json_schema'", key)
        return self

    def document(self) -> Document | None:
        """What it asks for; None for text."""
        if self.type == "json_schema" and self.schema_ is not None:
            return Document(self.schema_, "text.format.schema")
        return Document(ANY_OBJECT, "text.format") if self.type == "json_object" else None

    def told(self) -> dict[str, Any]:
        """The format as the response repeats it."""
        keys = None if self.type == "json_schema" else {"type"}
        return self.model_dump(include=keys, by_alias=True)


class TextConfig(Body):
    """``text``."""

    format: TextFormat = TextFormat()
    verbosity: Literal["low", "medium", "high"] | None = None


class ReasoningConfig(Body):
    """``reasoning``. The answer holds the thoughts; ``auto`` is content without a summary."""

    effort: ReasoningEffort | None = None
    summary: Annotated[Literal["auto", "concise", "detailed"], only("auto")] | None = None
    generate_summary: Annotated[Literal["auto", "concise", "detailed"], only("auto")] | None = None
    context: Annotated[Literal["auto", "current_turn", "all_turns"], only("auto")] | None = None
    mode: Annotated[str, only("standard")] | None = None


class ResponsesBody(SamplingBody):
    """The whole body."""

    model: Annotated[str, Field(min_length=1)]
    input: str | Annotated[Entries[Item], Field(min_length=1)]
    instructions: str | None = None
    previous_response_id: str | None = None
    store: bool = True
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_output_tokens: MaxTokens | None = None
    truncation: Literal["auto", "disabled"] = "disabled"
    metadata: Metadata = Field(default_factory=dict)

    tools: Entries[Tool] = Field(default_factory=list)
    tool_choice: Literal["none", "auto", "required"] | ToolChoice = "auto"
    parallel_tool_calls: bool = True
    max_tool_calls: MaxTokens | None = None
    reasoning: ReasoningConfig = ReasoningConfig()
    chat_template_kwargs: TemplateOptions = TemplateOptions()
    max_thinking_tokens: Annotated[int, Field(ge=0)] | None = None
    text: TextConfig = TextConfig()
    include: Entries[Includable] = Field(default_factory=list)
    top_logprobs: Annotated[int, Field(ge=0, le=20)] = 0

    background: Annotated[bool, only(False)] = False
    conversation: Refused = None
    context_management: Refused = None
    moderation: Refused = None
    prompt: Refused = None

    user: str | None = None
    safety_identifier: str | None = None
    service_tier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None

    @model_validator(mode="after")
    def _tools_fit(self) -> Self:
        check_choice(self.tool_choice, [tool.name for tool in self.tools], free=("none", "auto"))
        return self

    @property
    def items(self) -> list[Item]:
        """The input as items: a string is what a user says."""
        if isinstance(self.input, str):
            return [MessageItem(role="user", content=self.input)]
        return self.input

    @property
    def offered(self) -> list[dict[str, Any]]:
        """The tools that the model is shown: none with ``tool_choice: "none"``."""
        return [] if self.tool_choice == "none" else [tool.for_template() for tool in self.tools]

    @property
    def form(self) -> Form | None:
        """The form that the answer must have; a function chosen by name is called once."""
        offers = [
            Offer(tool.name, tool.parameters, tool.strict, f"tools[{index}].parameters")
            for index, tool in enumerate(self.tools)
            if self.tool_choice != "none"
        ]
        named = isinstance(self.tool_choice, ToolChoice) and self.tool_choice.type == "function"
        several = self.parallel_tool_calls and not named
        choice, document = choice_of(self.tool_choice), self.text.format.document()
        return form_of(offers, choice, document, several=several)

    @property
    def template_options(self) -> dict[str, Any]:
        """What the request says to the template; ``chat_template_kwargs`` have the last word."""
        return self.chat_template_kwargs.after(self.reasoning.effort)

    @property
    def logprobs(self) -> int | None:
        """Of how many other tokens log-probabilities are asked for; None for none at all."""
        asked = self.top_logprobs > 0 or LOGPROBS in self.include
        return self.top_logprobs if asked else None

    def told(self) -> dict[str, Any]:
        """The settings as the response repeats them."""
        choice, text = self.tool_choice, self.text
        return {
            "model": self.model,
            "instructions": self.instructions,
            "previous_response_id": self.previous_response_id,
            "store": self.store,
            "background": False,
            "max_output_tokens": self.max_output_tokens,
            "max_tool_calls": self.max_tool_calls,
            "truncation": self.truncation,
            "metadata": self.metadata,
            "tools": [_told(tool) for tool in self.tools],
            "tool_choice": choice.told() if isinstance(choice, ToolChoice) else choice,
            "parallel_tool_calls": self.parallel_tool_calls,
            "reasoning": {"effort": self.reasoning.effort, "summary": self.reasoning.summary},
            "text": {"format": text.format.told(), "verbosity": text.verbosity},
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_logprobs": self.top_logprobs,
            "presence_penalty": self.presence_penalty,
            "frequency_penalty": self.frequency_penalty,
            "service_tier": "default",
            "user": self.user,
            "safety_identifier": self.safety_identifier,
            "prompt_cache_key": self.prompt_cache_key,
        }


def _told(tool: Tool) -> dict[str, Any]:
    return tool.model_dump(include={"type", "name", "description", "parameters", "strict"})
