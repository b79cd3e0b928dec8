"""What a dialect demands of the way in which tool calls are sent. Pure.

OpenAI: the published API description (tool_calls of messages and of stream deltas).
Anthropic: the Messages API's streaming documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from harness.records import Json


def shape_faults(trial: Mapping[str, Json]) -> list[str]:
    """Sentences about everything that a strict client would stumble over."""
    shape = trial["shape"]
    checks = {
        ("openai", "whole"): _openai_whole,
        ("openai", "stream"): _openai_stream,
        ("anthropic", "whole"): _anthropic_whole,
        ("anthropic", "stream"): _anthropic_stream,
    }
    return list(checks[trial["dialect"], trial["mode"]](shape)) if shape else []


def _openai_whole(shape: Mapping[str, Json]) -> Iterator[str]:
    for call in shape["calls"] or []:
        if not isinstance(call, dict) or call.get("type") != "function":
            yield "a tool call has not the type 'function'"
        elif not isinstance((call.get("function") or {}).get("arguments"), str):
            yield "a tool call's arguments are not a JSON text"


def _openai_stream(shape: Mapping[str, Json]) -> Iterator[str]:
    fragments: dict[int, list[str]] = {}
    for delta in shape["deltas"]:
        yield from _delta_faults(delta, fragments)
    if list(fragments) != list(range(len(fragments))):
        yield f"the indexes of the calls are {list(fragments)}, not 0 to {len(fragments) - 1}"
    for index, parts in fragments.items():
        if _cumulative(parts):
            yield f"the fragments of call {index} repeat what came before (cumulative deltas)"
    yield from _order_faults(shape["order"], shape["finishes"])


def _delta_faults(delta: Json, fragments: dict[int, list[str]]) -> Iterator[str]:
    index = delta.get("index") if isinstance(delta, dict) else None
    if not isinstance(index, int) or isinstance(index, bool):
        yield "a tool call delta has no index"
        return
    function = delta.get("function") or {}
    if index not in fragments:
        if not delta.get("id") or not function.get("name") or delta.get("type") != "function":
            yield f"the first delta of call {index} lacks id, type or name"
    elif function.get("name"):
        yield f"the name of call {index} is sent more than once"
    elif delta.get("id"):
        yield f"the id of call {index} is sent more than once"
    fragments.setdefault(index, []).append(function.get("arguments") or "")


def _cumulative(parts: Sequence[str]) -> bool:
    told = [part for part in parts if part]
    pairs = list(pairwise(told))
    return bool(pairs) and all(
        len(later) > len(earlier) and later.startswith(earlier) for earlier, later in pairs
    )


def _order_faults(order: Sequence[str], finishes: int) -> Iterator[str]:
    if finishes != 1:
        yield f"the stream holds {finishes} finish reasons, not one"
    elif {"text", "tool"} & set(order[order.index("finish") :]):
        yield "output comes after the finish reason"
    if order and order[-1] != "done":
        yield "the stream does not end with [DONE]"
    if "usage" not in order:
        yield "the usage that was asked for is not sent"
    elif "finish" in order and "finish" in order[order.index("usage") + 1 :]:
        yield "the usage comes before the finish reason"


def _anthropic_whole(shape: Mapping[str, Json]) -> Iterator[str]:
    for block in shape["blocks"] or []:
        if isinstance(block, dict) and block.get("type") == "tool_use":
            if not isinstance(block.get("input"), dict):
                yield "a tool_use block's input is not an object"
        elif not isinstance(block, dict) or "type" not in block:
            yield "a content block has no type"


def _anthropic_stream(shape: Mapping[str, Json]) -> Iterator[str]:
    steps = [(kind, index) for kind, index in shape["order"]]
    kinds = [kind for kind, _ in steps]
    if kinds[:1] != ["message_start"]:
        yield "the stream does not begin with message_start"
    if kinds[-2:] != ["message_delta", "message_stop"]:
        yield "the stream does not end with message_delta and message_stop"
    started = [index for kind, index in steps if kind == "content_block_start"]
    if started != list(range(len(started))):
        yield f"the indexes of the blocks are {started}, not 0 to {len(started) - 1}"
    if told := _unbalanced([step for step in steps if "content_block" in str(step[0])]):
        yield told
    for block in shape["blocks"]:
        if isinstance(block, dict) and block.get("type") == "tool_use" and block.get("input") != {}:
            yield "a tool_use block does not start with an empty input object"


def _unbalanced(steps: Sequence[tuple[str, Json]]) -> str | None:
    """Each block is started, filled and stopped before the next one starts."""
    current: Json = None
    for kind, index in steps:
        if kind == "content_block_start":
            if current is not None:
                return f"block {index} starts before block {current} was stopped"
            current = index
        elif index != current:
            return f"a {kind} is about block {index} while block {current} is open"
        elif kind == "content_block_stop":
            current = None
    return None if current is None else f"block {current} was never stopped"
