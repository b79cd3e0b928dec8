import asyncio
import itertools
import ssl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import TargetUnreachable, UsageError
from harness.records import Exchange, Target
from harness.wire import Ask, Client, dialect_for
from tests.servers.fake_openai import free_port, serve
from tests.servers.scripted import SELF_SIGNED, scripted

QUESTION = Ask(messages=({"role": "user", "content": "Hi"},))
OPENAI = dialect_for("openai")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"


def target(base_url: str, **more) -> Target:
    return Target(base_url, "fake", **more)


def ask(base_url: str, times: int = 1, timeout_s: float = 10.0) -> list[Exchange]:
    async def go() -> list[Exchange]:
        async with Client(target(base_url), timeout_s=timeout_s) as client:
            request = OPENAI.request(client, QUESTION)
            return [await client.send(request) for _ in range(times)]

    return asyncio.run(go())


def test_stamps_are_ordered_and_agree_with_the_truth():
    with serve("plain", gap_s=0.002) as fake:
        (exchange,) = ask(fake.base_url)
    truth = fake.log[0]
    answer = OPENAI.read(exchange)
    assert exchange.error is None
    assert exchange.due_ns <= exchange.send_ns <= truth.received_ns
    assert exchange.headers_ns is not None
    assert exchange.send_ns < exchange.headers_ns <= exchange.chunks[0].at_ns
    stamps = [event.at_ns for event in answer.events]
    assert stamps == sorted(stamps)
    assert len(stamps) == len(truth.token_ns) == len(fake.texts)
    assert all(seen > sent for seen, sent in zip(stamps, truth.token_ns, strict=True))
    # A gap measured between far events cannot be shorter than the schedule made it.
    assert stamps[-1] > truth.token_ns[0] + 5 * 2_000_000
    assert stamps[-1] <= exchange.end_ns


def test_buffered_output_arrives_in_few_chunks():
    with serve("buffered", gap_s=0.001) as fake:
        (exchange,) = ask(fake.base_url)
    with serve("plain", gap_s=0.001) as paced:
        (control,) = ask(paced.base_url)
    assert len(exchange.chunks) < len(control.chunks)
    assert OPENAI.read(exchange).text == OPENAI.read(control).text == fake.text


def test_due_is_kept_and_defaults_to_the_call():
    async def go() -> tuple[Exchange, Exchange]:
        with serve() as fake:
            async with Client(target(fake.base_url)) as client:
                request = client.get("/models")
                return await client.send(request, due_ns=5), await client.send(request)

    asked, free = asyncio.run(go())
    assert asked.due_ns == 5
    assert 0 <= free.send_ns - free.due_ns < 60e9


def test_connections_are_reused_one_after_the_other():
    with serve() as fake:
        exchanges = ask(fake.base_url, times=3)
    assert [one.error for one in exchanges] == [None] * 3
    assert fake.connections == 1
    assert exchanges[0].connect_ns is not None
    assert [one.connect_ns for one in exchanges[1:]] == [None, None]


@pytest.mark.parametrize("mode", ["close", "stale"])
def test_each_request_gets_its_connection_when_the_server_closes(mode):
    with serve(mode) as fake:
        exchanges = ask(fake.base_url, times=3)
    assert [one.error for one in exchanges] == [None] * 3
    assert [OPENAI.read(one).text for one in exchanges] == [fake.text] * 3
    assert fake.connections == 3


def test_a_stale_connection_is_replaced_once_and_a_dead_server_is_not_asked_again():
    # "empty" closes every connection without an answer: a fresh one must not be retried.
    with serve("empty") as fake:
        (exchange,) = ask(fake.base_url)
    assert exchange.error == "reset"
    assert len(fake.log) == 1


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    ("last", "errors", "requests"),
    [
        (b"", [None, None, None], 5),  # the second and the third are dropped once, then sent again
        (OK[:20], [None, "reset", None], 3),  # part of an answer came: nothing is sent twice
    ],
)
def test_a_stale_connection_is_replaced_only_before_anything_came(last, errors, requests):
    async def go() -> tuple[list[Exchange], int]:
        async with (
            scripted([OK], answers=1, last=last) as server,
            Client(target(server.base_url())) as client,
        ):
            return [await client.send(client.get("/a")) for _ in range(3)], len(server.requests)

    exchanges, seen = asyncio.run(go())
    assert [one.error for one in exchanges] == errors
    assert seen == requests


@pytest.mark.parametrize(
    ("mode", "error", "tokens"),
    [
        ("plain", None, 8),
        ("reset", "reset", None),
        ("truncated", "reset", 2),
        ("hang", "timeout", 2),
        ("silent", "timeout", 0),
        ("empty", "reset", 0),
        ("garbage", "protocol", 0),
    ],
)
def test_what_a_server_does_is_told_not_raised(mode, error, tokens):
    with serve(mode) as fake:
        (exchange,) = ask(fake.base_url, timeout_s=0.5 if error == "timeout" else 10.0)
    assert exchange.error == error
    assert bool(exchange.error_text) is (error is not None)
    if tokens is not None:  # RST may take bytes with it that were already on their way
        assert len(OPENAI.read(exchange).events) == tokens
    assert (OPENAI.read(exchange).problem is None) is (error is None)


def test_nobody_listens():
    port = free_port()
    (exchange,) = ask(f"http://127.0.0.1:{port}/v1")
    assert (exchange.error, exchange.status, exchange.chunks) == ("connect", None, ())
    assert exchange.due_ns <= exchange.send_ns <= exchange.end_ns


def test_a_server_that_dies_between_requests():
    with serve(die_after=2) as fake:
        errors = [one.error for one in ask(fake.base_url, times=4)]
    assert errors[:2] == [None, None]
    assert errors[2:] == ["connect", "connect"]


@pytest.mark.parametrize("after", [0, 1, 3])
def test_abandon_closes_the_socket(after):
    async def go() -> tuple[Exchange, bool]:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        pieces = [head, *[b"1\r\nx\r\n"] * 200]
        async with scripted(pieces) as server, Client(target(server.base_url())) as client:
            exchange = await client.abandon(client.get("/a"), after_chunks=after)
            for _ in range(200):
                if server.ended:
                    break
                await asyncio.sleep(0.01)
            return exchange, server.ended > 0

    exchange, ended = asyncio.run(go())
    assert exchange.error == "abandoned"
    assert len(exchange.chunks) == after
    assert ended


def test_abandon_after_the_end_is_a_whole_answer():
    async def go() -> Exchange:
        with serve() as fake:
            async with Client(target(fake.base_url)) as client:
                return await client.abandon(client.get("/models"), after_chunks=5)

    assert asyncio.run(go()).error is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(CHUNKED)), max_size=8))
def test_a_body_sent_in_any_pieces_arrives(cuts):
    edges = [0, *sorted(cuts), len(CHUNKED)]
    pieces = [CHUNKED[a:b] for a, b in itertools.pairwise(edges)]

    async def go() -> list[Exchange]:
        async with scripted(pieces) as server, Client(target(server.base_url())) as client:
            return [await client.send(client.get("/a")) for _ in range(2)]

    for exchange in asyncio.run(go()):
        assert (exchange.error, exchange.status, exchange.body) == (None, 200, b"abcdefg")


def test_head_requests_and_unasked_bytes():
    async def go() -> tuple[Exchange, Exchange, int]:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
        async with scripted([answer]) as server, Client(target(server.base_url())) as client:
            first = await client.send(client.request("HEAD", "/a"))
            second = await client.send(client.request("HEAD", "/a"))
            return first, second, server.connections

    first, second, connections = asyncio.run(go())
    assert (first.error, first.body, second.error, connections) == (None, b"", None, 1)


def test_tls_is_verified():
    trusting = ssl.create_default_context(cafile=str(SELF_SIGNED))
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    async def go(context: ssl.SSLContext | None) -> Exchange:
        async with scripted([answer], tls=True) as server:
            one = target(server.base_url("https"))
            async with Client(one, ssl_context=context) as client:
                return await client.send(client.get("/a"))

    assert asyncio.run(go(trusting)).body == b"ok"
    refused = asyncio.run(go(None))
    assert refused.error == "connect"
    assert "certificate" in refused.error_text.lower()


def test_a_cancelled_request_gives_its_connection_up():
    async def go() -> int:
        with serve("hang") as fake:
            async with Client(target(fake.base_url)) as client:
                task = asyncio.ensure_future(client.send(OPENAI.request(client, QUESTION)))
                await asyncio.sleep(0.1)
                task.cancel()
                await asyncio.wait([task])
                await client.send(client.get("/models"))
                return fake.connections

    assert asyncio.run(go()) == 2


def test_raw_returns_every_byte_and_empty_for_no_answer():
    payload = b"GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n"

    async def go(mode: str, sent: bytes = payload) -> bytes:
        with serve(mode) as fake:
            async with Client(target(fake.base_url)) as client:
                return await client.raw(sent, timeout_s=2.0)

    assert asyncio.run(go("plain")).startswith(b"HTTP/1.1 200")
    assert asyncio.run(go("plain", payload * 2)).count(b"HTTP/1.1 200") == 2
    assert asyncio.run(go("empty")) == b""
    assert asyncio.run(go("garbage")) == b"SSH-2.0-OpenSSH_9.7\r\n"


def test_raw_and_reachable_when_nobody_listens():
    async def go(base_url: str) -> tuple[bool, bool]:
        async with Client(target(base_url)) as client:
            try:
                await client.raw(b"x", timeout_s=0.2)
            except TargetUnreachable:
                return await client.reachable(), True
            return await client.reachable(), False

    assert asyncio.run(go(f"http://127.0.0.1:{free_port()}/v1")) == (False, True)
    with serve("silent") as fake:
        assert asyncio.run(go(fake.base_url)) == (True, False)


def test_urls_and_headers():
    client = Client(target("http://h:1/v1", api_key="k"))
    assert client.url("/chat/completions") == "http://h:1/v1/chat/completions"
    assert client.root_url("/health") == "http://h:1/health"
    assert client.get("http://other/x").url == "http://other/x"
    request = client.post("/x", {"a": "ö"})
    assert dict(request.headers) == {
        "Content-Type": "application/json",
        "Authorization": "Bearer k",
    }
    assert request.body == b'{"a": "\\u00f6"}'
    wrong = client.post("/x", b"{", headers=(("authorization", "Bearer no"),))
    assert [v for k, v in wrong.headers if k.lower() == "authorization"] == ["Bearer no"]
    assert not client.request("GET", "/x", auth=False).headers
    free = Client(target("http://h:1/v1")).get("/x")
    assert ("Authorization", "Bearer not-needed") in free.headers
    other = Client(target("http://h:1/v1", dialect="anthropic", api_key="k")).get("/x")
    assert dict(other.headers) == {"x-api-key": "k", "anthropic-version": "2023-06-01"}


@pytest.mark.parametrize("key", ["a\nb", "ключ"])
def test_a_key_that_no_header_carries_is_refused(key):
    with pytest.raises(UsageError, match="--api-key-env"):
        Client(target("http://h/v1", api_key=key))


@pytest.mark.parametrize("url", ["127.0.0.1:8000/v1", "file:///x", "http://h:port/v1"])
def test_a_base_url_that_is_none_is_refused(url):
    with pytest.raises(UsageError, match="Give it like http://"):
        Client(target(url))
