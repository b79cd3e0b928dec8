"""Rules of sampling parameters, of n and of logprobs."""

from __future__ import annotations

from suites.contract.canary import risky
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, ignored, inconclusive, passed, unsupported
from suites.contract.greedy import ask_greedy, greedy
from suites.contract.probe import Probe
from suites.contract.reading import (
    REFUSALS,
    Tally,
    answer,
    at,
    names,
    ok_object,
    refusal_problem,
    settle_refusal,
    shown,
)

REQUEST = "OpenAI OpenAPI 2.3.0 CreateChatCompletionRequest"
QUICK_REPEATS, THOROUGH_REPEATS = 5, 10
SEEDS = (1, 2, 3, 4)
# A model that is sure of every word gives one text for all seeds; 24 tokens at a high temperature
# make that unlikely.
SEEDED_TOKENS = 24


@check("CHT-38", "MUST", REQUEST, "n=2 gives two choices or is refused")
async def two_choices(probe: Probe) -> Finding:
    """n 2: choices with index 0 and 1, or HTTP 400 naming n; never one choice without a word."""
    exchange = await probe.chat(n=2)
    settle_refusal(exchange, "n")
    choices = ok_object(exchange).get("choices")
    found = [at(one, "index") for one in choices] if isinstance(choices, list) else []
    if len(found) < 2:
        return ignored("n is ignored", expected="two choices", got=f"{len(found)} choice")
    if sorted(found, key=str) != [0, 1]:
        return failed("the choices are misnumbered", expected=[0, 1], got=repr(found))
    return passed("two choices, numbered 0 and 1")


@check(
    "CHT-39", "MUST", f"{REQUEST}, 1..128", "An n out of range is refused", stage=Stage.ADVERSARIAL
)
async def bad_n(probe: Probe) -> Finding:
    """n 0, -1, "2" and 1000000: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400 each")
    for bad in (0, -1, "2", 10**6):
        tally.refused(f"n {bad!r}", await probe.chat(n=bad, max_tokens=1))
    return tally.finding("all are refused")


@check("CHT-41", "SHOULD", "clients cache by it", "Temperature 0 is repeatable, alone")
async def repeatable(probe: Probe) -> Finding:
    """Identical sequential requests at temperature 0: one text."""
    count = THOROUGH_REPEATS if probe.thorough else QUICK_REPEATS
    texts = [answer(await probe.chat(max_tokens=16)).text for _ in range(count)]
    if len(set(texts)) > 1:
        return failed("the texts differ", expected="one text", got=sorted(set(texts)))
    return passed(f"{count} requests, one text")


@check(
    "CHT-42",
    "SHOULD",
    "greedy decoding has nothing to draw",
    "Temperature 0 does not depend on top_p or seed",
    needs="repeatable greedy output",
)
async def greedy_alone(probe: Probe) -> Finding:
    """top_p 0.5, and seed 7, at temperature 0: the greedy text (a refusal by name is fair)."""
    learned = await greedy(probe)
    tally = Tally(expected=learned.text)
    for field, value in (("top_p", 0.5), ("seed", 7)):
        exchange = await ask_greedy(probe, learned.prompt, **{field: value})
        if exchange.status in REFUSALS and names(exchange, field):
            continue
        text = answer(exchange).text
        tally.note(field, exchange, None if text == learned.text else f"the text became {text!r}")
    return tally.finding("neither changes the text")


@check("CHT-43", "SHOULD", f"{REQUEST}, best effort", "seed makes sampling repeatable")
async def seeds(probe: Probe) -> Finding:
    """Temperature 1: one seed twice gives one text; four seeds do not all give the same."""
    texts = []
    for seed in (*SEEDS, SEEDS[0]):
        exchange = await probe.chat(temperature=1, seed=seed, max_tokens=SEEDED_TOKENS)
        settle_refusal(exchange, "seed")
        texts.append(answer(exchange).text)
    if texts[0] != texts[-1]:
        return failed("one seed gave two texts", expected=texts[0], got=texts[-1])
    if len(set(texts)) == 1:
        return inconclusive("the model gives one text whatever the seed")
    return passed("same seed same text, other seeds other texts")


@check("CHT-45", "MUST", f"{REQUEST}, nullable", "A null sampling parameter is its default")
async def nulls(probe: Probe) -> Finding:
    """temperature, top_p, presence_penalty and frequency_penalty null: HTTP 200."""
    tally = Tally(expected="HTTP 200 each")
    for field in ("temperature", "top_p", "presence_penalty", "frequency_penalty"):
        tally.accepted(f"{field} null", await probe.chat(max_tokens=2, **{field: None}))
    return tally.finding("all are accepted")


@check("CHT-46", "SHOULD", f"{REQUEST}, minimum and maximum", "Out of range sampling is refused")
async def ranges(probe: Probe) -> Finding:
    """temperature -1, 2.1 and 9, top_p -0.1 and 1.1: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400 each")
    for field, bads in (("temperature", (-1, 2.1, 9)), ("top_p", (-0.1, 1.1))):
        for bad in bads:
            tally.refused(f"{field} {bad}", await probe.chat(max_tokens=1, **{field: bad}))
    return tally.finding("all are refused")


@check("CHT-47", "SHOULD", "RFC 8259, 6", "NaN and Infinity are not JSON", stage=Stage.ADVERSARIAL)
async def not_a_number(probe: Probe) -> Finding:
    """The literals NaN and Infinity as temperature: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400 each")
    for literal in (b"NaN", b"Infinity"):
        body = probe.client.post("", probe.chat_body(temperature=0.125, max_tokens=1)).body
        exchange = await probe.post("/chat/completions", body.replace(b"0.125", literal))
        tally.refused(literal.decode(), exchange)
    return tally.finding("both are refused")


@check("CHT-48", "MUST", f"{REQUEST}, number", "Integers are numbers: temperature 0 and 1 are fine")
async def integers(probe: Probe) -> Finding:
    """temperature 0 and 0.0 give the same text, temperature 1 and top_p 1 are accepted."""
    whole, real = await probe.chat(temperature=0), await probe.chat(temperature=0.0)
    tally = Tally(expected="HTTP 200 each, one text for 0 and 0.0")
    same = answer(whole).text == answer(real).text
    tally.note("temperature 0 and 0.0", real, None if same else "two texts")
    tally.accepted("temperature 1", await probe.chat(temperature=1, max_tokens=1))
    tally.accepted("top_p 1", await probe.chat(top_p=1, max_tokens=1))
    return tally.finding("integers are numbers")


@check("CHT-56", "SHOULD", f"{REQUEST}, 0..20", "top_logprobs alone or above 20 is refused")
async def top_logprobs(probe: Probe) -> Finding:
    """top_logprobs 2 without logprobs, and 21 with: HTTP 400. Needs logprobs to be supported."""
    plain = await probe.chat(logprobs=True, max_tokens=1)
    settle_refusal(plain, "logprobs")
    tally = Tally(expected="HTTP 400 each")
    tally.refused("without logprobs", await probe.chat(top_logprobs=2, max_tokens=1))
    tally.refused("21", await probe.chat(logprobs=True, top_logprobs=21, max_tokens=1))
    return tally.finding("both are refused")


@check("CHT-60", "SHOULD", f"{REQUEST}, -2..2", "A penalty out of range is refused")
async def penalties(probe: Probe) -> Finding:
    """presence_penalty and frequency_penalty 9 and -9: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400 each")
    for field in ("presence_penalty", "frequency_penalty"):
        for bad in (9, -9):
            tally.refused(f"{field} {bad}", await probe.chat(max_tokens=1, **{field: bad}))
    return tally.finding("all are refused")


@check(
    "CHT-59",
    "MUST",
    f"{REQUEST}, map of token ids",
    "logit_bias of no token id is refused and the server lives",
    stage=Stage.LETHAL,
)
async def logit_bias(probe: Probe) -> Finding:
    """{"a": 1}, {"-1": 1} and {"99999999": 1}: HTTP 400 each, and the server lives after each."""
    neutral = await probe.chat(logit_bias={}, max_tokens=1)
    if refusal_problem(neutral) is None and names(neutral, "logit_bias"):
        return unsupported(f"logit_bias is refused as a whole: {shown(neutral)}")
    tally = Tally(expected="HTTP 400 each")
    for bad in ("a", "-1", "99999999"):
        exchange = await probe.chat(logit_bias={bad: 1}, max_tokens=2)
        tally.refused(f"token id {bad}", exchange)
        await risky(probe, exchange)
    return tally.finding("all are refused")
