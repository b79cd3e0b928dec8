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

from reference_server.api.fields import (
    Body,
    Entries,
    MaxTokens,
    Metadata,
    ObjectSchema,
    ReasoningEffort,
    Refused,
    StreamOptions,
    TemplateOptions,
    ToolName,
    only,
    switched,
    tool_for_template,
    unsupported,
)
from reference_server.api.responses_items import Item, MessageItem
from reference_server.api.sampling_body import SamplingBody

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


class Tool(Body):
    """A function that the model may call. Strict arguments need constrained decoding: refused."""

    type: Literal["function"]
    name: ToolName
    description: str | None = None
    parameters: ObjectSchema = Field(default_factory=lambda: {"type": "object", "properties": {}})
    strict: Annotated[bool, only(False)] = False

    def for_template(self) -> dict[str, Any]:
        """The tool as chat templates expect it."""
        return tool_for_template(self.name, self.description, self.parameters)


class TextFormat(Body):
    """``text.format``: plain text only, until decoding can be constrained."""

    type: Annotated[Literal["text", "json_object", "json_schema"], only("text")] = "text"


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
    tool_choice: str | dict[str, Any] = "auto"
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
        if self.tool_choice not in ("none", "auto"):
            raise unsupported("none", "auto", field="tool_choice")
        if self.tools and not self.parallel_tool_calls:
            raise unsupported(True, field="parallel_tool_calls")
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
    def template_options(self) -> dict[str, Any]:
        """What the request says to the template; ``chat_template_kwargs`` have the last word."""
        effort = {"reasoning_effort": self.reasoning.effort} if self.reasoning.effort else {}
        switch = switched(thinking=False) if self.reasoning.effort == "none" else {}
        return {**effort, **switch, **self.chat_template_kwargs.for_template()}

    @property
    def logprobs(self) -> int | None:
        """Of how many other tokens log-probabilities are asked for; None for none at all."""
        asked = self.top_logprobs > 0 or LOGPROBS in self.include
        return self.top_logprobs if asked else None

    def told(self) -> dict[str, Any]:
        """The settings as the response repeats them."""
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
            "tool_choice": self.tool_choice,
            "parallel_tool_calls": self.parallel_tool_calls,
            "reasoning": {"effort": self.reasoning.effort, "summary": self.reasoning.summary},
            "text": self.text.model_dump(),
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
