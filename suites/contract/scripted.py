"""Exact outputs: a server may play the text of a model id ``scripted:TEXT``."""

from __future__ import annotations

from urllib.parse import quote

from suites.contract.finding import Settled, skipped
from suites.contract.probe import Probe
from suites.contract.reading import answer, settle_silence

CONTROL = "A plain sentence."
TOKENS = 64


async def scripted(probe: Probe, text: str) -> str:
    """The model id that makes the target say ``text``.

    Raises:
        Settled: the target does not say a plain sentence unchanged, so no script can be played.
    """
    exchange = await probe.shared(
        "scripted", lambda: probe.chat(model=_id(CONTROL), max_tokens=TOKENS)
    )
    settle_silence(exchange)
    if exchange.status != 200 or answer(exchange).text != CONTROL:
        raise Settled(skipped("this server cannot play a scripted output"))
    return _id(text)


def _id(text: str) -> str:
    return f"scripted:{quote(text, safe='')}"
