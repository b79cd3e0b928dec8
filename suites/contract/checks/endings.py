"""Rules of how an answer ends."""

from __future__ import annotations

from suites.contract.check import check
from suites.contract.checks.streams import finish_in, text_in
from suites.contract.finding import Finding, failed, inconclusive, passed
from suites.contract.greedy import ENOUGH_WINDOWS, WINDOW, ask_greedy, greedy, windows
from suites.contract.probe import Probe
from suites.contract.reading import Tally, answer, stream
from suites.contract.scripts import play, plays

FINISH = "OpenAI OpenAPI 2.3.0 CreateChatCompletionResponse, finish_reason"
SAID = "The sea is wide. It is blue."
STOP = " It"


@check("CHT-12", "MUST", FINISH, "The model's end and a stop string finish with stop")
async def stop(probe: Probe) -> Finding:
    """A scripted text to its end, and to a stop string; without scripts a stop of greedy text."""
    tally = Tally(expected="finish_reason stop")
    if not await plays(probe):
        learned = await greedy(probe)
        _, window = windows(learned.text, ENOUGH_WINDOWS)[0]
        exchange = await ask_greedy(probe, learned.prompt, stop=window)
        reason = answer(exchange).finish_reason
        tally.note(f"stop {window!r}", exchange, None if reason == "stop" else f"{reason}")
        return tally.finding("a stop string does; the model's end could not be forced")
    for streamed in (False, True):
        for label, stops in (("the end", None), ("a stop string", STOP)):
            exchange = await play(probe, SAID, stream=streamed, stop=stops)
            reason = answer(exchange).finish_reason
            tally.note(label, exchange, None if reason == "stop" else f"{reason}")
    return tally.finding("both do")


@check(
    "STR-45",
    "MUST",
    "clients wait for an end",
    "An empty answer has role, finish and [DONE]",
    needs="repeatable greedy output",
)
async def empty(probe: Probe) -> Finding:
    """A stop that is the beginning of the greedy text: a stream without content, but whole."""
    learned = await greedy(probe)
    beginning = learned.text.lstrip()[:WINDOW]
    exchange = await ask_greedy(probe, learned.prompt, stop=beginning, stream=True)
    view = stream(exchange)
    if text_in(view).strip():
        return inconclusive("the stop did not empty the answer (see STR-22)")
    role = any(delta.get("role") == "assistant" for _, delta in view.deltas)
    got = {"role": role, "finish_reason": finish_in(view), "[DONE]": view.done}
    if not role or finish_in(view) != "stop" or view.done != 1:
        expected = {"role": True, "finish_reason": "stop", "[DONE]": 1}
        return failed("the stream is not whole", expected=expected, got=repr(got))
    return passed("role, stop, [DONE]")
