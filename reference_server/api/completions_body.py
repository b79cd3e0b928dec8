"""The body of ``POST /v1/completions``, after the OpenAPI schema CreateCompletionRequest.

``user`` is accepted without effect. What this server cannot do yet is refused by name.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from reference_server.api.fields import StreamOptions, fault, only
from reference_server.api.prompts import Prompts
from reference_server.api.sampling_body import SamplingBody

# OpenAPI schema CreateCompletionRequest: max_tokens defaults to 16.
DEFAULT_MAX_TOKENS = 16


class CompletionsBody(SamplingBody):
    """The whole body. ``max_tokens`` 0 asks for the prompt alone, and so for ``echo``."""

    model: Annotated[str, Field(min_length=1)]
    prompt: Prompts
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: Annotated[int, Field(ge=0)] = DEFAULT_MAX_TOKENS
    logprobs: Annotated[int | None, Field(ge=0, le=5)] = None
    echo: bool = False

    n: Annotated[int, Field(ge=1, le=128)] = 1
    best_of: Annotated[int | None, Field(ge=1, le=20)] = None
    suffix: Annotated[str, only("")] = ""

    user: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.max_tokens == 0 and not self.echo:
            raise fault("must be at least 1 without echo", "max_tokens")
        if self.best_of is not None and self.best_of < self.n:
            raise fault("must be at least n", "best_of")
        if self.stream and self.made > self.n:
            raise fault("must be n in a stream: the best are known at the end only", "best_of")
        return self

    @property
    def made(self) -> int:
        """How many answers are made to each prompt; the ``n`` best are told."""
        return self.best_of or self.n
