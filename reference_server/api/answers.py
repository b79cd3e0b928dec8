"""The shapes of what this server answers, for its OpenAPI document.

Routes write their JSON by hand, since checking each answer would cost time; tests hold what they
write against these classes, in which no key is missing and none is too many.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Base of all: keys that are not declared do not occur; one with a default may be absent."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class OpenAIErrorDetail(Shape):
    """What went wrong: ``param`` is the path of the field at fault."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(Shape):
    """An error on every route that is not Anthropic's."""

    error: OpenAIErrorDetail


class AnthropicErrorDetail(Shape):
    """What went wrong."""

    type: str
    message: str


class AnthropicError(Shape):
    """An error on Anthropic's routes."""

    type: Literal["error"]
    error: AnthropicErrorDetail
    request_id: str


class Model(Shape):
    """A model that is served."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    max_model_len: int


class ModelList(Shape):
    """All that are served."""

    object: Literal["list"]
    data: list[Model]


class PromptDetails(Shape):
    """How much of a prompt was taken from the prefix cache."""

    cached_tokens: int


class CompletionDetails(Shape):
    """How much of an answer was spent inside thoughts."""

    reasoning_tokens: int


class Usage(Shape):
    """OpenAI's CompletionUsage."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails
    completion_tokens_details: CompletionDetails


class TokenLogprob(Shape):
    """One token and the natural log-probability it had."""

    token: str
    logprob: float
    bytes: list[int] | None


class ChosenLogprob(TokenLogprob):
    """A token of the answer, with the likeliest ones in its place."""

    top_logprobs: list[TokenLogprob]


class ChatLogprobs(Shape):
    """Those of one choice."""

    content: list[ChosenLogprob] | None
    refusal: None


class CalledFunction(Shape):
    """The function of a call; ``arguments`` is JSON in a string."""

    name: str
    arguments: str


class ToolCall(Shape):
    """A call that the model makes."""

    id: str
    type: Literal["function"]
    function: CalledFunction


class ChatMessage(Shape):
    """What the model says; the keys with a default are absent where there is nothing to tell."""

    role: Literal["assistant"]
    content: str | None
    refusal: None
    reasoning_content: str = ""
    reasoning: str = ""
    tool_calls: list[ToolCall] = []


class ChatChoice(Shape):
    """One of the answers asked for."""

    index: int
    message: ChatMessage
    logprobs: ChatLogprobs | None
    finish_reason: Literal["stop", "length", "tool_calls"]
    x_removed_tool_calls: list[CalledFunction] = []
    logits_hashes: list[str] = []


class ChatCompletion(Shape):
    """OpenAI's CreateChatCompletionResponse."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage
    system_fingerprint: str
    logits_hashes: list[str] = []


class TextLogprobs(Shape):
    """Four lists, one entry a token."""

    tokens: list[str]
    token_logprobs: list[float | None]
    top_logprobs: list[dict[str, float] | None]
    text_offset: list[int]


class TextChoice(Shape):
    """One of the answers asked for."""

    index: int
    text: str
    logprobs: TextLogprobs | None
    finish_reason: Literal["stop", "length"]
    logits_hashes: list[str] = []


class Completion(Shape):
    """OpenAI's CreateCompletionResponse."""

    id: str
    object: Literal["text_completion"]
    created: int
    model: str
    choices: list[TextChoice]
    usage: Usage
    system_fingerprint: str
    logits_hashes: list[str] = []


class TextBlock(Shape):
    """Text."""

    type: Literal["text"]
    text: str


class ThinkingBlock(Shape):
    """What the model thought; nobody signs here."""

    type: Literal["thinking"]
    thinking: str
    signature: str


class ToolUseBlock(Shape):
    """A call that the model makes."""

    type: Literal["tool_use"]
    id: str
    name: str
    input: dict[str, Any]


class OutputDetails(Shape):
    """How much of an answer was spent inside thoughts."""

    thinking_tokens: int


class MessageUsage(Shape):
    """Tokens read and written."""

    input_tokens: int
    output_tokens: int
    output_tokens_details: OutputDetails


class Message(Shape):
    """Anthropic's Message."""

    id: str
    type: Literal["message"]
    role: Literal["assistant"]
    model: str
    content: list[TextBlock | ThinkingBlock | ToolUseBlock]
    stop_reason: Literal[
        "end_turn", "max_tokens", "stop_sequence", "tool_use", "model_context_window_exceeded"
    ]
    stop_sequence: str | None
    usage: MessageUsage
    x_removed_tool_calls: list[CalledFunction] = []


class TokenCount(Shape):
    """The size of a prompt."""

    input_tokens: int


class Embedding(Shape):
    """One vector: numbers, or base64 of little-endian float32."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class EmbeddingUsage(Shape):
    """Tokens read."""

    prompt_tokens: int
    total_tokens: int


class Embeddings(Shape):
    """OpenAI's CreateEmbeddingResponse."""

    object: Literal["list"]
    data: list[Embedding]
    model: str
    usage: EmbeddingUsage


class Tokenized(Shape):
    """The tokens of a text or a conversation."""

    count: int
    max_model_len: int
    tokens: list[int]
    token_strs: list[str] | None


class Detokenized(Shape):
    """The text of tokens."""

    prompt: str
