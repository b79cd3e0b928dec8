"""What is kept of responses, and those that are being made: reading, deleting, cancelling."""

from __future__ import annotations

from typing import NamedTuple

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from reference_server.api import answers_responses as answers
from reference_server.api.errors import ApiError, invalid
from reference_server.api.generating import json_response
from reference_server.api.holder import holder_of
from reference_server.api.openapi import documented
from reference_server.api.responses_store import Stored

# Items of one page of a listing; OpenAI's API reference has both numbers.
PAGE, MAX_PAGE = 20, 100


@documented(answers.KeptResponse, errors=(400, 404))
async def response(request: Request) -> Response:
    """One response, or the end of it: ``GET`` and ``DELETE /v1/responses/{id}``.

    Raises:
        ApiError: 404 when it is not there; 400 when it is to be streamed once more.
    """
    name, holder = request.path_params["id"], holder_of(request)
    if request.method == "DELETE":
        if not holder.responses.remove(name):
            raise _unknown(name)
        return json_response({"id": name, "object": "response", "deleted": True}, {})
    if request.query_params.get("stream", "false") != "false":
        sentence = "asks for the events of a response in the background, and none are made here."
        raise invalid("stream", sentence, code="unsupported_value")
    running = holder.answering.get(name)
    if running is not None and running.status == "in_progress":
        return json_response(running.resource(), {})
    stored = _stored(request)
    return Response(stored.resource, media_type="application/json")


@documented(answers.Response, errors=(400, 404))
async def cancel(request: Request) -> Response:
    """End a response that is being made; its own client is told so.

    Raises:
        ApiError: 404 when it is not there, 400 when it has ended already.
    """
    name = request.path_params["id"]
    answer = holder_of(request).answering.get(name)
    if answer is not None and answer.status == "in_progress":
        return json_response(answer.cancel(), {})
    _stored(request)
    raise ApiError(400, f"The response {name[:64]!r} has ended.", code="response_ended")


@documented(answers.ItemPage, errors=(400, 404))
async def input_items(request: Request) -> Response:
    """The items that a response answers, those of the responses before it included, by pages.

    Raises:
        ApiError: 404 when the response is not there, 400 when the page is not.
    """
    items = _stored(request).input
    page = _page(request.query_params, [str(orjson.loads(item)["id"]) for item in items])
    body = {
        "object": "list",
        "data": [orjson.Fragment(items[at]) for at in page.places],
        "first_id": page.first,
        "last_id": page.last,
        "has_more": page.more,
    }
    return json_response(body, {})


class _Page(NamedTuple):
    """The places of its items, the ids of the outer ones, and whether others follow."""

    places: list[int]
    first: str | None
    last: str | None
    more: bool


def _page(asked: QueryParams, names: list[str]) -> _Page:
    limit, order, after = (
        asked.get("limit", str(PAGE)),
        asked.get("order", "desc"),
        asked.get("after"),
    )
    if not (
        limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= MAX_PAGE
    ):
        raise invalid("limit", f"must be an integer from 1 to {MAX_PAGE}.")
    if order not in ("asc", "desc"):
        raise invalid("order", "must be 'asc' or 'desc'.")
    places = list(range(len(names)))
    if order == "desc":
        places.reverse()
    if after is not None:
        if after not in names:
            raise invalid("after", "names no item of this response.")
        places = places[places.index(names.index(after)) + 1 :]
    page = places[: int(limit)]
    first, last = (names[page[0]], names[page[-1]]) if page else (None, None)
    return _Page(page, first, last, len(places) > len(page))


def _stored(request: Request) -> Stored:
    name = request.path_params["id"]
    stored = holder_of(request).responses.get(name)
    if stored is None:
        raise _unknown(name)
    return stored


def _unknown(name: str) -> ApiError:
    sentence = f"The response {name[:64]!r} is not stored here (any more)."
    return ApiError(404, sentence, param="response_id", code="not_found")
