"""Log-probabilities in OpenAI's two shapes: of chats, and of completions.

They are the model's own, before temperature, penalties and biases, of every token that
``completion_tokens`` counts: thoughts, markup of tool calls and a matched stop string included.
"""

from __future__ import annotations

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
    """The four lists of a completion's ``logprobs``."""

    def __init__(self, service: Service, generation: Generation) -> None:
        super().__init__(service, generation)
        self._offset = 0

    def fresh(self) -> dict[str, Any] | None:
        """``logprobs`` of the tokens since the last call; None when nobody asked."""
        if (new := self._new()) is None:
            return None
        tokens, offsets = [], []
        for token, _ in new:
            offsets.append(self._offset)
            tokens.append(self._text(token))
            self._offset += len(tokens[-1])
        return {
            "tokens": tokens,
            "token_logprobs": [found.chosen for _, found in new],
            "top_logprobs": [
                {self._text(other): value for other, value in found.best} for _, found in new
            ],
            "text_offset": offsets,
        }

    def _text(self, token: int) -> str:
        return self._service.tokens.bytes(token).decode("utf-8", "replace")
