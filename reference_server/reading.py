"""What a service tells of prompts without answering them: log-probabilities and embeddings."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from reference_server.building import Built
from reference_server.engine.reading import Vector, pooled, scored
from reference_server.engine.replicas import launched
from reference_server.engine.sequence import TokenLogprobs
from reference_server.engine.work import Steps
from reference_server.errors import BadRequest, OutOfMemory, PromptTooLong
from reference_server.models.embedding import EmbeddingModel

T = TypeVar("T")


class Reader:
    """Reads prompts on an engine, beside its rows. Belongs to the event loop.

    A prompt that is read may take as much memory as all rows may, beside what those take.
    """

    def __init__(self, built: Built) -> None:
        self._engine, self._loaded = built.engine, built.loaded
        self._token_bytes, self._kv_bytes = built.decoder.token_bytes, built.kv_bytes
        self.embedder = built.embedder

    async def logprobs(
        self, prompts: Sequence[Sequence[int]], count: int
    ) -> list[list[TokenLogprobs]]:
        """Of each prompt, those of every token but the first, with ``count`` of the likeliest.

        Raises:
            BadRequest: several processes share the model.
            PromptTooLong: a prompt is longer than the context.
            OutOfMemory: a prompt takes more memory than there is.
            GenerationFailed, Overloaded, Unavailable: as an answer to it would.
        """
        self._check(prompts, "prompt")
        return await self._done(scored(self._loaded.model, prompts, count))

    async def embeddings(
        self, inputs: Sequence[Sequence[int]], dimensions: int | None
    ) -> list[Vector]:
        """The served model's embedding of each input, cut to ``dimensions``: see ``pooled``.

        Raises:
            BadRequest: several processes share the model; it gives no embeddings, or shorter ones.
            PromptTooLong, OutOfMemory and the others: as ``logprobs``.
        """
        self._check(inputs, "input")
        return await self._done(pooled(self._loaded.model, inputs, dimensions))

    async def embedded(
        self, embedder: EmbeddingModel, inputs: Sequence[Sequence[int]], dimensions: int | None
    ) -> list[Vector]:
        """The embedding model's embedding of each input, cut to ``dimensions``.

        Raises:
            BadRequest: its embeddings are shorter.
            PromptTooLong: an input is longer than its context.
            GenerationFailed, Overloaded, Unavailable: as ``logprobs``.
        """
        longest = max(map(len, inputs), default=0)
        if longest > embedder.context_length:
            raise PromptTooLong(longest, embedder.context_length, "input")
        return await self._done(embedder.embedded(inputs, dimensions))

    async def _done(self, steps: Steps[T]) -> T:
        return await asyncio.wrap_future(self._engine.work(steps))

    def _check(self, prompts: Sequence[Sequence[int]], field: str) -> None:
        if launched():
            sentence = "cannot be read by itself where several processes share the model."
            raise BadRequest(field, f"{field} {sentence}")
        longest = max(map(len, prompts), default=0)
        if longest > self._loaded.context_length:
            raise PromptTooLong(longest, self._loaded.context_length, field)
        if longest * self._token_bytes > self._kv_bytes:
            raise OutOfMemory(longest * self._token_bytes, self._kv_bytes)
