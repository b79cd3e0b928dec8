"""Faults of streams and of text completions."""

from __future__ import annotations

from tests.suites.contract import fault_hooks as hooks
from tests.suites.contract.fake_contract import Fault
from tests.suites.contract.fault_hooks import (
    CHAT,
    TEXT,
    answered,
    before_done,
    choice,
    chunks,
    deltas,
    edited,
    events,
    header,
    kills,
    put,
    refuses,
)

STREAM_FAULTS = (
    Fault(
        "a stream says it is JSON",
        ("STR-01",),
        reply=events(CHAT, lambda all_: all_),
        lenient=("stream type",),
    ),
    Fault(
        "one newline between events",
        ("STR-02",),
        frame=lambda f: f.replace(b"\n\n", b"\n"),
        seen="openai 3.52 raises JSONDecodeError",
    ),
    Fault(
        "no blank line at the end",
        ("STR-02",),
        frame=lambda f: f.removesuffix(b"\n") if b"[DONE]" in f else f,
    ),
    Fault("Python's repr", ("STR-02",), frame=lambda f: f.replace(b'"', b"'")),
    Fault(
        "chunks say chat.completion",
        ("STR-04",),
        reply=chunks(lambda v: put(v, object="chat.completion")),
    ),
    Fault("chunks have no created", ("STR-04",), reply=chunks(lambda v: v.pop("created"))),
    Fault(
        "an id for each chunk",
        ("STR-05",),
        reply=chunks(lambda v: put(v, id=f"chatcmpl-{id(v)}")),
        seen="BerriAI/litellm PR#37792",
    ),
    Fault("no role", ("STR-06",), reply=deltas(lambda c: c["delta"].pop("role", None))),
    Fault(
        "the role in every chunk",
        ("STR-06",),
        reply=deltas(lambda c: put(c["delta"], role="assistant")),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "no finish_reason key before the end",
        ("STR-07",),
        reply=deltas(lambda c: c.pop("finish_reason") if c["finish_reason"] is None else None),
        seen="vllm-project/vllm PR#19662",
    ),
    Fault("no finish", ("STR-08",), reply=deltas(hooks.no_finish), seen="vllm-project/vllm#27572"),
    Fault(
        "two finishes",
        ("STR-08",),
        reply=events(CHAT, before_done(lambda h: hooks.said_event(h, {}, "stop"))),
    ),
    Fault(
        "content after the finish",
        ("STR-09",),
        reply=events(CHAT, before_done(lambda h: hooks.said_event(h, {"content": "!"}))),
    ),
    Fault("content with the finish", ("STR-10",), reply=events(CHAT, hooks.finish_with_text)),
    Fault("no [DONE]", ("STR-11",), reply=events(CHAT, lambda all_: all_[:-1])),
    Fault("[DONE] twice", ("STR-11",), reply=events(CHAT, lambda all_: [*all_, all_[-1]])),
    Fault(
        "choices null",
        ("STR-18",),
        reply=events(CHAT, before_done(lambda h: (None, {**h, "choices": None}))),
    ),
    Fault(
        "bytes that are not UTF-8",
        ("STR-21",),
        frame=lambda f: f.replace(b'"content": " ', b'"content": " \xe6'),
    ),
    Fault(
        "characters are split between deltas",
        ("STR-20", "STR-12"),
        generated=hooks.split_characters,
        seen="ikawrakow/ik_llama.cpp#780",
    ),
    Fault(
        "no usage chunk",
        ("STR-14",),
        reply=events(CHAT, hooks.no_usage),
        seen="vllm-project/vllm#6371",
    ),
    Fault("usage with the finish", ("STR-14",), reply=events(CHAT, hooks.usage_with_finish)),
    Fault("usage on every chunk", ("STR-15",), reply=events(CHAT, hooks.usage_everywhere)),
    Fault(
        "usage unasked",
        ("STR-16",),
        reply=events(CHAT, hooks.unasked_usage),
        seen="vllm-project/vllm PR#36379",
    ),
    Fault(
        "the last piece is lost",
        ("STR-12",),
        reply=events(CHAT, lambda all_: [*all_[:-3], *all_[-2:]]),
    ),
    Fault(
        "a stream ends with another finish",
        ("STR-13",),
        reply=deltas(lambda c: put(c, finish_reason="stop") if c["finish_reason"] else None),
    ),
    Fault(
        "errors are 200 when streamed",
        ("STR-35", "ERR-20"),
        lenient=("streamed errors",),
        seen="raullenchai/Rapid-MLX PR#730",
    ),
    Fault(
        "Accept decides",
        ("STR-43",),
        reply=answered(header("accept", lambda v: v == "application/json"), 200, {"choices": []}),
    ),
    Fault("stream may be any word", ("STR-44",), lenient=("stream",)),
)

TEXT_FAULTS = (
    Fault(
        "text completions without logprobs",
        ("CMP-01",),
        reply=choice(lambda c: c.pop("logprobs"), TEXT),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("no text", ("CMP-02",), reply=choice(lambda c: put(c, text=""), TEXT)),
    Fault("echo is ignored", ("CMP-07",), lenient=("echo",), seen="mlx_lm.server 0.32.2"),
    Fault(
        "chat chunks for text",
        ("CMP-12",),
        reply=chunks(lambda v: put(v, object="chat.completion.chunk"), TEXT),
    ),
    Fault(
        "text usage does not add up",
        ("CMP-13",),
        reply=edited(TEXT, lambda b: put(b["usage"], total_tokens=1)),
    ),
    Fault(
        "only the first prompt",
        ("CMP-03",),
        reply=edited(TEXT, lambda b: put(b, choices=b["choices"][:1])),
    ),
    Fault("prompts in another order", ("CMP-03",), reply=edited(TEXT, hooks.reversed_choices)),
    Fault(
        "a list of prompts ends the thread",
        ("CMP-03",),
        raw=kills(b'["Once', "zombie", TEXT),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "token ids are a 404",
        ("CMP-04",),
        request=refuses(lambda b: b.get("prompt") == [5, 6], 404, "prompt"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "an empty prompt ends the thread",
        ("CMP-05",),
        raw=kills(b'"prompt": ""', "zombie", TEXT),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "an empty prompt is a server error",
        ("CMP-05",),
        request=refuses(lambda b: b.get("prompt") == "", 500),
    ),
    Fault("ids are not checked", ("CMP-06",), lenient=("prompt",)),
)

FAULTS = (*STREAM_FAULTS, *TEXT_FAULTS)
