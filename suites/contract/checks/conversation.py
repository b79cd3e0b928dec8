"""Rules of messages: roles, contents and histories."""

from __future__ import annotations

from harness.records import Exchange, Json
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, Settled, failed, ignored, inconclusive, passed
from suites.contract.probe import PIXEL, PROMPT, Probe
from suites.contract.reading import REFUSALS, Tally, answer, names, settle_silence, shown

MESSAGE = "OpenAI OpenAPI 2.3.0 ChatCompletionRequestMessage"
SYSTEM = "Answer in few and simple words, as if to a child."
USER = {"role": "user", "content": PROMPT}
# Outside ASCII in several ways: precomposed, CJK, right to left, joined emoji, a lone combiner.
UNICODE = "Größe 海 سلام 👩‍👩‍👧 e\u0301 ✅"


def _tokens(exchange: Exchange) -> int:
    counted = answer(exchange).usage
    if counted is None:
        raise Settled(inconclusive("the answer has no usage (see CHT-15)"))
    return counted.prompt_tokens


async def _grows(probe: Probe, role: str) -> Finding:
    """A message of a role must be seen by the model: the prompt gets longer."""
    alone = _tokens(await probe.plain())
    exchange = await probe.chat(messages=[{"role": role, "content": SYSTEM}, USER])
    both = _tokens(exchange)
    if both <= alone:
        expected = f"more than {alone} prompt tokens"
        return ignored(f"the {role} message is dropped", expected=expected, got=both)
    return passed(f"prompt_tokens grow from {alone} to {both}")


@check("CHT-66", "MUST", MESSAGE, "A system message reaches the model")
async def system(probe: Probe) -> Finding:
    """With a system message prompt_tokens grow."""
    return await _grows(probe, "system")


@check("CHT-67", "MUST", MESSAGE, "A developer message reaches the model")
async def developer(probe: Probe) -> Finding:
    """With a developer message prompt_tokens grow."""
    return await _grows(probe, "developer")


@check("CHT-68", "SHOULD", "agents do it", "A late or second system message is no server error")
async def late_system(probe: Probe) -> Finding:
    """User then system, and two systems first: HTTP 200 or 400."""
    note = {"role": "system", "content": SYSTEM}
    return await _answered_or_refused(probe, {"late": [USER, note], "two": [note, note, USER]})


async def _answered_or_refused(probe: Probe, histories: dict[str, list[Json]]) -> Finding:
    tally = Tally(expected="HTTP 200 or 400 each")
    for label, messages in histories.items():
        exchange = await probe.chat(messages=messages, max_tokens=2)
        fine = exchange.error is None and exchange.status in {200, *REFUSALS}
        tally.note(label, exchange, None if fine else shown(exchange))
    return tally.finding("each is answered or refused")


@check("CHT-69", "MUST", f"{MESSAGE}, enum", "An unknown role is refused")
async def unknown_role(probe: Probe) -> Finding:
    """role "banana": HTTP 400 (or 422)."""
    exchange = await probe.chat(messages=[{"role": "banana", "content": PROMPT}], max_tokens=2)
    tally = Tally(expected="HTTP 400")
    tally.refused("role banana", exchange)
    return tally.finding("it is refused")


@check("CHT-70", "MUST", MESSAGE, "A text part is the same as the string")
async def text_part(probe: Probe) -> Finding:
    """content as [{"type": "text", …}]: prompt_tokens and greedy text of the string."""
    string = answer(await probe.plain())
    parts = [{"role": "user", "content": [{"type": "text", "text": PROMPT}]}]
    read = answer(await probe.chat(messages=parts))
    if (read.usage, read.text) != (string.usage, string.text):
        expected, got = (str((one.usage, one.text)) for one in (string, read))
        return failed("the two forms differ", expected=expected, got=got)
    return passed("string and part are one")


@check("CHT-71", "MUST", MESSAGE, "A part that the model cannot read is refused, never dropped")
async def foreign_parts(probe: Probe) -> Finding:
    """An image and a sound: HTTP 400 naming the part, or prompt_tokens that grow."""
    text = {"type": "text", "text": PROMPT}
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    sound = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
    alone = _tokens(await probe.plain())
    for label, part in (("image", image), ("audio", sound)):
        exchange = await probe.chat(messages=[{"role": "user", "content": [text, part]}])
        settle_silence(exchange)
        if exchange.status in REFUSALS:
            if names(exchange, str(part["type"])) or label in exchange.body.decode().lower():
                continue
            told, expected = "the refusal does not name the part", f"HTTP 400 naming {label}"
            return failed(told, expected=expected, got=shown(exchange), exchange=exchange)
        if exchange.status != 200:
            told, expected = f"an {label} part is no clear refusal", f"HTTP 400 naming {label}"
            return failed(told, expected=expected, got=shown(exchange), exchange=exchange)
        if _tokens(exchange) <= alone:
            return ignored(f"the {label} is dropped without a word", got=shown(exchange))
    return passed("neither is dropped")


@check(
    "CHT-72",
    "MUST",
    MESSAGE,
    "A user message without text is refused",
    stage=Stage.ADVERSARIAL,
)
async def no_content(probe: Probe) -> Finding:
    """User content null, 5 and absent: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400 each")
    bad: dict[str, dict[str, Json]] = {
        "null": {"role": "user", "content": None},
        "5": {"role": "user", "content": 5},
        "absent": {"role": "user"},
    }
    for label, message in bad.items():
        tally.refused(f"content {label}", await probe.chat(messages=[message], max_tokens=2))
    return tally.finding("all are refused")


def _history(arguments: str, **assistant: Json) -> list[Json]:
    """A user's question, the assistant's call, the tool's answer."""
    function = {"name": "depth", "arguments": arguments}
    call = {"id": "call_1", "type": "function", "function": function}
    return [
        USER,
        {"role": "assistant", "tool_calls": [call], **assistant},
        {"role": "tool", "tool_call_id": "call_1", "content": "11 km"},
    ]


@check("CHT-73", "MUST", MESSAGE, "A past tool call with null content reaches the model")
async def past_call(probe: Probe) -> Finding:
    """Assistant content null with tool_calls: HTTP 200; longer arguments, more prompt tokens."""
    short = _tokens(await probe.chat(messages=_history('{"at": 1}', content=None)))
    longer = '{"at": "' + "the deepest trench of the wide ocean " * 3 + '"}'
    exchange = await probe.chat(messages=_history(longer, content=None))
    if _tokens(exchange) <= short:
        expected = f"more than {short} prompt tokens"
        told = "the call's arguments are dropped (by the server or its chat template)"
        return ignored(told, expected=expected, got=_tokens(exchange))
    return passed("the prompt grows with the arguments")


@check("CHT-74", "MUST", MESSAGE, "A past tool call needs no content")
async def past_call_without_content(probe: Probe) -> Finding:
    """Assistant with tool_calls and content "" or absent: HTTP 200."""
    tally = Tally(expected="HTTP 200 each")
    empty = await probe.chat(messages=_history("{}", content=""), max_tokens=2)
    tally.accepted("empty", empty)
    tally.accepted("absent", await probe.chat(messages=_history("{}"), max_tokens=2))
    return tally.finding("both are accepted")


@check("CHT-75", "SHOULD", MESSAGE, "A tool's result is a string or text parts")
async def tool_results(probe: Probe) -> Finding:
    """Tool content as a string and as a text part: HTTP 200."""
    parts = _history("{}", content=None)
    parts[-1] = {**parts[-1], "content": [{"type": "text", "text": "11 km"}]}
    tally = Tally(expected="HTTP 200 each")
    string = await probe.chat(messages=_history("{}", content=None), max_tokens=2)
    tally.accepted("string", string)
    tally.accepted("parts", await probe.chat(messages=parts, max_tokens=2))
    return tally.finding("both are accepted")


@check(
    "CHT-76",
    "SHOULD",
    "agents replay what models wrote",
    "Past arguments that are no JSON are no server error",
    stage=Stage.ADVERSARIAL,
)
async def broken_arguments(probe: Probe) -> Finding:
    """arguments "{bad" in the history: HTTP 200 or 400."""
    return await _answered_or_refused(probe, {"{bad": _history("{bad", content=None)})


@check("CHT-77", "MUST", "OpenAI OpenAPI 2.3.0, minItems 1", "An empty conversation is refused")
async def no_messages(probe: Probe) -> Finding:
    """messages []: HTTP 400 (or 422)."""
    tally = Tally(expected="HTTP 400")
    tally.refused("messages []", await probe.chat(messages=[], max_tokens=2))
    return tally.finding("it is refused")


@check("CHT-78", "SHOULD", "chat histories hold them", "Two user messages in a row are no error")
async def same_role(probe: Probe) -> Finding:
    """Two user messages, two assistant messages: HTTP 200 or 400."""
    said = {"role": "assistant", "content": "It is deep."}
    return await _answered_or_refused(
        probe, {"users": [USER, USER], "assistants": [USER, said, said, USER]}
    )


@check("CHT-80", "MUST", "RFC 8259, 7", "Raw and escaped text are the same text")
async def escapes(probe: Probe) -> Finding:
    r"""One body in UTF-8 and with \u escapes: equal prompt_tokens and greedy text."""
    body = probe.chat_body(messages=[{"role": "user", "content": UNICODE}])
    escaped = await probe.post("/chat/completions", body)
    raw = probe.client.post("", body).body.decode("ascii")
    for character in sorted({c for c in UNICODE if not c.isascii()}, key=len):
        units = character.encode("utf-16-be")
        escape = "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
        raw = raw.replace(escape, character)
    plain = await probe.post("/chat/completions", raw.encode())
    first, second = answer(escaped), answer(plain)
    if (first.usage, first.text) != (second.usage, second.text):
        expected, got = (str((one.usage, one.text)) for one in (first, second))
        return failed("the two encodings differ", expected=expected, got=got, exchange=plain)
    return passed("both encodings give the same prompt and text")
