"""The form that an answer must have: a JSON document, calls of functions, or either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

# JSON schemas. What is asked for without a schema is an object.
ANY_OBJECT: Mapping[str, Any] = {"type": "object"}


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document that is valid by ``schema``; ``field`` is where the request gives that."""

    schema: Mapping[str, Any]
    field: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function whose arguments are valid by ``parameters``, given in the request's ``field``."""

    name: str
    parameters: Mapping[str, Any]
    field: str


@dataclass(frozen=True, slots=True)
class Form:
    """What an answer consists of.

    With a ``document`` it is that document, or calls if there are ``functions``. Without one it is
    text with calls in it, or calls alone where they ``must`` come. ``several`` admits more than one
    call.
    """

    document: Document | None = None
    functions: tuple[Function, ...] = ()
    calls: Literal["may", "must"] = "may"
    several: bool = True

    @property
    def schemas(self) -> list[tuple[str, Mapping[str, Any]]]:
        """All schemas with their fields."""
        found = [(one.field, one.parameters) for one in self.functions]
        if self.document is not None:
            found.append((self.document.field, self.document.schema))
        return found
