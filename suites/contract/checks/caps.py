"""Rules of max_tokens and of token counts."""

from __future__ import annotations

from uuid import uuid4

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, Settled, failed, ignored, inconclusive, passed
from suites.contract.greedy import aligned, ask_greedy, greedy
from suites.contract.probe import ABSENT, PROMPT, Probe
from suites.contract.reading import Tally, answer, at, ok_object, refusal_problem, settle_refusal

REQUEST = "OpenAI OpenAPI 2.3.0 CreateChatCompletionRequest"
QUICK_CAPS, THOROUGH_CAPS = (1, 2, 3, 5, 8), (1, 2, 3, 4, 5, 6, 7, 8)


def _tokens(exchange: Exchange) -> int:
    counted = answer(exchange).usage
    if counted is None:
        raise Settled(inconclusive("the answer has no usage (see CHT-15)"))
    return counted.completion_tokens


@check("CHT-11", "MUST", REQUEST, "finish_reason is length exactly when the cap was reached")
async def length_iff_cap(probe: Probe) -> Finding:
    """max_tokens from 1 to 8: length means that many tokens; stop means that no more would come."""
    longest = answer(await probe.chat(max_tokens=64)).text
    tally = Tally(expected="completion_tokens == max_tokens when finish_reason is length")
    for cap in THOROUGH_CAPS if probe.thorough else QUICK_CAPS:
        exchange = await probe.chat(max_tokens=cap)
        read, tokens = answer(exchange), _tokens(exchange)
        problem = None
        if tokens > cap:
            problem = f"{tokens} tokens"
        elif read.finish_reason == "length" and tokens != cap:
            problem = f"length after {tokens} tokens"
        elif read.finish_reason == "stop" and tokens == cap and _goes_on(read.text, longest):
            problem = "stop, but a larger cap gives more text"
        tally.note(f"max_tokens {cap}", exchange, problem)
    return tally.finding("length and the cap agree")


def _goes_on(text: str, longest: str) -> bool:
    return longest.startswith(text) and len(longest) > len(text)


@check("CHT-18", "MUST", REQUEST, "completion_tokens counts the tokens that were generated")
async def counted(probe: Probe) -> Finding:
    """max_tokens 5: at most 5; with logprobs, where supported, as many as there are entries."""
    exchange = await probe.chat(max_tokens=5)
    tokens = _tokens(exchange)
    if tokens > 5:
        return failed("more tokens than allowed", expected="at most 5", got=tokens)
    with_logprobs = await probe.chat(max_tokens=5, logprobs=True)
    if refusal_problem(with_logprobs) is None:
        return passed(f"{tokens} of 5 (logprobs are not supported)")
    entries = at(ok_object(with_logprobs), "choices", 0, "logprobs", "content")
    if isinstance(entries, list) and len(entries) != _tokens(with_logprobs):
        expected = f"{_tokens(with_logprobs)} entries"
        return failed("logprobs and usage differ", expected=expected, got=len(entries))
    return passed(f"{tokens} of 5")


@check("CHT-19", "MUST", "clients account by it", "prompt_tokens do not depend on mode or cache")
async def prompt_tokens(probe: Probe) -> Finding:
    """A new prompt, asked twice in one piece and twice streamed: one count."""
    messages = [{"role": "user", "content": f"{uuid4().hex} {PROMPT}"}]
    options = {"include_usage": True}
    counts = []
    for streamed in (False, False, True, True):
        more = {"stream": True, "stream_options": options} if streamed else {}
        read = answer(await probe.chat(messages=messages, max_tokens=2, **more))
        counts.append(read.usage.prompt_tokens if read.usage else None)
    if None in counts:
        return inconclusive(f"not every answer has usage: {counts} (see CHT-15, STR-14)")
    if len(set(counts)) > 1:
        expected = "four equal counts: plain, plain again, streamed, streamed again"
        return failed("prompt_tokens differ", expected=expected, got=counts)
    return passed(f"{counts[0]} prompt tokens each time")


@check("CHT-31", "MUST", REQUEST, "max_tokens 1 gives one token")
async def one_token(probe: Probe) -> Finding:
    """completion_tokens is 1 (0 when the model stops at once)."""
    exchange = await probe.chat(max_tokens=1)
    tokens, finish = _tokens(exchange), answer(exchange).finish_reason
    if tokens == 1 or (tokens == 0 and finish == "stop"):
        return passed(f"{tokens} token, {finish}")
    return failed(f"{tokens} tokens", expected=1, got=tokens)


@check("CHT-32", "MUST", REQUEST, "max_completion_tokens caps like max_tokens")
async def new_name(probe: Probe) -> Finding:
    """max_completion_tokens 3 alone: three tokens, where a cap of 8 gives more."""
    if _tokens(await probe.plain()) <= 3:
        return inconclusive("the model's own answer is not longer than the cap")
    exchange = await probe.chat(max_tokens=ABSENT, max_completion_tokens=3)
    settle_refusal(exchange, "max_completion_tokens")
    tokens = _tokens(exchange)
    if tokens > 3:
        return ignored("the cap is ignored", expected=3, got=tokens)
    if tokens < 3:
        return failed("fewer tokens than the cap", expected=3, got=tokens)
    return passed("three tokens")


@check("CHT-33", "SHOULD", "clients send both", "With both caps given, one of them holds")
async def both_names(probe: Probe) -> Finding:
    """max_tokens 7 and max_completion_tokens 3: three or seven tokens, or a refusal."""
    if _tokens(await probe.plain()) <= 7:
        return inconclusive("the model's own answer is not longer than the caps")
    exchange = await probe.chat(max_tokens=7, max_completion_tokens=3)
    settle_refusal(exchange, "max_completion_tokens")
    tokens = _tokens(exchange)
    if tokens not in {3, 7}:
        return failed("neither cap holds", expected="3 or 7", got=tokens)
    return passed(f"the cap of {tokens} holds")


async def _bounded(probe: Probe) -> dict[str, Json]:
    """A prompt and a stop that end its greedy answer soon, on a server that keeps stops."""
    try:
        prompt, stop = (await greedy(probe)).prompt, (await aligned(probe))[0]
    except Settled:
        return {}
    return {"messages": [{"role": "user", "content": prompt}], "stop": stop}


@check("CHT-34", "MUST", f"{REQUEST}, nullable", "max_tokens null is as absent")
async def null_cap(probe: Probe) -> Finding:
    """max_tokens null, bounded by a stop: HTTP 200. Dropped after the first pieces."""
    exchange = await probe.glimpse(**await _bounded(probe), max_tokens=None)
    tally = Tally(expected="HTTP 200")
    tally.note("max_tokens null", exchange, None if exchange.status == 200 else "refused")
    return tally.finding("null is accepted")


@check(
    "CHT-35", "MUST", f"{REQUEST}, integer", "A max_tokens that is no positive integer is refused"
)
async def bad_caps(probe: Probe) -> Finding:
    """0, -1, "5", 1.5 and true: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400 each")
    for bad in (0, -1, "5", 1.5, True):
        tally.refused(f"max_tokens {bad!r}", await probe.chat(max_tokens=bad))
    return tally.finding("all are refused")


@check(
    "CHT-36",
    "MUST",
    "one request must not take all memory",
    "An absurd max_tokens is refused or clamped",
    stage=Stage.ADVERSARIAL,
)
async def absurd_caps(probe: Probe) -> Finding:
    """1e8 and 2^63, streamed and dropped after the first pieces: HTTP 400, or an answer begins."""
    bounds = await _bounded(probe)
    tally = Tally(expected="HTTP 400, or HTTP 200 clamped to the context")
    for absurd in (10**8, 2**63):
        exchange = await probe.glimpse(**bounds, max_tokens=absurd)
        fine = exchange.error in {None, "abandoned"} and exchange.status in {200, 400, 422}
        told = exchange.error_text if exchange.error != "abandoned" else f"HTTP {exchange.status}"
        tally.note(f"max_tokens {absurd}", exchange, None if fine else told)
    return tally.finding("neither does harm")


@check(
    "CHT-29",
    "MUST",
    "a stop is about the answer",
    "A stop in the prompt does not stop",
    needs="repeatable greedy output",
)
async def stop_in_prompt(probe: Probe) -> Finding:
    """A word of the prompt that the greedy answer does not hold, as stop: nothing changes."""
    learned = await greedy(probe)
    words = [word.strip(",.?") for word in learned.prompt.split()]
    foreign = next((w for w in words if len(w) > 2 and w not in learned.text), None)
    if foreign is None:
        return inconclusive("the greedy answer repeats every word of its prompt")
    exchange = await ask_greedy(probe, learned.prompt, stop=foreign)
    text = answer(exchange).text
    if text != learned.text:
        return failed(f"stop {foreign!r} changed the answer", expected=learned.text, got=text)
    return passed(f"stop {foreign!r} from the prompt changed nothing")
