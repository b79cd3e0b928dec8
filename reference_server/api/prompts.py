"""A field that holds one prompt or many, each as text or as tokens: ``prompt`` and ``input``."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag

from reference_server.api.fields import Json, fault

# OpenAPI schema CreateEmbeddingRequest: an array holds at most 2048 entries.
MAX_PROMPTS = 2048

# Without fail_fast each entry that does not fit would be a fault of its own; see fields.Entries.
Texts: TypeAlias = Annotated[list[str], Field(fail_fast=True)]
Tokens: TypeAlias = Annotated[list[int], Field(fail_fast=True)]
TokenLists: TypeAlias = Annotated[list[Tokens], Field(fail_fast=True)]

Prompt: TypeAlias = str | list[int]


def _form(value: Json) -> str | None:
    """Which of the four forms a value has, told by its first entry, as its faults are to be."""
    if isinstance(value, str):
        return "text"
    if not isinstance(value, list):
        return None
    if value and isinstance(value[0], list):
        return "token lists"
    return "tokens" if value and isinstance(value[0], int) else "texts"


def _bounded(value: str | Texts | Tokens | TokenLists) -> str | Texts | Tokens | TokenLists:
    if not value and isinstance(value, list):
        raise fault("must not be empty")
    if _form(value) in ("texts", "token lists") and len(value) > MAX_PROMPTS:
        raise fault(f"must have at most {MAX_PROMPTS} entries")
    return value


Prompts: TypeAlias = Annotated[
    Annotated[str, Tag("text")]
    | Annotated[Texts, Tag("texts")]
    | Annotated[Tokens, Tag("tokens")]
    | Annotated[TokenLists, Tag("token lists")],
    Discriminator(
        _form,
        custom_error_type="form",
        custom_error_message="must be a string or an array of strings, of tokens, or of arrays of "
        "tokens",
    ),
    AfterValidator(_bounded),
]


def each(value: str | Texts | Tokens | TokenLists) -> list[Prompt]:
    """The prompts of a checked field, one by one."""
    if isinstance(value, str):
        return [value]
    tokens = [entry for entry in value if isinstance(entry, int)]
    return [tokens] if tokens else [entry for entry in value if not isinstance(entry, int)]
