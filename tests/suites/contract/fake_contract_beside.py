"""The fake's routes beside chats and messages: responses, vectors, tokens, rankings."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from tests.suites.contract import fake_contract_vectors as vectors
from tests.suites.contract.fake_contract_bodies import Event
from tests.suites.contract.fake_contract_model import Generated
from tests.suites.contract.fake_contract_responses import Responses

RESPONSES = "/v1/responses"
KEPT = f"{RESPONSES}/"
MAKERS: dict[str, Callable[[dict[str, Any], Collection[str]], dict[str, Any]]] = {
    "/v1/embeddings": vectors.embeddings,
    "/v1/rerank": vectors.rerank,
    "/tokenize": vectors.tokenize,
    "/detokenize": vectors.detokenize,
}
POSTS = (RESPONSES, *MAKERS)
Generate = Callable[[dict[str, Any], str, Any], Generated]


class Beside:
    """What they keep between requests."""

    def __init__(self) -> None:
        self._responses = Responses()

    def post(
        self, path: str, body: dict[str, Any], generate: Generate, lenient: Collection[str]
    ) -> dict[str, Any] | list[Event]:
        """A document, or events."""
        if path != RESPONSES:
            return MAKERS[path](body, lenient)
        return self._responses.create(
            body, lambda asked, text: generate(asked, text, None), lenient
        )

    def kept(self, method: str, path: str, lenient: Collection[str]) -> dict[str, Any]:
        """What GET and DELETE of a response give."""
        return self._responses.stored(method, path.removeprefix(KEPT), lenient)
