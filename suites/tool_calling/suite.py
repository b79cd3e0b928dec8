"""Tool calling: exact outputs on the wire, then the behaviour of the model behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from harness.records import Case, Exchange, Json, Measurement, Verdict
from harness.suite import Context, Options
from harness.wire import Ask, dialect_for
from suites.tool_calling import judge, probes, scripts
from suites.tool_calling.facts import trial
from suites.tool_calling.tools import TOOLS

Taken = tuple[dict[str, Json], tuple[Exchange, ...]]

# In the run's scratch: what the control showed. Empty when the server plays scripts, else
# {"unsupported": why not, "answered": with what} or, when there was no answer, {"unknown": why}.
_CONTROLLED = "tool_calling.control"
_CONTROL = "A plain sentence with 13 words, a comma and no tool call at all."
# A server that does not know the id answers at once; one that looks for such a model on a hub
# needs time to give up.
_CONTROL_TIMEOUT_S = 30.0
_TIMEOUT_S = 60.0
# Tokens per second of a small model on two CPU cores: only for the estimate.
_ASSUMED_TOK_S = 350.0
_SCRIPT_TOKENS = 60  # a script's usual length


@dataclass(frozen=True)
class ToolCalling:
    """The suite. Wire probes judge the server alone, behaviour probes the model on it."""

    name: str = scripts.SUITE
    version: str = "2"
    summary: str = "Tool calls: exact outputs over the wire, and what the model does with tools"
    turn: int = 30

    def cases(self, options: Options) -> Sequence[Case]:
        """Wire probes first: they need no skill of the model."""
        return [*scripts.plan(), *probes.plan(options.profile)]

    def duration_s(self, cases: Sequence[Case]) -> float:
        """Tokens to be asked over the rate of a small model on two cores."""
        wire = sum(2 * _SCRIPT_TOKENS for case in cases if case.parameters["layer"] == "L1")
        behaviour = sum(
            case.repeats * case.parameters["max_tokens"]
            for case in cases
            if case.parameters["layer"] == "L2"
        )
        return float(wire + behaviour) / _ASSUMED_TOK_S

    async def measure(self, case: Case, repeat: int, context: Context) -> Measurement:
        """A script played streamed and whole, or one try of a behaviour probe."""
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        clock = time.perf_counter()
        if case.parameters["layer"] == "L1":
            values, exchanges = await _play(case, context)
        else:
            values, exchanges = await _try(case, repeat, context)
        duration_s = time.perf_counter() - clock
        return Measurement(case.id, repeat, started, duration_s, values, exchanges)

    def judge(self, cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
        """One verdict a case, then one a layer."""
        return judge.judge(cases, measurements)


async def _play(case: Case, context: Context) -> Taken:
    asked: tuple[Exchange, ...] = ()
    if _CONTROLLED not in context.scratch:
        context.scratch[_CONTROLLED], exchange = await _control(context)
        asked = (exchange,)
    if context.scratch[_CONTROLLED]:
        return context.scratch[_CONTROLLED], asked
    asks = [_scripted(case.parameters, stream=stream) for stream in (False, True)]
    sending = [_send(ask, model, context, _TIMEOUT_S) for ask, model in asks]
    played = await asyncio.gather(*sending)
    modes = zip(("whole", "stream"), played, strict=True)
    trials = [trial(mode, exchange, context.target.dialect) for mode, exchange in modes]
    return {"trials": trials}, (*asked, *played)


async def _control(context: Context) -> tuple[dict[str, Json], Exchange]:
    """What forbids to ask for scripts, if anything, and the exchange that shows it."""
    plain = {"script": _CONTROL, "tools": [], "max_tokens": 64}
    ask, model = _scripted(plain, stream=False)
    exchange = await _send(ask, model, context, _CONTROL_TIMEOUT_S)
    answer = dialect_for(context.target.dialect).read(exchange)
    if answer.problem is None and answer.text == _CONTROL:
        return {}, exchange
    if answer.status is None:
        return {
            "unknown": f"no answer shows whether scripts are played: {answer.problem}"
        }, exchange
    short = "another text came" if answer.problem is None else f"HTTP {answer.status}"
    return {
        "unsupported": f"this server cannot play a scripted output ({short})",
        "answered": answer.problem or answer.text,
    }, exchange


def _scripted(parameters: Mapping[str, Json], *, stream: bool) -> tuple[Ask, str]:
    """The question, and the model id that makes a server play the script."""
    ask = Ask(
        messages=({"role": "user", "content": "Play the script."},),
        max_tokens=parameters["max_tokens"],
        stream=stream,
        tools=tuple(TOOLS[name] for name in parameters["tools"]),
    )
    return ask, f"scripted:{quote(parameters['script'], safe='')}"


async def _send(ask: Ask, model: str | None, context: Context, timeout_s: float) -> Exchange:
    request = dialect_for(context.target.dialect).request(context.client, ask, model)
    return await context.client.send(request, timeout_s=timeout_s)


async def _try(case: Case, repeat: int, context: Context) -> Taken:
    mode = "stream" if repeat % 2 else "whole"
    ask = Ask(
        messages=tuple(case.parameters["messages"]),
        max_tokens=case.parameters["max_tokens"],
        stream=mode == "stream",
        temperature=None,
        tools=tuple(TOOLS[name] for name in case.parameters["tools"]),
        tool_choice=case.parameters["tool_choice"],
    )
    exchange = await _send(ask, None, context, _TIMEOUT_S)
    return {"trial": trial(mode, exchange, context.target.dialect)}, (exchange,)


SUITE = ToolCalling()
