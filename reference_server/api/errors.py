"""Errors as the two API families shape them, and where an exception becomes one of them.

OpenAI: ``{"error": {"message", "type", "param", "code"}}``, all four keys always (OpenAPI schema
``Error``). Anthropic: ``{"type": "error", "error": {"type", "message"}, "request_id"}``; its status
and type pairs are those of https://docs.anthropic.com/en/api/errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Scope

from reference_server.errors import (
    BadRequest,
    Cancelled,
    GenerationFailed,
    OutOfMemory,
    Overloaded,
    PromptTooLong,
    ServerError,
    Unavailable,
)

# Seconds a client is asked to wait: a full queue moves at every finished request, and a model
# takes seconds to load, so one second is soon enough and no storm.
RETRY_AFTER_S = 1

# The field that a route takes its prompt from, where it is not ``messages``.
PROMPTS = {"/v1/completions": "prompt", "/v1/responses": "input"}

OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class ApiError(Exception):
    """An answer that is an error: its status and the parts that the families put into a body.

    ``param`` is the path of the offending field (``messages[0].content``), ``code`` the machine's
    word for the reason. Both exist in the OpenAI shape only; the message names the field in both.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.headers = dict(headers or {})


def invalid(param: str, sentence: str, *, code: str = "invalid_value") -> ApiError:
    """A 400 whose message starts with the field's path."""
    return ApiError(400, f"{param} {sentence}", param=param, code=code)


def from_service(error: ServerError, scope: Scope) -> ApiError:
    """The answer that an error of the service stands for, on the route it happened on."""
    retry = {"retry-after": str(RETRY_AFTER_S)}
    if isinstance(error, BadRequest):
        return _refused(error, PROMPTS.get(scope["path"], "messages"))
    if isinstance(error, Overloaded):
        return ApiError(429, str(error), code="rate_limit_exceeded", headers=retry)
    # What broke inside is for the log and /health; a client can do nothing with it.
    if isinstance(error, Unavailable):
        sentence = "The server is shutting down, or its engine has stopped."
        return ApiError(503, sentence, code="unavailable", headers=retry)
    if isinstance(error, GenerationFailed):
        sentence = "The generation of this answer failed; the same request may succeed again."
        return ApiError(500, sentence, code="generation_failed")
    if isinstance(error, OutOfMemory):
        return ApiError(503, str(error), code="out_of_memory")
    if isinstance(error, Cancelled):
        return ApiError(499, str(error), code="request_cancelled")
    return internal()


def _refused(error: BadRequest, prompt: str) -> ApiError:
    """The 400 of a request whose prompt comes from the field ``prompt``."""
    field, sentence = error.field, str(error)
    if field == "messages":  # the service's word for a conversation
        field, sentence = prompt, re.sub(r"^messages\b", prompt, sentence)
    code = "context_length_exceeded" if isinstance(error, PromptTooLong) else "invalid_value"
    return ApiError(400, sentence, param=field, code=code)


def internal() -> ApiError:
    """The answer to a fault of the server itself: it tells nothing about the inside."""
    return ApiError(500, "The server failed while answering this request.", code="internal_error")


def is_anthropic(path: str) -> bool:
    """Whether a path belongs to the family that speaks Anthropic's shapes."""
    return path == "/v1/messages" or path.startswith("/v1/messages/")


def openai_body(error: ApiError) -> dict[str, Any]:
    """The OpenAI shape of an error."""
    fallback = "invalid_request_error" if error.status < 500 else "server_error"
    return {
        "error": {
            "message": error.message,
            "type": OPENAI_TYPES.get(error.status, fallback),
            "param": error.param,
            "code": error.code,
        }
    }


def anthropic_body(error: ApiError, request_id: str) -> dict[str, Any]:
    """The Anthropic shape of an error."""
    fallback = "invalid_request_error" if error.status < 500 else "api_error"
    kind = ANTHROPIC_TYPES.get(error.status, fallback)
    return {
        "type": "error",
        "error": {"type": kind, "message": error.message},
        "request_id": request_id,
    }


def shaped(error: ApiError, scope: Scope) -> dict[str, Any]:
    """The error in the shape of the family that the request's path belongs to."""
    if is_anthropic(scope["path"]):
        return anthropic_body(error, scope["state"]["request_id"])
    return openai_body(error)


def response(error: ApiError, scope: Scope) -> Response:
    """The error as a JSON response in the family's own shape."""
    return Response(
        orjson.dumps(shaped(error, scope)),
        status_code=error.status,
        headers=error.headers,
        media_type="application/json",
    )
