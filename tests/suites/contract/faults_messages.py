"""Faults of Anthropic's Messages API."""

from __future__ import annotations

from tests.suites.contract import fault_hooks as hooks
from tests.suites.contract.fake_contract import Fault
from tests.suites.contract.fake_contract_bodies import openai_error
from tests.suites.contract.fault_hooks import (
    MESSAGE,
    answered,
    chunks,
    drops,
    edited,
    events,
    failing,
    header,
    put,
    refuses,
)

MESSAGE_FAULTS = (
    Fault(
        "no stop_sequence key",
        ("ANT-01",),
        reply=edited(MESSAGE, lambda b: b.pop("stop_sequence")),
    ),
    Fault("content is a text", ("ANT-01",), reply=edited(MESSAGE, lambda b: put(b, content="Hi"))),
    Fault(
        "OpenAI's words for why it stopped",
        ("ANT-02", "ANT-03"),
        reply=edited(MESSAGE, lambda b: put(b, stop_reason="length")),
        seen="raullenchai/Rapid-MLX PR#826",
    ),
    Fault(
        "end_turn at the cap",
        ("ANT-03",),
        reply=edited(MESSAGE, lambda b: put(b, stop_reason="end_turn")),
        seen="raullenchai/Rapid-MLX PR#826",
    ),
    Fault(
        "the stop sequence is not named",
        ("ANT-04",),
        reply=edited(MESSAGE, lambda b: put(b, stop_sequence=None)),
    ),
    Fault("stop_sequences are ignored", ("ANT-04",), request=drops("stop_sequences")),
    Fault("max_tokens may be missing", ("ANT-05",), lenient=("max_tokens",)),
    Fault("system is dropped from messages", ("ANT-06",), request=drops("system")),
    Fault(
        "blocks are dropped",
        ("ANT-07",),
        request=hooks.turns(lambda all_: [hooks.no_parts(m) for m in all_]),
    ),
    Fault(
        "top_k is a server error",
        ("ANT-08",),
        request=refuses(lambda b: "top_k" in b, 500),
    ),
    Fault(
        "Bearer is not read",
        ("ANT-09",),
        reply=answered(
            lambda at, r: at == MESSAGE and "authorization" in r.asked, 401, {"error": "key"}
        ),
    ),
    Fault(
        "x-api-key is not read",
        ("ANT-10",),
        reply=answered(
            lambda at, r: at == MESSAGE and "authorization" not in r.asked, 401, {"error": "key"}
        ),
        seen="vllm-project/vllm#51572",
    ),
    Fault(
        "one version only",
        ("ANT-11",),
        reply=answered(header("anthropic-version", lambda v: v != "2023-06-01"), 400, {}),
    ),
    Fault("queries are another path", ("ANT-12",), lenient=("query",), seen="mlx_lm.server 0.32.2"),
    Fault(
        "beta headers are refused",
        ("ANT-12",),
        reply=answered(header("anthropic-beta", bool), 400, {}),
    ),
    Fault("no message_stop", ("ANT-13",), reply=events(MESSAGE, lambda all_: all_[:-1])),
    Fault(
        "a delta before its block",
        ("ANT-13",),
        reply=events(MESSAGE, lambda all_: [all_[0], *all_[3:]]),
    ),
    Fault(
        "events without names",
        ("ANT-14",),
        reply=events(MESSAGE, lambda all_: [(None, v) for _, v in all_]),
        seen="anthropic 2.11 raises AssertionError",
    ),
    Fault(
        "blocks count from 1",
        ("ANT-15",),
        reply=chunks(hooks.from_one, MESSAGE),
        seen="anthropic 2.11 raises IndexError",
    ),
    Fault(
        "thinking in a text block",
        ("ANT-16",),
        reply=chunks(hooks.thinking, MESSAGE),
        seen="sgl-project/sglang#26795",
    ),
    Fault("input_tokens 0 at the start", ("ANT-17",), reply=chunks(hooks.started, MESSAGE)),
    Fault(
        "no final usage",
        ("ANT-18",),
        reply=chunks(hooks.spent, MESSAGE),
        seen="anthropic 2.11 raises AttributeError",
    ),
    Fault(
        "[DONE] after messages",
        ("ANT-19",),
        reply=events(MESSAGE, lambda all_: [*all_, (None, "[DONE]")]),
    ),
    Fault(
        "is_error is refused",
        ("ANT-22",),
        request=refuses(lambda b: "is_error" in str(b)),
    ),
    Fault(
        "past thinking is refused",
        ("ANT-25",),
        request=refuses(lambda b: "'thinking'" in str(b)),
        seen="intel/llm-scaler#341",
    ),
    Fault(
        "cache_control is refused",
        ("ANT-26",),
        request=refuses(lambda b: "cache_control" in str(b)),
    ),
    Fault(
        "count_tokens is off by one",
        ("ANT-27",),
        reply=edited(
            f"{MESSAGE}/count_tokens", lambda b: put(b, input_tokens=b["input_tokens"] + 1)
        ),
    ),
    Fault(
        "validation has OpenAI's envelope",
        ("ANT-28", "ANT-29"),
        reply=failing(lambda b: openai_error("body is wrong", None, "x")),
        seen="vllm-project/vllm#57997",
    ),
    Fault(
        "every error is an api_error",
        ("ANT-29",),
        reply=failing(lambda b: put(b["error"], type="api_error")),
    ),
    Fault(
        "messages count differently from chat",
        ("ANT-32",),
        reply=edited(MESSAGE, lambda b: put(b["usage"], input_tokens=99)),
    ),
)

FAULTS = MESSAGE_FAULTS
