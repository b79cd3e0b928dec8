import asyncio

import pytest

from harness.errors import TargetUnreachable
from harness.records import Target
from harness.wire import Client, TargetFacts, check_target
from tests.servers.fake_openai import Reply, Served, free_port, serve


def check(base_url: str, model: str = "fake", timeout_s: float = 10.0, **more) -> TargetFacts:
    async def go() -> TargetFacts:
        async with Client(Target(base_url, model, **more)) as client:
            return await check_target(client, timeout_s=timeout_s)

    return asyncio.run(go())


def refusal(base_url: str, **more) -> str:
    with pytest.raises(TargetUnreachable) as caught:
        check(base_url, **more)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_a_good_target_gives_its_facts(dialect):
    with serve(api_key="k") as fake:
        facts = check(fake.base_url, dialect=dialect, api_key="k")
    assert (facts.server, facts.models, facts.model) == ("fake", ("fake",), "fake")
    assert facts.latency_s > 0
    assert [one.json["max_tokens"] for one in fake.log if one.method == "POST"] == [1]


def test_a_server_that_lists_nothing_is_fine_when_it_answers():
    def respond(served: Served) -> Reply | None:
        return Reply({}, 404) if served.path == "/v1/models" else None

    with serve(respond=respond) as fake:
        assert check(fake.base_url).models == ()


def test_no_model_named_takes_the_only_one():
    with serve() as fake:
        assert check(fake.base_url, model="").model == "fake"

    two = {"data": [{"id": "a"}, {"id": "b"}]}
    with serve(respond=lambda served: Reply(two)) as fake:
        assert "a, b" in refusal(fake.base_url, model="")


def test_nobody_listens():
    port = free_port()
    assert f"127.0.0.1:{port}" in refusal(f"http://127.0.0.1:{port}/v1")


def test_the_host_does_not_exist():
    assert "cannot be resolved" in refusal("http://no-such-host.invalid/v1")


def test_an_html_port():
    with serve("html") as fake:
        assert "HTML page" in refusal(fake.base_url)


def test_not_http_at_all():
    with serve("garbage") as fake:
        assert "does not speak HTTP" in refusal(fake.base_url)


def test_a_key_is_missing_or_wrong():
    with serve(api_key="k") as fake:
        missing = refusal(fake.base_url)
        wrong = refusal(fake.base_url, api_key="no")
    assert "wants an API key" in missing
    assert "--api-key-env" in missing
    assert "refuses the API key" in wrong


@pytest.mark.parametrize("mode", ["plain", "string_error"])
def test_the_model_is_not_there(mode):
    with serve(mode) as fake:
        told = refusal(fake.base_url, model="other")
    assert "has no model 'other'" in told
    assert "--model fake" in told


def test_a_forgotten_v1():
    with serve() as fake:
        assert f"Use --base-url {fake.base_url}." in refusal(fake.root)


def test_a_server_that_accepts_and_says_nothing(monkeypatch):
    monkeypatch.setattr("harness.wire.probe.LIST_TIMEOUT_S", 0.3)
    with serve("silent") as fake:
        assert "did not answer in time" in refusal(fake.base_url)


def test_a_server_that_fails():
    def respond(served: Served) -> Reply | None:
        return Reply({"error": "loading"}, 503) if served.method == "POST" else None

    with serve(respond=respond) as fake:
        assert "HTTP 503: loading" in refusal(fake.base_url)
