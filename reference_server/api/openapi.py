"""``GET /openapi.json``: the document of all routes, made from the code that serves them.

A route joins it by ``@documented(...)`` on its endpoint. Bodies come from the classes that validate
them, answers from those of ``answers``; summary and text are the endpoint's docstring.
OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference_server.api.answers import AnthropicError, OpenAIError
from reference_server.api.auth import OPEN_PATHS
from reference_server.api.errors import is_anthropic

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
E = TypeVar("E", bound=Endpoint)
Model: TypeAlias = type[BaseModel]
Json: TypeAlias = dict[str, Any]

REFERENCE = "#/components/schemas/{model}"
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")

# What any route may answer: a foreign name in the Host header, a fault, not ready, too slow.
ANYWHERE = (403, 500, 503, 504)
WITH_BODY = (400, 404, 413)  # 404: the body names a model that is not here
WITH_LIMIT = (429,)
GENERATING = (499,)  # cancelled through the API
REASONS = {499: "Cancelled"}

REQUEST_ID = {
    "x-request-id": {
        "description": "The name of this request in the log.",
        "required": True,
        "schema": {"type": "string"},
    }
}
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What the document says of an endpoint beside its path and method.

    ``answers`` are the bodies of statuses that are no errors: a model, or a media type of text.
    ``streams`` is whether ``stream: true`` makes it server-sent events.
    """

    answers: Mapping[int, Model | str]
    body: Model | None = None
    streams: bool = False
    errors: tuple[int, ...] = field(default=())

    @property
    def models(self) -> list[Model]:
        """The classes that it shows."""
        answers = [one for one in self.answers.values() if not isinstance(one, str)]
        return answers if self.body is None else [self.body, *answers]


_operations: dict[Endpoint, Operation] = {}


def documented(
    answer: Model | str,
    *,
    body: Model | None = None,
    streams: bool = False,
    errors: Iterable[int] = (),
    also: Mapping[int, Model | str] | None = None,
) -> Callable[[E], E]:
    """Mark an endpoint with what it answers with 200, what it reads, and how it may fail.

    ``errors`` are statuses beyond those that every route, or every one with a body, may have;
    ``also`` are answers of other statuses that are not in the shape of an error.
    """
    given = Operation({200: answer, **(also or {})}, body, streams, tuple(errors))

    def mark(endpoint: E) -> E:
        _operations[endpoint] = given
        return endpoint

    return mark


def operation_of(route: Route) -> Operation | None:
    """What is known of a route; None when nobody has documented it."""
    return _operations.get(route.endpoint)


def plain(path: str) -> str:
    """A route's path without the kinds of its parameters."""
    return PARAMETER.sub(r"{\1}", path)


class Untitled(GenerateJsonSchema):
    """Without a title for each field, which says the same as its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 - pydantic's own
        """Never."""
        return False


def document(routes: Iterable[Route], *, keyed: bool, version: str) -> Json:
    """The OpenAPI document of all documented routes; ``keyed`` where a key is asked for."""
    known = [(route, found) for route in routes if (found := operation_of(route)) is not None]
    models: dict[Model, None] = dict.fromkeys((OpenAIError, AnthropicError))
    models |= dict.fromkeys(model for _, operation in known for model in operation.models)
    references, schemas = models_json_schema(
        [(model, "validation") for model in models],
        ref_template=REFERENCE,
        schema_generator=Untitled,
    )
    shown = {model: references[model, "validation"] for model in models}
    paths: dict[str, Json] = {}
    for route, operation in known:
        entry = paths.setdefault(plain(route.path), {})
        for method in sorted((route.methods or set()) - {"HEAD"}):
            entry[method.lower()] = _operation(route, method, operation, shown, keyed=keyed)
    return {
        "openapi": "3.1.0",
        "info": {"title": "reference_server", "version": version, "description": ABOUT},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            **({"securitySchemes": SECURITY} if keyed else {}),
        },
        "security": [{name: []} for name in SECURITY] if keyed else [],
    }


ABOUT = (
    "Fields of a body that are not listed are ignored, and named in the header x-ignored-fields. "
    "A null stands for an absent field. Every GET route answers HEAD as well."
)


def _operation(
    route: Route, method: str, operation: Operation, shown: Mapping[Model, Json], *, keyed: bool
) -> Json:
    path = plain(route.path)
    text = inspect.cleandoc(route.endpoint.__doc__ or "").partition("\n\nRaises:")[0]
    entry: Json = {
        "operationId": re.sub(r"\W+", "_", f"{method.lower()}{path}"),
        "summary": text.partition("\n")[0],
        "description": text,
        "responses": {
            **{str(s): _answer(s, one, operation, shown) for s, one in operation.answers.items()},
            **{str(s): _error(s, route, shown) for s in _errors(route, method, operation, keyed)},
        },
    }
    names = PARAMETER.findall(route.path)
    if names:
        entry["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ]
    if operation.body is not None:
        content = {"application/json": {"schema": shown[operation.body]}}
        entry["requestBody"] = {"required": True, "content": content}
    if route.path in OPEN_PATHS:
        entry["security"] = []
    return entry


def _errors(route: Route, method: str, operation: Operation, keyed: bool) -> list[int]:
    found = {*ANYWHERE, *operation.errors}
    if keyed and route.path not in OPEN_PATHS:
        found.add(401)
    if PARAMETER.search(route.path):
        found.add(404)
    if operation.body is not None:
        found |= {*WITH_BODY}
    if method == "POST":
        found |= {*WITH_LIMIT}
    if operation.streams:
        found |= {*GENERATING}
    return sorted(found - set(operation.answers))


def _answer(
    status: int, answer: Model | str, operation: Operation, shown: Mapping[Model, Json]
) -> Json:
    content: Json = {}
    if isinstance(answer, str):
        content[answer] = {"schema": {"type": "string"}}
    else:
        content["application/json"] = {"schema": shown[answer]}
    if operation.streams:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    return {"description": _reason(status), "headers": REQUEST_ID, "content": content}


def _error(status: int, route: Route, shown: Mapping[Model, Json]) -> Json:
    shape = shown[AnthropicError if is_anthropic(route.path) else OpenAIError]
    content = {"application/json": {"schema": shape}}
    return {"description": _reason(status), "headers": REQUEST_ID, "content": content}


def _reason(status: int) -> str:
    return REASONS.get(status) or HTTPStatus(status).phrase
