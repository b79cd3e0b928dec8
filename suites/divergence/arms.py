"""Asking a group of prompts in its arms, and the raw values of what came back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from harness.records import Case, Exchange, Json, Request
from harness.suite import Context
from harness.wire import Answer, Ask, Client, dialect_for
from suites.divergence.prompts import prompt_set

# In the run's scratch: why there is no point in waiting for this server again.
_HOPELESS = "divergence.hopeless"
Taken = tuple[dict[str, Json], tuple[Exchange, ...]]


async def measure_group(case: Case, context: Context) -> Taken:
    """All arms of one group, in the case's order."""
    if _HOPELESS in context.scratch:
        return {"not_asked": context.scratch[_HOPELESS]}, ()
    arms: dict[str, list[Exchange]] = {}
    for arm in case.parameters["order"]:
        requests = [_request(case, context, index) for index in case.parameters["prompts"]]
        timeout_s = case.parameters["timeout_s"]
        if arm == "concurrent":
            arms[arm] = await _together(context.client, requests, timeout_s)
        else:
            arms[arm] = await _one_by_one(context.client, requests, timeout_s)
        if any(exchange.error == "timeout" for exchange in arms[arm]):
            context.scratch[_HOPELESS] = f"not asked: a request of {case.id} timed out"
            break
    values = _values(case, context, arms)
    return values, tuple(exchange for arm in arms.values() for exchange in arm)


async def measure_temperature(case: Case, context: Context) -> Taken:
    """Two cold answers, then the hot ones, each alone on the server."""
    hot = case.parameters["hot"][context.target.dialect]
    temperatures = [0.0, 0.0, *[hot] * case.parameters["hot_tries"]]
    index = case.parameters["prompts"][0]
    requests = [_request(case, context, index, temperature) for temperature in temperatures]
    exchanges = await _one_by_one(context.client, requests, case.parameters["timeout_s"])
    if any(exchange.error == "timeout" for exchange in exchanges):
        context.scratch[_HOPELESS] = f"not asked: a request of {case.id} timed out"
    read = dialect_for(context.target.dialect).read
    answers = [read(exchange) for exchange in exchanges]
    texts = [_text(answer) for answer in answers]
    problem = next((answer.problem for answer in answers if answer.problem), None)
    return {"cold": texts[:2], "hot": texts[2:], "problem": problem}, tuple(exchanges)


def _request(case: Case, context: Context, index: int, temperature: float = 0.0) -> Request:
    ask = Ask(
        messages=({"role": "user", "content": prompt_set()[index]},),
        max_tokens=case.parameters["max_tokens"],
        temperature=temperature,
    )
    return dialect_for(context.target.dialect).request(context.client, ask)


async def _one_by_one(
    client: Client, requests: Sequence[Request], timeout_s: float
) -> list[Exchange]:
    """In order; the rest is not asked once a request got no whole answer."""
    exchanges: list[Exchange] = []
    for request in requests:
        exchanges.append(await client.send(request, timeout_s=timeout_s))
        if exchanges[-1].error is not None:
            break
    return exchanges


async def _together(
    client: Client, requests: Sequence[Request], timeout_s: float
) -> list[Exchange]:
    sending = [client.send(request, timeout_s=timeout_s) for request in requests]
    return list(await asyncio.gather(*sending))


def _values(case: Case, context: Context, arms: Mapping[str, list[Exchange]]) -> dict[str, Json]:
    read = dialect_for(context.target.dialect).read
    answers = {arm: [read(exchange) for exchange in taken] for arm, taken in arms.items()}
    together = arms.get("concurrent", [])
    spans = [
        _generating(*pair) for pair in zip(together, answers.get("concurrent", []), strict=True)
    ]
    prompts = []
    for position, index in enumerate(case.parameters["prompts"]):
        mine = {arm: some[position] for arm, some in answers.items() if position < len(some)}
        prompts.append(_prompt(index, mine) | {"neighbours": _neighbours(spans, position)})
    return {
        "order": case.parameters["order"],
        "wall_s": {arm: _wall_s(taken) for arm, taken in arms.items()},
        "prompts": prompts,
    }


def _prompt(index: int, answers: Mapping[str, Answer]) -> dict[str, Json]:
    """One prompt's answers in all arms. ``tokens`` is the usage of the first serial answer."""
    alone = answers.get("serial_a")
    problems = [f"{arm}: {one.problem}" for arm, one in answers.items() if one.problem]
    return {
        "prompt": index,
        "texts": {arm: _text(answer) for arm, answer in answers.items()},
        "finish": {arm: answer.finish_reason for arm, answer in answers.items()},
        "tokens": alone.usage.completion_tokens if alone and alone.usage else None,
        "problem": problems[0] if problems else None,
    }


def _text(answer: Answer) -> str:
    return answer.reasoning + answer.text


def _wall_s(exchanges: Sequence[Exchange]) -> float:
    first_ns = min(exchange.send_ns for exchange in exchanges)
    last_ns = max(exchange.end_ns for exchange in exchanges)
    return round((last_ns - first_ns) / 1e9, 6)


def _generating(exchange: Exchange, answer: Answer) -> tuple[int, int]:
    """From the first output to the last; the whole request where one chunk brought all of it."""
    stamps = [event.at_ns for event in answer.events]
    if stamps and stamps[0] < stamps[-1]:
        return stamps[0], stamps[-1]
    return exchange.send_ns, exchange.end_ns


def _neighbours(spans: Sequence[tuple[int, int]], position: int) -> int:
    """How many other requests were generating while this one was."""
    if position >= len(spans):
        return 0
    start, end = spans[position]
    others = (span for other, span in enumerate(spans) if other != position)
    return sum(first < end and start < last for first, last in others)
