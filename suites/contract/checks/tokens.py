"""Rules of the routes beside the APIs: tokens of texts, and the order of documents."""

from __future__ import annotations

from itertools import pairwise

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, Settled, failed, passed, unsupported
from suites.contract.probe import PROMPT, Probe
from suites.contract.reading import (
    MISSING,
    REFUSALS,
    Tally,
    answer,
    at,
    is_int,
    ok_object,
    settle_silence,
    shown,
)
from suites.contract.routes import NO_ROUTE, served

VLLM = "vLLM and llama.cpp, POST /tokenize"
RERANK = "Cohere and Jina, POST /rerank"
TEXTS = (
    "The sea is calm.",
    "  two spaces,\n\ta line",
    "naïve Grüße 世界",
    "👩‍👩‍👧 e\u0301 \u202e אב",
    "<|im_end|> {\"a\": 1}",
)  # fmt: skip
BEYOND = 99_999_999  # no vocabulary has that many entries
DOCUMENTS = ("Bread is baked from flour.", "The sea is deep and calm.", "Trains leave at nine.")


def _text_body(probe: Probe, text: str) -> dict[str, Json]:
    """Both servers' words for a text without a start token."""
    return {
        "model": probe.target.model,
        "prompt": text,
        "add_special_tokens": False,
        "content": text,
        "add_special": False,
    }


async def _tokenize(probe: Probe, body: Json) -> Exchange:
    path = probe.client.root_url("/tokenize")
    exchange = await served(probe, path, _text_body(probe, TEXTS[0]), "a route for tokens")
    settle_silence(exchange)
    return await probe.post(path, body)


def _tokens(exchange: Exchange) -> list[Json]:
    tokens = ok_object(exchange).get("tokens")
    if not isinstance(tokens, list) or not all(map(is_int, tokens)):
        reason, expected = "there is no list of tokens", '{"tokens": [5, 6]}'
        raise Settled(failed(reason, expected=expected, got=shown(exchange), exchange=exchange))
    return tokens


async def _detokenize(probe: Probe, tokens: Json) -> Exchange:
    await _tokenize(probe, _text_body(probe, TEXTS[0]))
    path = probe.client.root_url("/detokenize")
    body = {"model": probe.target.model, "tokens": [1]}
    await served(probe, path, body, "a route from tokens to text")
    return await probe.post(path, {**body, "tokens": tokens})


@check("TOK-01", "MAY", VLLM, "Tokens of a text give the text back")
async def round_trip(probe: Probe) -> Finding:
    """Texts of several scripts to tokens and back; a count is the number of tokens."""
    tally = Tally(expected="the text itself")
    for text in TEXTS:
        exchange = await _tokenize(probe, _text_body(probe, text))
        tokens = _tokens(exchange)
        count = at(ok_object(exchange), "count")
        if count not in {MISSING, len(tokens)}:
            tally.note(repr(text), exchange, f"count {count} of {len(tokens)} tokens")
        back = await _detokenize(probe, tokens)
        body = ok_object(back)
        got = body.get("prompt", body.get("content"))
        tally.note(repr(text), back, None if got == text else f"came back as {got!r}")
    return tally.finding("all come back")


@check("TOK-02", "MAY", "vLLM, POST /tokenize", "Messages have as many tokens as a chat counts")
async def same_count(probe: Probe) -> Finding:
    """The plain conversation to /tokenize: count is prompt_tokens of the chat."""
    messages: Json = [{"role": "user", "content": PROMPT}]
    exchange = await _tokenize(probe, {"model": probe.target.model, "messages": messages})
    if exchange.status in REFUSALS or not is_int(at(ok_object(exchange), "count")):
        return unsupported(f"the tokens of messages are not counted: {shown(exchange)}")
    plain = await probe.plain()
    if plain.status in NO_ROUTE:
        return unsupported(f"a chat, which counts as well, is HTTP {plain.status}")
    usage = answer(plain).usage
    count = at(ok_object(exchange), "count")
    if usage is None or count != usage.prompt_tokens:
        expected = usage.prompt_tokens if usage else "usage"
        return failed("the counts differ", expected=expected, got=count, exchange=exchange)
    return passed(f"{count} tokens")


@check("TOK-03", "MAY", "no such token", "What is no token is refused", stage=Stage.ADVERSARIAL)
async def foreign(probe: Probe) -> Finding:
    """tokens [-1], [99999999] and ["a"] to /detokenize: HTTP 400 (or 422)."""
    lists: tuple[Json, ...] = ([-1], [BEYOND], ["a"])
    tally = Tally(expected="HTTP 400 each")
    for tokens in lists:
        tally.refused(f"tokens {tokens}", await _detokenize(probe, tokens))
    return tally.finding("all are refused")


@check("RRK-01", "MAY", RERANK, "Documents are ranked by relevance")
async def rerank(probe: Probe) -> Finding:
    """Three documents, top_n 2: two results, best first, each with the index of its document."""
    body: dict[str, Json] = {
        "model": probe.target.model,
        "query": "How deep is the sea?",
        "documents": list(DOCUMENTS),
    }
    first = await served(probe, "/rerank", body, "a route that ranks")
    if first.status in REFUSALS:
        return unsupported(f"the served model does not rank: {shown(first)}")
    tally = Tally(expected="results by falling relevance_score, each document once")
    exchange = await probe.post("/rerank", {**body, "top_n": 2})
    for label, one, count in (("all", first, len(DOCUMENTS)), ("top_n 2", exchange, 2)):
        tally.note(label, one, _ranking_problem(ok_object(one).get("results"), count))
    return tally.finding("ranked")


def _ranking_problem(results: Json, count: int) -> str | None:
    if not isinstance(results, list) or len(results) != count:
        return f"there are not {count} results"
    scores = [at(one, "relevance_score") for one in results]
    if not all(isinstance(score, float) or is_int(score) for score in scores):
        return f"relevance_score is no number: {scores}"
    if any(later > earlier for earlier, later in pairwise(scores)):
        return f"the best is not first: {scores}"
    indices = [at(one, "index") for one in results]
    known = all(is_int(index) and 0 <= index < len(DOCUMENTS) for index in indices)
    if not known or len(set(indices)) != count:
        return f"the indices are {indices}"
    return None
