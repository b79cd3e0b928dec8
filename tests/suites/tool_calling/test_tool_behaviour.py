"""The behaviour layer: the model's part and the server's part are told apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from harness.records import Measurement
from harness.suite import Options
from suites.tool_calling.behaviour import leak
from suites.tool_calling.probes import PROBES
from suites.tool_calling.suite import SUITE
from tests.servers.fake_openai import Reply
from tests.suites.tool_calling.driver import BEHAVIOUR, CASES, judged
from tests.suites.tool_calling.fake_scripted import Brain, Call, Output, Scripted

SINGLE = CASES["tool-behave-single"]
CHAT = CASES["tool-behave-chat"]


def skilled(body: dict[str, Any]) -> Output:
    """The model that does what each probe wants."""
    forbidden = body.get("tool_choice") in ("none", {"type": "none"})
    first = next(m for m in body["messages"] if m["role"] == "user")["content"]
    probes = [p for p in PROBES if p.messages[0]["content"] == first]
    probe = next(p for p in probes if (p.tool_choice == "none") is forbidden)
    if probe.call is None:
        return Output((f"Here you are: {probe.says}.",), "stop")
    name, arguments = probe.call
    return Output((Call("call_a", name, json.dumps(arguments)),), "tool")


def mute(body: dict[str, Any]) -> Output:
    return Output(("babble babble",), "length")


def changed(change: Callable[[Output], Output | Reply]) -> Brain:
    return lambda body: change(skilled(body))


def outcomes(brain: Brain, *ids: str, dialect: Any = "openai", fault: str = "") -> dict[str, str]:
    cases = [CASES[f"tool-behave-{one}"] for one in ids] if ids else BEHAVIOUR
    found = judged(Scripted(fault, brain), cases, dialect)
    return {name.removeprefix("tool-behave-"): v.outcome for name, v in found.items()}


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_a_skilled_model_on_a_good_server_passes(dialect: str) -> None:
    found = judged(Scripted(brain=skilled), BEHAVIOUR, dialect)
    assert {name: v.reason for name, v in found.items() if v.outcome != "pass"} == {}
    suite = found["tool behaviour"]
    assert suite.detail["trigger"] == {
        "true_positive": 18,
        "false_positive": 0,
        "false_negative": 0,
        "true_negative": 12,
    }
    assert suite.detail["exact"]["value"] == suite.detail["schema_valid"]["value"] == 1.0
    assert suite.detail["calls_too_many"] == 0


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_a_model_that_never_calls_says_nothing_about_the_server(dialect: str) -> None:
    found = judged(Scripted(brain=mute), BEHAVIOUR, dialect)
    assert {verdict.outcome for verdict in found.values()} == {"inconclusive"}
    told = "the model made no tool call in 30 requests: nothing is said about the server"
    assert found["tool behaviour"].reason == told


def test_a_model_that_calls_is_judged_by_what_it_calls() -> None:
    def greedy_caller(body: dict[str, Any]) -> Output:
        return Output((Call("call_a", "get_weather", '{"city": "Oslo"}'),), "tool")

    assert outcomes(greedy_caller, "single", "chat", "enum", "none") == {
        "single": "pass",
        "chat": "inconclusive",  # the model's doing or the server's: one run cannot tell
        "enum": "inconclusive",
        "none": "fail",  # the server's to enforce
        "tool behaviour": "fail",
    }


def test_one_call_in_the_run_makes_silence_a_finding() -> None:
    def only_single(body: dict[str, Any]) -> Output:
        output = skilled(body)
        return output if "Oslo" in str(output.calls) else Output(("No.",), "stop")

    assert outcomes(only_single, "single", "choose", "chat") == {
        "single": "pass",
        "choose": "inconclusive",
        "chat": "pass",
        "tool behaviour": "inconclusive",
    }


def test_an_unsteady_model_is_neither_passed_nor_failed() -> None:
    count = 0

    def sometimes(body: dict[str, Any]) -> Output:
        nonlocal count
        count += 1
        return skilled(body) if count != 2 else Output(("No.",), "stop")

    found = judged(Scripted(brain=sometimes), [SINGLE])
    assert found[SINGLE.id].outcome == "inconclusive"
    assert "2 of 3 tries" in found[SINGLE.id].reason
    assert found[SINGLE.id].estimate is not None
    assert found[SINGLE.id].estimate.low == pytest.approx(0.2077, abs=1e-4)  # Wilson, 2 of 3


def test_an_answer_cut_at_max_tokens_is_not_held_against_the_model() -> None:
    def thinking(body: dict[str, Any]) -> Output:
        output = skilled(body)
        return output if "Oslo" in str(output.calls) else Output(("Let me think",), "length")

    found = outcomes(thinking, "single", "choose")
    assert found == {"single": "pass", "choose": "inconclusive", "tool behaviour": "inconclusive"}


SERVER_FAULTS: dict[str, tuple[Callable[[Output], Output | Reply], str]] = {
    "500": (lambda o: Reply({"error": {"message": "boom"}}, 500), "HTTP 500"),
    "refusal of everything": (lambda o: Reply({"error": {"message": "bad"}}, 400), "HTTP 400"),
    "arguments": (
        lambda o: o.each(lambda c: Call(c.id, c.name, c.arguments[:-1])),
        "no JSON object",
    ),
    "argument list": (lambda o: o.each(lambda c: Call(c.id, c.name, "[1]")), "no JSON object"),
    "finish": (lambda o: Output(o.parts, "stop"), "ends with 'stop'"),
    "ids": (lambda o: o.each(lambda c: Call("", c.name, c.arguments)), "no ids"),
    "leak": (
        lambda o: Output(
            ('<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>',),
            "stop",
        ),
        "complete call is left in the text",
    ),
}


@pytest.mark.parametrize("fault", SERVER_FAULTS)
def test_the_servers_doing_fails_whatever_the_model(fault: str) -> None:
    change, words = SERVER_FAULTS[fault]
    found = judged(Scripted(brain=changed(change)), [SINGLE, CHAT])
    assert found[SINGLE.id].outcome == "fail"
    assert words in found[SINGLE.id].reason
    assert found["tool behaviour"].outcome == "fail"
    assert "the server's doing" in found["tool behaviour"].reason


def test_a_servers_fault_counts_even_when_the_model_never_calls() -> None:
    def broken(body: dict[str, Any]) -> Output | Reply:
        return Reply({"error": {"message": "boom"}}, 500) if body["stream"] else mute(body)

    assert outcomes(broken, "single")["tool behaviour"] == "fail"


@pytest.mark.parametrize("fault", ["no_index", "no_done", "cumulative"])
def test_a_broken_stream_is_the_servers_doing(fault: str) -> None:
    assert outcomes(skilled, "single", fault=fault)["single"] == "fail"


def test_a_field_that_is_refused_by_name_is_skipped() -> None:
    def no_choice(body: dict[str, Any]) -> Output | Reply:
        if body.get("tool_choice"):
            return Reply({"error": {"message": "not supported", "param": "tool_choice"}}, 400)
        return skilled(body)

    assert outcomes(no_choice, "single", "none", "required") == {
        "single": "pass",
        "none": "skip",
        "required": "skip",
        "tool behaviour": "pass",
    }


def test_a_server_without_tools_is_skipped() -> None:
    def no_tools(body: dict[str, Any]) -> Reply:
        return Reply({"error": {"message": "tools are not supported here"}}, 422)

    found = outcomes(no_tools, "single", "chat", "none")
    assert set(found.values()) == {"skip"}


def test_a_refusal_that_names_nothing_is_a_fault() -> None:
    def vague(body: dict[str, Any]) -> Output | Reply:
        refused = body.get("tool_choice") is not None
        return Reply({"error": {"message": "bad request"}}, 400) if refused else skilled(body)

    assert outcomes(vague, "single", "none")["none"] == "fail"


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ('<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>', "<tool_call>"),
        ('so [TOOL_CALLS] [{"name": "f", "arguments": {"a": 1}}]', "[TOOL_CALLS]"),
        ('<|python_tag|>{"name": "f", "parameters": {}}', "<|python_tag|>"),
        ('<tool_call> oops <tool_call>{"name": "f", "arguments": {}}', "<tool_call>"),
        ('<tool_call>\n{"name": "f", "arguments": {\n</tool_call>', None),  # malformed: is text
        ('<tool_call>{"arguments": {}}</tool_call>', None),
        ("<tool_call>[1, 2]</tool_call>", None),
        ('{"name": "f", "arguments": {}}', None),  # JSON that was asked for
        ("functools are a module", None),
        ("", None),
    ],
)
def test_a_leak_is_a_complete_call_after_an_opening(text: str, opening: str | None) -> None:
    assert leak(text) == opening


def test_broken_tries_are_inconclusive() -> None:
    broken = Measurement(SINGLE.id, 0, "2026-01-01T00:00:00Z", 0.0, error="The suite failed.")
    verdicts = SUITE.judge([SINGLE], [broken])
    assert {verdict.outcome for verdict in verdicts} == {"inconclusive"}
    assert "The suite failed." in verdicts[0].reason


def test_tries_alternate_between_whole_and_streamed_at_the_models_own_temperature() -> None:
    hook = Scripted(brain=skilled)
    judged(hook, [SINGLE])
    assert [body["stream"] for body in hook.asked] == [False, True, False]
    assert all("temperature" not in body and "seed" not in body for body in hook.asked)


def test_the_plan_is_the_same_each_time() -> None:
    again = {case.id: case for case in SUITE.cases(Options())}
    assert again == CASES
    assert len(BEHAVIOUR) >= 8
    assert all(case.explain and case.repeats == 3 for case in BEHAVIOUR)
    assert SUITE.duration_s(list(CASES.values())) <= 25
