"""Rules of embeddings."""

from __future__ import annotations

import math
from typing import Any

from harness.records import Json
from suites.contract.check import Stage, check
from suites.contract.checks.errors import CONTEXT_LIMIT
from suites.contract.context import declared_context
from suites.contract.errorbody import openai_error_problem
from suites.contract.finding import Finding, failed, ignored, inconclusive, passed
from suites.contract.probe import Probe
from suites.contract.reading import (
    REFUSALS,
    Tally,
    at,
    is_int,
    names,
    ok_object,
    refusal_problem,
    settle_refusal,
    shown,
)
from suites.contract.vectors import TEXTS, Vector, cosine, embed, norm, plain, vector, vectors

RESPONSE = "OpenAI OpenAPI 2.3.0 CreateEmbeddingResponse"
REQUEST = "OpenAI OpenAPI 2.3.0 CreateEmbeddingRequest"
IDS = [5, 6, 7]
SAME = 0.999  # cosine of two vectors that mean one text
DIFFERENT = 1e-5  # how far vectors of two texts must be apart to tell them, in cosine
FLOAT32 = 1e-6
UNIT = 1e-3  # how far a length may be from 1 that is meant to be 1
# Beyond the context of most embedding models, and not too long for a chat model that takes it.
LONG_WORDS = 10_000


@check("EMB-01", "MUST", RESPONSE, "Embeddings have the published shape")
async def shape(probe: Probe) -> Finding:
    """object "list", data of embeddings with index, model, usage of two counts."""
    exchange = await plain(probe)
    body = ok_object(exchange)
    usage = [at(body, "usage", key) for key in ("prompt_tokens", "total_tokens")]
    entry = at(body, "data", 0)
    sound = {
        "object": body.get("object") == "list",
        "data": isinstance(body.get("data"), list) and len(body["data"]) == 1,
        "data[0].object": at(entry, "object") == "embedding",
        "data[0].index": at(entry, "index") == 0 and is_int(at(entry, "index")),
        "data[0].embedding": isinstance(at(entry, "embedding"), list | str),
        "model": isinstance(body.get("model"), str) and bool(body["model"]),
        "usage": all(is_int(count) and count > 0 for count in usage) and usage[0] <= usage[1],
    }
    wrong = [key for key, kept in sound.items() if not kept]
    if wrong:
        expected = "object, data [{object, index, embedding}], model, usage"
        return failed(
            f"wrong or absent: {', '.join(wrong)}", expected=expected, got=shown(exchange)
        )
    return passed("all keys are there")


@check("EMB-02", "MUST", "openai SDK 3.52 asks for it", "base64 is little-endian float32")
async def packed(probe: Probe) -> Finding:
    """encoding_format base64: a string that decodes to the numbers of encoding_format float."""
    [numbers] = vectors(await plain(probe))[:1]
    exchange = await embed(probe, TEXTS[0], encoding_format="base64")
    value = at(ok_object(exchange), "data", 0, "embedding")
    expected = "a string of base64 that decodes to the same numbers"
    if not isinstance(value, str):
        return ignored("base64 is ignored", expected=expected, got=repr(value)[:80])
    decoded = vector(value)
    if decoded is None or len(decoded) != len(numbers):
        told = "the string is no base64 of as many float32"
        return failed(told, expected=expected, got=value[:80])
    off = max(abs(a - b) for a, b in zip(numbers, decoded, strict=True))
    scale = max(1.0, *map(abs, numbers))
    if not off <= FLOAT32 * scale:
        return failed(f"the numbers differ by {off:.2g}", expected=expected, got=value[:80])
    return passed(f"{len(decoded)} numbers, the same")


@check("EMB-03", "MUST", REQUEST, "encoding_format float gives numbers, another word is refused")
async def encodings(probe: Probe) -> Finding:
    """float: a list of numbers. "banana": HTTP 400 (or 422)."""
    value = at(ok_object(await plain(probe)), "data", 0, "embedding")
    if not isinstance(value, list) or vector(value) is None:
        return failed("float gives no numbers", expected="a list of numbers", got=repr(value)[:80])
    tally = Tally(expected="HTTP 400")
    tally.refused("banana", await embed(probe, TEXTS[0], encoding_format="banana"))
    return tally.finding("float gives numbers, banana is refused")


async def _singles(probe: Probe) -> list[Vector]:
    """The vector of each text, asked alone; learned once a run."""
    if "embeddings" not in probe.state.memo:
        first = vectors(await plain(probe))[0]
        rest = [vectors(await embed(probe, text))[0] for text in TEXTS[1:]]
        probe.state.memo["embeddings"] = [first, *rest]
    singles: list[Vector] = probe.state.memo["embeddings"]
    return singles


async def _batch(probe: Probe) -> list[dict[str, Any]]:
    """The entries of all texts asked at once."""
    await plain(probe)
    exchange = await probe.shared("embeddings", lambda: embed(probe, list(TEXTS)))
    vectors(exchange)  # all can be read
    entries: list[dict[str, Any]] = ok_object(exchange)["data"]
    return entries


@check("EMB-04", "MUST", REQUEST, "Several inputs give one vector each, in order")
async def order(probe: Probe) -> Finding:
    """Three texts: index 0, 1, 2, and each vector is nearest to that of its text alone."""
    entries, singles = await _batch(probe), await _singles(probe)
    indices = [entry.get("index") for entry in entries]
    expected = list(range(len(TEXTS)))
    if indices != expected:
        return failed("the vectors are misnumbered", expected=expected, got=indices)
    if max(cosine(singles[0], other) for other in singles[1:]) > 1 - DIFFERENT:
        return inconclusive("different texts have one vector: their order cannot be seen")
    found = [vector(entry["embedding"]) or () for entry in entries]
    near = [[_near(single, one) for single in singles] for one in found]
    nearest = [values.index(max(values)) for values in near]
    if nearest != expected:
        return failed("the vectors are in another order", expected=expected, got=nearest)
    return passed(f"{len(TEXTS)} vectors in order")


def _near(one: Vector, other: Vector) -> float:
    """How near; a vector of another size is far."""
    return cosine(one, other) if len(one) == len(other) else -math.inf


@check("EMB-06", "SHOULD", "the same text", "A vector does not depend on its neighbours")
async def alone(probe: Probe) -> Finding:
    """Each text in a list and alone: cosine above 0.999."""
    entries, singles = await _batch(probe), await _singles(probe)
    found = [vector(entry["embedding"]) or () for entry in entries]
    if len(found) != len(singles):
        return failed("a text has no vector", expected=len(singles), got=len(found))
    near = [_near(one, other) for one, other in zip(singles, found, strict=True)]
    if not all(value > SAME for value in near):
        return failed("vectors differ in a list", expected=f"cosine above {SAME}", got=repr(near))
    return passed(f"cosine at least {min(near):.6f}")


@check("EMB-05", "SHOULD", REQUEST, "Texts, lists, ids and lists of ids are inputs")
async def forms(probe: Probe) -> Finding:
    """A text, [text], [5, 6, 7], [[5, 6, 7], [5, 6]]: one vector for each; ids count as tokens."""
    inputs: dict[str, tuple[Json, int]] = {
        "[text]": ([TEXTS[0]], 1),
        "ids": (IDS, 1),
        "[ids, ids]": ([IDS, IDS[:2]], 2),
    }
    tally = Tally(expected="HTTP 200 with a vector each")
    for label, (given, count) in inputs.items():
        exchange = await embed(probe, given)
        if exchange.status in REFUSALS and names(exchange, "input") and label != "[text]":
            continue  # ids have no meaning without a tokenizer that clients know
        got = len(vectors(exchange)) if exchange.status == 200 else 0
        tally.note(label, exchange, None if got == count else f"{got} vectors")
    return tally.finding("all forms are read or refused by name")


@check("EMB-07", "SHOULD", REQUEST, "dimensions shortens a vector or is refused, never ignored")
async def dimensions(probe: Probe) -> Finding:
    """Half of the size: a vector of that size, as long as before; more than the size: HTTP 400."""
    [whole] = vectors(await plain(probe))[:1]
    half = len(whole) // 2
    if not half:
        return inconclusive("a vector of one number cannot be shortened")
    exchange = await embed(probe, TEXTS[0], dimensions=half)
    settle_refusal(exchange, "dimensions")
    [short] = vectors(exchange)[:1]
    if len(short) != half:
        return ignored("dimensions is ignored", expected=half, got=len(short), exchange=exchange)
    if abs(norm(whole) - 1) < UNIT and abs(norm(short) - 1) > UNIT:
        told = "the short vector is not made a unit vector again"
        return failed(told, expected=1, got=norm(short), exchange=exchange)
    more = await embed(probe, TEXTS[0], dimensions=len(whole) + 1)
    if more.status == 200 and len(vectors(more)[0]) != len(whole) + 1:
        told = "more dimensions than there are come back as fewer"
        return ignored(told, expected="HTTP 400", got=len(vectors(more)[0]), exchange=more)
    return passed(f"{half} of {len(whole)} numbers")


@check("EMB-08", "MUST", f"{REQUEST}, minItems", "Nothing is no input", stage=Stage.ADVERSARIAL)
async def nothing(probe: Probe) -> Finding:
    """input "", [] and null: HTTP 400 (or 422)."""
    inputs: tuple[Json, ...] = ("", [], None)
    tally = Tally(expected="HTTP 400 each")
    for given in inputs:
        tally.refused(f"input {given!r}", await embed(probe, given))
    return tally.finding("all are refused")


@check(
    "EMB-09",
    "SHOULD",
    REQUEST,
    "A text beyond the context is refused, not cut in silence",
    stage=Stage.ADVERSARIAL,
)
async def too_long(probe: Probe) -> Finding:
    """More words than the declared context, else 10,000: HTTP 400, or all of it is counted."""
    limit = await declared_context(probe)
    words = LONG_WORDS if limit is None or limit > CONTEXT_LIMIT else limit + 100
    exchange = await embed(probe, "sea " * words)
    if refusal_problem(exchange, frozenset({400, 413, 422})) is None:
        return passed(f"HTTP {exchange.status}")
    count = at(ok_object(exchange), "usage", "prompt_tokens")
    if is_int(count) and count < words:
        told = f"{count} tokens of {words} words were read"
        return ignored(told, expected="HTTP 400, or all tokens", got=shown(exchange))
    return passed(f"{count} tokens were read")


@check("EMB-10", "MUST", "OpenAI OpenAPI 2.3.0 ErrorResponse", "An unknown model is refused")
async def unknown_model(probe: Probe) -> Finding:
    """A model that nobody has: HTTP 400 or 404 with an error object."""
    exchange = await embed(probe, TEXTS[0], model="no-such-model-7f3a91")
    statuses = frozenset({400, 404, 422})
    problem = refusal_problem(exchange, statuses) or openai_error_problem(exchange)
    if problem:
        expected = "HTTP 400 or 404 with an error object"
        return failed(problem, expected=expected, got=shown(exchange), exchange=exchange)
    return passed(f"HTTP {exchange.status}")


@check("EMB-11", "SHOULD", "a direction in space", "A vector is made of finite numbers")
async def finite(probe: Probe) -> Finding:
    """Every number is finite, not all are zero, and all vectors have one size and kind of length.

    A server whose vectors have the length 1 has it for all texts.
    """
    singles = await _singles(probe)
    if not all(math.isfinite(value) for one in singles for value in one):
        return failed("there are NaN or infinite numbers", expected="finite numbers", got="others")
    sizes, norms = {len(one) for one in singles}, [norm(one) for one in singles]
    if len(sizes) != 1 or not all(norms):
        told = "vectors differ in size or are zero"
        return failed(told, expected="one size, some length", got={"sizes": sorted(sizes)})
    unit = [abs(value - 1) < UNIT for value in norms]
    if any(unit) and not all(unit):
        return failed("only some are unit vectors", expected=[1, 1, 1], got=norms)
    return passed(f"{sizes.pop()} numbers, lengths {min(norms):.4g} to {max(norms):.4g}")
