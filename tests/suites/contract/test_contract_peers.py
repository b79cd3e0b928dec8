"""Real servers: what is known of mlx_lm.server must come out, and our own must keep the rules."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.backends import find_backend
from harness.reach import Choice, reach
from suites.contract.check import Stage
from suites.contract.checks import (
    CHECKS,
    accounting,
    call_streams,
    calls,
    characters,
    declared,
    endings,
    logprobs,
    message_tools,
    schemas,
    thoughts,
)
from suites.contract.runner import run
from tests.suites.contract.asking import context_for

pytestmark = pytest.mark.server

# mlx_lm.server 0.32.2; each read in its source or seen on the wire.
KNOWN = {
    "HEA-04": "fail",  # HEAD is 501
    "CHT-05": "pass",
    "CHT-16": "pass",
    "CHT-23": "fail",  # text cut out of the middle, generation runs on
    "CHT-25": "fail",
    "CHT-38": "ignored",  # n
    "CHT-45": "fail",  # temperature null
    "CHT-50": "fail",  # entries without bytes
    "CHT-62": "ignored",  # response_format
    "CHT-77": "fail",  # 404
    "TOL-01": "ignored",  # tool_choice
    "STR-06": "fail",  # the role in every chunk
    "STR-12": "pass",
    "STR-31": "ignored",  # n
    "STR-32": "pass",
    "STR-37": "fail",  # 'str' object has no attribute
    "STR-38": "skip",  # no /metrics
    "CMP-01": "fail",  # no logprobs
    "ANT-01": "unsupported",
    "RSP-01": "unsupported",
    "EMB-01": "unsupported",
    "COR-02": "fail",  # * does not cover Authorization
    "COR-05": "fail",  # every page may read it, under any name
    "ERR-02": "fail",  # error is a text
    "ERR-09": "fail",  # 404
    "ERR-24": "fail",  # silence for a seed of 71 bits
    "MET-01": "unsupported",
    "ROB-13": "fail",  # HTTP/1.0
    "ROB-16": "pass",
    "CHT-27": "fail",  # "stop": 5 ends the generation thread
    "CMP-05": "fail",  # so does an empty prompt
    "ROB-04": "fail",  # silence
    "ERR-18": "fail",
    "HEA-02": "pass",  # /health tells it since 0.32
}
DEADLY = {"CHT-27", "CMP-05"}


def _asked(backend: str, ids: list[str]) -> dict[str, dict[str, Any]]:
    missing = find_backend(backend).missing()
    if missing:
        pytest.skip(missing)

    async def go() -> dict[str, dict[str, Any]]:
        async with reach(Choice(backend=backend)) as reached:
            context = context_for(reached.client, reached.restart)
            checks = [check for check in CHECKS if check.id in ids]
            return {check.id: (await run(check, context))[0] for check in checks}

    return asyncio.run(go())


def test_what_is_known_of_mlx_lm_server_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    values = _asked("mlx-lm", list(KNOWN))
    assert {rule: one["finding"] for rule, one in values.items()} == KNOWN
    restarted = {rule for rule, one in values.items() if one.get("restarted")}
    assert restarted == DEADLY


SPOKEN = (accounting, call_streams, calls, characters, endings, logprobs, message_tools, schemas)


def test_the_reference_server_keeps_the_rules_of_calls_and_thoughts() -> None:
    values = _asked("reference", [c.id for m in (*SPOKEN, thoughts) for c in declared(m)])
    others = {rule: one["finding"] for rule, one in values.items() if one["finding"] != "pass"}
    assert others == {"CHT-28": "unsupported"}  # more than four stops


def test_the_reference_server_survives_what_ends_others() -> None:
    ids = [check.id for check in CHECKS if check.stage is not Stage.HARMLESS]
    values = _asked(
        "reference",
        [*ids, "CHT-23", "STR-22", "STR-12", "ANT-13", "CHT-79", "RSP-06", "RSP-14", "EMB-02"],
    )
    broken = {
        rule: one["reason"]
        for rule, one in values.items()
        if one["finding"] not in {"pass", "unsupported", "skip"}
    }
    assert broken == {}
    assert {one["canary"] for one in values.values() if "canary" in one} == {"ok"}
