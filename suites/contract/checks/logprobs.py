"""Rules of log-probabilities and of logit_bias."""

from __future__ import annotations

import math
from typing import Any

from harness.records import Exchange, Json
from suites.contract.check import check
from suites.contract.finding import (
    Finding,
    Settled,
    failed,
    ignored,
    inconclusive,
    passed,
    unsupported,
)
from suites.contract.probe import Probe
from suites.contract.reading import (
    REFUSALS,
    Tally,
    answer,
    at,
    is_int,
    names,
    ok_object,
    settle_refusal,
    stream,
)

ENTRY = "OpenAI OpenAPI 2.3.0 ChatCompletionTokenLogprob"
REQUEST = "OpenAI OpenAPI 2.3.0 CreateChatCompletionRequest"
TOP = 5
MOST = 20  # the published limit of top_logprobs
# Logits of half precision differ in the third digit between two ways to sum them up.
SLACK = 1e-3
# Ids that every vocabulary has and that are rarely control tokens.
FORCED_IDS = ("300", "400", "500", "600")
FORCED_TOKENS = 4

Entries = list[dict[str, Any]]


def entries_at(holder: Json) -> Json:
    """logprobs.content of a choice, raw."""
    return at(holder, "logprobs", "content")


async def _asked(probe: Probe, top: int | None) -> Exchange:
    more = {} if top is None else {"top_logprobs": top}
    exchange = await probe.shared(f"logprobs {top}", lambda: probe.chat(logprobs=True, **more))
    if exchange.status in REFUSALS and top is not None and names(exchange, "top_logprobs"):
        raise Settled(unsupported(f"top_logprobs {top} is refused by name"))
    settle_refusal(exchange, "logprobs")
    return exchange


async def _entries(probe: Probe, top: int | None = TOP) -> Entries:
    exchange = await _asked(probe, top)
    found = entries_at(at(ok_object(exchange), "choices", 0))
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        expected = "logprobs.content: a list of objects"
        got = repr(at(ok_object(exchange), "choices", 0, "logprobs"))
        told = "logprobs have no content list"
        raise Settled(failed(told, expected=expected, got=got, exchange=exchange))
    if not found:
        raise Settled(failed("there are no entries", expected="one a token", got=[]))
    return found


@check("CHT-49", "MUST", ENTRY, "logprobs have one entry a token")
async def one_a_token(probe: Probe) -> Finding:
    """logprobs true: logprobs.content has usage.completion_tokens entries.

    One fewer is right where the answer ended by itself: the end is a token without a text.
    """
    found = await _entries(probe)
    read = answer(await _asked(probe, TOP))
    if read.usage is None:
        return inconclusive("the answer has no usage (see CHT-15)")
    count = read.usage.completion_tokens
    missing = count - len(found)
    if missing not in ({0, 1} if read.finish_reason == "stop" else {0}):
        return failed("the counts differ", expected=count, got=len(found))
    return passed(f"{len(found)} entries")


@check("CHT-50", "MUST", f"{ENTRY}, required", "Each entry has token, logprob, bytes, top_logprobs")
async def shape(probe: Probe) -> Finding:
    """token a text, logprob at most 0, bytes a list of 0 to 255 or null, top_logprobs a list."""
    found = await _entries(probe)
    bad = [
        one for one in found if not (_is_sound(one) and isinstance(one.get("top_logprobs"), list))
    ]
    bad += [t for one in found if one not in bad for t in one["top_logprobs"] if not _is_sound(t)]
    if bad:
        expected = {"token": "a", "logprob": -0.1, "bytes": [97], "top_logprobs": []}
        return failed(f"{len(bad)} entries are wrong", expected=expected, got=bad[0])
    return passed(f"{len(found)} entries")


def _is_sound(entry: Json) -> bool:
    logprob, octets = at(entry, "logprob"), at(entry, "bytes")
    number = isinstance(logprob, int | float) and not isinstance(logprob, bool)
    octets_fine = octets is None or (
        isinstance(octets, list) and all(is_int(one) and 0 <= one < 256 for one in octets)
    )
    return isinstance(at(entry, "token"), str) and number and logprob <= 0 and octets_fine


@check("CHT-51", "MUST", ENTRY, "A token is told as text, not as a piece of a vocabulary")
async def tokens_are_text(probe: Probe) -> Finding:
    """All tokens together hold the answer's text.

    A token that is part of a character may be told in another way: then its bytes count.
    """
    found = await _entries(probe)
    text = answer(await _asked(probe, TOP)).text.strip()
    joined = "".join(str(one.get("token")) for one in found)
    if not text:
        return inconclusive("the answer has no text")
    if text in joined or (not text.isascii() and text.encode() in _octets(found)):
        return passed("the tokens are the text")
    return failed("the tokens are not the text", expected=text, got=joined)


def _octets(found: Entries) -> bytes:
    lists = [one.get("bytes") for one in found]
    return b"".join(bytes(one) for one in lists if isinstance(one, list) and all(map(is_int, one)))


@check("CHT-52", "SHOULD", f"{ENTRY}, bytes", "All bytes together are the text in UTF-8")
async def octets(probe: Probe) -> Finding:
    """The joined bytes hold the answer's text; null everywhere is unsupported."""
    found = await _entries(probe)
    text = answer(await _asked(probe, TOP)).text.strip()
    if all(one.get("bytes") is None for one in found):
        return unsupported("bytes are always null")
    joined = _octets(found)
    if text.replace("\ufffd", "").encode() not in joined and "\ufffd" not in text:
        return failed("the bytes are not the text", expected=text, got=repr(joined))
    return passed(f"{len(joined)} bytes")


@check("CHT-53", "MUST", f"{REQUEST}, top_logprobs", "top_logprobs are the likeliest k, in order")
async def likeliest(probe: Probe) -> Finding:
    """k of 1 and 5 at temperature 0: at most k, sorted, the chosen token among them; 0: none."""
    tally = Tally(expected="at most k, sorted, the chosen token among them")
    for top in (0, 1, TOP):
        problems = [_top_problem(one, top) for one in await _entries(probe, top)]
        problem = next((one for one in problems if one), None)
        tally.note(f"k {top}", await _asked(probe, top), problem)
    return tally.finding("all are in order")


def _top_problem(entry: dict[str, Any], top: int) -> str | None:
    listed = entry.get("top_logprobs")
    if not isinstance(listed, list) or not all(_is_sound(one) for one in listed):
        return "top_logprobs is no list of entries"
    if len(listed) > top or (top and not listed):
        return f"{len(listed)} entries"
    values = [one["logprob"] for one in listed]
    if values != sorted(values, reverse=True):
        return f"not sorted: {values}"
    if top and entry.get("token") not in [one["token"] for one in listed]:
        return f"the chosen {entry.get('token')!r} is not among them"
    return None


@check("CHT-54", "SHOULD", "probabilities add up to 1", "The probabilities are no more than 1")
async def mass(probe: Probe) -> Finding:
    """The sum of exp(logprob) over as many top_logprobs as are allowed (20, else 5)."""
    try:
        found = await _entries(probe, MOST)
    except Settled:
        found = await _entries(probe, TOP)
    tops = [one.get("top_logprobs") for one in found]
    sums = [
        sum(math.exp(entry["logprob"]) for entry in top if _is_sound(entry))
        for top in tops
        if isinstance(top, list)
    ]
    worst = max(sums, default=0.0)
    if worst > 1 + SLACK:
        return failed("more than certain", expected="at most 1", got=round(worst, 4))
    if not worst:
        return inconclusive("there are no top_logprobs (see CHT-53)")
    return passed(f"at most {worst:.4f}")


@check("CHT-55", "MUST", f"{REQUEST}, logprobs", "logprobs work without top_logprobs")
async def alone(probe: Probe) -> Finding:
    """logprobs true alone: entries with empty top_logprobs."""
    found = await _entries(probe, None)
    filled = [one for one in found if one.get("top_logprobs") != []]
    if filled:
        return failed("top_logprobs are not empty", expected=[], got=filled[0])
    return passed(f"{len(found)} entries")


@check("STR-30", "SHOULD", ENTRY, "A stream has one entry a token, and its finish")
async def streamed(probe: Probe) -> Finding:
    """The plain request with logprobs, streamed: the tokens of the answer in one piece."""
    whole = [one.get("token") for one in await _entries(probe, None)]
    exchange = await probe.shared("logprobs stream", lambda: probe.chat(logprobs=True, stream=True))
    view = stream(exchange)
    got = [one.get("token") for one in streamed_entries(exchange)]
    if got != whole:
        return failed("the entries differ", expected=whole, got=got, exchange=exchange)
    if not any(choice.get("finish_reason") for choice, _ in view.deltas):
        return failed("the finish is lost", expected="a finish_reason", got=None)
    return passed(f"{len(got)} entries")


def streamed_entries(exchange: Exchange) -> Entries:
    """The entries of all chunks of a stream."""
    found = [entries_at(choice) for choice, _ in stream(exchange).deltas]
    return [one for part in found if isinstance(part, list) for one in part if one]


@check(
    "STR-17", "MUST", "OpenAI OpenAPI 2.3.0 CompletionUsage", "A stream's usage counts its tokens"
)
async def counted(probe: Probe) -> Finding:
    """A stream with usage: as many tokens as entries of logprobs; without those, as the cap."""
    options: Json = {"include_usage": True}
    exchange = await probe.chat(stream=True, stream_options=options, logprobs=True)
    with_logprobs = exchange.status not in REFUSALS
    if not with_logprobs:
        exchange = await probe.chat(stream=True, stream_options=options)
    read = answer(exchange)
    if read.usage is None:
        return inconclusive("the stream has no usage (see STR-14)")
    count = read.usage.completion_tokens
    entries = len(streamed_entries(exchange)) if with_logprobs else 0
    if not entries and read.finish_reason != "length":
        return inconclusive("nothing else counts the tokens: no logprobs, and no cap was met")
    expected = entries or probe.chat_body()["max_tokens"]
    # The end of an answer is a token that may be counted and has no entry.
    if count - expected not in ({0, 1} if read.finish_reason == "stop" else {0}):
        return failed("the counts differ", expected=expected, got=count, exchange=exchange)
    return passed(f"{count} tokens")


@check("CHT-58", "SHOULD", f"{REQUEST}, logit_bias", "logit_bias 100 forces a token")
async def forced(probe: Probe) -> Finding:
    """One token id at +100: the answer is one piece again and again, another for another id."""
    units: set[str] = set()
    for token_id in FORCED_IDS:
        exchange = await probe.chat(logit_bias={token_id: 100}, max_tokens=FORCED_TOKENS)
        settle_refusal(exchange, "logit_bias")
        text = answer(exchange).text
        if not text.strip():
            continue  # a control token, or a blank
        unit = text[len(text) - len(text) // FORCED_TOKENS :]
        if not unit or (unit * FORCED_TOKENS).strip() != text.strip():
            expected = f"token {token_id} four times"
            return ignored("the token is not forced", expected=expected, got=text)
        units.add(unit)
        if len(units) == 2:
            return passed("two ids, two texts")
    return inconclusive("no two of the ids gave different texts")
