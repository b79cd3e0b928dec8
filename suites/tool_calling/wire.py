"""Judging one wire probe: what a script should have become, and what it became. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.records import Json
from suites.tool_calling.shape import shape_faults
from suites.tool_calling.values import decode, difference

FINISH: dict[str, dict[str, str]] = {
    "openai": {"tool": "tool_calls", "stop": "stop", "length": "length"},
    "anthropic": {"tool": "tool_use", "stop": "end_turn", "length": "max_tokens"},
}
MARKERS = ("<tool_call>", "</tool_call>")


def faults(expect: Mapping[str, Json], trial: Mapping[str, Json]) -> list[str]:
    """Everything that is wrong with one answer, worst first; empty when nothing is."""
    if trial["status"] != 200:
        return [trial["problem"] or f"HTTP {trial['status']}"]
    problem = [trial["problem"].rstrip(".")] if trial["problem"] else []
    return [
        *_call_faults(expect["calls"], trial["calls"]),
        *_finish_faults(expect["finish"], trial),
        *_text_faults(expect, trial),
        *problem,
        *shape_faults(trial),
    ]


def parity_faults(trials: Sequence[Mapping[str, Json]]) -> list[str]:
    """What the streamed answer says otherwise than the whole one."""
    by_mode = {trial["mode"]: trial for trial in trials}
    if set(by_mode) != {"whole", "stream"}:
        return []
    whole, stream = by_mode["whole"], by_mode["stream"]
    if whole["status"] != 200 or stream["status"] != 200:
        return []
    return [
        f"streamed and whole answers differ in their {what}"
        for what, of in (("calls", _comparable), ("text", _visible), ("finish", _finish))
        if of(whole) != of(stream)
    ]


def _comparable(trial: Mapping[str, Json]) -> Json:
    """Names and arguments as values; arguments that are no JSON as the text they are."""
    return [(call["name"], _arguments(call)) for call in trial["calls"]]


def _visible(trial: Mapping[str, Json]) -> Json:
    return trial["text"].strip()


def _finish(trial: Mapping[str, Json]) -> Json:
    return trial["finish"]


def _arguments(call: Mapping[str, Json]) -> Json:
    try:
        return decode(call["arguments"])
    except ValueError:
        return call["arguments"]


def _call_faults(
    expected: Sequence[Mapping[str, Json]], calls: Sequence[Mapping[str, Json]]
) -> Iterator[str]:
    if len(calls) != len(expected):
        names = ", ".join(call["name"] for call in calls) or "none"
        yield f"{len(expected)} calls were played, {len(calls)} arrived ({names})"
    for number, (wanted, call) in enumerate(zip(expected, calls, strict=False)):
        if call["name"] != wanted["name"]:
            yield f"call {number} names {call['name']!r}, not {wanted['name']!r}"
        elif told := _argument_fault(wanted["arguments"], call["arguments"]):
            yield f"the arguments of call {number} ({wanted['name']}): {told}"
    ids = [call["id"] for call in calls]
    if not all(ids):
        yield "a call has no id"
    elif len(set(ids)) < len(ids):
        yield "two calls share one id"


def _argument_fault(wanted: Json, text: str) -> str | None:
    try:
        got = decode(text)
    except ValueError as error:
        return f"not JSON ({error})"
    if isinstance(got, str):
        return "a JSON text inside a JSON text (double-encoded)"
    if not isinstance(got, dict):
        return "not an object"
    return difference(wanted, got)


def _finish_faults(expected: str, trial: Mapping[str, Json]) -> Iterator[str]:
    wanted = FINISH[trial["dialect"]][expected]
    if trial["finish"] != wanted:
        yield f"the finish reason is {trial['finish']!r}, not {wanted!r}"


def _text_faults(expect: Mapping[str, Json], trial: Mapping[str, Json]) -> Iterator[str]:
    text, content, rule = trial["text"], expect["content"], expect["rule"]
    # The long text of a cut call may be returned as text; then its marker belongs to it.
    leaked = [marker for marker in MARKERS if marker in text]
    if rule in ("blank", "words") and leaked:
        yield f"the marker {leaked[0]} leaks into the text"
    elif rule == "blank" and text.strip():
        yield f"text arrived that was never played: {text.strip()[:60]!r}"
    elif rule == "exact" and text != content:
        yield f"the text is {text[:80]!r}, not {content[:80]!r}"
    elif rule == "words" and _packed(text) != _packed(content):
        yield f"the text around the calls is {text[:80]!r}, not {content[:80]!r}"
    elif rule == "contains" and _packed(content) not in _packed(text):
        yield f"the malformed call is lost: the text is {text[:80]!r}"


def _packed(text: str) -> str:
    """Without blank space: servers may trim it around calls."""
    return "".join(text.split())
