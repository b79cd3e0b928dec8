"""The shapes of what the routes of responses answer, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import RootModel

from reference_server.api.answers import Shape

Status = Literal["in_progress", "completed", "incomplete"]


class Part(Shape):
    """Text of a message or of a thought; ``logprobs`` is there for messages that were made here."""

    type: Literal["input_text", "output_text", "reasoning_text", "refusal"]
    text: str | None = None
    refusal: str | None = None
    annotations: list[Any] | None = None
    logprobs: list[dict[str, Any]] | None = None


class OutputItem(Shape):
    """A message, a thought, a call, or what a call gave: the keys of its ``type``."""

    type: Literal["message", "reasoning", "function_call", "function_call_output"]
    id: str
    status: Status
    role: Literal["user", "assistant", "system", "developer"] | None = None
    content: list[Part] | None = None
    summary: list[dict[str, Any]] | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None
    output: str | list[Part] | None = None


class InputDetails(Shape):
    """How much of the input was taken from the prefix cache."""

    cached_tokens: int
    cache_write_tokens: int


class OutputDetails(Shape):
    """How much of the output was thought."""

    reasoning_tokens: int


class ResponseUsage(Shape):
    """Tokens."""

    input_tokens: int
    input_tokens_details: InputDetails
    output_tokens: int
    output_tokens_details: OutputDetails
    total_tokens: int


class Response(Shape):
    """A response, with the settings that it was asked for with."""

    id: str
    object: Literal["response"]
    created_at: int
    completed_at: int | None
    status: Literal["in_progress", "completed", "incomplete", "failed", "cancelled"]
    error: dict[str, str] | None
    incomplete_details: dict[str, str] | None
    output: list[OutputItem]
    usage: ResponseUsage | None
    model: str
    instructions: str | None
    previous_response_id: str | None
    store: bool
    background: bool
    max_output_tokens: int | None
    max_tool_calls: int | None
    truncation: Literal["auto", "disabled"]
    metadata: dict[str, str]
    tools: list[dict[str, Any]]
    tool_choice: str | dict[str, Any]
    parallel_tool_calls: bool
    reasoning: dict[str, str | None]
    text: dict[str, Any]
    temperature: float
    top_p: float
    top_logprobs: int
    presence_penalty: float
    frequency_penalty: float
    service_tier: str
    user: str | None
    safety_identifier: str | None
    prompt_cache_key: str | None
    x_removed_tool_calls: list[dict[str, str]] | None = None


class DeletedResponse(Shape):
    """A response that is no longer kept."""

    id: str
    object: Literal["response"]
    deleted: Literal[True]


class KeptResponse(RootModel[Response | DeletedResponse]):
    """What ``GET`` gives, and what ``DELETE`` gives."""


class ItemPage(Shape):
    """Items that a response answers."""

    object: Literal["list"]
    data: list[OutputItem]
    first_id: str | None
    last_id: str | None
    has_more: bool
