"""Rules of tool calls in one piece: played where the target plays scripts, else forced."""

from __future__ import annotations

import json
from typing import Any

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, ignored, inconclusive, passed, unsupported
from suites.contract.probe import PROMPT, Probe
from suites.contract.reading import (
    MISSING,
    REFUSALS,
    Tally,
    answer,
    at,
    decoded,
    names,
    ok_object,
    shown,
)
from suites.contract.scripts import (
    FORCED_TOKENS,
    NAME,
    SCHEMA,
    WEATHER,
    call_text,
    called,
    markup_in,
    played_calls,
    plays_calls,
    whole_call,
)

CALL = "OpenAI OpenAPI 2.3.0 ChatCompletionMessageToolCall"
FINISH = "OpenAI OpenAPI 2.3.0 CreateChatCompletionResponse, finish_reason"
# The city may be any text: a server that holds strict functions to their schema plays the script.
FREE: Json = {"type": "function", "function": {"name": NAME, "parameters": {"type": "object"}}}
TOOLS_COUNT, TOOLS_BYTES = 100, 256 * 1024
SAID = "Let me look."
HARD = '{"city": "漢字 😀 \\"q\\" c:\\\\d \\n\\t é", "days": 3}'


def calls_in(exchange: Exchange) -> list[dict[str, Any]]:
    """The raw entries of message.tool_calls."""
    found = at(ok_object(exchange), "choices", 0, "message", "tool_calls")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def arguments_of(call: Json) -> Json:
    """The decoded arguments of a raw call, or MISSING."""
    text = at(call, "function", "arguments")
    return decoded(text.encode()) if isinstance(text, str) else MISSING


def fits(arguments: Json) -> bool:
    """Whether arguments keep the weather tool's schema."""
    if not isinstance(arguments, dict) or set(arguments) != {"city", "days"}:
        return False
    days = arguments["days"]
    whole = isinstance(days, int | float) and not isinstance(days, bool) and days == int(days)
    return arguments["city"] in {"Oslo", "Rome"} and whole and 1 <= days <= 9


@check("CHT-13", "MUST", FINISH, "An answer with tool calls finishes with tool_calls")
async def finish(probe: Probe) -> Finding:
    """One call, in one piece and streamed: finish_reason tool_calls (length where it was cut).

    With a choice by name OpenAI's API says stop, which is let pass where the call was forced so.
    """
    await whole_call(probe)
    tally = Tally(expected="tool_calls")
    for streamed in (False, True):
        exchange = await called(probe, streamed=streamed)
        read = answer(exchange)
        forced = b'"tool_choice"' in exchange.request.body
        allowed = {"tool_calls", "length", *(("stop",) if forced else ())}
        fine = not read.tool_calls or read.finish_reason in allowed
        label = "streamed" if streamed else "in one piece"
        tally.note(label, exchange, None if fine else f"{read.finish_reason}")
    return tally.finding("both say so")


@check("CHT-14", "MUST", FINISH, "A call that was cut off is not told as a whole one")
async def cut(probe: Probe) -> Finding:
    """Caps inside the call: finish_reason length, or arguments that are JSON and keep the schema.

    The caps are a quarter, a half, three quarters of the call's tokens and one token less.
    """
    whole = answer(await whole_call(probe)).usage
    if whole is None:
        return inconclusive("the answer has no usage (see CHT-15)")
    count = whole.completion_tokens
    tally = Tally(expected="finish_reason length, or whole arguments")
    for cap in sorted({max(1, count // 4), max(1, count // 2), max(1, count * 3 // 4), count - 1}):
        exchange = await called(probe, cap=cap)
        read = answer(exchange)
        good = [fits(decoded(call.arguments.encode())) for call in read.tool_calls]
        broken = read.finish_reason != "length" and not (good and all(good))
        problem = f"{read.finish_reason} with {[c.arguments for c in read.tool_calls]}"
        tally.note(f"max_tokens {cap} of {count}", exchange, problem if broken else None)
    return tally.finding("cut calls finish with length")


@check("TOL-03", "MUST", CALL, "A call's arguments are a text that holds JSON")
async def arguments_are_text(probe: Probe) -> Finding:
    """function.arguments of the raw answer is a string, never an object."""
    calls = calls_in(await whole_call(probe))
    got = [at(call, "function", "arguments") for call in calls]
    if not all(isinstance(one, str) for one in got):
        return failed("arguments are no text", expected='"{…}"', got=repr(got))
    return passed(f"{len(got)} texts")


@check("TOL-04", "MUST", f"{CALL}, strict", "Arguments of a strict function keep its schema")
async def strict(probe: Probe) -> Finding:
    """A strict function of an enum and a bounded integer, forced by name: both are kept."""
    choice: Json = {"type": "function", "function": {"name": NAME}}
    exchange = await probe.chat(tools=[WEATHER], tool_choice=choice, max_tokens=FORCED_TOKENS)
    for field in ("strict", "tool_choice"):
        if exchange.status in REFUSALS and names(exchange, field):
            return unsupported(f"{field} is refused: {shown(exchange)}")
    read = answer(exchange)
    if not read.tool_calls:
        return inconclusive("no call came (see TOL-01)")
    if read.finish_reason == "length":
        return inconclusive("the cap came before the call was whole")
    bad = [c.arguments for c in read.tool_calls if not fits(decoded(c.arguments.encode()))]
    if bad:
        return ignored("strict arguments break the schema", expected=SCHEMA, got=bad)
    return passed("the arguments keep the schema")


@check("TOL-05", "MUST", CALL, "Each call has a type and an id of its own")
async def ids(probe: Probe) -> Finding:
    """Two answers with a call each: type function, ids that are filled and differ."""
    first = calls_in(await whole_call(probe))
    second = calls_in(await whole_call(probe, turn=1))
    calls = [*first, *second]
    found = [call.get("id") for call in calls]
    if not all(isinstance(one, str) and one for one in found):
        return failed("an id is no filled text", expected="a text", got=repr(found))
    if len(set(found)) < len(found):
        return failed("ids repeat", expected="different ids", got=found)
    kinds = {str(call.get("type")) for call in calls}
    if kinds != {"function"}:
        return failed("the type is wrong", expected="function", got=sorted(kinds))
    return passed(f"{len(found)} ids")


@check("TOL-06", "MUST", CALL, "Two calls are two entries, in order", needs="scripted outputs")
async def two(probe: Probe) -> Finding:
    """A scripted answer with calls for Oslo and for Rome."""
    texts = ('{"city": "Oslo", "days": 3}', '{"city": "Rome", "days": 5}')
    exchange = await played_calls(probe, "\n".join(call_text(one) for one in texts))
    got = [arguments_of(call) for call in calls_in(exchange)]
    expected = [json.loads(one) for one in texts]
    if got != expected:
        return failed("the calls differ", expected=expected, got=repr(got), exchange=exchange)
    return passed("both calls, in order")


@check("TOL-07", "MUST", "clients show content to people", "No markup of a call is left in content")
async def no_markup(probe: Probe) -> Finding:
    """A call alone, and where scripts are played one behind a sentence: no tag, nothing lost."""
    exchange = await whole_call(probe)
    left = markup_in(answer(exchange).text)
    if left:
        return failed(f"{left!r} is left", expected=None, got=answer(exchange).text)
    if not await plays_calls(probe):
        return passed("no markup")
    exchange = await played_calls(probe, f"{SAID}\n{call_text()}")
    text = answer(exchange).text
    if text.strip() != SAID:
        return failed("the text differs", expected=SAID, got=text, exchange=exchange)
    return passed("the sentence alone is content")


@check(
    "TOL-12",
    "SHOULD",
    CALL,
    "parallel_tool_calls false gives at most one call",
    needs="scripted outputs",
)
async def one_at_most(probe: Probe) -> Finding:
    """A scripted answer with two calls, parallel_tool_calls false: one call, or a refusal."""
    text = "\n".join([call_text(), call_text()])
    exchange = await played_calls(probe, text, parallel_tool_calls=False)
    if exchange.status in REFUSALS and names(exchange, "parallel_tool_calls"):
        return unsupported("parallel_tool_calls is refused")
    count = len(answer(exchange).tool_calls)
    if count > 1:
        return ignored(f"{count} calls came", expected="one", got=count, exchange=exchange)
    return passed(f"{count} call")


@check(
    "TOL-14",
    "MUST",
    "RFC 8259",
    "Every character of the arguments survives",
    needs="scripted outputs",
)
async def characters(probe: Probe) -> Finding:
    """CJK, emoji, quotes, a backslash, a line break: scripted, in one piece and streamed."""
    expected = json.loads(HARD)
    tally = Tally(expected=expected)
    for streamed in (False, True):
        exchange = await played_calls(probe, call_text(HARD), tools=[FREE], stream=streamed)
        calls = answer(exchange).tool_calls
        got = [decoded(call.arguments.encode()) for call in calls]
        label = "streamed" if streamed else "in one piece"
        tally.note(label, exchange, None if got == [expected] else f"{got!r}")
    return tally.finding("both ways")


@check("TOL-15", "MUST", "every agent does it", "A call, its result and an answer go round")
async def loop(probe: Probe) -> Finding:
    """The call as it came and a tool message with its id: HTTP 200, and the prompt has grown."""
    exchange = await whole_call(probe)
    first = answer(exchange)
    message = at(ok_object(exchange), "choices", 0, "message")
    turns: list[Json] = [
        {"role": "user", "content": PROMPT},
        {key: message[key] for key in ("role", "content", "tool_calls") if key in message},
        *(
            {"role": "tool", "tool_call_id": call.id, "content": "Sun, 21 degrees."}
            for call in first.tool_calls
        ),
    ]
    second = await probe.chat(messages=turns, tools=[WEATHER])
    read = answer(second)
    if first.usage and read.usage and read.usage.prompt_tokens <= first.usage.prompt_tokens:
        expected = f"more than {first.usage.prompt_tokens} prompt tokens"
        got = read.usage.prompt_tokens
        return failed("call and result do not reach the prompt", expected=expected, got=got)
    return passed("the result is answered")


@check(
    "TOL-17", "SHOULD", "agents bring many", "A hundred tools are accepted", stage=Stage.ADVERSARIAL
)
async def many(probe: Probe) -> Finding:
    """100 tools: HTTP 200, or a 400, 413 or 422 as an error object.

    One tool of 256 KB, too, in the longer profiles.
    """
    hundred = [_tool(f"tool_{number}", "Does it.") for number in range(TOOLS_COUNT)]
    large = [_tool("large", "x" * TOOLS_BYTES)] if probe.thorough else []
    tally = Tally(expected="HTTP 200, or a clean refusal")
    for label, tools in (("100 tools", hundred), ("256 KB", large)):
        if not tools:
            continue
        exchange = await probe.chat(tools=tools, max_tokens=2)
        refused = exchange.status in REFUSALS | {413}
        clean = refused and isinstance(at(decoded(exchange.body), "error"), dict | str)
        problem = None if clean or exchange.status == 200 else shown(exchange)
        tally.note(label, exchange, problem)
    return tally.finding("answered or refused")


def _tool(name: str, description: str) -> Json:
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    function = {"name": name, "description": description, "parameters": schema}
    return {"type": "function", "function": function}
