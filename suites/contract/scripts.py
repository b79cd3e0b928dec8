"""Outputs that a target plays word by word, where it can, and calls to a tool, played or forced.

A model id ``scripted:TEXT`` (percent-encoded) asks a server to answer with exactly that text. Only
servers made for tests know such ids; with others a call is forced by ``tool_choice``.
"""

from __future__ import annotations

from urllib.parse import quote

from harness.records import Dialect, Exchange, Json
from harness.wire import dialect_for
from suites.contract.finding import Settled, inconclusive, skipped
from suites.contract.probe import Probe
from suites.contract.reading import answer, settle_refusal

# Twice what the longest script takes when every character is a token.
SCRIPT_TOKENS = 512
# Room for the thought that a model may put before a forced call.
FORCED_TOKENS = 160
CONTROL = "One, two, three."
SCHEMA: Json = {
    "type": "object",
    "properties": {
        "city": {"enum": ["Oslo", "Rome"]},
        "days": {"type": "integer", "minimum": 1, "maximum": 9},
    },
    "required": ["city", "days"],
    "additionalProperties": False,
}
NAME = "get_weather"
WEATHER: Json = {
    "type": "function",
    "function": {"name": NAME, "description": "A forecast.", "strict": True, "parameters": SCHEMA},
}
WEATHER_BLOCK: Json = {"name": NAME, "description": "A forecast.", "input_schema": SCHEMA}
ARGUMENTS = '{"city": "Oslo", "days": 3}'
# What formats of calls and of thoughts are made of: none of it is for a reader.
MARKUP = ("<tool_call", "</tool_call", "<function", "[TOOL_CALLS]", "<|python_tag|>", "<|tool_call")


def call_text(arguments: str = ARGUMENTS, name: str = NAME) -> str:
    """A call in the Hermes form (NousResearch/Hermes-Function-Calling)."""
    return f'<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>'


def model_id(text: str) -> str:
    """The id that asks for a text."""
    return f"scripted:{quote(text, safe='')}"


async def plays(probe: Probe, dialect: Dialect = "openai") -> bool:
    """Whether the target plays scripts; asked once a run and dialect."""
    name = f"plays {dialect}"
    if name not in probe.state.memo:
        exchange = await _send(probe, CONTROL, dialect, {})
        read = dialect_for(dialect).read(exchange)
        probe.state.memo[name] = read.problem is None and read.text == CONTROL
    return bool(probe.state.memo[name])


async def needs_scripts(probe: Probe, dialect: Dialect = "openai") -> None:
    """End the check where no script is played.

    Raises:
        Settled: skip, with the reason.
    """
    if not await plays(probe, dialect):
        raise Settled(skipped("the server does not play scripted outputs (model scripted:TEXT)"))


async def play(
    probe: Probe, text: str, *, dialect: Dialect = "openai", **changes: Json
) -> Exchange:
    """A request whose answer is ``text``.

    Raises:
        Settled: the target plays no scripts (skip).
    """
    if dialect == "anthropic":
        await probe.needs_route("/messages", "the Messages API")
    await needs_scripts(probe, dialect)
    return await _send(probe, text, dialect, changes)


async def _send(probe: Probe, text: str, dialect: Dialect, changes: dict[str, Json]) -> Exchange:
    body = {"model": model_id(text), "max_tokens": SCRIPT_TOKENS, **changes}
    return await (probe.message if dialect == "anthropic" else probe.chat)(**body)


async def plays_calls(probe: Probe) -> bool:
    """Whether a scripted call in the Hermes form is one for the served model.

    It is not where it comes back unchanged as text: the model's own form is another.
    """
    if not await plays(probe):
        return False
    exchange = await _played_call(probe, "call False None 0", {})
    read = dialect_for("openai").read(exchange)
    return bool(read.tool_calls) or read.text.strip() != call_text()


async def needs_calls(probe: Probe) -> None:
    """End the check where no call can be played.

    Raises:
        Settled: skip, with the reason.
    """
    await needs_scripts(probe)
    if not await plays_calls(probe):
        raise Settled(skipped("the served model writes its calls in another form than Hermes"))


async def played_calls(
    probe: Probe, text: str, *, dialect: Dialect = "openai", **changes: Json
) -> Exchange:
    """A script with calls, offered the weather tool.

    Raises:
        Settled: as ``needs_calls``.
    """
    if dialect == "openai" or await plays(probe):
        await needs_calls(probe)
    tool = WEATHER_BLOCK if dialect == "anthropic" else WEATHER
    return await play(probe, text, dialect=dialect, **{"tools": [tool], **changes})


async def _played_call(probe: Probe, name: str, changes: dict[str, Json]) -> Exchange:
    return await probe.shared(name, lambda: play(probe, call_text(), tools=[WEATHER], **changes))


async def called(
    probe: Probe, *, streamed: bool = False, cap: int | None = None, turn: int = 0
) -> Exchange:
    """A chat completion with one call to the weather tool: played where possible, else forced.

    Each ``turn`` is a request of its own, made once a run.

    Raises:
        Settled: a call can be neither played nor forced.
    """
    name = f"call {streamed} {cap} {turn}"
    changes: dict[str, Json] = {"stream": streamed, **({"max_tokens": cap} if cap else {})}
    if await plays_calls(probe):
        return await _played_call(probe, name, changes)
    choice: Json = {"type": "function", "function": {"name": NAME}}
    body = {"tools": [WEATHER], "tool_choice": choice, "max_tokens": FORCED_TOKENS, **changes}
    exchange = await probe.shared(name, lambda: probe.chat(**body))
    settle_refusal(exchange, "tool_choice")
    return exchange


async def whole_call(probe: Probe, turn: int = 0) -> Exchange:
    """The call in one piece, proven to be there.

    Raises:
        Settled: there is none (inconclusive: whether tool_choice is kept is TOL-01's question).
    """
    exchange = await called(probe, turn=turn)
    if not answer(exchange).tool_calls:
        raise Settled(inconclusive("the answer holds no call to look at (see TOL-01)"))
    return exchange


def markup_in(text: str) -> str | None:
    """The first piece of a call's markup that is left in a text, if any."""
    return next((mark for mark in MARKUP if mark in text), None)
