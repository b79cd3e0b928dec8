"""Faults of tool calls and thoughts, in both dialects."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.suites.contract.fake_contract import Fault
from tests.suites.contract.fake_contract_chat import Event
from tests.suites.contract.fake_contract_model import Generated, Options
from tests.suites.contract.fault_hooks import (
    CHAT,
    MESSAGE,
    any_turn,
    choice,
    chunks,
    deltas,
    drops,
    edited,
    events,
    put,
    refuses,
    said,
)

MARKUP = "<tool_call>"


def _each_call(edit: Any) -> Any:
    return said(lambda message: [edit(call) for call in message.get("tool_calls") or []])


def _each_fragment(edit: Any) -> Any:
    return deltas(lambda one: [edit(call) for call in one["delta"].get("tool_calls") or []])


def _finish(word: str) -> Any:
    def edit(one: dict[str, Any]) -> None:
        if one["finish_reason"] == "tool_calls":
            one["finish_reason"] = word

    return edit


def _arguments(value: Any) -> Any:
    return _each_call(lambda call: put(call["function"], arguments=value))


def _repaired(one: dict[str, Any]) -> None:
    """What some servers make of a call that was cut off."""
    if one["finish_reason"] == "length":
        function = {"name": "get_weather", "arguments": '{"city": "Os'}
        calls = [{"id": "c1", "type": "function", "function": function}]
        one["message"]["tool_calls"] = calls
        one["finish_reason"] = "tool_calls"


def _no_fragments(all_: list[Event]) -> list[Event]:
    def is_call(value: Any) -> bool:
        found = value.get("choices") if isinstance(value, dict) else None
        return bool(found and found[0]["delta"].get("tool_calls"))

    return [(name, value) for name, value in all_ if not is_call(value)]


def _lost(all_: list[Event]) -> list[Event]:
    """The last fragment of arguments goes missing."""
    kept = _no_fragments(all_)
    calls = [one for one in all_ if one not in kept]
    return [one for one in all_ if one in kept or one in calls[:-1]]


def _markup(one: dict[str, Any]) -> None:
    if one["delta"].get("tool_calls"):
        one["delta"]["content"] = MARKUP


def _without_text(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=()) if done.calls else done


def _left_over(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=(*done.pieces, "</tool_call>")) if done.calls else done


def _reversed(done: Generated, options: Options) -> Generated:
    return replace(done, calls=done.calls[::-1])


def _first_only(done: Generated, options: Options) -> Generated:
    return replace(done, calls=done.calls[:1])


def _ascii(done: Generated, options: Options) -> Generated:
    def bare(text: str) -> str:
        return text.encode("ascii", "ignore").decode()

    return replace(done, calls=tuple((name, bare(text)) for name, text in done.calls))


def _free(done: Generated, options: Options) -> Generated:
    if "tool_choice" not in options.extra:
        return done
    return replace(done, calls=tuple((name, '{"town": 1}') for name, _ in done.calls))


def _leaking(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=("</think>", *done.pieces)) if done.thoughts else done


def _twice(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=(done.thoughts, *done.pieces)) if done.thoughts else done


def _stopped_thought(done: Generated, options: Options) -> Generated:
    return _twice(done, options) if options.stops else done


def _apology(done: Generated, options: Options) -> Generated:
    only = done.thoughts and not done.pieces
    return replace(done, pieces=("The model gave no answer.",)) if only else done


def _repeated(one: dict[str, Any]) -> None:
    one.setdefault("id", "call_again")


def _no_blocks(body: dict[str, Any]) -> None:
    body["content"] = [block for block in body["content"] if block["type"] != "tool_use"]


def _as_text(body: dict[str, Any]) -> None:
    for block in body["content"]:
        if block["type"] == "tool_use":
            block["input"] = json.dumps(block["input"])


def _end_turn(body: dict[str, Any]) -> None:
    if body["stop_reason"] == "tool_use":
        body["stop_reason"] = "end_turn"


def _no_input(value: dict[str, Any]) -> None:
    if value["type"] == "content_block_delta" and "partial_json" in value["delta"]:
        value["delta"]["partial_json"] = ""


def _early_input(value: dict[str, Any]) -> None:
    if value["type"] == "content_block_start" and "input" in value["content_block"]:
        value["content_block"]["input"] = {"city": "Oslo", "days": 3}


def _unsigned(body: dict[str, Any]) -> None:
    for block in body["content"]:
        block.pop("signature", None)


def _merged(body: dict[str, Any]) -> None:
    body["content"] = [block for block in body["content"] if block["type"] != "thinking"]


def _silent(body: dict[str, Any]) -> None:
    if body["stop_reason"] == "max_tokens":
        body["content"] = []


WHOLE = (
    Fault(
        "a call finishes with stop",
        ("CHT-13",),
        reply=choice(_finish("stop")),
        seen="ollama/ollama PR#5995",
    ),
    Fault(
        "a streamed call finishes with stop",
        ("CHT-13",),
        reply=deltas(_finish("stop")),
        seen="vllm-project/vllm PR#9209",
    ),
    Fault(
        "a cut call is told as a whole one",
        ("CHT-14",),
        reply=choice(_repaired),
        seen="vllm-project/vllm#53269",
    ),
    Fault(
        "arguments are an object",
        ("TOL-03",),
        reply=_each_call(
            lambda c: put(c["function"], arguments=json.loads(c["function"]["arguments"]))
        ),
        seen="BerriAI/litellm PR#37792",
    ),
    Fault("a strict schema is ignored", ("TOL-04",), generated=_free),
    Fault(
        "ids of calls are empty",
        ("TOL-05",),
        reply=_each_call(lambda c: put(c, id="")),
        seen="lmstudio-ai/lmstudio-bug-tracker#830",
    ),
    Fault("ids of calls repeat", ("TOL-05",), reply=_each_call(lambda c: put(c, id="call_0"))),
    Fault("calls have no type", ("TOL-05",), reply=_each_call(lambda c: c.pop("type"))),
    Fault("only the first call", ("TOL-06", "STR-25"), generated=_first_only),
    Fault("calls in another order", ("TOL-06",), generated=_reversed),
    Fault(
        "a closing tag is left in content",
        ("TOL-07", "STR-29"),
        generated=_left_over,
        seen="ddalcu/mlx-serve#287",
    ),
    Fault("text before a call is lost", ("TOL-07", "STR-29"), generated=_without_text),
    Fault(
        "parallel_tool_calls is ignored",
        ("TOL-12",),
        request=drops("parallel_tool_calls"),
        seen="vllm-project/vllm#9451",
    ),
    Fault(
        "arguments lose characters",
        ("TOL-14",),
        generated=_ascii,
        seen="vllm-project/vllm PR#33965",
    ),
    Fault(
        "a tool's result is refused",
        ("TOL-15",),
        request=refuses(any_turn(lambda m: m.get("role") == "tool")),
        seen="lmstudio-ai/lmstudio-bug-tracker#1066",
    ),
    Fault(
        "many tools are a server error",
        ("TOL-17",),
        request=refuses(lambda b: len(b.get("tools") or []) > 64, 500),
    ),
)

STREAMED = (
    Fault(
        "fragments have no index",
        ("STR-23",),
        reply=_each_fragment(lambda c: c.pop("index")),
        seen="ollama/ollama#7881",
    ),
    Fault(
        "the id comes again in each fragment",
        ("STR-24",),
        reply=_each_fragment(_repeated),
        seen="lmstudio-ai/lmstudio-bug-tracker#649",
    ),
    Fault("fragments have no id", ("STR-24",), reply=_each_fragment(lambda c: c.pop("id", None))),
    Fault(
        "all calls have index 0",
        ("STR-25",),
        reply=_each_fragment(lambda c: put(c, index=0)),
        seen="InternLM/lmdeploy#3412",
    ),
    Fault(
        "the last fragment is lost",
        ("STR-26",),
        reply=events(CHAT, _lost),
        seen="vllm-project/vllm#24509",
    ),
    Fault(
        "streams have no calls",
        ("STR-27",),
        reply=events(CHAT, _no_fragments),
        seen="ddalcu/mlx-serve#287",
    ),
    Fault(
        "names are empty after the first fragment",
        ("STR-28",),
        reply=_each_fragment(lambda c: c["function"].setdefault("name", "")),
    ),
    Fault("markup in content deltas", ("STR-29",), reply=deltas(_markup)),
)

THOUGHTS = (
    Fault(
        "a closing think tag is left in content",
        ("CHT-84",),
        generated=_leaking,
        seen="unslothai/unsloth#8663",
    ),
    Fault("a thought is told twice", ("CHT-84",), generated=_twice),
    Fault(
        "a stop turns the thought into content",
        ("CHT-30",),
        generated=_stopped_thought,
        seen="vllm-project/vllm#51641",
    ),
    Fault("a thought alone becomes an error text", ("STR-46",), generated=_apology),
)

MESSAGES = (
    Fault(
        "tool use is dropped",
        ("ANT-20", "ANT-23"),
        reply=edited(MESSAGE, _no_blocks),
        seen="Blaizzy/mlx-vlm#1060",
    ),
    Fault("input is a text", ("ANT-20",), reply=edited(MESSAGE, _as_text)),
    Fault("tool use ends the turn", ("ANT-20",), reply=edited(MESSAGE, _end_turn)),
    Fault(
        "no input in deltas",
        ("ANT-21",),
        reply=chunks(_no_input, MESSAGE),
        seen="raullenchai/Rapid-MLX PR#826",
    ),
    Fault("the input comes with the start", ("ANT-21",), reply=chunks(_early_input, MESSAGE)),
    Fault("a message's tool_choice is ignored", ("ANT-23",), request=drops("tool_choice")),
    Fault("thoughts are not signed", ("ANT-24",), reply=edited(MESSAGE, _unsigned)),
    Fault("thoughts are dropped", ("ANT-24",), reply=edited(MESSAGE, _merged)),
    Fault(
        "tokens are counted and not shown",
        ("ANT-31",),
        reply=edited(MESSAGE, _silent),
        seen="raullenchai/Rapid-MLX PR#826",
    ),
)

FAULTS = (*WHOLE, *STREAMED, *THOUGHTS, *MESSAGES)
