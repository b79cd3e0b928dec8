"""Rules of tools that hold whatever the model says."""

from __future__ import annotations

from harness.records import Json
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, ignored, inconclusive, passed
from suites.contract.probe import Probe
from suites.contract.reading import Tally, answer, settle_refusal

TOOLS = "OpenAI OpenAPI 2.3.0 ChatCompletionTool"
CHOICE = "OpenAI OpenAPI 2.3.0 ChatCompletionToolChoiceOption"
# Room for a call without arguments in any of the usual formats.
CALL_TOKENS = 64


def _tool(**function: Json) -> Json:
    schema = {"type": "object", "properties": {}}
    return {"type": "function", "function": {"name": "now", "parameters": schema, **function}}


def _named(name: str) -> Json:
    return {"type": "function", "function": {"name": name}}


@check("TOL-01", "MUST", CHOICE, "tool_choice required gives a call or is refused")
async def required(probe: Probe) -> Finding:
    """tool_choice "required" and by name: a call to the tool, or HTTP 400 naming tool_choice."""
    for choice in ("required", _named("now")):
        exchange = await probe.chat(tools=[_tool()], tool_choice=choice, max_tokens=CALL_TOKENS)
        settle_refusal(exchange, "tool_choice")
        read = answer(exchange)
        if not read.tool_calls and read.finish_reason == "length" and not read.text:
            return inconclusive("the cap came before the call was whole")
        called = [call.name for call in read.tool_calls]
        if called != ["now"] * max(len(called), 1):
            got = called or read.text
            return ignored(f"tool_choice {choice!r} gave no call", expected="now", got=got)
    return passed("the tool is called")


@check("TOL-02", "MUST", CHOICE, "tool_choice none gives no call")
async def no_call(probe: Probe) -> Finding:
    """tool_choice "none": no tool_calls."""
    exchange = await probe.chat(tools=[_tool()], tool_choice="none", max_tokens=CALL_TOKENS)
    settle_refusal(exchange, "tool_choice")
    calls = answer(exchange).tool_calls
    if calls:
        return ignored("there are calls", expected="no tool_calls", got=[c.name for c in calls])
    return passed("no call")


@check("TOL-08", "MUST", CHOICE, "A choice of a tool that is not there is refused")
async def absent_tool(probe: Probe) -> Finding:
    """tool_choice names "then" while only "now" is declared: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400")
    exchange = await probe.chat(tools=[_tool()], tool_choice=_named("then"), max_tokens=2)
    tally.refused("then", exchange)
    return tally.finding("it is refused")


@check("TOL-09", "MUST", TOOLS, "tools [] and null are no tools")
async def no_tools(probe: Probe) -> Finding:
    """tools [] and null: the plain answer."""
    plain = answer(await probe.plain())
    tally = Tally(expected=f"{plain.text!r}, as without tools")
    nothings: tuple[Json, ...] = ([], None)
    for nothing in nothings:
        exchange = await probe.chat(tools=nothing)
        same = answer(exchange).text == plain.text
        tally.note(f"tools {nothing!r}", exchange, None if same else "another answer")
    return tally.finding("both are as absent")


@check("TOL-10", "MUST", TOOLS, "Broken tools are refused", stage=Stage.ADVERSARIAL)
async def broken(probe: Probe) -> Finding:
    """A text, a function without a name, a name with a space, of 65 letters: HTTP 400 (or 422)."""
    nameless = {"type": "function", "function": {"parameters": {"type": "object"}}}
    bad: dict[str, Json] = {
        "a text": "x",
        "no name": [nameless],
        "a space": [_tool(name="a b")],
        "65 letters": [_tool(name="x" * 65)],
        "a schema that is a text": [_tool(parameters="banana")],
    }
    tally = Tally(expected="HTTP 400 each")
    for label, tools in bad.items():
        tally.refused(label, await probe.chat(tools=tools, max_tokens=2))
    return tally.finding("all are refused")


@check("TOL-11", "SHOULD", "OpenAI's API refuses it", "tool_choice without tools is refused")
async def choice_alone(probe: Probe) -> Finding:
    """tool_choice "auto" and "required" without tools: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400 each")
    for choice in ("auto", "required"):
        tally.refused(choice, await probe.chat(tool_choice=choice, max_tokens=2))
    return tally.finding("both are refused")


@check("TOL-13", "MUST", TOOLS, "A tool without parameters is accepted")
async def no_parameters(probe: Probe) -> Finding:
    """A function of name and description alone: HTTP 200."""
    tool = {"type": "function", "function": {"name": "now", "description": "The time."}}
    read = answer(await probe.chat(tools=[tool]), may_refuse="tools")
    if read.tool_calls and any(not call.arguments for call in read.tool_calls):
        return failed("a call has empty arguments", expected="{}", got="")
    return passed("accepted")
