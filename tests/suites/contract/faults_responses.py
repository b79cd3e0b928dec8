"""Faults of responses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.suites.contract.fake_contract import Fault, Reply
from tests.suites.contract.fake_contract_bodies import Event
from tests.suites.contract.fault_hooks import Hook, chunks, drops, edited, events, put, refuses

RESPONSES = "/v1/responses"
TEXT, PART, ITEM = "response.output_text", "response.content_part", "response.output_item"
Edit = Callable[[dict[str, Any]], Any]


def whole(edit: Edit) -> Hook:
    """A response in one piece, edited in place."""
    return edited(RESPONSES, edit)


def first(edit: Edit) -> Hook:
    """The first item of a response in one piece."""
    return whole(lambda body: edit(body["output"][0]))


def on(kind: str, edit: Edit) -> Hook:
    """The events of a kind, edited in place."""
    return chunks(lambda value: edit(value) if value["type"] == kind else None, RESPONSES)


def streamed(edit: Callable[[list[Event]], list[Event]]) -> Hook:
    return events(RESPONSES, edit)


def without(kind: str) -> Hook:
    """No event of a kind; the others are numbered as if it had never been."""
    return streamed(lambda all_: _numbered([one for one in all_ if one[0] != kind]))


def _numbered(all_: list[Event]) -> list[Event]:
    return [(name, {**value, "sequence_number": n}) for n, (name, value) in enumerate(all_)]


def _swapped(all_: list[Event]) -> list[Event]:
    """content_part.added after the first delta."""
    at = next(n for n, (name, _) in enumerate(all_) if name == f"{PART}.added")
    all_[at], all_[at + 1] = all_[at + 1], all_[at]
    return _numbered(all_)


def _text_once_more(all_: list[Event]) -> list[Event]:
    again = next(one for one in all_ if one[0] == f"{TEXT}.delta")
    return _numbered([*all_[:-1], again, all_[-1]])


def _broken(error: dict[str, Any]) -> Hook:
    """A stream that ends with an error, after its third event."""
    return streamed(lambda all_: [*all_[:3], ("error", error)])


def in_items(test: Edit) -> Callable[[dict[str, Any]], bool]:
    """Whether an item of the input is such."""

    def check(body: dict[str, Any]) -> bool:
        given = body.get("input")
        return isinstance(given, list) and any(test(item) for item in given)

    return check


def items(edit: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Any:
    """The items of a request, changed or dropped before the model sees them."""

    def hook(path: str, body: dict[str, Any]) -> None:
        if path == RESPONSES and isinstance(body.get("input"), list):
            body["input"] = [one for item in body["input"] if (one := edit(item)) is not None]

    return hook


def _unread(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "output": ""} if item.get("type") == "function_call_output" else item


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    """Parts of text are joined in a way that adds to them."""
    content = item.get("content")
    if not isinstance(content, list):
        return item
    return {**item, "content": "".join(f"[{part['type']}] {part['text']}" for part in content)}


def _is(kind: str) -> Callable[[dict[str, Any]], bool]:
    return lambda item: item.get("type") == kind


def _uncapped(path: str, body: dict[str, Any]) -> None:
    if path == RESPONSES:
        body["max_output_tokens"] = 40


def _mixed(body: dict[str, Any]) -> None:
    """Thoughts in the message."""
    if body["output"][0]["type"] == "reasoning":
        thought = body["output"].pop(0)["content"][0]["text"]
        part = body["output"][0]["content"][0]
        part["text"] = f"<p>{thought}</p>{part['text']}"


def _stranger(at: str, reply: Reply) -> Reply:
    """GET of a response gives another."""
    if at.startswith(f"{RESPONSES}/") and reply.status == 200 and "output" in reply.body:
        reply.body = {**reply.body, "output": []}
    return reply


SHAPE_FAULTS = (
    Fault("a response is a chat", ("RSP-01",), reply=whole(lambda b: put(b, object="chat"))),
    Fault("no incomplete_details", ("RSP-01",), reply=whole(lambda b: b.pop("incomplete_details"))),
    Fault("no usage of a response", ("RSP-01", "RSP-04"), reply=whole(lambda b: b.pop("usage"))),
    Fault("error is a text", ("RSP-01",), reply=whole(lambda b: put(b, error=""))),
    Fault("settings are not repeated", ("RSP-01",), reply=whole(lambda b: b.pop("tool_choice"))),
    Fault("parts add to the text", ("RSP-02",), request=items(_flat)),
    Fault(
        "input must be a string",
        ("RSP-02", "RSP-11", "RSP-12"),
        request=refuses(lambda b: isinstance(b.get("input"), list), 400, "input", RESPONSES),
    ),
    Fault("no annotations", ("RSP-03",), reply=first(lambda i: i["content"][0].pop("annotations"))),
    Fault("a message has no status", ("RSP-03",), reply=first(lambda i: i.pop("status"))),
    Fault(
        "the content is a text",
        ("RSP-03",),
        reply=first(lambda i: put(i, content=i["content"][0]["text"])),
    ),
    Fault(
        "the total is the output",
        ("RSP-04",),
        reply=whole(lambda b: put(b["usage"], total_tokens=b["usage"]["output_tokens"])),
    ),
    Fault(
        "usage has no details",
        ("RSP-04",),
        reply=whole(lambda b: b["usage"].pop("output_tokens_details")),
    ),
    Fault("the cap is ignored", ("RSP-05",), request=_uncapped),
    Fault(
        "cut answers are completed",
        ("RSP-05",),
        reply=whole(lambda b: put(b, status="completed", incomplete_details=None)),
    ),
    Fault(
        "the reason is a finish_reason",
        ("RSP-05",),
        reply=whole(lambda b: put(b, incomplete_details={"reason": "length"})),
    ),
)

INPUT_FAULTS = (
    Fault("instructions are ignored", ("RSP-07",), request=drops("instructions")),
    Fault("instructions are carried over", ("RSP-07",), lenient=("carried instructions",)),
    Fault(
        "previous_response_id is ignored",
        ("RSP-09",),
        lenient=("previous_response_id",),
        seen="servers without a store accept it",
    ),
    Fault(
        "an unknown previous_response_id is a 500",
        ("RSP-09",),
        request=refuses(
            lambda b: str(b.get("previous_response_id")).endswith("000"), 500, "body", RESPONSES
        ),
    ),
    Fault("another response is read", ("RSP-10",), reply=_stranger),
    Fault("deleted responses stay", ("RSP-10",), lenient=("delete",)),
    Fault("store false is ignored", ("RSP-10",), lenient=("store",)),
    Fault(
        "output_text is refused",
        ("RSP-11",),
        request=refuses(
            in_items(lambda i: "output_text" in str(i.get("content"))), 400, "input", RESPONSES
        ),
        seen="opencode#42613",
    ),
    Fault(
        "what the assistant said is dropped",
        ("RSP-11",),
        request=items(lambda i: None if i.get("role") == "assistant" else i),
    ),
    Fault(
        "developers are unknown",
        ("RSP-12",),
        request=refuses(in_items(lambda i: i.get("role") == "developer"), 400, "input", RESPONSES),
        seen="1Cat-vLLM PR#449",
    ),
    Fault(
        "developers are not read",
        ("RSP-12",),
        request=items(lambda i: None if i.get("role") == "developer" else i),
    ),
)

OUTPUT_FAULTS = (
    Fault(
        "a forced call is ignored",
        ("RSP-06",),
        request=drops("tool_choice", "tools"),
    ),
    Fault(
        "calls have no call_id",
        ("RSP-06",),
        reply=first(lambda i: i.pop("call_id", None)),
        seen="vllm-project/vllm#39584",
    ),
    Fault(
        "a response's arguments are an object",
        ("RSP-06",),
        reply=first(lambda i: put(i, arguments={}) if "arguments" in i else None),
    ),
    Fault(
        "outputs of calls are refused",
        ("RSP-06",),
        request=refuses(in_items(_is("function_call_output")), 400, "input", RESPONSES),
    ),
    Fault("outputs of calls are not read", ("RSP-06",), request=items(_unread)),
    Fault(
        "text.format is ignored",
        ("RSP-08",),
        request=drops("text"),
        seen="lmstudio-ai/lmstudio-bug-tracker#2403",
    ),
    Fault(
        "the schema's keys are others",
        ("RSP-08",),
        reply=first(lambda i: put(i["content"][0], text='{"answer": 1}') if "content" in i else 0),
    ),
    Fault("thoughts are in the message", ("RSP-20",), reply=whole(_mixed)),
    Fault(
        "thoughts have no end",
        ("RSP-20",),
        reply=without("response.reasoning_text.done"),
        seen="vllm-project/vllm PR#35184",
    ),
)

EVENT_FAULTS = (
    Fault(
        "events have no names",
        ("RSP-13",),
        reply=streamed(lambda all_: [(None, value) for _, value in all_]),
    ),
    Fault(
        "all events have one name",
        ("RSP-13",),
        reply=streamed(lambda all_: [("message", value) for _, value in all_]),
    ),
    Fault("no in_progress", ("RSP-14",), reply=without("response.in_progress")),
    Fault("no item is added", ("RSP-14",), reply=without(f"{ITEM}.added"), seen="ogx-ai/ogx#5309"),
    Fault("no part is added", ("RSP-14",), reply=without(f"{PART}.added")),
    Fault("no text is done", ("RSP-14",), reply=without(f"{TEXT}.done")),
    Fault("no part is done", ("RSP-14",), reply=without(f"{PART}.done")),
    Fault("no item is done", ("RSP-14",), reply=without(f"{ITEM}.done")),
    Fault(
        "no arguments are done",
        ("RSP-14",),
        reply=without("response.function_call_arguments.done"),
    ),
    Fault("a delta before its part", ("RSP-14",), reply=streamed(_swapped)),
    Fault("a delta after the item", ("RSP-14",), reply=streamed(_text_once_more)),
    Fault(
        "no sequence_number",
        ("RSP-15",),
        reply=chunks(lambda v: v.pop("sequence_number"), RESPONSES),
        seen="ggml-org/llama.cpp PR#24957",
    ),
    Fault(
        "sequence_number is always 0",
        ("RSP-15",),
        reply=chunks(lambda v: put(v, sequence_number=0), RESPONSES),
        seen="BerriAI/litellm PR#28899",
    ),
    Fault("done has no text", ("RSP-16",), reply=on(f"{TEXT}.done", lambda v: put(v, text=""))),
    Fault("each delta is lost", ("RSP-16",), reply=without(f"{TEXT}.delta")),
    Fault(
        "the last response has no output",
        ("RSP-16", "RSP-17"),
        reply=on("response.incomplete", lambda v: put(v["response"], output=[])),
    ),
    Fault(
        "arguments come twice",
        ("RSP-16",),
        reply=on("response.function_call_arguments.delta", lambda v: put(v, delta="{}{}")),
    ),
    Fault(
        "deltas carry another id",
        ("RSP-17",),
        reply=on(f"{TEXT}.delta", lambda v: put(v, item_id="msg_0")),
    ),
    Fault(
        "content_index counts deltas",
        ("RSP-17",),
        reply=on(f"{TEXT}.delta", lambda v: put(v, content_index=v["sequence_number"])),
        seen="vllm-project/vllm PR#35184",
    ),
    Fault(
        "items count from 1",
        ("RSP-17",),
        reply=chunks(lambda v: put(v, output_index=1) if "output_index" in v else 0, RESPONSES),
    ),
    Fault(
        "each event has a response of its own",
        ("RSP-17",),
        reply=on("response.created", lambda v: put(v, response={**v["response"], "id": "resp_0"})),
    ),
    Fault("no end", ("RSP-18", "RSP-14"), reply=without("response.incomplete")),
    Fault("two ends", ("RSP-18",), reply=streamed(lambda all_: [*all_, all_[-1]])),
    Fault(
        "the end is completed, the status is not",
        ("RSP-18",),
        reply=on("response.incomplete", lambda v: put(v, type="response.completed")),
    ),
    Fault("an error has no number", ("RSP-19",), reply=_broken({"type": "error", "message": "x"})),
    Fault(
        "an error is wrapped",
        ("RSP-19",),
        reply=_broken({"type": "error", "error": {"message": "x"}, "sequence_number": 3}),
        seen="ogx-ai/ogx PR#5224",
    ),
    Fault("an error is a chat's", ("RSP-19",), reply=_broken({"error": {"message": "x"}})),
)

FAULTS = (*SHAPE_FAULTS, *INPUT_FAULTS, *OUTPUT_FAULTS, *EVENT_FAULTS)
