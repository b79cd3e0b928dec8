"""The body of ``POST /v1/chat/completions``, after the OpenAPI schema CreateChatCompletionRequest.

Accepted without effect, because they ask for nothing that a local server of one model could do
otherwise: ``user``, ``safety_identifier``, ``metadata``, ``service_tier``, ``prompt_cache_key``,
``prompt_cache_retention``, ``verbosity``, ``store: false``. What this server
cannot do yet (``only``, ``Refused``) is refused with a 400 that names the field.
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
    TextPart,
    ToolName,
    fault,
    joined,
    only,
    tool_for_template,
)
from reference_server.api.form_body import (
    Offer,
    ResponseFormat,
    ToolChoice,
    check_choice,
    choice_of,
    form_of,
)
from reference_server.api.sampling_body import SamplingBody
from reference_server.grammar.form import Form


class CalledFunction(Body):
    """The function of a call in the history. ``arguments`` is what a model wrote: any text."""

    name: str
    arguments: str


class HistoryCall(Body):
    """A tool call that an assistant's message in the history made."""

    id: str
    type: Literal["function"] = "function"
    function: CalledFunction


class Message(Body):
    """One message of the conversation. The role decides which other keys must be there."""

    role: Literal["developer", "system", "user", "assistant", "tool"]
    content: str | Annotated[Entries[TextPart], Field(min_length=1)] | None = None
    name: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None  # the newer name of the same
    tool_calls: Entries[HistoryCall] = Field(default_factory=list)
    tool_call_id: str | None = None
    function_call: Refused = None
    audio: Refused = None

    @model_validator(mode="after")
    def _fits_role(self) -> Self:
        empty = self.content is None
        if self.role == "assistant":
            if empty and not self.tool_calls and self.refusal is None:
                raise fault("is required without tool_calls", "content")
            return self
        if empty:
            raise fault(f"is required in a message of role {self.role!r}", "content")
        if self.tool_calls:
            raise fault("belongs to messages of role 'assistant' only", "tool_calls")
        if self.role == "tool" and self.tool_call_id is None:
            raise fault("is required in a message of role 'tool'", "tool_call_id")
        return self

    def for_template(self) -> dict[str, Any]:
        """The message as chat templates expect it: content one string, no keys without a value."""
        content = joined(self.content)
        message = self.model_dump(include={"role", "name", "tool_call_id"})
        message["reasoning_content"] = self.reasoning_content or self.reasoning
        # Templates that do not expect a missing content would print it as "None".
        message["content"] = content if content is not None else self.refusal or ""
        if self.tool_calls:
            message["tool_calls"] = [call.model_dump() for call in self.tool_calls]
        return {key: value for key, value in message.items() if value is not None}


class Function(Body):
    """A function that the model may call. With ``strict`` its arguments follow the schema."""

    name: ToolName
    description: str | None = None
    parameters: ObjectSchema = Field(default_factory=lambda: {"type": "object", "properties": {}})
    strict: bool = False

    def for_template(self) -> dict[str, Any]:
        """The tool as chat templates expect it."""
        return tool_for_template(self.name, self.description, self.parameters)


class Tool(Body):
    """One entry of ``tools``."""

    type: Literal["function"]
    function: Function


class ChatBody(SamplingBody):
    """The whole body."""

    model: Annotated[str, Field(min_length=1)]
    messages: Annotated[Entries[Message], Field(min_length=1)]
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: MaxTokens | None = None
    max_completion_tokens: MaxTokens | None = None
    tools: Entries[Tool] = Field(default_factory=list)
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None = None
    parallel_tool_calls: bool = True
    mcp: bool | Entries[str] | None = None

    reasoning_effort: ReasoningEffort | None = None
    chat_template_kwargs: TemplateOptions = TemplateOptions()
    max_thinking_tokens: Annotated[int, Field(ge=0)] | None = None

    logprobs: bool = False
    top_logprobs: Annotated[int, Field(ge=0, le=20)] = 0

    n: Annotated[int, Field(ge=1, le=128)] = 1
    response_format: ResponseFormat = ResponseFormat(type="text")
    functions: Annotated[list[Any], only([])] = Field(default_factory=list)
    function_call: Annotated[Any, only("none", "auto")] = "none"
    modalities: Annotated[Entries[str], only(["text"])] = Field(default_factory=lambda: ["text"])
    audio: Refused = None
    moderation: Refused = None
    prediction: Refused = None
    web_search_options: Refused = None
    store: Annotated[bool, only(False)] = False

    user: str | None = None
    safety_identifier: str | None = None
    metadata: Metadata | None = None
    service_tier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    verbosity: str | None = None

    @model_validator(mode="after")
    def _logprobs_fit(self) -> Self:
        if self.top_logprobs and not self.logprobs:
            raise fault("is only allowed together with logprobs", "top_logprobs")
        return self

    @model_validator(mode="after")
    def _tools_fit(self) -> Self:
        check_choice(
            self.tool_choice, [tool.function.name for tool in self.tools], free=(None, "none")
        )
        return self

    @property
    def offered(self) -> list[dict[str, Any]]:
        """The tools that the model is shown: none with ``tool_choice: "none"``."""
        if self.tool_choice == "none":
            return []
        return [tool.function.for_template() for tool in self.tools]

    @property
    def template_options(self) -> dict[str, Any]:
        """What the request says to the template; ``chat_template_kwargs`` have the last word."""
        return self.chat_template_kwargs.after(self.reasoning_effort)

    @property
    def form(self) -> Form | None:
        """The form that the answer must have; a function chosen by name is called once."""
        offers = [
            Offer(one.name, one.parameters, one.strict, f"tools[{index}].function.parameters")
            for index, one in enumerate(tool.function for tool in self.tools)
            if self.tool_choice != "none"
        ]
        named = isinstance(self.tool_choice, ToolChoice) and self.tool_choice.type == "function"
        document = self.response_format.document()
        several = self.parallel_tool_calls and not named
        return form_of(offers, choice_of(self.tool_choice), document, several=several)
