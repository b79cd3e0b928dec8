"""Faults of counts, log-probabilities, schemas and of answers in time."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any
from uuid import uuid4

from tests.suites.contract.fake_contract import Fault, Reply
from tests.suites.contract.fake_contract_chat import Event
from tests.suites.contract.fake_contract_model import Generated, Options
from tests.suites.contract.fault_hooks import (
    CHAT,
    choice,
    chunks,
    deltas,
    drops,
    edited,
    events,
    failing,
    put,
    random,
    refuses,
    turns,
)

# Requests that are no further apart are neighbours.
NEAR_S = 0.5
TRACE = 'File "/srv/app/main.py", line 3, in chat: KeyError'


def _entries(edit: Any, path: str = CHAT) -> Any:
    """Each entry of logprobs, in one piece and streamed."""

    def hook(one: dict[str, Any]) -> None:
        for entry in (one.get("logprobs") or {}).get("content") or []:
            edit(entry)

    def both(at: str, reply: Reply) -> Reply:
        return deltas(hook)(at, choice(hook)(at, reply))

    return both


def _legacy(one: dict[str, Any]) -> None:
    if one.get("logprobs"):
        one["logprobs"] = {"tokens": ["a"], "token_logprobs": [-0.1]}


def _one_less(one: dict[str, Any]) -> None:
    if one.get("logprobs"):
        one["logprobs"]["content"].pop()


def _unasked(entry: dict[str, Any]) -> None:
    entry["top_logprobs"] = entry["top_logprobs"] or [
        {"token": entry["token"], "logprob": -0.1, "bytes": None}
    ]


def _raised(entry: dict[str, Any]) -> None:
    for one in entry["top_logprobs"]:
        one["logprob"] = -0.01


def _not_chosen(entry: dict[str, Any]) -> None:
    entry["top_logprobs"] = entry["top_logprobs"][1:] + entry["top_logprobs"][-1:]


def _first_count(body: dict[str, Any]) -> None:
    counted = body["usage"]["completion_tokens"] // len(body["choices"])
    body["usage"]["completion_tokens"] = counted


def _wrong_usage(value: dict[str, Any]) -> None:
    if value.get("usage"):
        value["usage"]["completion_tokens"] += 1


def _capped(body: dict[str, Any]) -> None:
    body["usage"]["prompt_tokens"] = min(body["usage"]["prompt_tokens"], 100)


def _all_cached(body: dict[str, Any]) -> None:
    body["usage"]["prompt_tokens_details"]["cached_tokens"] = body["usage"]["prompt_tokens"]


def _more_cached(body: dict[str, Any]) -> None:
    body["usage"]["prompt_tokens_details"]["cached_tokens"] = 10**6


def _one_stream(path: str, body: dict[str, Any]) -> None:
    if body.get("stream"):
        body.pop("n", None)


def _length(done: Generated, options: Options) -> Generated:
    return replace(done, finish="length")


def _closed(done: Generated, options: Options) -> Generated:
    """A cut document is ended by force."""
    if not options.extra.get("response_format") or done.finish != "length":
        return done
    return replace(done, pieces=('{"a":', ' ""}'), finish="stop")


def _loose(done: Generated, options: Options) -> Generated:
    form = options.extra.get("response_format") or {}
    if form.get("type") != "json_schema":
        return done
    return replace(done, pieces=(json.dumps({"a": "anything"}),))


def _broken_start(done: Generated, options: Options) -> Generated:
    scripted = str(options.extra.get("model")).startswith("scripted:")
    if not scripted or done.finish != "length":
        return done
    return replace(done, pieces=("\ufffd", *done.pieces[1:], "x"))


def _shown_end(done: Generated, options: Options) -> Generated:
    ended = done.finish == "stop" and done.stop is None
    return replace(done, pieces=(*done.pieces, "<|im_end|>")) if ended else done


def _weak(done: Generated, options: Options) -> Generated:
    return replace(done, pieces=("one", " two")) if options.extra.get("logit_bias") else done


def _as_control(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if not isinstance(content, str):
        return message
    return {**message, "content": content.replace("<|im_end|>", "¤")}


def _no_role(all_: list[Event]) -> list[Event]:
    """An answer without text starts with its finish."""
    said = [
        value
        for _, value in all_
        if isinstance(value, dict)
        and any((one["delta"].get("content") or "").strip() for one in value["choices"])
    ]
    return all_ if said else all_[1:]


def _one_index(one: dict[str, Any]) -> None:
    one["index"] = 0


class _Shared:
    """One generator of chance for all requests: whoever was there before changes it."""

    last: int | None = None
    at_s = 0.0

    def __call__(self, done: Generated, options: Options) -> Generated:
        before, self.last = self.last, options.seed
        since_s, self.at_s = time.monotonic() - self.at_s, time.monotonic()
        alone = before is None or since_s > NEAR_S
        return done if alone or before == options.seed else random(done, options)


COUNTS = (
    Fault("a long prompt is counted short", ("CHT-17",), reply=edited(CHAT, _capped)),
    Fault("a new prompt is called cached", ("CHT-20",), reply=edited(CHAT, _all_cached)),
    Fault("more is cached than asked", ("CHT-20",), reply=edited(CHAT, _more_cached)),
    Fault("one choice is counted", ("CHT-40",), reply=edited(CHAT, _first_count)),
    Fault("a stream has one choice", ("STR-31",), request=_one_stream),
    Fault("all streamed choices are 0", ("STR-31",), reply=deltas(_one_index)),
    Fault(
        "the fingerprint changes",
        ("CHT-87",),
        reply=edited(CHAT, lambda b: put(b, system_fingerprint=uuid4().hex)),
    ),
    Fault(
        "five stops are a server error",
        ("CHT-28",),
        request=refuses(lambda b: len(b.get("stop") or "") == 5, 500),
    ),
    Fault(
        "a stream's usage is one too many",
        ("STR-17",),
        reply=chunks(_wrong_usage),
        seen="vllm-project/vllm#8625",
    ),
    Fault(
        "every end is length",
        ("CHT-12",),
        generated=_length,
        seen="waybarrios/vllm-mlx#628",
    ),
    Fault("an empty answer has no role", ("STR-45",), reply=events(CHAT, _no_role)),
    Fault(
        "a cut script is broken in its middle",
        ("CHT-81",),
        generated=_broken_start,
        seen="ggml-org/llama.cpp#11738",
    ),
    Fault("the end token is shown", ("CHT-82",), generated=_shown_end, seen="moltis PR#397"),
    Fault(
        "a user may write control tokens",
        ("CHT-83",),
        request=turns(lambda all_: [_as_control(m) for m in all_]),
    ),
)

LOGPROBS = (
    Fault(
        "logprobs have the legacy shape",
        ("CHT-49",),
        reply=choice(_legacy),
        seen="abetlen/llama-cpp-python#1787",
    ),
    Fault("an entry is missing", ("CHT-49",), reply=choice(_one_less)),
    Fault(
        "entries have no bytes, but numbers as text",
        ("CHT-50",),
        reply=_entries(lambda e: put(e, logprob=str(e["logprob"]))),
    ),
    Fault("a logprob is above 0", ("CHT-50",), reply=_entries(lambda e: put(e, logprob=0.5))),
    Fault(
        "entries have no top_logprobs",
        ("CHT-50",),
        reply=_entries(lambda e: e.pop("top_logprobs")),
        seen="vllm-project/vllm#4795",
    ),
    Fault(
        "tokens are pieces of the vocabulary",
        ("CHT-51",),
        reply=_entries(lambda e: put(e, token=e["token"].replace(" ", "Ġ"), bytes=None)),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "bytes are of another text",
        ("CHT-52",),
        reply=_entries(lambda e: put(e, bytes=[120])),
        seen="ggml-org/llama.cpp PR#18454",
    ),
    Fault(
        "top_logprobs are not sorted",
        ("CHT-53",),
        reply=_entries(lambda e: e["top_logprobs"].reverse()),
    ),
    Fault("the chosen token is not listed", ("CHT-53",), reply=_entries(_not_chosen)),
    Fault(
        "probabilities of more than 1",
        ("CHT-54",),
        reply=_entries(_raised),
        seen="abetlen/llama-cpp-python#349",
    ),
    Fault("top_logprobs unasked", ("CHT-55",), reply=_entries(_unasked)),
    Fault(
        "logprobs alone are a server error",
        ("CHT-55",),
        request=refuses(lambda b: bool(b.get("logprobs")) and "top_logprobs" not in b, 500),
        seen="vllm-project/vllm#4795",
    ),
    Fault(
        "streams lose logprobs",
        ("STR-30",),
        reply=deltas(lambda c: put(c, logprobs=None)),
        seen="BerriAI/litellm#10686",
    ),
    Fault("a bias does nothing", ("CHT-58",), generated=_weak),
    Fault(
        "schemas are not kept",
        ("CHT-63",),
        generated=_loose,
        seen="lmstudio-ai/lmstudio-bug-tracker#2403",
    ),
    Fault("json_schema is ignored", ("CHT-63",), request=drops("response_format")),
    Fault("cut documents are closed", ("CHT-64",), generated=_closed),
)

COURSE = (
    Fault("a stream comes in one piece", ("STR-32",), lenient=("pace",)),
    Fault("keep-alive is no comment", ("STR-33",), frame=lambda f: b"keep-alive\n\n" + f),
    Fault("keep-alive is an empty event", ("STR-33",), frame=lambda f: b"data: {}\n\n" + f),
    Fault(
        "comments next to ids",
        ("STR-33",),
        frame=lambda f: b": alive\n\nid: 7\n" + f,
        seen="openai/openai-python#2722",
    ),
    Fault("a long silence", ("STR-34",), lenient=("silence",), seen="antirez/ds4 PR#1006"),
    Fault(
        "streamed requests leak tracebacks",
        ("STR-37",),
        reply=failing(lambda b: put(b["error"], message=TRACE)),
        seen="raullenchai/Rapid-MLX PR#730",
    ),
    Fault(
        "dropped streams run on",
        ("STR-38", "STR-39"),
        lenient=("disconnects",),
        seen="sgl-project/sglang#3520",
    ),
    Fault(
        "dropped answers run on",
        ("STR-41",),
        lenient=("whole disconnects",),
        seen="ROCm/ATOM PR#1562",
    ),
    Fault(
        "a dropped stream disturbs others",
        ("STR-40",),
        lenient=("neighbours",),
        seen="sgl-project/sglang PR#36552",
    ),
    Fault("chance is shared", ("CHT-44",), generated=_Shared()),
    Fault(
        "broken streams end as if whole",
        ("STR-36", "ANT-30"),
        lenient=("error events",),
        seen="ggml-org/llama.cpp PR#16109",
    ),
)

FAULTS = (*COUNTS, *LOGPROBS, *COURSE)
