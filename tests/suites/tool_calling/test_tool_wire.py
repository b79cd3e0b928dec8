"""The wire layer: a clean server passes every probe, one seeded fault at a time is found."""

from __future__ import annotations

import pytest

from harness.records import Measurement
from suites.tool_calling.suite import SUITE
from tests.servers.fake_openai import Reply
from tests.suites.tool_calling.driver import CASES, WIRE, judged, measure
from tests.suites.tool_calling.fake_scripted import FAULTS, Output, Scripted

# fault -> (a probe that must find it, words of the finding, a probe that it must not disturb)
BOTH = {
    "wrong_name": ("single", "names 'get_weather[ARGS]'", "plain"),
    "coerced": ("types", 'zip is 94105, not "94105"', "single"),
    "as_texts": ("nested", "not {", "single"),
    "first_call_only": ("two-tools", "2 calls were played, 1 arrived", "single"),
    "call_lost": ("single", "1 calls were played, 0 arrived (none)", "plain"),
    "duplicated": ("single", "2 arrived", "plain"),
    "deduplicated": ("identical", "1 arrived", "same-twice"),
    "spray_filter": ("eight", "8 calls were played, 1 arrived", "same-twice"),
    "swapped": ("two-tools", "names 'get_time'", "single"),
    "same_ids": ("same-twice", "two calls share one id", "single"),
    "no_ids": ("single", "no id", "plain"),
    "double_encoded": ("single", "double-encoded", "plain"),
    "nulls_dropped": ("literals", "'remark' is missing", "nested"),
    "ascii_only": ("unicode", "text is", "single"),
    "strings_trimmed": ("escapes", "text is", "unicode"),
    "cut_at_marker": ("markers", "0 arrived", "escapes"),
    "empty_as_blank": ("empty", "not JSON", "single"),
    "marker_leaks": ("single", "</tool_call> leaks", "plain"),
    "call_left_as_text": ("single", "never played", "plain"),
    "text_lost": ("around", "text around the calls is ''", "single"),
    "text_after_lost": ("around", "text around the calls", "parity"),
    "prefix_swallowed": ("prefix", "the text is 'Use or <tool as text", "plain"),
    "malformed_lost": ("broken", "malformed call is lost", "prefix"),
    "malformed_500": ("array", "HTTP 500", "prefix"),
    "finish_stop": ("single", "finish reason is", "plain"),
    "finish_tool": ("plain", "finish reason is", "single"),
    "stream_loses_call": ("parity", "stream: 2 calls were played, 1 arrived", "single"),
    "stream_loses_text": ("around", "streamed and whole answers differ in their text", "single"),
    "half_call": ("truncated", "1 arrived (save_note)", "single"),
    "cut_is_stop": ("truncated", "finish reason is", "single"),
}
OPENAI = {
    "wrong_type": ("single", "not the type 'function'", "plain"),
    "arguments_object": ("single", "not a JSON text", "plain"),
    "cumulative": ("deltas", "cumulative deltas", "plain"),
    "no_index": ("single", "no index", "plain"),
    "one_index": ("two-tools", "call", "single"),
    "name_repeated": ("deltas", "name of call 0 is sent more than once", "plain"),
    "id_repeated": ("deltas", "id of call 0 is sent more than once", "plain"),
    "no_type": ("single", "lacks id, type or name", "plain"),
    "usage_first": ("ending", "usage comes before", None),
    "two_finishes": ("ending", "2 finish reasons", None),
    "no_usage": ("ending", "usage that was asked for is not sent", None),
    "no_done": ("ending", "[DONE]", None),
    "late_text": ("ending", "output comes after the finish reason", None),
}
ANTHROPIC = {
    "input_text": ("single", "input is not an object", "plain"),
    "index_gap": ("two-tools", "indexes of the blocks are [0, 2]", "single"),
    "input_filled": ("single", "empty input object", "plain"),
    "block_not_stopped": ("two-tools", "starts before block 0 was stopped", None),
    "no_message_stop": ("ending", "message_stop", None),
}
# Without ids a tool_use block cannot be built; "" there is what the common fault sends already.
TABLE = [
    *((fault, "openai", *row) for fault, row in (BOTH | OPENAI).items()),
    *((fault, "anthropic", *row) for fault, row in (BOTH | ANTHROPIC).items()
      if fault not in ("empty_as_blank", "double_encoded")),
]  # fmt: skip


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_a_clean_server_passes_every_probe(dialect: str) -> None:
    found = judged(Scripted(), WIRE, dialect)
    assert {v.case_id: v.reason for v in found.values() if v.outcome != "pass"} == {}
    assert len(found) == len(WIRE) + 1 >= 9
    suite = found["tool wire"]
    assert suite.estimate is not None
    assert (suite.estimate.value, suite.estimate.n) == (1.0, len(WIRE))
    assert found["tool-wire-single"].detail["passed"] == 2


@pytest.mark.parametrize(("fault", "dialect", "probe", "words", "undisturbed"), TABLE)
def test_a_seeded_fault_is_found_and_named(
    fault: str, dialect: str, probe: str, words: str, undisturbed: str | None
) -> None:
    ids = [f"tool-wire-{probe}", *([f"tool-wire-{undisturbed}"] if undisturbed else [])]
    found = judged(Scripted(fault), [CASES[one] for one in ids], dialect)
    assert found[ids[0]].outcome == "fail"
    told = [sentence for mode in found[ids[0]].detail["faults"].values() for sentence in mode]
    assert any(words in sentence for sentence in [*told, found[ids[0]].reason])
    assert found["tool wire"].outcome == "fail"
    assert ids[0] in found["tool wire"].reason
    if undisturbed:
        assert found[ids[1]].outcome == "pass", found[ids[1]].reason


def test_every_fault_of_the_fake_is_in_the_table() -> None:
    assert set(FAULTS) <= set(BOTH)


def test_a_fault_of_one_mode_names_the_mode() -> None:
    found = judged(Scripted("cumulative"), [CASES["tool-wire-deltas"]])["tool-wire-deltas"]
    assert found.reason.startswith("stream: ")
    assert (found.detail["passed"], found.detail["n"]) == (1, 2)
    assert found.detail["got"][1]["mode"] == "stream"


@pytest.mark.parametrize(
    "hook",
    [
        Scripted(plays=False),  # 404: no such model
        Scripted(plays=False, brain=lambda body: Output(("Hello.",), "stop")),  # any model will do
        lambda served: Reply({"error": {"message": "bad model"}}, 400),
    ],
)
def test_a_server_that_plays_no_scripts_is_skipped_after_one_question(hook: object) -> None:
    taken = measure(hook, WIRE[:3])
    assert [len(one.exchanges) for one in taken] == [1, 0, 0]
    verdicts = SUITE.judge(WIRE[:3], taken)
    assert {verdict.outcome for verdict in verdicts} == {"skip"}
    assert "cannot play a scripted output" in verdicts[-1].reason
    assert len(verdicts[0].reason) < 80  # a table's cell; what the server said is in the detail
    assert verdicts[0].detail["answered"]


def test_a_control_without_an_answer_is_not_a_skip() -> None:
    dead = Measurement(
        WIRE[0].id, 0, "2026-01-01T00:00:00Z", 0.0, {"unknown": "no answer: Timeout"}
    )
    verdicts = SUITE.judge(WIRE[:1], [dead])
    assert [verdict.outcome for verdict in verdicts] == ["inconclusive", "inconclusive"]


def test_a_broken_measurement_is_inconclusive() -> None:
    broken = Measurement(WIRE[0].id, 0, "2026-01-01T00:00:00Z", 0.0, error="The suite failed.")
    verdicts = SUITE.judge(WIRE[:1], [broken])
    assert (verdicts[0].outcome, verdicts[0].reason) == ("inconclusive", "The suite failed.")
    some = SUITE.judge(WIRE[:2], [broken, *measure(Scripted(), WIRE[1:2])])
    assert some[-1].outcome == "inconclusive"


def test_scripts_are_asked_by_model_id_with_only_their_tools() -> None:
    hook = Scripted()
    measure(hook, [CASES["tool-wire-two-tools"]])
    control, *played = hook.asked
    assert "tools" not in control
    assert {body["stream"] for body in played} == {True, False}
    for body in played:
        assert body["model"].startswith("scripted:%3Ctool_call%3E%0A")
        assert [t["function"]["name"] for t in body["tools"]] == ["get_time", "get_weather"]
