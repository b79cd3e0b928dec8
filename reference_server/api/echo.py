"""Prompts that a completion repeats (``echo``), with their log-probabilities where asked for."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reference_server.api.logprobs import text_lists
from reference_server.api.prompts import Prompt
from reference_server.service import Service

# Characters that a token's text by itself may lack in front: a tokenizer's leading blank.
SLACK = 4


@dataclass(frozen=True, slots=True)
class Echo:
    """A prompt's text, and the four lists of its tokens; the first token has no probability."""

    text: str = ""
    logprobs: dict[str, Any] | None = None


async def echoes(
    service: Service,
    given: Sequence[Prompt],
    prompts: Sequence[Sequence[int]],
    count: int | None,
) -> list[Echo]:
    """The echo of each prompt, ``given`` as it came and as tokens.

    ``count`` asks for log-probabilities, with so many of the likeliest tokens.

    Raises:
        ServerError: as ``Reader.logprobs``.
    """
    texts = [one if isinstance(one, str) else service.tokens.decode(one, "prompt") for one in given]
    if count is None:
        return [Echo(text) for text in texts]
    found = await service.reader.logprobs(prompts, count)
    return [
        Echo(text, text_lists(service, [*zip(tokens, [None, *scores], strict=True)], places))
        for text, tokens, scores in zip(texts, prompts, found, strict=True)
        for places in (placed(service, tokens, text),)
    ]


def placed(service: Service, tokens: Sequence[int], text: str) -> list[int]:
    """Where in ``text`` each of its tokens begins.

    A token that the tokenizer has added, and the first bytes of a character, take no room.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    places, at = [], 0
    for token in tokens:
        places.append(at)
        part = decoder.decode(service.tokens.bytes(token))
        found = text.find(part, at, at + len(part) + SLACK)
        if part and found >= 0:
            at = found + len(part)
    return places
