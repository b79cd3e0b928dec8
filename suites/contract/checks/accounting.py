"""Rules of counts that two requests must agree on, and of several choices."""

from __future__ import annotations

from uuid import uuid4

from harness.records import Exchange, Json
from suites.contract.check import check
from suites.contract.finding import (
    Finding,
    Settled,
    failed,
    ignored,
    inconclusive,
    passed,
    skipped,
    unsupported,
)
from suites.contract.probe import Probe
from suites.contract.reading import (
    MISSING,
    REFUSALS,
    answer,
    at,
    is_int,
    ok_object,
    settle_refusal,
    shown,
    stream,
)

USAGE = "OpenAI OpenAPI 2.3.0 CompletionUsage"
REQUEST = "OpenAI OpenAPI 2.3.0 CreateChatCompletionRequest"
SENTENCE = "The sea is wide and blue. "
SHORT, MIDDLE, LONG = 8, 24, 40  # sentences: two equal steps
# Where sentences meet, or at a block's border, a tokenizer may join differently.
SLACK = 2
# Long enough for caches that keep whole blocks of tokens.
REUSED = 60


def _asking(text: str) -> list[Json]:
    return [{"role": "user", "content": text}]


async def _prompt_tokens(probe: Probe, text: str) -> int:
    exchange = await probe.chat(messages=_asking(text), max_tokens=1)
    usage = answer(exchange).usage
    if usage is None:
        raise Settled(inconclusive("the answer has no usage (see CHT-15)"))
    return usage.prompt_tokens


@check("CHT-17", "SHOULD", "clients budget their context by it", "prompt_tokens grow with the text")
async def linear(probe: Probe) -> Finding:
    """8, 24 and 40 equal sentences: both steps of 16 add the same count, at least one a word."""
    counts = [await _prompt_tokens(probe, SENTENCE * times) for times in (SHORT, MIDDLE, LONG)]
    first, second = counts[1] - counts[0], counts[2] - counts[1]
    if abs(first - second) > SLACK:
        return failed("equal steps differ", expected=first, got=second)
    if first < MIDDLE - SHORT:
        return failed("the count does not grow", expected=f"over {MIDDLE - SHORT}", got=first)
    return passed(f"16 sentences are {first} and {second} tokens")


@check("CHT-20", "SHOULD", USAGE, "cached_tokens are at most the prompt, and come by reuse only")
async def cached(probe: Probe) -> Finding:
    """A long prompt never sent before, twice: at first less than half of it can be cached."""
    text = f"{uuid4().hex} {SENTENCE * REUSED}"
    told = []
    for _ in range(2):
        usage = ok_object(await probe.chat(messages=_asking(text), max_tokens=1)).get("usage")
        found = at(usage, "prompt_tokens_details", "cached_tokens")
        told.append((found, at(usage, "prompt_tokens")))
    if told[0][0] is MISSING or told[0][0] is None:
        return skipped("usage tells no prompt_tokens_details.cached_tokens")
    bad = [one for one in told if not (is_int(one[0]) and is_int(one[1]) and 0 <= one[0] <= one[1])]
    if bad:
        return failed("cached_tokens are no part of the prompt", expected="0 to all", got=repr(bad))
    if told[0][0] > told[0][1] / 2:
        return failed("a new prompt is called cached", expected="few", got=repr(told[0]))
    return passed(f"{told[0][0]}, then {told[1][0]} of {told[1][1]}")


@check("CHT-40", "SHOULD", USAGE, "completion_tokens are those of all choices")
async def summed(probe: Probe) -> Finding:
    """n 2 at temperature 0: twice the count of the same answer alone."""
    exchange = await probe.chat(n=2)
    settle_refusal(exchange, "n")
    body = ok_object(exchange)
    alone = answer(await probe.plain())
    choices = body.get("choices")
    texts = [at(one, "message", "content") for one in choices] if isinstance(choices, list) else []
    if len(texts) != 2 or alone.usage is None:
        return inconclusive("there are no two choices, or no usage (see CHT-38, CHT-15)")
    if texts != [alone.text] * 2:
        return inconclusive("the choices are not the plain answer, so their length is unknown")
    expected = 2 * alone.usage.completion_tokens
    got = at(body, "usage", "completion_tokens")
    if got != expected:
        return failed("the sum is wrong", expected=expected, got=repr(got), exchange=exchange)
    return passed(f"{got} tokens")


@check("STR-31", "MUST", f"{REQUEST}, n", "A stream of two choices tells them apart")
async def two_choices(probe: Probe) -> Finding:
    """n 2, streamed: chunks of index 0 and of 1, one finish each; or HTTP 400 naming n."""
    exchange = await probe.chat(n=2, stream=True)
    settle_refusal(exchange, "n")
    deltas = stream(exchange).deltas
    finishes = [str(c.get("index")) for c, _ in deltas if c.get("finish_reason")]
    seen = {str(choice.get("index")) for choice, _ in deltas}
    if seen == {"0"} and len(finishes) == 1:
        return ignored("n is ignored", expected=["0", "1"], got=["0"])
    if seen != {"0", "1"} or sorted(finishes) != ["0", "1"]:
        got = {"indices": sorted(seen), "finishes": finishes}
        expected = {"indices": ["0", "1"], "finishes": ["0", "1"]}
        return failed("the choices are not told apart", expected=expected, got=got)
    return passed("two choices, one finish each")


@check("CHT-87", "MAY", "OpenAI OpenAPI 2.3.0, deprecated", "system_fingerprint is a constant text")
async def fingerprint(probe: Probe) -> Finding:
    """Of two answers: absent or null in both, or one text."""
    pair = [await probe.plain(), await probe.chat(max_tokens=1)]
    found = [ok_object(one).get("system_fingerprint") for one in pair]
    if found[0] is None and found[1] is None:
        return skipped("there is none")
    if found[0] != found[1] or not isinstance(found[0], str):
        return failed("it is no constant text", expected="one text", got=repr(found))
    return passed(str(found[0]))


@check("CHT-28", "MAY", f"{REQUEST}, stop, maxItems 4", "Five stops are taken or refused")
async def five_stops(probe: Probe) -> Finding:
    """Five stops: HTTP 200, or HTTP 400 (or 422); the finding says which."""
    exchange: Exchange = await probe.chat(stop=[f"zq{number}" for number in range(5)])
    if exchange.status in REFUSALS:
        return unsupported(f"more than four stops are refused: {shown(exchange)}")
    answer(exchange)
    return passed("five stops are taken")
