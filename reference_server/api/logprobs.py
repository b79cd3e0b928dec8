"""Log-probabilities in OpenAI's two shapes: of chats, and of completions.

They are the model's own, before temperature, penalties and biases, of every token that
``completion_tokens`` counts: thoughts, markup of tool calls and a matched stop string included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reference_server.engine.sequence import TokenLogprobs
from reference_server.service import Generation, Service


class _Fresh:
    """What is new of an answer's log-probabilities, given out as its tokens come."""

    def __init__(self, service: Service, generation: Generation) -> None:
        self._service = service
        self._generation = generation
        self._given = 0

    def _new(self) -> list[tuple[int, TokenLogprobs]] | None:
        """Of the tokens since the last call; None when nobody asked."""
        if not self._generation.asks_logprobs:
            return None
        new = self._generation.token_logprobs[self._given :]
        self._given += len(new)
        return new


class ChatLogprobs(_Fresh):
    """The entries of one answer."""

    def fresh(self) -> dict[str, Any] | None:
        """``logprobs`` of the tokens since the last call; None when nobody asked."""
        if (new := self._new()) is None:
            return None
        content = [
            {
                **self._entry(token, found.chosen),
                "top_logprobs": [self._entry(other, value) for other, value in found.best],
            }
            for token, found in new
        ]
        return {"content": content, "refusal": None}

    def _entry(self, token: int, logprob: float) -> dict[str, Any]:
        data = self._service.tokens.bytes(token)
        return {
            "token": data.decode("utf-8", "replace"),
            "logprob": logprob,
            "bytes": list(data),
        }


class TextLogprobs(_Fresh):
    """The four lists of a completion's ``logprobs``; its text begins at ``offset``."""

    def __init__(self, service: Service, generation: Generation, offset: int = 0) -> None:
        super().__init__(service, generation)
        self._offset = offset
        self._detokenizer = service.tokens.detokenizer()

    def fresh(self) -> dict[str, Any] | None:
        """``logprobs`` of the tokens since the last call; None when nobody asked."""
        if (new := self._new()) is None:
            return None
        offsets = []
        for token, _ in new:
            offsets.append(self._offset)
            self._offset += len(self._detokenizer.push(token))
        return text_lists(self._service, new, offsets)


def text_lists(
    service: Service, entries: Sequence[tuple[int, TokenLogprobs | None]], offsets: Sequence[int]
) -> dict[str, Any]:
    """The four lists of tokens that begin at ``offsets``; None is a token without a probability.

    The token itself is among its ``top_logprobs``, which may so be one more than asked for (OpenAPI
    schema CreateCompletionRequest, ``logprobs``). A part of a character is ``bytes:\\xf0\\x9f``.
    """

    def text(token: int) -> str:
        data = service.tokens.bytes(token)
        try:
            return data.decode()
        except UnicodeDecodeError:  # in OpenAI's way of writing them, which keeps them apart
            return "bytes:" + "".join(f"\\x{byte:02x}" for byte in data)

    return {
        "tokens": [text(token) for token, _ in entries],
        "token_logprobs": [found and found.chosen for _, found in entries],
        "top_logprobs": [
            found and {text(other): value for other, value in (*found.best, (token, found.chosen))}
            for token, found in entries
        ],
        "text_offset": list(offsets),
    }


def joined_lists(
    before: dict[str, Any] | None, after: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Two runs of such lists as one; None is a run that nobody asked for."""
    if before is None or after is None:
        return after if before is None else before
    return {key: [*before[key], *after[key]] for key in before}
