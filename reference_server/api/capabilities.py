"""``GET /v1/capabilities``: what this server can do, in its own words.

What can be asked of the code is asked of it: a route is there or not, a body is accepted or not.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference_server.api.answers_operation import Capabilities
from reference_server.api.chat_body import ChatBody
from reference_server.api.generating import json_response
from reference_server.api.holder import Holder, holder_of
from reference_server.api.openapi import documented

ASK = {"model": "default", "messages": [{"role": "user", "content": "x"}]}


@documented(Capabilities)
async def capabilities(request: Request) -> Response:
    """What a client may ask of this server and its model; declared, not measured."""
    holder = holder_of(request)
    service = holder.ready()
    state = service.state()
    paths = {route.path for route in request.app.routes if isinstance(route, Route)}
    body = {
        "object": "capabilities",
        "declared": True,
        "model_loaded": True,
        "model_name": holder.names[0],
        "model_type": "llm",
        "modalities": {
            "text": True, "image": False, "video": False,
            "audio_input": False, "audio_output": False,
        },
        "features": _features(holder, paths),
        "policies": {"repetition": "none"},
        "diagnostics": {"levels": ["basic"]},
        **_access(holder),
        "limits": {
            "default_max_tokens": holder.settings.default_max_tokens,
            "default_timeout_seconds": holder.settings.request_timeout_s,
            "max_context_tokens": service.context_length,
            "effective_context_tokens": service.context_length,
            "effective_context_source": "model",
        },
        "model_traits": {
            "dtype": state.dtype, "device": state.device, "decoder": state.decoder.name
        },
    }  # fmt: skip
    return json_response(body, {})


def _features(holder: Holder, paths: set[str]) -> dict[str, bool]:
    state = holder.ready().state()
    tools, reasoning = state.tool_calls.name is not None, state.reasoning.name is not None
    return {
        "streaming": accepts(stream=True),
        "tool_calling": tools,
        "auto_tool_choice": tools,
        "structured_output": accepts(response_format={"type": "json_object"}),
        "reasoning": reasoning,
        "reasoning_configured": reasoning,
        "embeddings": "/v1/embeddings" in paths,
        "anthropic_messages": "/v1/messages" in paths,
        "mcp": "/v1/mcp/tools" in paths,
        "request_diagnostics": False,
        "strict_model_id": holder.settings.strict_model_id,
    }


def _access(holder: Holder) -> dict[str, Any]:
    settings = holder.settings
    return {
        "auth": {
            "api_key_required": settings.api_key is not None,
            "accepted_headers": ["authorization", "x-api-key"],
        },
        "rate_limit": {
            "enabled": settings.rate_limit is not None,
            "requests_per_minute": settings.rate_limit,
        },
    }


def accepts(**fields: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a chat's body may have these fields."""
    try:
        ChatBody.model_validate({**ASK, **fields})
    except ValidationError:
        return False
    return True
