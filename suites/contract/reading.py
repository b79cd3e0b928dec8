"""Answers read for a judgement: what cannot be read settles the check."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.records import Dialect, Exchange, Json
from harness.wire import Answer, SseEvent, SseReader, dialect_for
from suites.contract.finding import Finding, Settled, failed, inconclusive, unsupported

# How a validation error may be told: 400 is OpenAI's, 422 the habit of one common framework.
REFUSALS = frozenset({400, 422})
EXCERPT = 300  # of a body, in an explanation: the whole is in the evidence


class _Missing:
    """A key or an index that is not there; differs from an explicit null."""

    def __repr__(self) -> str:
        return "absent"

    def __bool__(self) -> bool:
        return False


MISSING = _Missing()


def at(value: Json, *path: str | int) -> Json:
    """The value at a path through decoded JSON, or ``MISSING``."""
    for step in path:
        in_object = isinstance(value, dict) and isinstance(step, str) and step in value
        in_list = isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)
        if not (in_object or in_list):
            return MISSING
        value = value[step]
    return value


def is_int(value: Json) -> bool:
    """A JSON integer: true and 1.0 are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def text_of(body: bytes) -> str:
    """The start of a body, for a reader."""
    text = body.decode(errors="replace")
    return text if len(text) <= EXCERPT else text[:EXCERPT] + " …"


def shown(exchange: Exchange) -> str:
    """What came back, in one line."""
    if exchange.error is not None and exchange.error != "abandoned":
        return f"no answer: {exchange.error} ({exchange.error_text})"
    return f"HTTP {exchange.status}: {text_of(exchange.body) or '(empty body)'}"


def decoded(body: bytes) -> Json:
    """The JSON in a body, or ``MISSING`` when it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # RecursionError: nested too deep
        return MISSING


def settle_silence(exchange: Exchange) -> None:
    """A request that got no whole answer fails whatever check made it.

    Raises:
        Settled: the exchange broke.
    """
    if exchange.error is not None and exchange.error != "abandoned":
        told = shown(exchange)
        raise Settled(failed(told, expected="an HTTP response", got=told, exchange=exchange))


def ok_object(exchange: Exchange) -> dict[str, Any]:
    """The JSON object of a 200 answer.

    Raises:
        Settled: there is no such answer.
    """
    settle_silence(exchange)
    value = decoded(exchange.body)
    if exchange.status != 200 or not isinstance(value, dict):
        reason = "the answer is not HTTP 200 with a JSON object"
        expected = "HTTP 200 with a JSON object"
        raise Settled(failed(reason, expected=expected, got=shown(exchange), exchange=exchange))
    return value


def answer(exchange: Exchange, dialect: Dialect = "openai", *, may_refuse: str = "") -> Answer:
    """A well-formed answer. ``may_refuse`` names the field that a server may clearly refuse.

    Raises:
        Settled: the request was refused or the answer cannot be read.
    """
    settle_silence(exchange)
    if may_refuse:
        settle_refusal(exchange, may_refuse)
    read = dialect_for(dialect).read(exchange)
    if read.problem is not None:
        expected = "HTTP 200 with a well-formed answer"
        raise Settled(
            failed(read.problem, expected=expected, got=shown(exchange), exchange=exchange)
        )
    return read


def settle_refusal(exchange: Exchange, field: str) -> None:
    """End the check when the server refuses a feature: clearly, or as it should not.

    Raises:
        Settled: unsupported for a 400 that names ``field`` (or a 501), a failure otherwise.
    """
    settle_silence(exchange)
    if exchange.status == 200:
        return
    if exchange.status == 501 or (exchange.status in REFUSALS and names(exchange, field)):
        raise Settled(unsupported(f"the server refuses {field!r}: {shown(exchange)}"))
    raise Settled(unclear(exchange, field))


def unclear(exchange: Exchange, field: str) -> Finding:
    """The failure of a refusal that is none."""
    return failed(
        f"{field!r} is neither done nor refused by name",
        expected=f"HTTP 200, or a 400 that names {field!r}",
        got=shown(exchange),
        exchange=exchange,
    )


def names(exchange: Exchange, field: str) -> bool:
    """Whether a refusal mentions a field, as a word of its message or as its param."""
    return re.search(rf"\b{re.escape(field)}\b", exchange.body.decode(errors="replace")) is not None


def refusal_problem(exchange: Exchange, statuses: frozenset[int] = REFUSALS) -> str | None:
    """None for an HTTP refusal with one of the statuses, else what came instead."""
    if exchange.error is not None and exchange.error != "abandoned":
        return shown(exchange)
    return None if exchange.status in statuses else f"HTTP {exchange.status}"


class Tally:
    """Several probes of one rule: the finding fails when one of them does, and names which."""

    def __init__(self, expected: Json) -> None:
        self._expected = expected
        self._problems: list[str] = []
        self._got: list[str] = []
        self._first: Exchange | None = None
        self._count = 0

    def note(self, label: str, exchange: Exchange, problem: str | None) -> None:
        """One probe; ``problem`` None when it went as it must."""
        self._count += 1
        if problem is None:
            return
        self._problems.append(f"{label}: {problem}")
        self._got.append(f"{label}: {shown(exchange)}")
        self._first = self._first or exchange

    def refused(self, label: str, exchange: Exchange, statuses: frozenset[int] = REFUSALS) -> None:
        """One probe that must be refused."""
        self.note(label, exchange, refusal_problem(exchange, statuses))

    def accepted(self, label: str, exchange: Exchange, dialect: Dialect = "openai") -> None:
        """One probe that must be answered."""
        self.note(label, exchange, dialect_for(dialect).read(exchange).problem)

    def finding(self, reason: str) -> Finding:
        """A pass for ``reason``, or the failure with the problems; never a pass of nothing."""
        if not self._count:
            return inconclusive("nothing could be probed")
        if self._first is None:
            return Finding("pass", f"{reason} ({self._count} probes)")
        told = "; ".join(self._problems)
        return failed(told, expected=self._expected, got=self._got, exchange=self._first)


@dataclass(frozen=True, slots=True)
class StreamView:
    """A stream as its bytes are: events in order, their JSON, and what was not JSON."""

    exchange: Exchange
    events: tuple[SseEvent, ...]
    values: tuple[dict[str, Any], ...]
    broken: str | None
    unfinished: bool
    invalid_utf8: int

    @property
    def deltas(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every choice with its delta (an empty one when it is none), in order."""
        found = []
        for value in self.values:
            for choice in _objects(value.get("choices")):
                delta = choice.get("delta")
                found.append((choice, delta if isinstance(delta, dict) else {}))
        return found

    @property
    def done(self) -> int:
        """How many events are the literal [DONE]."""
        return sum(is_done(event) for event in self.events)


def is_done(event: SseEvent) -> bool:
    """Whether an event is OpenAI's end mark."""
    return event.data.strip() == "[DONE]"


def _objects(value: Json) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def stream(exchange: Exchange) -> StreamView:
    """The stream in an exchange.

    Raises:
        Settled: it is no 200, or holds no event.
    """
    settle_silence(exchange)
    reader = SseReader()
    events = tuple(event for c in exchange.chunks for event in reader.feed(c.at_ns, c.data))
    if exchange.status != 200 or not events:
        reason = "the answer is not HTTP 200 with events"
        expected = "HTTP 200 with a stream of events"
        raise Settled(failed(reason, expected=expected, got=shown(exchange), exchange=exchange))
    values: list[dict[str, Any]] = []
    broken = None
    for event in events:
        value = {} if is_done(event) else decoded(event.data.encode())
        if not isinstance(value, dict):
            broken = broken or f"an event is not a JSON object: {event.data[:EXCERPT]!r}"
        elif value:
            values.append(value)
    return StreamView(
        exchange,
        events,
        tuple(values),
        broken,
        reader.unfinished,
        reader.invalid_utf8,
    )


def first_problem(problems: Sequence[str | None]) -> str | None:
    """The first that is one."""
    return next((problem for problem in problems if problem), None)
