"""Rules of legacy text completions."""

from __future__ import annotations

from typing import Any

from harness.records import Exchange, Json
from suites.contract.canary import risky
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, ignored, inconclusive, passed, unsupported
from suites.contract.probe import PROMPT, Probe
from suites.contract.reading import (
    REFUSALS,
    StreamView,
    Tally,
    answer,
    at,
    is_done,
    is_int,
    ok_object,
    refusal_problem,
    settle_refusal,
    settle_silence,
    shown,
    stream,
)

COMPLETION = "OpenAI OpenAPI 2.3.0 CreateCompletionResponse"
REQUEST = "OpenAI OpenAPI 2.3.0 CreateCompletionRequest"
ROUTE = "/completions"
WHAT = "text completions"
FINISH_REASONS = frozenset({"stop", "length", "content_filter"})
BEYOND = 99_999_999  # no vocabulary has that many entries


async def _plain(probe: Probe) -> Exchange:
    await probe.needs_route(ROUTE, WHAT)
    return await probe.shared("text", probe.complete)


@check("CMP-01", "MUST", COMPLETION, "A text completion has the published shape")
async def shape(probe: Probe) -> Finding:
    """object "text_completion"; choices with text, index, finish_reason and logprobs."""
    body = ok_object(await _plain(probe))
    choice = at(body, "choices", 0)
    problems = [
        *([] if body.get("object") == "text_completion" else ["object"]),
        *([] if isinstance(at(choice, "text"), str) else ["text"]),
        *([] if at(choice, "index") == 0 else ["index"]),
        *([] if at(choice, "finish_reason") in FINISH_REASONS else ["finish_reason"]),
        *([] if isinstance(at(choice, "logprobs"), dict | None) else ["logprobs"]),
    ]
    if problems:
        expected = "object, text, index, finish_reason, logprobs (null or an object)"
        return failed(f"wrong or absent: {', '.join(problems)}", expected=expected, got=body)
    return passed("all keys are there")


@check("CMP-02", "MUST", REQUEST, "A prompt string is completed")
async def string(probe: Probe) -> Finding:
    """prompt as a string: HTTP 200 with text and usage."""
    read = answer(await _plain(probe))
    if not read.text:
        return failed("there is no text", expected="text", got="")
    return passed(f"{read.text!r}")


@check("CMP-07", "SHOULD", REQUEST, "echo puts the prompt first or is refused")
async def echo(probe: Probe) -> Finding:
    """echo true: the text begins with the prompt, or HTTP 400 naming echo."""
    await probe.needs_route(ROUTE, WHAT)
    exchange = await probe.complete(echo=True)
    settle_refusal(exchange, "echo")
    text = answer(exchange).text
    if not text.startswith(PROMPT):
        return ignored("echo is ignored", expected=PROMPT, got=text)
    return passed("the prompt comes first")


@check("CMP-12", "MUST", COMPLETION, "A streamed text completion has the same shape")
async def streamed(probe: Probe) -> Finding:
    """Every chunk is a text_completion with text; one finish, usage when asked, [DONE] last."""
    await probe.needs_route(ROUTE, WHAT)
    options = {"include_usage": True}
    exchange = await probe.complete(stream=True, stream_options=options)
    view = stream(exchange)
    problems = _stream_problems(view)
    if problems:
        return failed("; ".join(problems), expected="text_completion chunks", got=shown(exchange))
    text = "".join(str(at(v, "choices", 0, "text")) for v in view.values if v["choices"])
    whole = answer(await _plain(probe)).text
    if text != whole:
        return failed("the texts differ", expected=whole, got=text, exchange=exchange)
    return passed(f"{len(view.values)} chunks, the same text")


def _stream_problems(view: StreamView) -> list[str]:
    with_choice = [v for v in view.values if at(v, "choices") != []]
    bad = [v for v in with_choice if not isinstance(at(v, "choices", 0, "text"), str)]
    wrong = [v for v in view.values if v.get("object") != "text_completion"]
    finishes = sum(bool(at(v, "choices", 0, "finish_reason")) for v in with_choice)
    usage = [v for v in view.values if v.get("usage")]
    return [
        *([view.broken] if view.broken else []),
        *([f"{len(wrong)} chunks have another object"] if wrong else []),
        *([f"{len(bad)} chunks have no text"] if bad else []),
        *([f"{finishes} finish_reasons"] if finishes != 1 else []),
        *(["no usage"] if not usage else []),
        *(["no [DONE] at the end"] if view.done != 1 or not is_done(view.events[-1]) else []),
    ]


@check("CMP-13", "MUST", COMPLETION, "usage adds up")
async def usage(probe: Probe) -> Finding:
    """prompt_tokens + completion_tokens == total_tokens."""
    value = ok_object(await _plain(probe)).get("usage")
    keys = ("prompt_tokens", "completion_tokens", "total_tokens")
    prompt, completion, total = (at(value, key) for key in keys)
    if not all(is_int(one) for one in (prompt, completion, total)):
        return failed("usage is no three counts", expected=list(keys), got=repr(value))
    if prompt + completion != total:
        return failed("the sum is wrong", expected=prompt + completion, got=total)
    return passed(f"{prompt} + {completion} = {total}")


@check(
    "CMP-03",
    "MUST",
    REQUEST,
    "Several prompts give one choice each, in order, or are refused",
    stage=Stage.LETHAL,
)
async def prompts(probe: Probe) -> Finding:
    """prompt ["a b c", …]: two choices that equal the single ones, or HTTP 400 naming prompt."""
    await probe.needs_route(ROUTE, WHAT)
    texts = ["Once upon a time", PROMPT]
    exchange = await probe.complete(prompt=texts, max_tokens=4)
    await risky(probe, exchange)
    settle_refusal(exchange, "prompt")
    choices = ok_object(exchange).get("choices")
    got: list[Any] = choices if isinstance(choices, list) else []
    if len(got) != len(texts):
        expected = f"{len(texts)} choices"
        return ignored("a prompt has no choice", expected=expected, got=f"{len(got)} choices")
    if sorted(str(at(choice, "index")) for choice in got) != ["0", "1"]:
        return failed("the choices are misnumbered", expected=[0, 1], got=got)
    return await _in_order(probe, texts, sorted(got, key=lambda c: str(at(c, "index"))))


async def _in_order(probe: Probe, texts: list[str], choices: list[Any]) -> Finding:
    singles = [answer(await probe.complete(prompt=text, max_tokens=4)).text for text in texts]
    got = [at(choice, "text") for choice in choices]
    if got != singles and got == singles[::-1]:
        return failed("the choices are in another order", expected=singles, got=got)
    if got != singles:
        return inconclusive(f"batched and single texts differ: {got} and {singles}")
    return passed("one choice each, in order")


@check("CMP-04", "SHOULD", REQUEST, "Token ids are a prompt or are refused", stage=Stage.LETHAL)
async def token_ids(probe: Probe) -> Finding:
    """prompt [5, 6]: HTTP 200, or HTTP 400 naming prompt."""
    await probe.needs_route(ROUTE, WHAT)
    exchange = await probe.complete(prompt=[5, 6], max_tokens=2)
    await risky(probe, exchange)
    settle_refusal(exchange, "prompt")
    counted = answer(exchange).usage
    if counted and counted.prompt_tokens not in {2, 3}:  # some put a start token in front
        return failed("the ids are not the prompt", expected=2, got=counted.prompt_tokens)
    return passed("two tokens")


@check("CMP-05", "MUST", REQUEST, "An empty prompt does no harm", stage=Stage.LETHAL)
async def empty(probe: Probe) -> Finding:
    """prompt "": HTTP 200 or 400, and the server lives."""
    await probe.needs_route(ROUTE, WHAT)
    exchange = await probe.complete(prompt="", max_tokens=2)
    await risky(probe, exchange)
    settle_silence(exchange)
    if exchange.status not in {200, *REFUSALS}:
        expected = "HTTP 200 or 400"
        return failed("no clear answer", expected=expected, got=shown(exchange), exchange=exchange)
    return passed(f"HTTP {exchange.status}")


@check(
    "CMP-06", "MUST", "no such token", "Ids out of the vocabulary are refused", stage=Stage.LETHAL
)
async def foreign_ids(probe: Probe) -> Finding:
    """prompt [99999999] and [-1]: HTTP 400 (or 422), and the server lives after each."""
    await probe.needs_route(ROUTE, WHAT)
    lists: tuple[Json, ...] = ([BEYOND], [-1])
    tally = Tally(expected="HTTP 400 each")
    for ids in lists:
        exchange = await probe.complete(prompt=ids, max_tokens=2)
        tally.refused(f"prompt {ids}", exchange)
        await risky(probe, exchange)
    known = await probe.complete(prompt=[5, 6], max_tokens=1)
    if refusal_problem(known) is None:
        return unsupported("token ids are refused as a whole")
    return tally.finding("both are refused")
