"""Faults of errors, keys and bytes."""

from __future__ import annotations

from typing import Any

from tests.suites.contract import fault_hooks as hooks
from tests.suites.contract.fake_contract import Fault, Reply
from tests.suites.contract.fake_contract_bodies import anthropic_error
from tests.suites.contract.fault_hooks import (
    answered,
    failing,
    header,
    kills,
    put,
    refuses,
    typed,
)


def _status(old: int, new: int) -> Any:
    def hook(at: str, reply: Reply) -> Reply:
        reply.status = new if reply.status == old else reply.status
        return reply

    return hook


ERROR_FAULTS = (
    Fault(
        "errors are texts",
        ("ERR-01", "ERR-02", "ERR-12", "MOD-06"),
        reply=failing(lambda b: {"error": b["error"]["message"]}),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("no param key", ("ERR-02",), reply=failing(lambda b: b["error"].pop("param"))),
    Fault("code is a number", ("ERR-02",), reply=failing(lambda b: put(b["error"], code=400))),
    Fault("errors are text/html", ("ERR-03",), reply=typed("text/html", lambda s: s >= 400)),
    Fault(
        "errors are plain words",
        ("ERR-03", "ERR-02"),
        reply=answered(lambda at, r: r.status >= 400, 404, b"Not Found"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("broken JSON is a server error", ("ERR-01", "ERR-15"), reply=_status(400, 500)),
    Fault("any model is served", ("ERR-06",), lenient=("unknown model",)),
    Fault(
        "an unknown model is a 400",
        ("ERR-06",),
        reply=_status(404, 400),
    ),
    Fault(
        "an overlong prompt is answered",
        ("ERR-07",),
        request=hooks.turns(lambda all_: [hooks.shortened(m) for m in all_]),
        seen="lmstudio-ai/lmstudio-bug-tracker#2322",
    ),
    Fault(
        "wrong methods are 501", ("ERR-11",), reply=_status(405, 501), seen="mlx_lm.server 0.32.2"
    ),
    Fault(
        "unknown paths are 200",
        ("ERR-12",),
        reply=answered(lambda at, r: at == "/v1/no/such/path", 200, {"ok": True}),
        seen="lmstudio-ai/lmstudio-bug-tracker#2055",
    ),
    Fault(
        "a trailing slash is a server error",
        ("ERR-13",),
        reply=answered(lambda at, r: at.endswith("completions/"), 500, {}),
    ),
    Fault(
        "text/plain is a server error",
        ("ERR-14",),
        reply=answered(header("content-type", lambda v: v == "text/plain"), 500, {}),
    ),
    Fault(
        "errors with HTTP 200",
        ("ERR-16", "ERR-01"),
        reply=_status(400, 200),
        seen="raullenchai/Rapid-MLX#471",
    ),
    Fault(
        "errors tell a traceback",
        ("ERR-19",),
        reply=failing(lambda b: put(b["error"], message="'str' object has no attribute 'get'")),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("no request id", ("ERR-22",), reply=hooks.without_id),
    Fault(
        "a dead thread, a healthy server",
        ("CHT-27", "HEA-02", "ERR-18"),
        raw=kills(b'"stop": 5', "zombie"),
        seen="ml-explore/mlx-lm#1505",
    ),
    Fault(
        "a bad field is a server error",
        ("ERR-15", "ERR-04"),
        request=refuses(lambda b: b.get("messages") == "text", 500),
    ),
)

BYTE_FAULTS = (
    Fault(
        "bytes that are no UTF-8 are met with silence",
        ("ROB-04", "ERR-17"),
        raw=lambda at, body: "reset" if b"\xff" in body or body == b"{bad" else None,
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "invalid UTF-8 is repaired",
        ("ROB-04",),
        decode=lambda body: body.decode(errors="replace").encode(),
    ),
    Fault(
        "a lone surrogate ends the thread",
        ("ROB-05",),
        raw=kills(b'"stop": "\\ud83d"', "zombie"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "NUL is a server error",
        ("ROB-06",),
        request=refuses(lambda b: "\\x00" in repr(b), 500),
    ),
    Fault(
        "deep JSON is met with silence",
        ("ROB-07",),
        raw=lambda at, body: "reset" if b"[[[[" in body else None,
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "a bad length is met with silence",
        ("ROB-10",),
        lenient=("length",),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("chunked bodies are not read", ("ROB-11",), lenient=("chunked",)),
    Fault(
        "Expect is refused",
        ("ROB-12",),
        reply=answered(header("expect", bool), 400, {}),
    ),
    Fault(
        "a connection each",
        ("ROB-13",),
        lenient=("keep-alive",),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault(
        "a long header is a server error",
        ("ROB-09",),
        lenient=("long header",),
    ),
    Fault(
        "Basic is refused without a key",
        ("AUT-04",),
        reply=answered(header("authorization", lambda v: v.startswith("Basic")), 401, {}),
    ),
)

KEY_FAULTS = (
    Fault("the key is not asked for", ("AUT-01", "AUT-02"), lenient=("key",)),
    Fault(
        "a wrong key is a server error",
        ("AUT-02",),
        reply=answered(lambda at, r: r.status == 401, 500, anthropic_error("x", 500)),
    ),
)

FAULTS = (*ERROR_FAULTS, *BYTE_FAULTS)
