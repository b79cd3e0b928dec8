"""The body of ``POST /v1/completions``, after the OpenAPI schema CreateCompletionRequest.

``user`` is accepted without effect. What this server cannot do yet is refused by name.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from reference_server.api.fields import (
    MaxTokens,
    StreamOptions,
    fault,
    only,
)
from reference_server.api.sampling_body import SamplingBody

# OpenAPI schema CreateCompletionRequest: max_tokens defaults to 16.
DEFAULT_MAX_TOKENS = 16

# Without fail_fast each entry that does not fit would be a fault of its own; see fields.Entries.
Texts: TypeAlias = Annotated[list[str], Field(fail_fast=True)]
Tokens: TypeAlias = Annotated[list[int], Field(fail_fast=True)]


def _one_prompt(value: str | list[str] | list[int]) -> str | list[str] | list[int]:
    if isinstance(value, list) and not value:
        raise fault("must not be empty")
    if isinstance(value, list) and isinstance(value[0], str) and len(value) > 1:
        raise fault("holds several prompts, and this server answers one a request")
    return value


class CompletionsBody(SamplingBody):
    """The whole body. ``prompt`` is one text, one text in an array, or one array of token ids."""

    model: Annotated[str, Field(min_length=1)]
    prompt: Annotated[str | Texts | Tokens, AfterValidator(_one_prompt)]
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: MaxTokens = DEFAULT_MAX_TOKENS
    logprobs: Annotated[int | None, Field(ge=0, le=5)] = None

    n: Annotated[int, Field(ge=1, le=128)] = 1
    best_of: Annotated[int, Field(ge=1, le=20), only(1)] = 1
    echo: Annotated[bool, only(False)] = False
    suffix: Annotated[str, only("")] = ""

    user: str | None = None

    @property
    def single(self) -> str | list[int]:
        """The one prompt: its text, or its token ids."""
        if isinstance(self.prompt, str):
            return self.prompt
        texts = [entry for entry in self.prompt if isinstance(entry, str)]
        return texts[0] if texts else [entry for entry in self.prompt if isinstance(entry, int)]
