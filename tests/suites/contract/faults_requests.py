"""Faults of what a chat request may hold."""

from __future__ import annotations

from tests.suites.contract import fault_hooks as hooks
from tests.suites.contract.fake_contract import Fault
from tests.suites.contract.fault_hooks import (
    CHAT,
    TEXT,
    any_turn,
    choice,
    drops,
    is_null,
    kills,
    put,
    refuses,
    said,
    turns,
)

SAMPLING_FAULTS = (
    Fault("n is ignored", ("CHT-38", "CHT-39"), request=drops("n"), seen="mlx_lm.server 0.32.2"),
    Fault("both choices are 0", ("CHT-38",), reply=choice(lambda c: put(c, index=0))),
    Fault(
        "n is refused without its name",
        ("CHT-38",),
        request=refuses(lambda b: b.get("n") == 2, field="body"),
    ),
    Fault("temperature 0 is random", ("CHT-41",), generated=hooks.random),
    Fault("top_p matters at 0", ("CHT-42",), generated=hooks.top_p_matters),
    Fault("seed is ignored", ("CHT-43",), generated=hooks.forgotten),
    Fault(
        "temperature null is refused",
        ("CHT-45",),
        request=refuses(is_null("temperature")),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("ranges are not checked", ("CHT-46",), lenient=("temperature", "top_p")),
    Fault(
        "NaN is a number",
        ("CHT-47",),
        lenient=("NaN", "temperature"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "temperature must be a float",
        ("CHT-48",),
        request=refuses(lambda b: b.get("temperature") == 1, path=CHAT),
    ),
    Fault(
        "top_logprobs are not checked",
        ("CHT-56",),
        lenient=("logprobs", "top_logprobs"),
    ),
    Fault(
        "penalties are not checked",
        ("CHT-60",),
        lenient=("presence_penalty", "frequency_penalty"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("token ids are not checked", ("CHT-59",), lenient=("logit_bias",)),
    Fault(
        "a foreign token id ends the process",
        ("CHT-59",),
        lenient=("logit_bias",),
        raw=kills(b"99999999", "die"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "response_format is ignored",
        ("CHT-62", "CHT-65"),
        request=drops("response_format"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "format text is refused",
        ("CHT-61",),
        request=refuses(lambda b: "response_format" in b),
        seen="lmstudio-ai/lmstudio-bug-tracker#307",
    ),
)

CONVERSATION_FAULTS = (
    Fault(
        "system is dropped",
        ("CHT-66",),
        request=turns(lambda all_: [m for m in all_ if m.get("role") != "system"]),
    ),
    Fault(
        "developer is unknown",
        ("CHT-67",),
        request=refuses(any_turn(lambda m: m.get("role") == "developer"), 422),
        seen="cubist38/mlx-openai-server PR#267",
    ),
    Fault(
        "a late system message breaks the template",
        ("CHT-68",),
        request=refuses(lambda b: b.get("messages", [{}])[-1].get("role") == "system", 500),
        seen="1Cat-vLLM PR#449",
    ),
    Fault("any role will do", ("CHT-69",), lenient=("role",), seen="mlx_lm.server 0.32.2"),
    Fault(
        "text parts are dropped",
        ("CHT-70",),
        request=turns(lambda all_: [hooks.no_parts(m) for m in all_]),
        seen="lmstudio-ai/lmstudio-bug-tracker#377",
    ),
    Fault(
        "images are dropped",
        ("CHT-71", "ANT-33"),
        request=turns(lambda all_: [hooks.only_text(m) for m in all_]),
        seen="Blaizzy/mlx-vlm#1060",
    ),
    Fault("content may be missing", ("CHT-72",), lenient=("content",), seen="mlx_lm.server 0.32.2"),
    Fault(
        "past calls are dropped",
        ("CHT-73",),
        request=turns(lambda all_: [hooks.no_calls(m) for m in all_]),
        seen="cubist38/mlx-openai-server PR#205",
    ),
    Fault(
        "null content is refused",
        ("CHT-73",),
        request=refuses(any_turn(lambda m: m.get("content", 0) is None and "tool_calls" in m)),
        seen="lmstudio-ai/lmstudio-bug-tracker#261",
    ),
    Fault(
        "absent content is refused",
        ("CHT-74",),
        request=refuses(any_turn(lambda m: "content" not in m)),
        seen="freellmapi#165",
    ),
    Fault(
        "a tool's parts are refused",
        ("CHT-75",),
        request=refuses(any_turn(lambda m: m.get("role") == "tool" and m["content"] != "11 km")),
    ),
    Fault(
        "broken past arguments are a server error",
        ("CHT-76", "ERR-15"),
        request=refuses(any_turn(lambda m: "{bad" in str(m.get("tool_calls"))), 500),
    ),
    Fault("no messages are fine", ("CHT-77",), lenient=("messages",)),
    Fault(
        "roles must alternate, or it breaks",
        ("CHT-78",),
        request=refuses(
            lambda b: len(b.get("messages", [])) == 2 and b["messages"][0] == b["messages"][1], 500
        ),
    ),
    Fault(
        "the body is read as Latin-1", ("CHT-80",), decode=lambda b: b.decode("latin-1").encode()
    ),
)

FIELD_FAULTS = (
    Fault(
        "stream null is refused",
        ("CHT-79", "STR-44"),
        request=refuses(is_null("stream")),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "unknown fields are a server error",
        ("CHT-85",),
        request=refuses(lambda b: "zzz_unknown" in b, 500),
    ),
    Fault(
        "unknown fields are refused on one route",
        ("CHT-85",),
        request=refuses(lambda b: "zzz_unknown" in b, 400, "zzz_unknown", TEXT),
    ),
    Fault(
        "metadata is refused without its name",
        ("CHT-86",),
        request=refuses(lambda b: bool(b.get("metadata"))),
    ),
    Fault("types are not checked", ("ERR-04",), lenient=("top_p", "seed")),
    Fault(
        "no model is a server error",
        ("ERR-05",),
        request=refuses(lambda b: "model" not in b, 500),
    ),
)

TOOL_FAULTS = (
    Fault(
        "tool_choice is ignored",
        ("TOL-01", "TOL-08", "TOL-11"),
        request=drops("tool_choice"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "none is ignored",
        ("TOL-02",),
        reply=said(
            lambda m: put(
                m,
                tool_calls=[
                    {"id": "c", "type": "function", "function": {"name": "now", "arguments": "{}"}}
                ],
            )
        ),
    ),
    Fault(
        "an empty tool list is refused",
        ("TOL-09",),
        request=refuses(lambda b: b.get("tools") == []),
    ),
    Fault(
        "tools are not checked",
        ("TOL-10",),
        request=lambda at, body: body.pop("tools", None) and None,
    ),
    Fault(
        "parameters are required",
        ("TOL-13",),
        request=refuses(lambda b: bool(b.get("tools")) and "parameters" not in str(b["tools"])),
        seen="microsoft/vscode-copilot-release#8040",
    ),
)

FAULTS = (*SAMPLING_FAULTS, *CONVERSATION_FAULTS, *FIELD_FAULTS, *TOOL_FAULTS)
