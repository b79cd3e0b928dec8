"""/v1/capabilities: each feature that is declared is there when asked for."""

from __future__ import annotations

import pytest

from reference_server.api.holder import Settings

USER = [{"role": "user", "content": "hi"}]
BODY = {"model": "default", "messages": USER, "max_tokens": 2}


@pytest.fixture(scope="module")
def limited(start):
    settings = Settings(
        api_key="sk-1", rate_limit=600, request_timeout_s=60.0, strict_model_id=True,
        served_names=("small",), default_max_tokens=7,
    )  # fmt: skip
    with start(settings) as server:
        yield server


def declared(server, **headers):
    answer = server.http.get("/v1/capabilities", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["declared"] is True
    return answer.json()


@pytest.mark.parametrize(
    ("feature", "path", "extra"),
    [
        ("streaming", "/v1/chat/completions", {"stream": True}),
        ("structured_output", "/v1/chat/completions", {"response_format": {"type": "json_object"}}),
        (
            "tool_calling",
            "/v1/chat/completions",
            {"tools": [{"type": "function", "function": {"name": "f"}}]},
        ),
        ("anthropic_messages", "/v1/messages", {}),
        ("embeddings", "/v1/embeddings", {"input": "hi"}),
    ],
)
def test_declared_is_observed(server, feature, path, extra):
    answer = server.http.post(path, json=BODY | extra)
    assert declared(server)["features"][feature] == (answer.status_code == 200)


def test_reasoning_is_told_apart(server, script):
    said = server.chat(model=script("<think>\nhm\n</think>\n\nyes"), max_tokens=50).json()
    thought = said["choices"][0]["message"].get("reasoning_content")
    assert declared(server)["features"]["reasoning"] == (thought == "hm")


def test_settings_are_told(server, limited):
    told = declared(limited, **{"x-api-key": "sk-1"})
    assert told["model_name"] == "small"
    assert told["auth"]["api_key_required"]
    assert told["rate_limit"] == {"enabled": True, "requests_per_minute": 600}
    assert told["features"]["strict_model_id"]
    assert told["limits"]["default_max_tokens"] == 7
    assert told["limits"]["default_timeout_seconds"] == 60
    plain = declared(server)
    assert plain["model_name"] == server.service.model_id
    assert not plain["auth"]["api_key_required"]
    assert plain["rate_limit"] == {"enabled": False, "requests_per_minute": None}
    assert plain["limits"]["default_timeout_seconds"] is None
    assert plain["limits"]["max_context_tokens"] == server.service.context_length


def test_closed_with_a_key(limited):
    assert limited.http.get("/v1/capabilities").status_code == 401
