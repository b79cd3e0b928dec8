"""What the rules of load, ends and connections need: longer profiles, restarts, raw lines."""

from __future__ import annotations

import asyncio
import json
import mmap
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from harness.errors import BackendError
from harness.records import Request, Target
from harness.wire import Client
from suites.contract.exposition import parsed
from suites.contract.lines import flood, held
from suites.contract.probe import Probe
from suites.contract.rawreply import exchanges_of
from suites.contract.resources import server_process
from tests.suites.contract import fault_hooks as hooks
from tests.suites.contract.asking import ask, asked, context_for
from tests.suites.contract.fake_contract import Fake, Fault, Reply, fake_server
from tests.suites.contract.fake_contract_rules import MODEL
from tests.suites.contract.faults_serving import full

Talk = Callable[[Probe, Fake], Awaitable[Any]]


def _probed(talk: Talk, fault: Fault | None = None) -> Any:
    """Something done with a probe of a fake."""

    async def go() -> Any:
        async with fake_server(fault) as fake, Client(Target(fake.base_url, MODEL)) as client:
            return await talk(Probe(context_for(client)), fake)

    return asyncio.run(go())


def test_texts_that_differ_among_neighbours_are_recorded_not_judged() -> None:
    calls: list[int] = []

    def late(path: str, body: dict[str, Any]) -> None:
        calls.append(1)
        if len(calls) > 20:
            body["temperature"] = 1

    found = asked(["ROB-03"], Fault("random in a crowd", (), request=late))["ROB-03"]
    assert found["finding"] == "divergent"
    assert " texts differ (" in found["reason"]


def test_a_refusal_that_says_when_is_fine() -> None:
    def patient(at: str, reply: Reply) -> Reply:
        if reply.status == 503:
            reply.headers["retry-after"] = "1"
        return reply

    found = asked(["ROB-01", "ERR-21"], Fault("patient", (), request=full, reply=patient))
    assert found["ERR-21"]["finding"] == "pass"


@pytest.mark.parametrize("bytes_each", [0, 200_000])
def test_memory_that_grows_with_requests_is_found(bytes_each: int) -> None:
    kept: list[mmap.mmap] = []

    def leak(path: str, body: dict[str, Any]) -> None:
        if bytes_each:  # pages of their own: the heap may hold what other tests gave back
            kept.append(mmap.mmap(-1, bytes_each))
            kept[-1].write(b"x" * bytes_each)

    found = asked_standard("ROB-22", Fault("leak", (), request=leak))
    assert found["finding"] == ("fail" if bytes_each else "pass"), found["reason"]


def asked_standard(rule: str, fault: Fault | None = None) -> dict[str, Any]:
    async def go() -> dict[str, Any]:
        async with fake_server(fault) as fake:
            return (await ask(fake, [rule], restart=fake.restart, profile="standard"))[rule]

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("patience_s", "finding"), [(0.0, "fail"), (2.0, "pass")], ids=["cut", "graceful"]
)
def test_streams_that_a_restart_cuts_are_found(patience_s: float, finding: str) -> None:
    async def go() -> dict[str, Any]:
        async with fake_server(pace_s=0.005) as fake:

            async def restart() -> None:
                await asyncio.sleep(patience_s)
                await fake.restart()

            return (await ask(fake, ["ROB-20"], restart=restart, profile="standard"))["ROB-20"]

    found = asyncio.run(go())
    assert found["finding"] == finding, found["reason"]


def test_a_server_of_somebody_else_is_not_stopped() -> None:
    async def go() -> dict[str, Any]:
        async with fake_server() as fake:
            return (await ask(fake, ["ROB-20"], profile="standard"))["ROB-20"]

    assert asyncio.run(go())["finding"] == "skip"


def test_a_server_that_does_not_come_back_is_dead() -> None:
    async def go() -> dict[str, Any]:
        async with fake_server(pace_s=0.005) as fake:

            async def restart() -> None:
                await fake.stop()
                raise BackendError("It did not come up.")

            return (await ask(fake, ["ROB-20"], restart=restart, profile="standard"))["ROB-20"]

    found = asyncio.run(go())
    assert found["target_dead"] is True


def test_a_close_without_a_word_after_a_half_close_is_recorded() -> None:
    async def leave(fake: Fake, at: str, body: bytes) -> str | None:
        return "reset" if b'"max_tokens": 4' in body else None

    found = asked(["ROB-16", "ERR-17"], Fault("asgi", (), late=leave))
    assert found["ROB-16"]["finding"] == "divergent"
    assert found["ERR-17"]["finding"] == "pass"


def test_without_cors_pages_are_unsupported_and_nothing_else_is() -> None:
    def closed(at: str, reply: Reply) -> Reply:
        for name in [name for name in reply.headers if name.startswith("access-control")]:
            del reply.headers[name]
        return reply

    ids = ["COR-01", "COR-02", "COR-03", "COR-04", "COR-05", "COR-06"]
    found = {
        rule: one["finding"] for rule, one in asked(ids, Fault("off", (), reply=closed)).items()
    }
    assert found == dict.fromkeys(ids, "unsupported") | {"COR-04": "pass", "COR-05": "pass"}


def test_missing_metrics_are_asked_for_once() -> None:
    ids = [f"MET-0{n}" for n in range(1, 6)]

    async def go() -> tuple[set[str], int]:
        fault = Fault("none", (), reply=hooks.answered(lambda at, r: at == "/metrics", 404, {}))
        async with fake_server(fault) as fake:
            found = await ask(fake, ids)
            asked_for = sum(path == "/metrics" for _, path in fake.requests)
            return {one["finding"] for one in found.values()}, asked_for

    assert asyncio.run(go()) == ({"unsupported"}, 1)


def test_a_flood_stops_when_the_server_has_answered() -> None:
    async def talk(probe: Probe, fake: Fake) -> Any:
        endless = {"Content-Length": str(2**40)}
        head = probe.raw_post("/chat/completions", b"", headers=endless, length=False)
        return await flood(probe, head, 2**40, b"{}", 5.0)

    exchange = _probed(talk)
    assert exchange.status == 413
    assert len(exchange.request.body) < 2048


def test_a_flood_that_nobody_answers_ends_in_time() -> None:
    async def silent(fake: Fake, at: str, body: bytes) -> str | None:
        await asyncio.sleep(30)
        return None

    async def talk(probe: Probe, fake: Fake) -> Any:
        body = json.dumps(probe.chat_body()).encode()
        head = probe.raw_post(
            "/chat/completions",
            b"",
            headers={"Content-Length": str(1000 + len(body))},
            length=False,
        )
        return await flood(probe, head, 1000, body, 0.3)

    assert _probed(talk, Fault("silent", (), late=silent)).error == "timeout"


def test_held_lines_are_dropped_at_the_end() -> None:
    async def talk(probe: Probe, fake: Fake) -> tuple[int, int]:
        async with held(probe, [b"GET /health HT"] * 5):
            await asyncio.sleep(0.1)
            inside = len(fake.writers)
        await asyncio.sleep(0.1)
        return inside, len(fake.writers)

    assert _probed(talk) == (5, 0)


def test_no_connection_is_told_not_raised() -> None:
    async def talk(probe: Probe, fake: Fake) -> Any:
        await fake.stop()
        return await flood(probe, b"GET / HTTP/1.1\r\n\r\n", 1, b"", 1.0)

    assert _probed(talk).error == "connect"


def test_the_process_of_a_port_is_found_here_only() -> None:
    async def talk(probe: Probe, fake: Fake) -> Any:
        return server_process(probe)

    process = _probed(talk)
    assert process is None or process.is_running()

    async def elsewhere() -> Any:
        async with Client(Target("http://192.0.2.1:1/v1", MODEL)) as client:
            return server_process(Probe(context_for(client)))

    assert asyncio.run(elsewhere()) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"# TYPE a counter\na_total 1\n", ""),
        (b"<html>", "cannot be read"),
        (b'a{m="x"y"} 1\n', "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"", "no sample"),
    ],
)
def test_metrics_are_read_or_told(text: bytes, told: str) -> None:
    reply = b"HTTP/1.1 200 X\r\ncontent-length: %d\r\n\r\n%b" % (len(text), text)
    exchange = exchanges_of(Request("GET", "/metrics"), reply)[0]
    read = parsed(exchange)
    if told:
        assert isinstance(read, str)
        assert told in read
    else:
        assert not isinstance(read, str)
        assert [one.kind for one in read.samples.values()] == ["counter"]


def test_a_list_that_ended_the_server_once_is_not_sent_again() -> None:
    fault = Fault("lists kill", (), raw=hooks.kills(b'"prompt": ["Once', "die", hooks.TEXT))
    found = asked(["CMP-03", "CMP-16"], fault)
    assert found["CMP-03"]["finding"] == "fail"
    assert found["CMP-16"]["finding"] == "inconclusive"
