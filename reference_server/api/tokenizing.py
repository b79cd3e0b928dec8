"""``POST /tokenize`` and ``/detokenize``: the served model's tokenizer, in vLLM's shapes."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api import body
from reference_server.api.answers import Detokenized, Tokenized
from reference_server.api.chat_body import Message, Tool
from reference_server.api.fields import Body, Entries, fault
from reference_server.api.generating import json_response, prepared
from reference_server.api.holder import Holder, holder_of
from reference_server.api.openapi import documented
from reference_server.api.prompts import Tokens
from reference_server.service import Service


class TokenizeBody(Body):
    """``prompt``, or ``messages`` with the ``tools`` that the chat template is to show.

    ``add_special_tokens`` is for ``prompt``: a chat template writes its own.
    """

    model: str | None = None
    prompt: str | None = None
    messages: Annotated[Entries[Message], Field(min_length=1)] | None = None
    tools: Entries[Tool] = Field(default_factory=list)
    add_special_tokens: bool = True
    return_token_strs: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.prompt is None) == (self.messages is None):
            raise fault("or messages is required, and not both", "prompt")
        return self

    def tokens(self, service: Service) -> list[int]:
        """The tokens that a completion of the prompt, or a chat, would begin with."""
        if self.prompt is not None:
            return service.tokens.encode(self.prompt, special=self.add_special_tokens)
        messages = [message.for_template() for message in self.messages or ()]
        tools = [tool.function.for_template() for tool in self.tools]
        return service.chat_prompt(messages, tools or None, {})


class DetokenizeBody(Body):
    """Tokens of the served model."""

    model: str | None = None
    tokens: Tokens


@documented(Tokenized, body=TokenizeBody)
async def tokenize(request: Request) -> Response:
    """Text, or a conversation, to tokens.

    Raises:
        ApiError: the body does not fit, or the service refuses it.
    """
    incoming = await body.read(request)
    ask = body.check(TokenizeBody, incoming.fields)
    service = _service(holder_of(request), ask.model)
    tokens = await prepared(incoming.size, partial(ask.tokens, service))
    answer: dict[str, Any] = {
        "count": len(tokens),
        "max_model_len": service.context_length,
        "tokens": tokens,
        "token_strs": service.tokens.names(tokens) if ask.return_token_strs else None,
    }
    return json_response(answer, body.ignored(TokenizeBody, incoming.fields))


@documented(Detokenized, body=DetokenizeBody)
async def detokenize(request: Request) -> Response:
    """Tokens to text.

    Raises:
        ApiError: the body does not fit, or holds what is no token.
    """
    incoming = await body.read(request)
    ask = body.check(DetokenizeBody, incoming.fields)
    service = _service(holder_of(request), ask.model)
    text = await prepared(incoming.size, partial(service.tokens.decode, ask.tokens))
    return json_response({"prompt": text}, body.ignored(DetokenizeBody, incoming.fields))


def _service(holder: Holder, model: str | None) -> Service:
    if model is not None:
        holder.script(model)
    return holder.ready()
