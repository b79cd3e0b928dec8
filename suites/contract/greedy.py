"""What the target says when it is greedy: learned first, so that no check expects a good model."""

from __future__ import annotations

from dataclasses import dataclass

from harness.records import Exchange, Json
from harness.wire import Answer
from suites.contract.finding import Finding, Settled, inconclusive
from suites.contract.probe import Probe
from suites.contract.reading import answer, stream
from suites.contract.state import Greedy

# Long enough for a dozen windows of four characters even when tokens are single bytes.
LEARN_TOKENS = 48
# Several, because a model may answer one of them with a single word.
PROMPTS = (
    "Tell me about the sea.",
    "Describe a morning in a small town, in detail.",
    "List what a gardener does in spring.",
)
WINDOW = 4  # characters: most windows then begin or end inside a token
ENOUGH_WINDOWS = 4
QUICK_WINDOWS = 16
STREAM_WINDOWS = 8  # the same detector mostly; streams add the holding back of prefixes
THOROUGH_WINDOWS = 64


async def ask_greedy(probe: Probe, prompt: str, **changes: Json) -> Exchange:
    """A long greedy answer to a prompt."""
    body = {"messages": [{"role": "user", "content": prompt}], "max_tokens": LEARN_TOKENS}
    return await probe.chat(**{**body, **changes})


async def greedy(probe: Probe) -> Greedy:
    """The target's greedy text; proven to be repeatable, once a run.

    Raises:
        Settled: it is not (inconclusive), or the target does not answer.
    """
    if "greedy" not in probe.state.memo:
        probe.state.memo["greedy"] = await _learn(probe)
    learned = probe.state.memo["greedy"]
    if isinstance(learned, Finding):
        raise Settled(learned)
    if not isinstance(learned, Greedy):
        raise TypeError("The memo of the greedy text holds something else.")
    return learned


async def _learn(probe: Probe) -> Greedy | Finding:
    for prompt in PROMPTS:
        first = answer(await ask_greedy(probe, prompt))
        second = answer(await ask_greedy(probe, prompt))
        if (first.text, first.finish_reason) != (second.text, second.finish_reason):
            told = "two identical requests at temperature 0, alone, gave different answers"
            return inconclusive(f"greedy output is not repeatable: {told}")
        if len(windows(first.text, ENOUGH_WINDOWS)) >= ENOUGH_WINDOWS:
            tokens = first.usage.completion_tokens if first.usage else None
            return Greedy(prompt, first.text, first.finish_reason, tokens)
    return inconclusive(
        f"no prompt got a text long and varied enough ({ENOUGH_WINDOWS} different windows)"
    )


def windows(text: str, count: int) -> list[tuple[int, str]]:
    """Up to ``count`` stops with the offset of their first occurrence, spread over ``text``.

    Only the first three quarters: at the very end the token limit may come first. A window at
    offset 0 would leave an empty answer, which servers tell in different ways.
    """
    found: dict[str, int] = {}
    for start in range(1, max(len(text) * 3 // 4, 1)):
        window = text[start : start + WINDOW]
        # Whitespace may be trimmed, and U+FFFD stands for bytes that another cut may complete.
        usable = len(window) == WINDOW and window.strip() == window and "\ufffd" not in window
        if usable and text.index(window) == start:
            found[window] = start
    every = [(start, window) for window, start in found.items()]
    if len(every) <= count:
        return every
    return [every[i * len(every) // count] for i in range(count)]


@dataclass(frozen=True, slots=True)
class Cut:
    """One stop, the text that must remain, and what came."""

    stop: str
    expected: str
    answer: Answer
    exchange: Exchange

    @property
    def told(self) -> str:
        """The stop and the result, for a reader."""
        return f"stop {self.stop!r} gave {self.answer.text!r} ({self.answer.finish_reason})"


async def sweep(probe: Probe, *, streamed: bool = False) -> list[Cut]:
    """The greedy answer with each of some windows as its stop; asked once a run.

    Raises:
        Settled: greedy output is not repeatable, or a request with a stop is not answered.
    """
    name = f"sweep {'stream' if streamed else 'plain'}"
    if name not in probe.state.memo:
        learned = await greedy(probe)
        quick = STREAM_WINDOWS if streamed else QUICK_WINDOWS
        chosen = windows(learned.text, THOROUGH_WINDOWS if probe.thorough else quick)
        probe.state.memo[name] = [await _cut(probe, learned, w, streamed) for _, w in chosen]
    cuts: list[Cut] = probe.state.memo[name]
    return cuts


async def _cut(probe: Probe, learned: Greedy, window: str, streamed: bool) -> Cut:
    exchange = await ask_greedy(probe, learned.prompt, stop=window, stream=streamed)
    expected = learned.text[: learned.text.index(window)]
    return Cut(window, expected, answer(exchange), exchange)


async def aligned(probe: Probe) -> list[str]:
    """Texts that the target streamed as one piece and that first occur there, in order.

    Raises:
        Settled: greedy output is not repeatable, or too few pieces can serve as stops.
    """
    learned = await greedy(probe)
    exchange = await probe.shared(
        "greedy stream", lambda: ask_greedy(probe, learned.prompt, stream=True)
    )
    found: list[str] = []
    offset = 0
    for _, delta in stream(exchange).deltas:
        piece = delta.get("content")
        if not isinstance(piece, str):
            continue
        inside = 0 < offset < len(learned.text) * 3 // 4
        if inside and len(piece.strip()) > 1 and learned.text.find(piece) == offset:
            found.append(piece)
        offset += len(piece)
    if len(found) < 2:
        raise Settled(inconclusive("the greedy stream has no two pieces that can serve as stops"))
    return found
