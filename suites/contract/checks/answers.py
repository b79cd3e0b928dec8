"""Rules of the shape of a chat completion in one piece."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from harness.records import Json
from suites.contract.check import check
from suites.contract.finding import Finding, failed, inconclusive, passed
from suites.contract.probe import Probe
from suites.contract.reading import MISSING, at, decoded, is_int, ok_object

COMPLETION = "OpenAI OpenAPI 2.3.0 CreateChatCompletionResponse"
FINISH_REASONS = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
# Clock skew between two machines in one room, and the length of a request.
SKEW_S = 120
QUICK_IDS, THOROUGH_IDS = 5, 100


async def _plain(probe: Probe) -> dict[str, Any]:
    return ok_object(await probe.plain())


async def _value(probe: Probe, *path: str | int) -> Json:
    return at(await _plain(probe), *path)


async def _judge(
    probe: Probe, path: tuple[str | int, ...], good: Callable[[Any], bool], expected: Json
) -> Finding:
    value = await _value(probe, *path)
    where = ".".join(str(step) for step in path)
    if good(value):
        return passed(f"{where} is {value!r}")
    got = value if value is not MISSING else "absent"
    return failed(f"{where} is {value!r}", expected=expected, got=got)


@check("CHT-01", "MUST", COMPLETION, "An answer has id, object, created, model and choices")
async def required_keys(probe: Probe) -> Finding:
    """A plain request: all five keys are there, with their types."""
    body = await _plain(probe)
    choices = body.get("choices")
    problems = [
        *([] if isinstance(body.get("id"), str) else ["id is no text"]),
        *([] if body.get("object") == "chat.completion" else ["object is wrong"]),
        *([] if is_int(body.get("created")) else ["created is no integer"]),
        *([] if isinstance(body.get("model"), str) else ["model is no text"]),
        *([] if isinstance(choices, list) and choices else ["choices is no filled list"]),
    ]
    if problems:
        expected = "id, object 'chat.completion', created, model, choices"
        return failed("; ".join(problems), expected=expected, got=body)
    return passed("all five keys are there")


@check("CHT-02", "MUST", "clients key logs and traces by id", "Ids are unique")
async def unique_ids(probe: Probe) -> Finding:
    """Several requests of one token: no id is empty or comes twice."""
    count = THOROUGH_IDS if probe.thorough else QUICK_IDS
    ids = [at(ok_object(await probe.chat(max_tokens=1)), "id") for _ in range(count)]
    if not all(isinstance(one, str) and one for one in ids):
        return failed("an id is empty or no text", expected="a text", got=repr(ids))
    if len(set(ids)) < count:
        return failed("ids repeat", expected=f"{count} different ids", got=ids)
    told = "" if all(one.startswith("chatcmpl-") for one in ids) else ", not all 'chatcmpl-…'"
    return passed(f"{count} different ids{told}")


@check("CHT-03", "MUST", f"{COMPLETION}, format unixtime", "created is the time in seconds")
async def created(probe: Probe) -> Finding:
    """created of a plain answer lies within two minutes of this machine's clock."""
    now = int(time.time())
    return await _judge(
        probe,
        ("created",),
        # The shared answer may be a run's length old.
        lambda v: is_int(v) and now - SKEW_S - probe.state.age_s <= v <= now + SKEW_S,
        f"about {now}",
    )


@check("CHT-04", "SHOULD", COMPLETION, "model echoes the requested id or its canonical form")
async def model_echo(probe: Probe) -> Finding:
    """model of a plain answer is the id asked for, or one of the listed ids."""
    listing = await probe.shared("models", lambda: probe.get("/models"))
    data = at(decoded(listing.body), "data")
    ids = [at(entry, "id") for entry in data] if isinstance(data, list) else []
    wanted = probe.target.model
    return await _judge(probe, ("model",), lambda v: v == wanted or v in ids, wanted)


@check("CHT-05", "MUST", COMPLETION, "choices are numbered by index")
async def indices(probe: Probe) -> Finding:
    """choices[0].index is 0."""
    path = ("choices", 0, "index")
    return await _judge(probe, path, lambda v: is_int(v) and v == 0, 0)


@check("CHT-06", "MUST", COMPLETION, "The message's role is assistant")
async def role(probe: Probe) -> Finding:
    """choices[0].message.role."""
    path = ("choices", 0, "message", "role")
    return await _judge(probe, path, lambda v: v == "assistant", "assistant")


@check("CHT-07", "MUST", f"{COMPLETION}, content required", "message.content is a text or null")
async def content(probe: Probe) -> Finding:
    """The key is there; null only next to tool calls, a refusal or reasoning."""
    message = await _value(probe, "choices", 0, "message")
    keys = ("tool_calls", "refusal", "reasoning", "reasoning_content")
    excused = any(at(message, key) for key in keys)
    path = ("choices", 0, "message", "content")
    return await _judge(
        probe, path, lambda v: isinstance(v, str) or (v is None and excused), "a text"
    )


@check("CHT-08", "SHOULD", f"{COMPLETION}; SDK types call it optional", "message.refusal is there")
async def refusal(probe: Probe) -> Finding:
    """The key is present, null or a text."""
    path = ("choices", 0, "message", "refusal")
    return await _judge(probe, path, lambda v: v is None or isinstance(v, str), None)


@check("CHT-09", "SHOULD", f"{COMPLETION}; SDK types call it optional", "logprobs is there")
async def logprobs_key(probe: Probe) -> Finding:
    """choices[0].logprobs is present, null or an object."""
    path = ("choices", 0, "logprobs")
    return await _judge(probe, path, lambda v: v is None or isinstance(v, dict), None)


@check("CHT-10", "MUST", f"{COMPLETION}, enum", "finish_reason is one of the published words")
async def finish_reason(probe: Probe) -> Finding:
    """choices[0].finish_reason: never null, "eos" or "tool_call"."""
    path = ("choices", 0, "finish_reason")
    words: list[Json] = sorted(FINISH_REASONS)
    return await _judge(probe, path, lambda v: isinstance(v, str) and v in FINISH_REASONS, words)


@check("CHT-15", "MUST", "OpenAI OpenAPI 2.3.0 CompletionUsage", "usage holds three counts")
async def usage(probe: Probe) -> Finding:
    """prompt_tokens, completion_tokens and total_tokens are non-negative integers."""
    value = await _value(probe, "usage")
    keys = ("prompt_tokens", "completion_tokens", "total_tokens")
    if all(is_int(at(value, key)) and at(value, key) >= 0 for key in keys):
        return passed(f"usage is {value}")
    return failed("usage is no three counts", expected=dict.fromkeys(keys, 0), got=repr(value))


@check("CHT-16", "MUST", "OpenAI OpenAPI 2.3.0 CompletionUsage", "total is prompt plus completion")
async def total(probe: Probe) -> Finding:
    """total_tokens == prompt_tokens + completion_tokens."""
    value = await _value(probe, "usage")
    keys = ("prompt_tokens", "completion_tokens", "total_tokens")
    prompt, completion, whole = (at(value, key) for key in keys)
    if not all(is_int(one) for one in (prompt, completion, whole)):
        return inconclusive("usage holds no three counts (see CHT-15)")
    if prompt + completion != whole:
        return failed("the sum is wrong", expected=prompt + completion, got=whole)
    return passed(f"{prompt} + {completion} = {whole}")


@check("CHT-57", "SHOULD", COMPLETION, "logprobs are null or absent when not asked for")
async def no_logprobs(probe: Probe) -> Finding:
    """choices[0].logprobs of a plain answer."""
    path = ("choices", 0, "logprobs")
    return await _judge(probe, path, lambda v: v is None or v is MISSING, None)
