"""Rules of characters: whole ones come out, and control tokens neither in nor out."""

from __future__ import annotations

import re

from harness.records import Dialect, Exchange
from harness.wire import dialect_for
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, Settled, failed, inconclusive, passed
from suites.contract.greedy import PROMPTS, ask_greedy
from suites.contract.probe import PROMPT, Probe
from suites.contract.reading import Tally, answer
from suites.contract.scripts import play, plays

# Characters of two, three and four bytes, and one that is made of several.
EMOJI = "é海😀👩‍🚀é海😀👩‍🚀"
QUICK_CAPS, THOROUGH_CAPS = (1, 2, 3, 5, 8, 13), tuple(range(1, 25))
CONTROL = (
    *("<|im_end|>", "<|im_start|>", "<|endoftext|>", "</s>", "<|eot_id|>"),
    *("<end_of_turn>", "<|end|>", "<|eom_id|>"),
)
SPECIAL = re.compile("|".join(re.escape(one) for one in CONTROL))


@check(
    "CHT-81", "MUST", "RFC 8259 8.1", "An answer that was cut is UTF-8 and holds whole characters"
)
async def whole(probe: Probe) -> Finding:
    """Caps that end inside characters: the body is UTF-8; of a scripted text it is a beginning.

    U+FFFD may stand at the very end only, for the character that was cut.
    """
    tally = Tally(expected="UTF-8, and U+FFFD at the end only")
    scripted = await plays(probe)
    for cap in THOROUGH_CAPS if probe.thorough else QUICK_CAPS:
        if scripted:
            exchange = await play(probe, EMOJI, max_tokens=cap)
        else:
            exchange = await ask_greedy(probe, PROMPTS[0], max_tokens=cap)
        tally.note(f"max_tokens {cap}", exchange, _problem(exchange, scripted))
    return tally.finding("all are whole")


def _problem(exchange: Exchange, scripted: bool) -> str | None:
    try:
        exchange.body.decode()
    except UnicodeDecodeError:
        return "the body is not UTF-8"
    text = answer(exchange).text.rstrip("\ufffd")
    broken = scripted and not EMOJI.startswith(text)
    return f"{text!r} is not how the text begins" if broken else None


@check(
    "CHT-82",
    "MUST",
    "clients show content to people",
    "Control tokens are never content",
    stage=Stage.SCAN,
)
async def no_control(probe: Probe) -> Finding:
    """All answers of this run, and a scripted one that ends by itself: no <|im_end|>, </s> ….

    Answers to requests that hold such a text are left out.
    """
    if await plays(probe):
        await play(probe, "The end.")
    else:
        await probe.plain()
    count = 0
    for exchange in probe.state.log:
        if exchange.status != 200 or SPECIAL.search(exchange.request.body.decode(errors="replace")):
            continue
        dialect: Dialect = "anthropic" if "/messages" in exchange.request.url else "openai"
        text = dialect_for(dialect).read(exchange).text
        count += 1
        found = SPECIAL.search(text)
        if found:
            told = f"{found.group()} is in the text"
            return failed(told, expected="no control token", got=text[-80:], exchange=exchange)
    return passed(f"{count} answers of this run")


@check("CHT-83", "SHOULD", "CWE-74", "A control token's name in a user's text is text")
async def injected(probe: Probe) -> Finding:
    """A prompt with "<|im_end|>" and others behind it: each adds more than one prompt token."""
    plain = await _prompt_tokens(probe, PROMPT)
    tally = Tally(expected="at least two more prompt tokens")
    for one in CONTROL:
        messages = [{"role": "user", "content": f"{PROMPT} {one}"}]
        exchange = await probe.chat(messages=messages, max_tokens=1)
        usage = answer(exchange).usage
        added = usage.prompt_tokens - plain if usage else 0
        problem = f"{added} more: it is read as a control token" if added < 2 else None
        tally.note(one, exchange, problem)
    return tally.finding("all are text")


async def _prompt_tokens(probe: Probe, text: str) -> int:
    exchange = await probe.chat(messages=[{"role": "user", "content": text}], max_tokens=1)
    usage = answer(exchange).usage
    if usage is None:
        raise Settled(inconclusive("the answer has no usage (see CHT-15)"))
    return usage.prompt_tokens
