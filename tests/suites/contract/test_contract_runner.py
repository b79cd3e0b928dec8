"""The canary, restarts, what a measurement holds, and how a failure is repeated."""

from __future__ import annotations

import asyncio
import json
import shlex
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from harness.errors import BackendError
from harness.records import Exchange, Request, Target
from harness.suite import Options
from harness.wire import Client
from suites.contract import canary, probe
from suites.contract.check import Check, Stage
from suites.contract.checks import BY_ID, CHECKS
from suites.contract.curl import curl
from suites.contract.greedy import windows
from suites.contract.rawreply import exchanges_of
from suites.contract.runner import run
from suites.contract.suite import SUITE
from tests.suites.contract.asking import ask, asked, context_for
from tests.suites.contract.fake_contract import Fault, Reply, fake_server
from tests.suites.contract.fake_contract_rules import MODEL
from tests.suites.contract.fault_hooks import deltas, drops, kills, put, said


@pytest.fixture(autouse=True)
def quick_canary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "CANARY_S", 0.3)
    monkeypatch.setattr(probe, "REQUEST_S", 2.0)


@pytest.mark.parametrize("how", ["die", "hang", "zombie"])
def test_a_dead_server_is_named_and_nothing_more_is_asked(how: str) -> None:
    fault = Fault("dead", (), raw=kills(b'"stop": 5', how))

    async def go() -> tuple[dict[str, dict[str, Any]], int]:
        async with fake_server(fault) as fake:
            values = await ask(fake, ["CHT-27", "CMP-05"])
            return values, len(fake.requests)

    values, requests = asyncio.run(go())
    first, second = values["CHT-27"], values["CMP-05"]
    assert first["finding"] == "fail"
    assert first["target_dead"] is True
    assert "no longer answers" in first["reason"]
    assert '"stop": 5' in first["curl"]
    assert second["finding"] == "inconclusive"
    assert second["reason"] == "not asked: the server stopped answering after CHT-27"
    assert requests < 10


def test_a_managed_server_is_restarted_and_the_run_goes_on() -> None:
    notes: list[str] = []
    fault = Fault("dead", (), raw=kills(b'"stop": 5', "die"))

    async def go() -> dict[str, dict[str, Any]]:
        async with fake_server(fault) as fake:
            return await ask(fake, ["CHT-27", "CMP-05"], restart=fake.restart, notes=notes)

    values = asyncio.run(go())
    assert values["CHT-27"]["finding"] == "fail"
    assert "target_dead" not in values["CHT-27"]
    assert values["CMP-05"]["finding"] == "pass"
    assert notes == ["The server stopped answering after CHT-27 and was restarted."]


def test_a_restart_that_fails_ends_the_run_but_keeps_the_finding() -> None:
    async def never() -> None:
        raise BackendError("It did not come up.")

    async def go() -> dict[str, dict[str, Any]]:
        fault = Fault("dead", (), raw=kills(b'"stop": 5', "die"))
        async with fake_server(fault) as fake:
            return await ask(fake, ["CHT-27"], restart=never)

    values = asyncio.run(go())["CHT-27"]
    assert (values["finding"], values["target_dead"]) == ("fail", True)


def test_a_server_that_answers_nothing_at_the_start_is_dead() -> None:
    fault = Fault("dead", (), raw=lambda at, body: "zombie")
    values = asked(["CHT-01"], fault)["CHT-01"]
    assert (values["finding"], values["target_dead"]) == ("inconclusive", True)


def test_an_answer_that_changed_is_told_and_later_checks_are_not_blamed() -> None:
    def worse(path: str, body: dict[str, Any]) -> None:
        if body.get("stop") == 5:
            changed.append(True)
        if changed:
            body["messages"] = [{"role": "user", "content": "something else"}]

    changed: list[bool] = []
    fault = Fault("drift", (), request=worse)
    values = asked(["CHT-27", "CMP-05"], fault)
    assert values["CHT-27"]["finding"] == "fail"
    assert "is not the same any more" in values["CHT-27"]["reason"]
    assert values["CMP-05"]["finding"] == "pass"


def test_the_canary_follows_adversarial_checks_alone() -> None:
    values = asked(["CHT-01", "CHT-39"])
    assert "canary" not in values["CHT-01"]
    assert values["CHT-39"]["canary"] == "ok"


def test_greedy_that_is_not_repeatable_is_inconclusive_not_failed() -> None:
    fault = Fault("random", (), request=drops("temperature"))
    values = asked(["CHT-23", "CHT-25", "STR-22", "STR-12", "ANT-04"], fault)
    assert {one["finding"] for one in values.values()} == {"inconclusive"}
    assert "not repeatable" in values["CHT-23"]["reason"]


def test_a_missing_route_is_unsupported_and_asked_once() -> None:
    fault = Fault("no messages", (), request=None)

    async def go() -> tuple[list[str], int]:
        async with fake_server(fault) as fake:
            fake.absent = ("/v1/messages",)
            values = await ask(fake, [c.id for c in CHECKS if c.id.startswith("ANT-")])
            asked_for = sum(path == "/v1/messages" for _, path in fake.requests)
            return [one["finding"] for one in values.values()], asked_for

    findings, requests = asyncio.run(go())
    assert set(findings) == {"unsupported"}
    assert requests == 1


def test_a_server_of_anthropics_dialect_alone_breaks_no_rule_of_the_other() -> None:
    async def go(*absent: str) -> dict[str, dict[str, Any]]:
        async with fake_server() as fake:
            fake.absent = absent
            return await ask(fake, [check.id for check in CHECKS], "anthropic")

    alone = asyncio.run(go("/v1/chat/completions", "/v1/completions"))
    broken = {rule for rule, one in alone.items() if one["finding"] in {"fail", "ignored"}}
    assert broken == set()
    assert alone["CHT-01"]["finding"] == "unsupported"
    assert alone["ANT-13"]["finding"] == "pass"
    both = asyncio.run(go())
    assert both["CHT-01"]["finding"] == "pass"


def test_a_finding_may_be_of_another_severity_than_its_rule() -> None:
    fault = Fault("role", (), reply=deltas(lambda c: put(c["delta"], role="assistant")))
    values = asked(["STR-06"], fault)["STR-06"]
    assert (BY_ID["STR-06"].severity, values["severity"]) == ("MUST", "SHOULD")


def test_the_profile_decides_the_samples() -> None:
    async def go(profile: Any) -> int:
        async with fake_server() as fake:
            await ask(fake, ["CHT-02", "CHT-23", "ROB-08"], profile=profile)
            return len(fake.requests)

    assert asyncio.run(go("standard")) > 2 * asyncio.run(go("quick"))


def test_large_prompts_are_asked_in_longer_profiles() -> None:
    async def go(fault: Fault | None) -> str:
        async with fake_server(fault) as fake:
            values = await ask(fake, ["ROB-08"], profile="standard", restart=fake.restart)
            return str(values["ROB-08"]["finding"])

    assert asyncio.run(go(None)) == "pass"
    slow = Fault("large", (), raw=lambda at, body: "zombie" if len(body) > 500_000 else None)
    assert asyncio.run(go(slow)) == "fail"


def test_the_failure_is_repeated_by_its_command() -> None:
    async def go() -> tuple[str, bytes]:
        fault = Fault("bot", (), reply=said(lambda m: m.update(role="bot")))
        async with fake_server(fault, api_key="secret") as fake:
            values = (await ask(fake, ["CHT-06"]))["CHT-06"]
            command = values["curl"].replace("$API_KEY", "secret")
            process = await asyncio.create_subprocess_shell(
                command, stdout=subprocess.PIPE, executable="/bin/bash"
            )
            out, _ = await process.communicate()
            return values["curl"], out

    command, out = asyncio.run(go())
    assert "secret" not in command
    assert '"Authorization: Bearer $API_KEY"' in command
    assert json.loads(out)["choices"][0]["message"]["role"] == "bot"


def test_a_command_quotes_whatever_the_body_holds() -> None:
    body = b'{"a": "it\'s"}'
    request = Request("POST", "http://h:1/v1/x", (("Content-Type", "application/json"),), body)
    exchange = Exchange(request, 0, 0, None, 0)
    assert shlex.split(curl(exchange))[-1].encode() == body
    binary = replace(exchange, request=replace(request, body=b'{"a": "\xff"}'))
    assert "\\0377" in curl(binary)
    raw = replace(exchange, request=Request("RAW", "http://h:1/v1", (), b"GET / HTTP/1.1\r\n\r\n"))
    assert curl(raw) == r"printf '%b' 'GET / HTTP/1.1\r\n\r\n' | nc h 1"
    large = replace(exchange, request=replace(request, body=b"x" * 10_000))
    assert curl(large).startswith("# POST http://h:1/v1/x with 10000 bytes")


def test_a_rule_of_which_nothing_could_be_probed_is_no_pass() -> None:
    # Nothing is ever refused, so no error can be looked at.
    hide = Fault("all is well", (), reply=lambda at, r: Reply({}) if r.status >= 400 else r)
    values = asked(["ERR-02", "ERR-03"], hide)
    assert {one["finding"] for one in values.values()} == {"inconclusive"}


def test_windows_are_first_occurrences_in_the_first_three_quarters() -> None:
    text = "abcdefgh ijklmnop abcdefgh qrstuvwx"
    found = windows(text, 100)
    assert found
    for offset, window in found:
        assert text.index(window) == offset
        assert 0 < offset < len(text) * 3 // 4
        assert window.strip() == window
    assert len(windows(text, 3)) == 3
    assert windows("aaaaaaaaaaaa", 10) == []  # the only window begins at 0
    assert windows("", 4) == []


def test_raw_replies_become_exchanges() -> None:
    request = Request("RAW", "http://h:1/v1", (), b"")
    two = b"HTTP/1.1 100 X\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 404 N\r\n"
    two += b"Content-Length: 0\r\n\r\n"
    assert [e.status for e in exchanges_of(request, two)] == [200, 404]
    assert exchanges_of(request, two)[0].body == b"hi"
    assert exchanges_of(request, b"")[0].error == "reset"
    assert exchanges_of(request, b"SSH-2.0\r\n")[0].error == "protocol"


def test_every_rule_is_told_with_source_severity_and_how_it_is_judged() -> None:
    cases = SUITE.cases(Options())
    assert len({case.id for case in cases}) == len(cases) >= 150
    for case, check in zip(cases, CHECKS, strict=True):
        assert case.id in case.explain
        assert check.source in case.explain
        assert case.parameters["severity"] in {"MUST", "SHOULD", "MAY"}
        assert len(check.explain) > 20, check.id
        assert not check.rule.endswith("."), check.id


def test_harm_comes_after_what_cannot_hurt() -> None:
    stages = [check.stage for check in CHECKS]
    assert stages == sorted(stages)
    assert stages[0] is Stage.HARMLESS
    lethal = {check.id for check in CHECKS if check.stage is Stage.LETHAL}
    # What is known to have ended servers.
    assert {"CHT-27", "CHT-59", "CMP-03", "CMP-05", "ROB-05"} <= lethal


def test_a_defect_of_a_check_is_no_finding() -> None:
    async def broken(probe: object) -> Any:
        raise KeyError("a bug")

    check = Check("XXX-01", "MUST", "s", "r", broken, "e")

    async def go() -> None:
        async with fake_server() as fake:
            target = Target(fake.base_url, MODEL)
            async with Client(target) as client:
                await run(check, context_for(client))

    with pytest.raises(KeyError, match="a bug"):
        asyncio.run(go())
