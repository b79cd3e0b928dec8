"""Rules of stop sequences, judged on the target's own greedy text."""

from __future__ import annotations

from harness.records import Exchange
from suites.contract.canary import risky
from suites.contract.check import Stage, check
from suites.contract.finding import Finding, failed, passed
from suites.contract.greedy import Cut, aligned, ask_greedy, greedy, sweep
from suites.contract.probe import Probe
from suites.contract.reading import REFUSALS, Tally, answer

STOP = "OpenAI OpenAPI 2.3.0 StopConfiguration"
WORDS = "the text will not contain the stop sequence"
# As many failing windows as a reader needs to see the pattern.
SHOWN = 4


def _swept(probe: Probe, cuts: list[Cut], bad: list[Cut], what: str) -> Finding:
    if not bad:
        probe.attach(*(cut.exchange for cut in cuts[:1]))
        return passed(f"{len(cuts)} windows of the greedy text, {what}")
    probe.attach(*(cut.exchange for cut in bad[:SHOWN]))
    return failed(
        f"{len(bad)} of {len(cuts)} windows are wrong",
        expected=[f"stop {cut.stop!r} gives {cut.expected!r} (stop)" for cut in bad[:SHOWN]],
        got=[cut.told for cut in bad[:SHOWN]],
        exchange=bad[0].exchange,
    )


def _exact(cut: Cut) -> bool:
    return cut.answer.text == cut.expected and cut.answer.finish_reason == "stop"


async def _stopped(probe: Probe, stop: object, expected: str, prompt: str) -> Finding | None:
    """None when a stop leaves exactly ``expected``."""
    exchange = await ask_greedy(probe, prompt, stop=stop)
    read = answer(exchange)
    if (read.text, read.finish_reason) == (expected, "stop"):
        return None
    got = [read.text, read.finish_reason]
    return failed(f"stop {stop!r} is not kept", expected=[expected, "stop"], got=got)


@check("CHT-21", "MUST", STOP, "stop as a string works", needs="repeatable greedy output")
async def string(probe: Probe) -> Finding:
    """A piece that the target itself streamed, as stop: the answer ends right before it."""
    learned = await greedy(probe)
    stop = (await aligned(probe))[0]
    expected = learned.text[: learned.text.index(stop)]
    found = await _stopped(probe, stop, expected, learned.prompt)
    return found or passed(f"stop {stop!r} ends the answer before it")


@check(
    "CHT-22",
    "MUST",
    STOP,
    "stop as an array works; the earliest match wins",
    needs="repeatable greedy output",
)
async def array(probe: Probe) -> Finding:
    """Two pieces of the greedy text, in both orders: the answer ends before the first of them."""
    learned = await greedy(probe)
    pieces = await aligned(probe)
    early, late = pieces[0], pieces[-1]
    expected = learned.text[: learned.text.index(early)]
    for stops in ([early, late], [late, early]):
        found = await _stopped(probe, stops, expected, learned.prompt)
        if found is not None:
            return found
    return passed("both orders end at the earlier one")


@check(
    "CHT-23",
    "MUST",
    f"{STOP}: {WORDS}",
    "A stop inside or across tokens ends the answer exactly there",
    needs="repeatable greedy output",
)
async def windows(probe: Probe) -> Finding:
    """Windows of four characters of the greedy text T as stop: T up to the window, and "stop"."""
    cuts = await sweep(probe)
    return _swept(probe, cuts, [c for c in cuts if not _exact(c)], "each cut exactly")


@check(
    "CHT-24",
    "MUST",
    f"{STOP}: {WORDS}",
    "Neither the stop nor text after it is returned",
    needs="repeatable greedy output",
)
async def nothing_after(probe: Probe) -> Finding:
    """The same windows: the answer holds no stop and is not longer than what precedes it."""
    cuts = await sweep(probe)
    bad = [c for c in cuts if c.stop in c.answer.text or len(c.answer.text) > len(c.expected)]
    return _swept(probe, cuts, bad, "nothing from the stop on")


@check(
    "CHT-25",
    "MUST",
    "an edited answer is wrong data",
    "A stop only ever cuts the tail",
    needs="repeatable greedy output",
)
async def only_the_tail(probe: Probe) -> Finding:
    """The same windows: what comes is a beginning of the greedy text, never an edited one."""
    learned = await greedy(probe)
    cuts = await sweep(probe)
    bad = [c for c in cuts if not learned.text.startswith(c.answer.text)]
    return _swept(probe, cuts, bad, "each a beginning of the text")


@check(
    "CHT-26",
    "MUST",
    f"{STOP}, nullable",
    "stop null and [] are no stops",
    needs="repeatable greedy output",
)
async def none(probe: Probe) -> Finding:
    """null and []: the answer is as without. An empty string: the same, or HTTP 400."""
    learned = await greedy(probe)
    tally = Tally(expected=learned.text)
    stops: tuple[object, ...] = (None, [], "")
    for stop in stops:
        exchange = await ask_greedy(probe, learned.prompt, stop=stop)
        refused = stop == "" and exchange.status in REFUSALS
        tally.note(
            f"stop {stop!r}", exchange, None if refused else _changed(exchange, learned.text)
        )
    return tally.finding("nothing is cut")


def _changed(exchange: Exchange, text: str) -> str | None:
    got = answer(exchange).text
    return None if got == text else f"the answer became {got!r}"


@check(
    "CHT-27",
    "MUST",
    f"{STOP}, oneOf",
    "A stop of a wrong type is refused and the server lives",
    stage=Stage.LETHAL,
)
async def wrong_types(probe: Probe) -> Finding:
    """stop 5, [5] and {}: HTTP 400 (or 422) each, and a plain request is answered after each."""
    tally = Tally(expected="HTTP 400 each")
    bad_stops: tuple[object, ...] = (5, [5], {})
    for bad in bad_stops:
        exchange = await probe.chat(stop=bad)
        tally.refused(f"stop {bad!r}", exchange)
        await risky(probe, exchange)
    return tally.finding("all are refused")


@check(
    "STR-22",
    "MUST",
    f"{STOP}: {WORDS}",
    "A stream never shows a stop or its beginning, and holds nothing back",
    needs="repeatable greedy output",
)
async def streamed(probe: Probe) -> Finding:
    """Windows of the greedy text as stop, streamed: all deltas together are T up to the window."""
    cuts = await sweep(probe, streamed=True)
    return _swept(probe, cuts, [c for c in cuts if not _exact(c)], "each cut exactly")
