"""A plain request after a bad one: does the server still answer, and the same as before?"""

from __future__ import annotations

from dataclasses import dataclass

from harness.records import Exchange
from harness.wire import Ask, dialect_for
from suites.contract.probe import Probe
from suites.contract.reading import decoded
from suites.contract.state import Reference

# A healthy server gives these few tokens in well under a second; ten allow for a busy machine.
CANARY_S = 10.0
# The first answer may wait for weights to be paged in.
FIRST_S = 60.0
ASK = Ask(
    messages=({"role": "user", "content": "Say one short sentence."},), max_tokens=8, stream=False
)


@dataclass(frozen=True, slots=True)
class Canary:
    """What the plain request met. ``sentence`` is ``ok`` or what is wrong."""

    sentence: str
    alive: bool

    @property
    def ok(self) -> bool:
        """Whether the server answers as it did before."""
        return self.sentence == "ok"


class Silenced(Exception):
    """One request out of several after which the canary failed."""

    def __init__(self, exchange: Exchange, canary: Canary) -> None:
        super().__init__(canary.sentence)
        self.exchange = exchange
        self.canary = canary


async def learn(probe: Probe) -> str | None:
    """Learn the reference answer. None, or the sentence why there is none."""
    first, problem = await _ask(probe, FIRST_S)
    second, later = await _ask(probe, FIRST_S) if problem is None else ("", problem)
    if problem or later:
        return problem or later
    probe.state.reference = Reference(first if first == second else None)
    return None


async def sing(probe: Probe) -> Canary:
    """Ask the canary's question. A first silence is given a second chance before it is a death."""
    probe.state.canaries += 1
    expected = probe.state.reference.text if probe.state.reference else None
    text, problem = await _ask(probe, CANARY_S)
    if problem is None and expected in (None, text):
        return Canary("ok", alive=True)
    again, still = await _ask(probe, CANARY_S)
    if still is not None:
        return Canary(still, alive=False)
    if problem is not None:
        return Canary(f"answered only at the second try, first: {problem}", alive=True)
    if again == expected:
        return Canary(f"answered {text!r} once instead of {expected!r}", alive=True)
    return Canary(f"answers {again!r} instead of {expected!r}", alive=True)


async def risky(probe: Probe, exchange: Exchange) -> Exchange:
    """An exchange of several that each could end the server: the canary sings at once.

    Raises:
        Silenced: it did not.
    """
    canary = await sing(probe)
    if not canary.ok:
        raise Silenced(exchange, canary)
    return exchange


async def health(probe: Probe) -> int | None:
    """The status of /health, 0 when it does not answer, None when there is no such route."""
    exchange = await probe.send(
        probe.request("GET", probe.client.root_url("/health")), timeout_s=CANARY_S
    )
    if exchange.status in {404, 405, 501}:
        return None
    return exchange.status or 0


async def _ask(probe: Probe, timeout_s: float) -> tuple[str, str | None]:
    dialect = dialect_for(probe.target.dialect)
    exchange = await probe.send(dialect.request(probe.client, ASK), timeout_s=timeout_s)
    read = dialect.read(exchange)
    return read.reasoning + read.text, _problem(exchange, read.problem)


def _problem(exchange: Exchange, problem: str | None) -> str | None:
    """Only what says that there was no answer: a wrong shape is for the checks to tell."""
    body = decoded(exchange.body)
    answered = exchange.error is None and exchange.status == 200 and isinstance(body, dict)
    return None if answered and not body.get("error") else problem or "the answer is no JSON"
