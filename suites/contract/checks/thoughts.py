"""Rules of reasoning: played scripts with a thought in <think> tags."""

from __future__ import annotations

from harness.records import Dialect, Exchange
from harness.wire import Answer
from suites.contract.check import check
from suites.contract.finding import Finding, Settled, failed, passed, skipped
from suites.contract.probe import Probe
from suites.contract.reading import Tally, answer, at, ok_object
from suites.contract.scripts import play

FIELD = "vLLM and DeepSeek: reasoning_content; newer: reasoning"
THOUGHT, SAID = "alpha beta gamma", "delta epsilon"
SCRIPT = f"<think>\n{THOUGHT}\n</think>\n\n{SAID}"
ONLY_THOUGHT = f"<think>\n{THOUGHT}\n</think>\n\n"


async def _thinking(
    probe: Probe, *, streamed: bool = False, dialect: Dialect = "openai"
) -> tuple[Exchange, Answer]:
    """The script's answer, where the served model thinks in this form.

    Raises:
        Settled: it does not: the whole script is text (skip).
    """
    exchange = await probe.shared(
        f"thought {streamed} {dialect}",
        lambda: play(probe, SCRIPT, dialect=dialect, stream=streamed),
    )
    read = answer(exchange, dialect)
    if read.text.strip() == SCRIPT and not read.reasoning:
        raise Settled(skipped("the served model writes no thoughts in <think> tags"))
    return exchange, read


@check(
    "CHT-84",
    "SHOULD",
    FIELD,
    "A thought is reasoning, not content, and never both",
    needs="scripted outputs",
)
async def separate(probe: Probe) -> Finding:
    """A scripted thought and answer, in one piece and streamed: each in its own field."""
    tally = Tally(expected={"reasoning_content": THOUGHT, "content": SAID})
    for streamed in (False, True):
        exchange, read = await _thinking(probe, streamed=streamed)
        got = (read.reasoning.strip(), read.text.strip())
        label = "streamed" if streamed else "in one piece"
        tally.note(label, exchange, None if got == (THOUGHT, SAID) else f"{got!r}")
    return tally.finding("each in its own field")


@check(
    "CHT-30",
    "SHOULD",
    "a stop is for the answer",
    "A stop inside a thought leaks nothing",
    needs="scripted outputs",
)
async def stopped_inside(probe: Probe) -> Finding:
    """The same script with a word of the thought as stop: no word of the thought in content."""
    await _thinking(probe)
    tally = Tally(expected="content without a word of the thought")
    for streamed in (False, True):
        exchange = await play(probe, SCRIPT, stop="beta", stream=streamed)
        text = answer(exchange).text
        leaked = [word for word in (*THOUGHT.split(), "think>") if word in text]
        label = "streamed" if streamed else "in one piece"
        tally.note(label, exchange, f"{text!r}" if leaked else None)
    return tally.finding("nothing leaks")


@check(
    "STR-46",
    "SHOULD",
    "clients wait for an end",
    "A thought without an answer ends plainly",
    needs="scripted outputs",
)
async def only_thought(probe: Probe) -> Finding:
    """A script that is a thought alone, streamed: a finish_reason, no content, no error."""
    await _thinking(probe, streamed=True)
    exchange = await play(probe, ONLY_THOUGHT, stream=True)
    read = answer(exchange)
    if read.text.strip() or read.reasoning.strip() != THOUGHT:
        got = {"reasoning": read.reasoning, "content": read.text}
        expected = {"reasoning": THOUGHT, "content": ""}
        return failed("it is told otherwise", expected=expected, got=got, exchange=exchange)
    if read.finish_reason != "stop":
        return failed("the finish differs", expected="stop", got=read.finish_reason)
    return passed("reasoning, then stop")


@check(
    "ANT-24",
    "SHOULD",
    "anthropic SDK 2.11 ThinkingBlock",
    "A thought is a block before the text",
    needs="scripted outputs",
)
async def blocks(probe: Probe) -> Finding:
    """The script on the Messages route: a thinking block with a signature, then a text block."""
    exchange, _ = await _thinking(probe, dialect="anthropic")
    content = ok_object(exchange).get("content")
    found = content if isinstance(content, list) else []
    kinds = [at(block, "type") for block in found]
    if kinds != ["thinking", "text"]:
        return failed("the blocks differ", expected=["thinking", "text"], got=repr(kinds))
    if not isinstance(at(found[0], "signature"), str):
        return failed("there is no signature", expected="a text", got=found[0])
    got = [str(at(found[0], "thinking")).strip(), str(at(found[1], "text")).strip()]
    if got != [THOUGHT, SAID]:
        return failed("the texts differ", expected=[THOUGHT, SAID], got=got)
    _, read = await _thinking(probe, streamed=True, dialect="anthropic")
    if [read.reasoning.strip(), read.text.strip()] != [THOUGHT, SAID]:
        return failed(
            "the stream differs", expected=[THOUGHT, SAID], got=[read.reasoning, read.text]
        )
    return passed("thinking, then text")
