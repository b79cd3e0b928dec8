"""Rules of text completions: log-probabilities, the raw prompt, and rarer parameters."""

from __future__ import annotations

from typing import Any

from harness.records import Exchange, Json
from suites.contract.canary import risky
from suites.contract.check import Stage, check
from suites.contract.finding import (
    Finding,
    Settled,
    failed,
    ignored,
    inconclusive,
    passed,
    unsupported,
)
from suites.contract.probe import ABSENT, PROMPT, Probe
from suites.contract.reading import (
    REFUSALS,
    Tally,
    answer,
    at,
    is_int,
    names,
    ok_object,
    settle_refusal,
    shown,
)

LOGPROBS = "OpenAI OpenAPI 2.3.0 CreateCompletionResponse logprobs"
REQUEST = "OpenAI OpenAPI 2.3.0 CreateCompletionRequest"
ROUTE, WHAT = "/completions", "text completions"
LISTS = ("tokens", "token_logprobs", "top_logprobs", "text_offset")
ASKED = 2  # alternatives for each token
DEFAULT_TOKENS = 16
# One letter is one token; some tokenizers put a start and a space in front.
LETTER_TOKENS = 3
# Two tokens that the same text can be cut into differ from a single one by a rounding only.
LONG_TOKENS = 8


async def _with_logprobs(probe: Probe) -> Exchange:
    await probe.needs_route(ROUTE, WHAT)
    exchange = await probe.shared("text logprobs", lambda: probe.complete(logprobs=ASKED))
    settle_refusal(exchange, "logprobs")
    return exchange


@check("CMP-08", "SHOULD", LOGPROBS, "logprobs is a number, and gives four lists of one length")
async def logprobs(probe: Probe) -> Finding:
    """logprobs 2: tokens, token_logprobs, top_logprobs, text_offset; one entry a token, <= 0.

    With echo the first token has null: nothing stood before it.
    """
    exchange = await _with_logprobs(probe)
    body = ok_object(exchange)
    value = at(body, "choices", 0, "logprobs")
    if value is None:
        return ignored("logprobs is null", expected=list(LISTS), got=value, exchange=exchange)
    problem = _lists_problem(value, at(body, "usage", "completion_tokens"))
    if problem:
        return failed(problem, expected=list(LISTS), got=value, exchange=exchange)
    echoed = await probe.complete(logprobs=ASKED, echo=True)
    if echoed.status in REFUSALS and names(echoed, "echo"):
        return passed("four lists of one length; echo is refused")
    first = at(ok_object(echoed), "choices", 0, "logprobs", "token_logprobs", 0)
    if first is not None:
        told = f"with echo the first token's log-probability is {first!r}"
        return failed(told, expected=None, got=shown(echoed), exchange=echoed)
    return passed("four lists of one length; with echo the first is null")


def _lists_problem(value: Json, count: Json) -> str | None:
    lists = [at(value, name) for name in LISTS]
    for name, one in zip(LISTS, lists, strict=True):
        if not isinstance(one, list):
            return f"{name} is no list"
    lengths = [len(one) for one in lists]
    if len(set(lengths)) > 1 or (is_int(count) and lengths[0] != count):
        return f"lengths {lengths} for {count} tokens"
    return _values_problem(*lists[:3])


def _values_problem(tokens: list[Any], chosen: list[Any], top: list[Any]) -> str | None:
    if not all(isinstance(token, str) for token in tokens):
        return "a token is no text"
    if not all(isinstance(one, int | float) and one <= 1e-6 for one in chosen):
        return f"log-probabilities {chosen}"
    # The chosen token may come on top of the alternatives.
    if not all(isinstance(one, dict) and 1 <= len(one) <= ASKED + 1 for one in top):
        return "top_logprobs are no objects of two"
    return None


@check("CMP-09", "SHOULD", LOGPROBS, "text_offset says where each token begins")
async def offsets(probe: Probe) -> Finding:
    """The text at each offset begins with the token; from the answer's or the prompt's start."""
    exchange = await _with_logprobs(probe)
    choice = at(ok_object(exchange), "choices", 0)
    found, tokens = at(choice, "logprobs", "text_offset"), at(choice, "logprobs", "tokens")
    if not isinstance(found, list) or not isinstance(tokens, list) or not found:
        return inconclusive("there are no offsets (see CMP-08)")
    text = at(choice, "text")
    if found[0] not in {0, len(PROMPT)} or not all(map(is_int, found)):
        expected = f"0 or {len(PROMPT)} first"
        return failed(f"offsets {found}", expected=expected, got=found, exchange=exchange)
    if found != sorted(found):
        return failed("offsets fall", expected="a rising list", got=found, exchange=exchange)
    for offset, token in zip(found, tokens, strict=True):
        readable = "\ufffd" not in token and not token.startswith("bytes:")
        if readable and not text.startswith(token, offset - found[0]):
            told = f"at {offset} there is no {token!r}"
            return failed(told, expected=token, got=text[offset - found[0] :], exchange=exchange)
    return passed(f"{len(found)} tokens where they should be")


@check("CMP-15", "MUST", "completions are raw", "A text prompt is not put into a chat template")
async def raw(probe: Probe) -> Finding:
    """prompt "a": usage counts three prompt tokens at most; a template alone has more."""
    await probe.needs_route(ROUTE, WHAT)
    exchange = await probe.complete(prompt="a", max_tokens=1)
    counted = at(ok_object(exchange), "usage", "prompt_tokens")
    if not is_int(counted):
        return inconclusive("usage does not tell the prompt's tokens (see CMP-13)")
    if counted > LETTER_TOKENS:
        told = f"one letter is {counted} tokens"
        expected = f"at most {LETTER_TOKENS}"
        return failed(told, expected=expected, got=counted, exchange=exchange)
    return passed(f"one letter is {counted} tokens")


@check(
    "CMP-16",
    "SHOULD",
    "callers batch to save time",
    "A prompt in a list gets the text that it gets alone",
    stage=Stage.LETHAL,
    needs="repeatable greedy output",
)
async def lists(probe: Probe) -> Finding:
    """Three prompts alone, twice each to prove that they repeat, then together in one list."""
    await probe.needs_route(ROUTE, WHAT)
    prompts = ["Once upon a time", PROMPT, "The bread of the town"]
    if any(death.check_id == "CMP-03" for death in probe.state.deaths):
        return inconclusive("a list of prompts ends this server (see CMP-03)")
    together = await risky(probe, await probe.complete(prompt=prompts, max_tokens=LONG_TOKENS))
    settle_refusal(together, "prompt")
    alone = []
    for prompt in prompts:
        first, second = [
            answer(await probe.complete(prompt=prompt, max_tokens=LONG_TOKENS)).text
            for _ in range(2)
        ]
        if first != second:
            raise Settled(inconclusive("greedy output is not repeatable, alone"))
        alone.append(first)
    choices = ok_object(together).get("choices")
    listed = choices if isinstance(choices, list) else []
    got = [at(one, "text") for one in sorted(listed, key=lambda one: str(at(one, "index")))]
    if got != alone:
        return failed("the texts differ", expected=alone, got=got, exchange=together)
    return passed(f"{len(got)} texts are the same")


@check("CMP-10", "MAY", REQUEST, "best_of below n, or streamed, is refused")
async def best_of(probe: Probe) -> Finding:
    """best_of 1 with n 2, and best_of 2 in a stream: HTTP 400; best_of 2 alone: one choice."""
    await probe.needs_route(ROUTE, WHAT)
    exchange = await probe.complete(best_of=2, max_tokens=2)
    settle_refusal(exchange, "best_of")
    choices = at(ok_object(exchange), "choices")
    tally = Tally(expected="one choice for best_of 2; HTTP 400 for the others")
    several = isinstance(choices, list) and len(choices) != 1
    tally.note("best_of 2", exchange, f"{len(choices)} choices" if several else None)
    tally.refused("n 2, best_of 1", await probe.complete(best_of=1, n=2, max_tokens=2))
    streamed = await probe.complete(best_of=2, stream=True, max_tokens=2)
    tally.refused("best_of 2, streamed", streamed)
    return tally.finding("best_of is kept to")


@check("CMP-11", "MAY", REQUEST, "suffix is used or refused, never ignored")
async def suffix(probe: Probe) -> Finding:
    """A long suffix: another count of prompt tokens or another text, or HTTP 400 naming suffix."""
    await probe.needs_route(ROUTE, WHAT)
    exchange = await probe.complete(suffix=" And so the long day by the sea came to its end.")
    settle_refusal(exchange, "suffix")
    plain = await probe.shared("text", probe.complete)
    read, without = answer(exchange), answer(plain)
    counts = [one.usage.prompt_tokens if one.usage else None for one in (read, without)]
    if counts[0] == counts[1] and read.text == without.text:
        expected = "another prompt, or HTTP 400 naming suffix"
        return ignored("suffix is ignored", expected=expected, got=read.text, exchange=exchange)
    return passed("suffix is part of what is read")


@check("CMP-14", "MAY", f"{REQUEST}, default 16", "Without a cap an answer has 16 tokens at most")
async def default_cap(probe: Probe) -> Finding:
    """No max_tokens: completion_tokens at most 16, and 16 where the cap was the end."""
    await probe.needs_route(ROUTE, WHAT)
    exchange = await probe.complete(max_tokens=ABSENT)
    read = answer(exchange)
    tokens = read.usage.completion_tokens if read.usage else None
    if tokens is None:
        return unsupported("usage does not tell the tokens (see CMP-13)")
    cut = read.finish_reason == "length"
    if tokens > DEFAULT_TOKENS or (cut and tokens != DEFAULT_TOKENS):
        told = f"{tokens} tokens, finish_reason {read.finish_reason!r}"
        return failed(told, expected=DEFAULT_TOKENS, got=tokens, exchange=exchange)
    return passed(f"{tokens} tokens, finish_reason {read.finish_reason!r}")
