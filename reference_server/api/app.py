"""The application: routes, the shapes of what goes wrong, and the layers around them.

A request passes, from the outside in: CORS where it is on, the observer (log, metrics), the
boundary (request id, last resort), the Host check, the API key, the rate limit, the deadline, then
its route. Nothing else runs between a client and its answer.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from reference_server.api import (
    anthropic,
    cache,
    capabilities,
    description,
    embeddings,
    health,
    metrics,
    models,
    openai_chat,
    openai_completions,
    openai_responses,
    responses_kept,
    status,
    tokenizing,
    toolboxes,
)
from reference_server.api.auth import ApiKey
from reference_server.api.boundary import Boundary
from reference_server.api.cors import cors
from reference_server.api.deadline import Deadline
from reference_server.api.errors import ApiError, from_service, response
from reference_server.api.holder import Holder
from reference_server.api.hosts import HostCheck
from reference_server.api.observer import Observer
from reference_server.api.ratelimit import RateLimit
from reference_server.errors import ServerError

ROUTES = (
    Route("/health", health.health, methods=["GET"]),
    Route("/healthz", health.health, methods=["GET"]),
    Route("/health/diagnostics", health.diagnostics, methods=["GET"]),
    Route("/metrics", metrics.scrape, methods=["GET"]),
    Route("/openapi.json", description.openapi, methods=["GET"]),
    Route("/v1/capabilities", capabilities.capabilities, methods=["GET"]),
    Route("/v1/status", status.status, methods=["GET"]),
    Route("/v1/requests/{id}/cancel", status.cancel, methods=["POST"]),
    Route("/v1/requests/{id}", status.cancel, methods=["DELETE"]),
    Route("/v1/cache/stats", cache.stats, methods=["GET"]),
    Route("/v1/cache", cache.clear, methods=["DELETE"]),
    Route("/v1/mcp/servers", toolboxes.servers, methods=["GET"]),
    Route("/v1/mcp/tools", toolboxes.tools, methods=["GET"]),
    Route("/v1/mcp/execute", toolboxes.execute, methods=["POST"]),
    Route("/v1/models", models.listing, methods=["GET"]),
    Route("/v1/models/{model:path}", models.retrieve, methods=["GET"]),
    Route("/v1/chat/completions", openai_chat.create, methods=["POST"]),
    Route("/v1/completions", openai_completions.create, methods=["POST"]),
    Route("/v1/embeddings", embeddings.create, methods=["POST"]),
    Route("/tokenize", tokenizing.tokenize, methods=["POST"]),
    Route("/detokenize", tokenizing.detokenize, methods=["POST"]),
    Route("/v1/responses", openai_responses.create, methods=["POST"]),
    Route("/v1/responses/{id}", responses_kept.response, methods=["GET", "DELETE"]),
    Route("/v1/responses/{id}/cancel", responses_kept.cancel, methods=["POST"]),
    Route("/v1/responses/{id}/input_items", responses_kept.input_items, methods=["GET"]),
    Route("/v1/messages", anthropic.create, methods=["POST"]),
    Route("/v1/messages/count_tokens", anthropic.count, methods=["POST"]),
)


def create_app(holder: Holder) -> Starlette:
    """The application over ``holder``, whose service may come later."""
    app = Starlette(
        routes=list(ROUTES),
        middleware=layers(holder),
        exception_handlers={
            ApiError: _api_error,
            ServerError: _server_error,
            HTTPException: _http_error,
            ClientDisconnect: _gone,
        },
    )
    # A path with another ending is another path: 404, not a redirect that loses a POST's body.
    app.router.redirect_slashes = False
    app.state.holder = holder
    return app


def layers(holder: Holder) -> list[Middleware]:
    """What a request passes before its route, from the outside in."""
    settings = holder.settings
    return [
        *cors(settings.cors_origins),
        Middleware(Observer, meters=holder.meters, routes=ROUTES),
        Middleware(Boundary),
        Middleware(HostCheck, names=settings.allowed_hosts),
        Middleware(ApiKey, key=settings.api_key),
        Middleware(RateLimit, per_minute=settings.rate_limit, keyed=settings.api_key is not None),
        Middleware(Deadline, seconds=settings.request_timeout_s),
    ]


async def _api_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return response(error, request.scope)


async def _server_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ServerError):
        raise error
    return response(from_service(error, request.scope), request.scope)


async def _http_error(request: Request, error: Exception) -> Response:
    """What the router raises: 404, and 405 with Allow. OPTIONS asks for just that list."""
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == 405 and request.method == "OPTIONS":
        return Response(status_code=204, headers=headers)
    sentences = {
        404: f"There is no {request.url.path} here.",
        405: f"{request.url.path} does not answer to {request.method}.",
    }
    sentence = sentences.get(error.status_code, error.detail)
    codes = {404: "not_found", 405: "method_not_allowed"}
    fault = ApiError(
        error.status_code, sentence, code=codes.get(error.status_code), headers=headers
    )
    return response(fault, request.scope)


async def _gone(request: Request, error: Exception) -> Response:
    """Nobody reads this answer. 499 is nginx's word for it in logs."""
    return Response(status_code=499)
