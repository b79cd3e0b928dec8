"""/openapi.json says what the server does: routes, fields, limits, answers, errors."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError
from starlette.routing import Route

from reference_server.api import answers, answers_operation, answers_toolboxes
from reference_server.api.app import ROUTES
from reference_server.api.holder import Settings
from reference_server.api.openapi import document, documented, operation_of, plain

USER = [{"role": "user", "content": "hi"}]
LEAST = {
    "/v1/chat/completions": {"model": "default", "messages": USER, "max_tokens": 1},
    "/v1/completions": {"model": "default", "prompt": "hi", "max_tokens": 1},
    "/v1/messages": {"model": "default", "messages": USER, "max_tokens": 1},
    "/v1/responses": {"model": "default", "input": "hi", "max_output_tokens": 1},
    "/v1/messages/count_tokens": {"model": "default", "messages": USER},
    "/v1/embeddings": {"model": "default", "input": "hi"},
    "/tokenize": {"prompt": "hi"},
    "/detokenize": {"tokens": [300, 301]},
}
MADE = document(ROUTES, keyed=False, version="0")


def undocumented(routes):
    return [route.path for route in routes if operation_of(route) is None]


def missing(made, routes):
    """What the routes answer to and the document does not tell."""
    return {
        (plain(route.path), method.lower())
        for route in routes
        for method in route.methods - {"HEAD"}
        if method.lower() not in made["paths"].get(plain(route.path), {})
    }


def body_of(path):
    content = MADE["paths"][path]["post"]["requestBody"]["content"]
    return resolved(content["application/json"]["schema"])


def resolved(schema):
    while "$ref" in schema:
        schema = MADE["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def kinds(schema):
    """A property's own schemas: what it is beside null."""
    entries = schema.get("anyOf", [schema])
    return [resolved(entry) for entry in entries if entry != {"type": "null"}]


def bodies():
    return [path for path in MADE["paths"] if "requestBody" in MADE["paths"][path].get("post", {})]


def test_every_route_is_there():
    assert undocumented(ROUTES) == []
    assert missing(MADE, ROUTES) == set()


def test_a_route_that_is_not_there_is_found():
    async def endpoint(request):
        """Nobody documented this."""

    strange = Route("/strange/{x:path}", endpoint, methods=["GET"])
    assert undocumented([strange]) == ["/strange/{x:path}"]
    assert missing(MADE, [*ROUTES, strange]) == {("/strange/{x}", "get")}


def test_served(server):
    answer = server.http.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["openapi"].startswith("3.1")
    assert answer.json()["paths"] == MADE["paths"]


def test_references_lead_somewhere():
    named = set(MADE["components"]["schemas"])
    for reference in json.dumps(MADE).split('"$ref": "#/components/schemas/')[1:]:
        assert reference.partition('"')[0] in named


def test_operation_ids_are_unique():
    ids = [one["operationId"] for path in MADE["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", LEAST)
def test_every_field_that_is_told_is_read(server, path):
    """And the other way round: what is not read is named, and is not in the document."""
    told = body_of(path)["properties"]
    nulls = dict.fromkeys(set(told) - set(LEAST[path]))
    answer = server.http.post(path, json={**nulls, **LEAST[path]})
    assert answer.status_code == 200, answer.text
    assert "x-ignored-fields" not in answer.headers
    answer = server.http.post(path, json={"invented": 1, **LEAST[path]})
    assert answer.headers["x-ignored-fields"] == "invented"
    model = operation_of(next(route for route in ROUTES if route.path == path)).body
    assert set(told) == set(model.model_fields)


def test_every_body_is_tried():
    tried = set(LEAST) & set(bodies())
    assert tried == set(LEAST)


def edges():
    """Each field with a limit, as path, name, a value beyond, and a value on it."""
    found = []
    for path in LEAST:
        for name, schema in body_of(path)["properties"].items():
            for kind in kinds(schema):
                for key, step in (("minimum", -1), ("maximum", 1)):
                    if abs(kind.get(key, 2**63)) < 2**63:
                        found.append((path, name, kind[key] + step, kind[key]))
    return found


def test_there_are_limits():
    assert len(edges()) > 30


@pytest.mark.parametrize(("path", "name", "beyond", "at"), edges())
def test_limits_are_those_of_the_validators(server, path, name, beyond, at):
    refused = server.http.post(path, json=LEAST[path] | {name: beyond})
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].startswith(name)
    admitted = server.http.post(path, json=LEAST[path] | {name: at, "max_tokens": 1})
    if admitted.status_code != 200:  # beside this one, a field it depends on may be missing
        assert "only allowed together" in admitted.json()["error"]["message"]


@pytest.mark.parametrize("path", LEAST)
def test_what_is_refused_is_told(server, path):
    told = body_of(path)["properties"]
    never = [name for name, schema in told.items() if schema.get("type") == "null"]
    for name in never:
        answer = server.http.post(path, json=LEAST[path] | {name: {"a": 1}})
        assert answer.status_code == 400
        assert answer.json()["error"]["message"].startswith(name)


SHAPES = [
    ("POST", "/v1/chat/completions", {}, answers.ChatCompletion),
    ("POST", "/v1/chat/completions", {"logprobs": True, "top_logprobs": 2}, answers.ChatCompletion),
    ("POST", "/v1/chat/completions", {"n": 2}, answers.ChatCompletion),
    ("POST", "/v1/completions", {}, answers.Completion),
    ("POST", "/v1/completions", {"logprobs": 2}, answers.Completion),
    ("POST", "/v1/messages", {}, answers.Message),
    ("POST", "/v1/messages/count_tokens", {}, answers.TokenCount),
    ("POST", "/v1/completions", {"logprobs": 1, "echo": True}, answers.Completion),
    ("POST", "/v1/embeddings", {}, answers.Embeddings),
    ("POST", "/v1/embeddings", {"encoding_format": "base64"}, answers.Embeddings),
    ("POST", "/tokenize", {}, answers.Tokenized),
    ("POST", "/tokenize", {"return_token_strs": True}, answers.Tokenized),
    ("POST", "/detokenize", {}, answers.Detokenized),
    ("GET", "/v1/mcp/tools", None, answers_toolboxes.Tools),
    ("GET", "/v1/mcp/servers", None, answers_toolboxes.Servers),
    ("GET", "/v1/models", None, answers.ModelList),
    ("GET", "/v1/models/default", None, answers.Model),
    ("GET", "/health", None, answers_operation.Health),
    ("GET", "/health/diagnostics", None, answers_operation.Diagnostics),
    ("GET", "/v1/status", None, answers_operation.Status),
    ("GET", "/v1/cache/stats", None, answers_operation.CacheStats),
    ("GET", "/v1/capabilities", None, answers_operation.Capabilities),
    ("DELETE", "/v1/cache", None, answers_operation.Cleared),
]


@pytest.mark.parametrize(("method", "path", "extra", "shape"), SHAPES)
def test_answers_have_their_shape(server, method, path, extra, shape):
    content = {} if extra is None else {"json": LEAST[path] | extra}
    answer = server.http.request(method, path, **content)
    assert answer.status_code == 200
    shape.model_validate_json(answer.content)
    with pytest.raises(ValidationError, match="Extra inputs"):
        shape.model_validate({**answer.json(), "invented": 1})
    for key in answer.json():
        if shape.model_fields[key].is_required():
            less = {name: value for name, value in answer.json().items() if name != key}
            with pytest.raises(ValidationError, match="Field required"):
                shape.model_validate(less)


CALL = '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>'
FUNCTION = {"name": "f", "parameters": {"type": "object", "properties": {}}}


def test_calls_and_thoughts_have_their_shape(server, script):
    long = {
        "messages": USER,
        "max_tokens": 200,
        "model": script(f"<think>\nhm\n</think>\n\n{CALL}"),
    }
    tools = [{"type": "function", "function": FUNCTION}]
    answer = server.http.post("/v1/chat/completions", json=long | {"tools": tools})
    found = answers.ChatCompletion.model_validate_json(answer.content).choices[0].message
    assert (found.reasoning, found.tool_calls[0].function.name) == ("hm", "f")
    tools = [{"name": "f", "input_schema": FUNCTION["parameters"]}]
    answer = server.http.post("/v1/messages", json=long | {"tools": tools})
    kept = answers.Message.model_validate_json(answer.content).content
    assert [block.type for block in kept] == ["thinking", "tool_use"]


@pytest.mark.parametrize("path", LEAST)
def test_errors_are_told_with_their_shape(server, path):
    told = MADE["paths"][path]["post"]["responses"]
    for body in (b"{bad", b"{}", json.dumps(LEAST[path] | {"model": "nope"}).encode()):
        answer = server.http.post(path, content=body)
        content = told[str(answer.status_code)]["content"]["application/json"]["schema"]
        name = content["$ref"].rpartition("/")[2]
        getattr(answers, name).model_validate_json(answer.content)


def test_a_key_is_told(start):
    with start(Settings(api_key="sk-1")) as server:
        headers = {"x-api-key": "sk-1"}
        made = server.http.get("/openapi.json", headers=headers).json()
    assert {tuple(one) for one in made["security"]} == {("bearer",), ("key",)}
    assert "401" in made["paths"]["/v1/models"]["get"]["responses"]
    assert made["paths"]["/health"]["get"]["security"] == []
    assert MADE["security"] == []
    assert "401" not in MADE["paths"]["/v1/models"]["get"]["responses"]


def test_documenting_leaves_the_endpoint_alone():
    async def endpoint(request):
        """One sentence.

        Raises:
            ApiError: never.
        """

    assert documented(answers.Model)(endpoint) is endpoint
    made = document([Route("/x", endpoint, methods=["GET"])], keyed=False, version="0")
    assert made["paths"]["/x"]["get"]["description"] == "One sentence."
