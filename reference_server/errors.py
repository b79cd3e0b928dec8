"""Every error that the service raises; the HTTP side decides what a client sees of it.

ServerError
├── BadRequest          a field of the request cannot be honoured; ``field`` names it
│   └── PromptTooLong   the prompt leaves no room for an answer in the model's context
├── Overloaded          the queue is full: try again later
├── OutOfMemory         the keys and values of this request would never fit
├── Unavailable         the engine is loading, shutting down or dead
├── GenerationFailed    this request's generation broke; others go on
├── Cancelled           somebody cancelled this request
└── ModelNotLoaded      the named model cannot be loaded
"""

from __future__ import annotations


class ServerError(Exception):
    """Base of all errors of the service: one sentence."""


class BadRequest(ServerError):
    """A field of the request cannot be honoured."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class PromptTooLong(BadRequest):
    """The prompt leaves no room for an answer in the model's context."""

    def __init__(
        self, tokens: int, context_length: int, field: str = "messages", *, exact: bool = True
    ) -> None:
        count = f"{tokens}" if exact else f"at least {tokens}"
        super().__init__(
            field,
            f"The prompt has {count} tokens, but the model's context holds {context_length} "
            "including the answer. Shorten the prompt.",
        )
        self.tokens = tokens
        self.context_length = context_length


class Overloaded(ServerError):
    """The queue is full; a later try can succeed."""


class OutOfMemory(ServerError):
    """The keys and values of this request would not fit, even with nobody else there."""

    def __init__(self, needed: int, budget: int) -> None:
        super().__init__(
            f"This request may need {needed / 1e6:.0f} MB of memory for its tokens, and the server "
            f"has {budget / 1e6:.0f} MB for all. Ask for fewer tokens."
        )


class Unavailable(ServerError):
    """The engine is loading, shutting down or dead."""


class GenerationFailed(ServerError):
    """This request's generation broke; other requests are not affected."""


class Cancelled(ServerError):
    """Somebody cancelled this request through the API."""


class ModelNotLoaded(ServerError):
    """The named model cannot be loaded."""
