"""No false alarm: a server that keeps the rules passes, in all the ways in which it may differ."""

from __future__ import annotations

from typing import Any

import pytest

from suites.contract.checks import CHECKS
from tests.suites.contract.asking import asked
from tests.suites.contract.fake_contract import Fault, Reply

ALL = [check.id for check in CHECKS]
SOUND = {"pass", "unsupported", "skip"}
# What the clean fake refuses by name, and what does not apply to it.
NOT_PASSED = {
    "CHT-87": "skip",
    "CMP-07": "unsupported",
    "AUT-01": "skip",
    "AUT-02": "skip",
    **{f"AUT-{number:02}": "skip" for number in (3, 5, 6, 7, 8, 9, 10)},
    "ERR-21": "skip",
    "ROB-08": "skip",
    "RSP-19": "skip",
    "ROB-20": "skip",
    "ROB-22": "skip",
    "HEA-02": "skip",
}


def _each(value: Any, edit: Any) -> Any:
    """Every JSON object, inner ones first."""
    if isinstance(value, dict):
        # What a tool is given is the model's, not the server's.
        kept = {key: v if key == "input" else _each(v, edit) for key, v in value.items()}
        return edit(kept)
    return [_each(inner, edit) for inner in value] if isinstance(value, list) else value


def _objects(edit: Any) -> Any:
    def hook(at: str, reply: Reply) -> Reply:
        reply.body = _each(reply.body, edit)
        if reply.events is not None:
            reply.events = [(name, _each(value, edit)) for name, value in reply.events]
        return reply

    return hook


def _unprocessable(at: str, reply: Reply) -> Reply:
    reply.status = (
        422 if reply.status == 400 and not at.startswith("/v1/messages") else reply.status
    )
    return reply


def _null_content(at: str, reply: Reply) -> Reply:
    for _, value in reply.events or []:
        for choice in value.get("choices", []) if isinstance(value, dict) else []:
            delta = choice.get("delta", {})
            if "role" in delta:
                delta["content"] = None
            elif not delta and "delta" in choice:
                delta["content"] = ""
    return reply


def _null_usage(at: str, reply: Reply) -> Reply:
    for _, value in reply.events or []:
        if isinstance(value, dict) and "choices" in value:
            value.setdefault("usage", None)
    return reply


def _no_charset(at: str, reply: Reply) -> Reply:
    if reply.events is not None:
        reply.headers["content-type"] = "text/event-stream"
    return reply


VARIATIONS = (
    Fault("keys in another order", (), reply=_objects(lambda o: dict(reversed(o.items())))),
    Fault("unknown extra keys", (), reply=_objects(lambda o: {**o, "x_extra": None})),
    Fault("lines end in CRLF", (), frame=lambda f: f.replace(b"\n", b"\r\n")),
    Fault("keep-alive comments", (), frame=lambda f: b": keep-alive\n\n" + f),
    Fault("no space after data:", (), frame=lambda f: f.replace(b"data: ", b"data:")),
    Fault("422 instead of 400", (), reply=_unprocessable),
    Fault("null and empty contents in deltas", (), reply=_null_content),
    Fault("usage null on other chunks", (), reply=_null_usage),
    Fault("no charset", (), reply=_no_charset),
)


def _findings(fault: Fault | None = None, **options: Any) -> dict[str, str]:
    return {rule: values["finding"] for rule, values in asked(ALL, fault, **options).items()}


def test_the_clean_fake_passes_everything() -> None:
    found = _findings()
    assert {rule: kind for rule, kind in found.items() if kind != "pass"} == NOT_PASSED


def test_repeats_raise_no_alarm() -> None:
    for _ in range(3):
        assert set(_findings().values()) <= SOUND


@pytest.mark.parametrize("variation", VARIATIONS, ids=lambda one: one.name.replace(" ", "_"))
def test_harmless_variations_raise_no_alarm(variation: Fault) -> None:
    found = _findings(variation)
    alarms = {rule: kind for rule, kind in found.items() if kind not in SOUND}
    # ANT-29 demands Anthropic's statuses; nothing else may mind.
    assert alarms == {}


@pytest.mark.parametrize("split", [1, 7])
def test_bytes_may_be_split_anywhere(split: int) -> None:
    assert set(_findings(split=split).values()) <= SOUND


def test_without_scripts_calls_are_forced_and_the_rest_is_skipped() -> None:
    values = asked(ALL, plays=False)
    assert {one["finding"] for one in values.values()} <= SOUND
    told = {rule for rule, one in values.items() if "scripted outputs" in one["reason"]}
    assert told == {
        *("ANT-24", "CHT-30", "CHT-84", "RSP-20", "STR-25", "STR-46", "TOL-06", "TOL-12", "TOL-14")
    }


def test_a_server_without_metrics_and_cancelling_is_not_asked_about_them() -> None:
    values = asked(["STR-38", "STR-39", "STR-41"], absent=("/metrics",))
    assert {one["finding"] for one in values.values()} == {"skip"}


def test_a_key_is_used_and_asked_for() -> None:
    found = _findings(api_key="secret")
    keyed = [rule for rule in ALL if rule.startswith("AUT-") and rule != "AUT-04"]
    assert {found[rule] for rule in keyed} == {"pass"}
    assert set(found.values()) <= SOUND
