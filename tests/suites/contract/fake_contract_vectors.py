"""The fake's routes around a model: vectors and tokens of texts, documents by relevance."""

from __future__ import annotations

import base64
import math
import random
import struct
from collections.abc import Collection
from typing import Any

from tests.suites.contract import fake_contract_rules as rules
from tests.suites.contract.fake_contract_model import prompt_tokens
from tests.suites.contract.fake_contract_rules import CONTEXT, MODEL, Refused

SIZE = 8
LAST = 0x10FFFF  # the fake's tokens are code points
VECTOR_RULES = {
    "model": rules.is_text,
    "encoding_format": lambda v: v in {"float", "base64"},
    "dimensions": rules.integer(1, SIZE),
}


def _ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(rules.integer(0, LAST), value))


def embeddings(body: dict[str, Any], lenient: Collection[str]) -> dict[str, Any]:
    rules.check(body, VECTOR_RULES, lenient)
    given = body.get("input")
    inputs = given if isinstance(given, list) and given and not _ids(given) else [given]
    for one in inputs:
        sound = (isinstance(one, str) and one) or _ids(one)
        if not sound and "input" not in lenient:
            raise Refused("input", "must be filled")
    count = sum(len(one) if isinstance(one, list) else prompt_tokens(one or "") for one in inputs)
    if count > CONTEXT and "long input" not in lenient:
        raise Refused("input", "is too long", code="context_length_exceeded")
    data = [
        {"object": "embedding", "index": index, "embedding": _encoded(_vector(one, body), body)}
        for index, one in enumerate(inputs)
    ]
    counts = {"prompt_tokens": min(count, CONTEXT), "total_tokens": min(count, CONTEXT)}
    return {"object": "list", "data": data, "model": MODEL, "usage": counts}


def _vector(given: Any, body: dict[str, Any]) -> list[float]:
    chance = random.Random(str(given))
    values = [chance.gauss(0, 1) for _ in range(SIZE)][: body.get("dimensions") or SIZE]
    return [value / math.hypot(*values) for value in values]


def _encoded(vector: list[float], body: dict[str, Any]) -> list[float] | str:
    if body.get("encoding_format") != "base64":
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def tokenize(body: dict[str, Any], lenient: Collection[str]) -> dict[str, Any]:
    if body.get("messages") is not None:
        tokens = [1] * prompt_tokens(rules.render(body["messages"], ()))
    else:
        tokens = [ord(character) for character in str(body.get("prompt"))]
    return {"tokens": tokens, "count": len(tokens), "max_model_len": CONTEXT}


def detokenize(body: dict[str, Any], lenient: Collection[str]) -> dict[str, Any]:
    if not _ids(body.get("tokens")):
        if "tokens" not in lenient:
            raise Refused("tokens", "must be tokens")
        return {"prompt": ""}
    return {"prompt": "".join(map(chr, body["tokens"]))}


def rerank(body: dict[str, Any], lenient: Collection[str]) -> dict[str, Any]:
    query = set(str(body.get("query")).lower().split())
    scores = [len(query & set(text.lower().split())) / len(query) for text in body["documents"]]
    order = sorted(range(len(scores)), key=lambda index: -scores[index])[: body.get("top_n")]
    results = [{"index": index, "relevance_score": scores[index]} for index in order]
    return {"model": MODEL, "results": results}
