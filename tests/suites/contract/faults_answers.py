"""Faults of models and health, of the shape of answers, of caps and stops."""

from __future__ import annotations

from typing import Any

from tests.suites.contract import fault_hooks as hooks
from tests.suites.contract.fake_contract import Fault
from tests.suites.contract.fault_hooks import (
    CHAT,
    answered,
    choice,
    drops,
    edited,
    is_null,
    kills,
    put,
    refuses,
    said,
)

MODELS = "/v1/models"


def _entry(**values: Any) -> Any:
    return edited(MODELS, lambda body: body["data"][0].update(values))


MODEL_FAULTS = (
    Fault(
        "an empty listing body",
        ("MOD-01",),
        reply=answered(lambda at, r: at == MODELS, 200, b""),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("a bare array", ("MOD-01",), reply=answered(lambda at, r: at == MODELS, 200, [])),
    Fault("created in milliseconds", ("MOD-02",), reply=_entry(created=1_700_000_000_000)),
    Fault(
        "no owned_by",
        ("MOD-02",),
        reply=edited(MODELS, lambda body: body["data"][0].pop("owned_by")),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("the served model is not listed", ("MOD-03",), reply=_entry(id="another")),
    Fault(
        "retrieval tells another object",
        ("MOD-04",),
        reply=edited("/v1/models/org%2Ffake", lambda body: body.pop("owned_by")),
    ),
    Fault(
        "%2F is not decoded",
        ("MOD-05",),
        reply=answered(lambda at, r: "%2F" in at, 404, {"error": {}}),
        seen="ollama/ollama#10139",
    ),
    Fault(
        "unknown ids are found",
        ("MOD-06",),
        reply=answered(lambda at, r: at.endswith("7f3a91"), 200, {"id": "x"}),
    ),
    Fault(
        "the framework's own 404",
        ("MOD-06", "ERR-02", "ERR-12"),
        reply=answered(lambda at, r: r.status == 404, 404, {"detail": "Not Found"}),
        seen="BerriAI/litellm#37271",
    ),
    Fault(
        "health is a page",
        ("HEA-01",),
        reply=answered(lambda at, r: at == "/health", 200, b"<html>ok</html>"),
    ),
    Fault(
        "health is 500",
        ("HEA-01",),
        reply=answered(lambda at, r: at == "/health", 500, {"status": "ok"}),
    ),
    Fault(
        "HEAD is not implemented",
        ("HEA-04",),
        raw=lambda at, body: "reset" if at == MODELS and not body else None,
    ),
)

SHAPE_FAULTS = (
    Fault("no id", ("CHT-01",), reply=edited(CHAT, lambda b: b.pop("id"))),
    Fault("no choices", ("CHT-01",), reply=edited(CHAT, lambda b: put(b, choices=[]))),
    Fault("one id for all", ("CHT-02",), reply=edited(CHAT, lambda b: put(b, id="chatcmpl-1"))),
    Fault("created 0", ("CHT-03",), reply=edited(CHAT, lambda b: put(b, created=0))),
    Fault("a path as model", ("CHT-04",), reply=edited(CHAT, lambda b: put(b, model="/m"))),
    Fault("index from 1", ("CHT-05",), reply=choice(lambda c: put(c, index=1))),
    Fault("role bot", ("CHT-06",), reply=said(lambda m: put(m, role="bot"))),
    Fault("no content key", ("CHT-07",), reply=said(lambda m: m.pop("content"))),
    Fault("content null", ("CHT-07",), reply=said(lambda m: put(m, content=None))),
    Fault(
        "no refusal key",
        ("CHT-08",),
        reply=said(lambda m: m.pop("refusal")),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "no logprobs key",
        ("CHT-09",),
        reply=choice(lambda c: c.pop("logprobs")),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("finish eos", ("CHT-10",), reply=choice(lambda c: put(c, finish_reason="eos"))),
    Fault(
        "finish tool_call",
        ("CHT-10",),
        reply=choice(lambda c: put(c, finish_reason="tool_call")),
        seen="ml-explore/mlx-lm PR#782",
    ),
    Fault("finish null", ("CHT-10",), reply=choice(lambda c: put(c, finish_reason=None))),
    Fault("no usage", ("CHT-15",), reply=edited(CHAT, lambda b: b.pop("usage"))),
    Fault(
        "usage of floats",
        ("CHT-15",),
        reply=edited(CHAT, lambda b: put(b["usage"], prompt_tokens=7.0)),
    ),
    Fault(
        "total is off by one",
        ("CHT-16",),
        reply=edited(CHAT, lambda b: put(b["usage"], total_tokens=b["usage"]["total_tokens"] + 1)),
    ),
    Fault(
        "logprobs unasked",
        ("CHT-57",),
        reply=choice(lambda c: put(c, logprobs={"content": []})),
    ),
)

CAP_FAULTS = (
    Fault("stop at the cap", ("CHT-11",), generated=hooks.never_length, seen="ollama#7125"),
    Fault(
        "one token too many is counted",
        ("CHT-11", "CHT-18", "CHT-31"),
        generated=hooks.one_more,
        seen="vllm-project/vllm#8625",
    ),
    Fault("max_tokens is ignored", ("CHT-11", "CHT-31"), request=drops("max_tokens")),
    Fault(
        "max_completion_tokens is ignored",
        ("CHT-32",),
        request=drops("max_completion_tokens"),
        seen="ollama/ollama#7125",
    ),
    Fault(
        "both caps are ignored",
        ("CHT-33", "CHT-11"),
        request=drops("max_tokens", "max_completion_tokens"),
    ),
    Fault("max_tokens null is refused", ("CHT-34",), request=refuses(is_null("max_tokens"))),
    Fault("bad caps are accepted", ("CHT-35",), lenient=("max_tokens",)),
    Fault(
        "an absurd cap is a server error",
        ("CHT-36",),
        request=refuses(
            lambda b: isinstance(b.get("max_tokens"), int) and b["max_tokens"] > 9e7, 500
        ),
    ),
    Fault(
        "an absurd cap ends the process",
        ("CHT-36",),
        raw=kills(b"100000000", "die"),
        seen="raullenchai/Rapid-MLX PR#767",
    ),
    Fault(
        "a stream counts its prompt differently",
        ("CHT-19", "STR-13"),
        reply=hooks.chunks(lambda v: put(v["usage"], prompt_tokens=1) if v.get("usage") else None),
        seen="waybarrios/vllm-mlx PR#14",
    ),
)

STOP_FAULTS = (
    Fault(
        "stop is ignored",
        ("CHT-21", "CHT-22", "CHT-23", "CHT-24", "STR-22"),
        request=drops("stop"),
    ),
    Fault(
        "stops are found in tokens and removed from text",
        ("CHT-23", "CHT-24", "CHT-25", "STR-22"),
        request=hooks.remember,
        generated=hooks.stripped,
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("the stop is shown", ("CHT-21", "CHT-23", "CHT-24"), generated=hooks.with_stop),
    Fault(
        "only the first stop is read",
        ("CHT-22",),
        request=hooks.first_stop,
        seen="ml-explore/mlx-examples#524",
    ),
    Fault("the whole token before a stop is lost", ("CHT-23",), generated=hooks.at_token_border),
    Fault("length for a stop", ("CHT-23", "CHT-21"), generated=hooks.always_length),
    Fault("stop null is refused", ("CHT-26", "CHT-79"), request=refuses(is_null("stop"))),
    Fault("an empty stop stops", ("CHT-26",), generated=hooks.cut_to_nothing),
    Fault("a stop in the prompt stops", ("CHT-29",), generated=hooks.prompt_stops),
    Fault("the held text is lost", ("STR-12", "STR-22"), generated=hooks.swallowed),
    Fault(
        "a stop of a wrong type ends the thread",
        ("CHT-27", "ERR-18"),
        raw=kills(b'"stop": 5', "zombie"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("a stop of a wrong type is accepted", ("CHT-27",), request=drops("stop")),
)

FAULTS = (*MODEL_FAULTS, *SHAPE_FAULTS, *CAP_FAULTS, *STOP_FAULTS)
