"""Responses and embeddings: the order of events, absent routes, clear refusals."""

from __future__ import annotations

import asyncio
import math
import struct
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suites.contract.checks import CHECKS
from suites.contract.eventorder import order_problem
from suites.contract.vectors import cosine, vector
from tests.suites.contract.asking import ask, asked
from tests.suites.contract.fake_contract import Fault, fake_server
from tests.suites.contract.fake_contract_bodies import Event
from tests.suites.contract.fake_contract_model import Generated
from tests.suites.contract.fake_contract_responses import events
from tests.suites.contract.fault_hooks import refuses
from tests.suites.contract.faults_responses import RESPONSES, streamed

MINE = [check.id for check in CHECKS if check.id[:3] in {"RSP", "EMB", "TOK", "RRK"}]
ROUTES = (RESPONSES, "/v1/embeddings", "/tokenize", "/v1/rerank")

TEXTS = st.lists(st.text(max_size=4), max_size=4)
KINDS = st.lists(st.sampled_from(["message", "reasoning", "function_call"]), max_size=3)


def _item(number: int, kind: str, text: str) -> dict[str, Any]:
    part = {"type": "reasoning_text" if kind == "reasoning" else "output_text", "text": text}
    item = {"id": f"item_{number}", "type": kind, "status": "completed"}
    return item | ({"arguments": text} if kind == "function_call" else {"content": [part]})


def _stream(kinds: list[str], pieces: list[str], status: str) -> list[dict[str, Any]]:
    done = Generated(tuple(pieces), len(pieces), "stop")
    output = [_item(number, kind, done.text) for number, kind in enumerate(kinds)]
    response = {"id": "resp_1", "status": status, "output": output}
    return [value for _, value in events(response, done)]


@given(KINDS, TEXTS, st.sampled_from(["completed", "incomplete", "failed"]), st.data())
def test_no_event_of_a_sound_stream_can_be_missing(
    kinds: list[str], pieces: list[str], status: str, data: st.DataObject
) -> None:
    values = _stream(kinds, pieces, status)
    assert order_problem(values) is None
    needed = [n for n, value in enumerate(values) if not value["type"].endswith(".delta")]
    lost = data.draw(st.sampled_from(needed))
    open_end = status == "failed" and values[lost]["type"] == "response.output_item.done"
    if not open_end:  # a response that failed may leave its last item open
        assert order_problem(values[:lost] + values[lost + 1 :]) is not None


@given(KINDS.filter(lambda kinds: kinds and "reasoning" not in kinds), TEXTS, st.data())
def test_no_two_different_events_can_be_swapped(
    kinds: list[str], pieces: list[str], data: st.DataObject
) -> None:
    values = _stream(kinds, pieces, "completed")
    at = data.draw(st.integers(0, len(values) - 2))
    one, other = values[at], values[at + 1]
    swapped = [*values[:at], other, one, *values[at + 2 :]]
    free = one["type"] == other["type"] or one.get("output_index") != other.get("output_index")
    if not free or "response" in one or "response" in other:
        assert order_problem(swapped) is not None


def test_items_may_mix_their_events() -> None:
    values = _stream(["function_call", "function_call"], ["{}"], "completed")
    inner = values[2:-1]
    half = len(inner) // 2
    mixed = [one for pair in zip(inner[:half], inner[half:], strict=True) for one in pair]
    assert order_problem([*values[:2], *mixed, values[-1]]) is None


def test_hostile_events_are_judged() -> None:
    assert order_problem([]) is not None
    values = _stream(["message"], ["a"], "completed")
    for bad in (None, [1], {"a": 1}, "0"):
        spoilt = [v if "item" not in v else {**v, "output_index": bad} for v in values]
        assert order_problem(spoilt) is not None


def test_an_absent_route_is_asked_for_once_and_breaks_no_rule() -> None:
    async def go() -> tuple[dict[str, dict[str, Any]], list[str]]:
        async with fake_server(absent=ROUTES) as fake:
            values = await ask(fake, MINE)
            return values, [path for _, path in fake.requests]

    values, paths = asyncio.run(go())
    assert {one["finding"] for one in values.values()} == {"unsupported"}
    assert [paths.count(route) for route in ROUTES] == [1] * len(ROUTES)


@pytest.mark.parametrize(
    ("rule", "field", "kind"),
    [
        ("RSP-06", "tool_choice", "pass"),
        ("RSP-07", "instructions", "unsupported"),
        ("RSP-08", "text", "unsupported"),
        ("RSP-09", "previous_response_id", "unsupported"),
        ("RSP-10", "store", "unsupported"),
        ("EMB-07", "dimensions", "unsupported"),
    ],
)
def test_what_is_refused_by_name_is_no_failure(rule: str, field: str, kind: str) -> None:
    named = {"text": "text.format json_schema"}.get(field, field)
    clear = Fault("refused", (), request=refuses(lambda b: field in b, 400, named))
    assert asked([rule], clear)[rule]["finding"] == kind
    unclear = Fault("refused", (), request=refuses(lambda b: field in b, 500, "body"))
    assert asked([rule], unclear)[rule]["finding"] == "fail"


def test_a_model_without_vectors_is_unsupported() -> None:
    chat_only = Fault(
        "no vectors", (), request=refuses(lambda b: True, 400, "model", "/v1/embeddings")
    )
    assert asked(["EMB-01"], chat_only)["EMB-01"]["finding"] == "unsupported"


def _counted(all_: list[Event]) -> list[Event]:
    return [(name, {**value, "sequence_number": n}) for n, (name, value) in enumerate(all_)]


def _queued(all_: list[Event]) -> list[Event]:
    queued = {**all_[0][1], "type": "response.queued"}
    return _counted([all_[0], (queued["type"], queued), *all_[1:]])


@pytest.mark.parametrize(
    "edit",
    [
        lambda all_: [*all_, (None, "[DONE]")],
        lambda all_: [(n, {**v, "sequence_number": v["sequence_number"] + 1}) for n, v in all_],
        lambda all_: _counted([*all_[:3], ("x.tick", {"type": "x.tick"}), *all_[3:]]),
        _queued,
    ],
    ids=["[DONE]", "from_1", "unknown_event", "queued"],
)
def test_streams_may_differ(edit: Callable[[list[Event]], list[Event]]) -> None:
    rules = [rule for rule in MINE if rule.startswith("RSP")]
    found = asked(rules, Fault("different", (), reply=streamed(edit)))
    wrong = {rule: one["reason"] for rule, one in found.items() if one["finding"] != "pass"}
    assert set(wrong) == {"RSP-19"}


def test_thoughts_need_no_part() -> None:
    values = _stream(["reasoning", "message"], ["a"], "completed")
    bare = [v for v in values if v.get("part", {}).get("type") != "reasoning_text"]
    assert len(bare) == len(values) - 2
    assert order_problem(bare) is None
    unopened = [v for v in bare if v["type"] != "response.output_item.added"]
    assert order_problem(unopened) is not None


def test_an_error_that_is_told_as_it_should_be_passes() -> None:
    error = {"type": "error", "code": None, "message": "x", "param": None, "sequence_number": 3}
    sound = Fault("error", (), reply=streamed(lambda all_: [*all_[:3], ("error", error)]))
    assert asked(["RSP-13", "RSP-19"], sound)["RSP-19"]["finding"] == "pass"


def test_a_server_without_scripts_is_skipped() -> None:
    def unscripted(path: str, body: dict[str, Any]) -> None:
        body["model"] = "org/fake"

    found = asked(["RSP-20"], Fault("no scripts", (), request=unscripted))
    assert found["RSP-20"]["finding"] == "skip"


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=20))
def test_vectors_are_read_both_ways(values: list[float]) -> None:
    packed = b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
    assert vector(values) == vector(packed) == tuple(values)
    assert vector(packed[:-2] + "!!") is None
    assert vector([*values, "1"]) is None


def test_cosines() -> None:
    assert cosine((1.0, 0.0), (2.0, 0.0)) == 1
    assert cosine((1.0, 0.0), (0.0, 3.0)) == 0
    assert math.isnan(cosine((0.0,), (1.0,)))
