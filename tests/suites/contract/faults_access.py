"""Faults of web pages and of keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.suites.contract.fake_contract import Fault, Reply
from tests.suites.contract.fault_hooks import MESSAGE, Hook, answered


def headers(when: Callable[[str, Reply], bool], **changed: str | None) -> Hook:
    """Headers of some answers; None takes one away."""

    def hook(at: str, reply: Reply) -> Reply:
        for name, value in changed.items() if when(at, reply) else ():
            reply.headers.pop(name.replace("_", "-"), None)
            if value is not None:
                reply.headers[name.replace("_", "-")] = value
        return reply

    return hook


def is_preflight(at: str, reply: Reply) -> bool:
    return "access-control-request-method" in reply.asked


def from_page(at: str, reply: Reply) -> bool:
    return "origin" in reply.asked


FAULTS = (
    Fault(
        "preflights are 405",
        ("COR-01", "COR-02"),
        reply=answered(is_preflight, 405, b""),
        seen="ollama/ollama#4388",
    ),
    Fault(
        "preflights allow no method",
        ("COR-01",),
        reply=headers(is_preflight, access_control_allow_methods="PUT"),
    ),
    Fault(
        "* stands for Authorization",
        ("COR-02",),
        reply=headers(is_preflight, access_control_allow_headers="*"),
        seen="ollama/ollama#8342",
    ),
    Fault(
        "the SDKs' own headers are not allowed",
        ("COR-02",),
        reply=headers(is_preflight, access_control_allow_headers="authorization, content-type"),
        seen="mostlygeek/llama-swap#77",
    ),
    Fault(
        "errors cannot be read",
        ("COR-03",),
        reply=headers(lambda at, r: r.status >= 400, access_control_allow_origin=None),
    ),
    Fault(
        "streams cannot be read",
        ("COR-03",),
        reply=headers(lambda at, r: r.events is not None, access_control_allow_origin=None),
    ),
    Fault(
        "everybody with cookies",
        ("COR-04",),
        reply=headers(
            from_page, access_control_allow_origin="*", access_control_allow_credentials="true"
        ),
    ),
    Fault(
        "everybody by default",
        ("COR-05",),
        reply=headers(from_page, access_control_allow_origin="*"),
        seen="mlx_lm.server 0.32.2",
    ),
    Fault("any Host will do", ("COR-05",), lenient=("host",)),
    Fault("no Vary", ("COR-06",), reply=headers(from_page, vary=None)),
)

# Asked of a fake with a key.
KEY_FAULTS = (
    Fault(
        "a 401 without its scheme",
        ("AUT-03",),
        reply=headers(lambda at, r: r.status == 401, www_authenticate=None),
    ),
    Fault(
        "health is locked",
        ("AUT-05",),
        reply=answered(lambda at, r: at == "/health" and "authorization" not in r.asked, 401, {}),
    ),
    Fault(
        "models are open",
        ("AUT-05",),
        reply=answered(lambda at, r: at == "/v1/models" and r.status == 401, 200, {"data": []}),
    ),
    Fault(
        "x-api-key is not read",
        ("AUT-06",),
        reply=answered(lambda at, r: at == MESSAGE and "x-api-key" in r.asked, 401, {}),
        seen="vllm-project/vllm#51572",
    ),
    Fault(
        "streams read another key",
        ("AUT-07",),
        reply=answered(lambda at, r: r.events is not None and "x-api-key" in r.asked, 401, {}),
    ),
    Fault(
        "unknown paths are told to anybody",
        ("AUT-08",),
        reply=answered(lambda at, r: at == "/v1/no/such/path", 404, {}),
    ),
    Fault(
        "a 401 repeats the key",
        ("AUT-09",),
        reply=lambda at, r: (
            replace(r, body={"error": str(r.asked.get("authorization"))}) if r.status == 401 else r
        ),
    ),
    Fault(
        "preflights need the key",
        ("AUT-10",),
        reply=answered(is_preflight, 401, {}),
        seen="bricks#45",
    ),
)
