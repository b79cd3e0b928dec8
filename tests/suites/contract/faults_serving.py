"""Faults of load, sizes, metrics and the rarer fields of completions."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from tests.suites.contract import fault_hooks as hooks
from tests.suites.contract.fake_contract import Fake, Fault, Reply
from tests.suites.contract.fake_contract_model import Generated, Options
from tests.suites.contract.fake_contract_rules import Refused
from tests.suites.contract.fault_hooks import (
    CHAT,
    TEXT,
    answered,
    choice,
    drops,
    edited,
    put,
    refuses,
)

Late = Callable[[Fake, str, bytes], Awaitable[str | None]]
LEAKED: list[int] = []  # descriptors that a fault keeps; the tests close them


def slow(path: str, seconds: float, marker: bytes = b"") -> Late:
    """A route that waits for something."""

    async def late(fake: Fake, at: str, body: bytes) -> str | None:
        if at == path and marker in body:
            await asyncio.sleep(seconds)
        return None

    return late


def once(path: str, seconds: float) -> Late:
    """The same, for the first request of each fake."""
    seen: set[int] = set()

    async def late(fake: Fake, at: str, body: bytes) -> str | None:
        if at == path and id(fake) not in seen:
            seen.add(id(fake))
            await asyncio.sleep(seconds)
        return None

    return late


def scraped(pattern: str, new: str) -> hooks.Hook:
    """The metrics' text, changed."""

    def hook(at: str, reply: Reply) -> Reply:
        if at == "/metrics" and isinstance(reply.body, bytes):
            reply.body = re.sub(pattern, new, reply.body.decode(), flags=re.M).encode()
        return reply

    return hook


class Mixed:
    """From the fifth on, a topic's request is answered as the one before it."""

    def __init__(self) -> None:
        self.last: list[Any] = []

    def __call__(self, path: str, body: dict[str, Any]) -> None:
        messages = body.get("messages")
        if not isinstance(messages, list) or "Tell me about " not in repr(messages):
            return
        self.last.append(messages)
        if len(self.last) > 5:
            body["messages"] = self.last[-2]


class Talkative:
    """Each answer to a secret ends with the one before it."""

    def __init__(self) -> None:
        self.last = ""

    def __call__(self, done: Generated, options: Options) -> Generated:
        words = re.findall(r"[0-9a-f]{32}", repr(options.extra))
        if not words:
            return done
        before, self.last = self.last, words[0]
        return replace(done, pieces=(*done.pieces, before))


class Breaking:
    """A bad request ends the streams that run."""

    def __init__(self) -> None:
        self.broken: set[int] = set()

    async def __call__(self, fake: Fake, at: str, body: bytes) -> str | None:
        if b'"stop": 5' in body:
            self.broken.add(id(fake))
        if b"a morning in a small town" not in body or b'"stream": true' not in body:
            return None
        await asyncio.sleep(0.2)
        return "reset" if id(fake) in self.broken else None


class Named:
    """Model names as they come, in the metrics."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def request(self, path: str, body: dict[str, Any]) -> None:
        if isinstance(body.get("model"), str) and '"' in body["model"]:
            self.names.append(body["model"])

    def reply(self, at: str, reply: Reply) -> Reply:
        if at == "/metrics" and self.names:
            reply.body += f'fake_models{{model="{self.names[0]}"}} 1\n'.encode()
        return reply


def repeated_ids(at: str, reply: Reply) -> Reply:
    if reply.status == 200 and isinstance(reply.body, dict) and "choices" in reply.body:
        reply.body["id"] = "chatcmpl-1"
    return reply


def seen_twice() -> hooks.Hook:
    seen: list[str] = []

    def hook(at: str, reply: Reply) -> Reply:
        one = reply.asked.get("idempotency-key", [""])[0]
        seen.append(one)
        return Reply({"error": "twice"}, 409) if one and seen.count(one) > 1 else reply

    return hook


async def leaky(fake: Fake, at: str, body: bytes) -> str | None:
    if b'"stream": true' in body:
        LEAKED.append(os.dup(1))
    return None


async def crowded(fake: Fake, at: str, body: bytes) -> str | None:
    return "reset" if len(fake.writers) > 40 else None


def full(path: str, body: dict[str, Any]) -> None:
    if "a long road" in repr(body.get("messages")):
        raise Refused("queue", "is full", 503)


def first_key_wins(body: bytes) -> bytes:
    def first(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(reversed(pairs))

    try:
        return json.dumps(json.loads(body, object_pairs_hook=first)).encode()
    except (ValueError, RecursionError):
        return body


def never_empty(done: Generated, options: Options) -> Generated:
    return done if done.text else replace(done, finish="length")


def other_in_lists(done: Generated, options: Options) -> Generated:
    several = isinstance(options.extra.get("prompt"), list)
    return replace(done, pieces=(*done.pieces[:-1], "!")) if several else done


def shifted(one: dict[str, Any]) -> None:
    if one["logprobs"]:
        one["logprobs"]["text_offset"] = [n + 1 for n in one["logprobs"]["text_offset"]]


def misplaced(one: dict[str, Any]) -> None:
    if one["logprobs"]:
        offsets = one["logprobs"]["text_offset"]
        offsets[-1] += 1


def one_short(one: dict[str, Any]) -> None:
    if one["logprobs"]:
        one["logprobs"]["tokens"].pop()


def templated(body: dict[str, Any]) -> None:
    for key in ("prompt_tokens", "total_tokens"):
        body["usage"][key] += 9


LOAD_FAULTS = (
    Fault("the list waits", ("MOD-07",), late=once("/v1/models", 1.2)),
    Fault("health waits", ("HEA-03",), late=once("/health", 1.2), seen="ml-explore/mlx-lm#1505"),
    Fault("refusals queue", ("ERR-25",), late=slow(CHAT, 0.25, b"banana")),
    Fault("a short request starves", ("ROB-19",), late=slow(CHAT, 0.5, b"number 2 about a town")),
    Fault("answers are mixed up", ("ROB-01",), request=Mixed()),
    Fault("all answers have one id", ("ROB-01",), reply=repeated_ids),
    Fault("an answer tells the last prompt", ("ROB-02",), generated=Talkative()),
    Fault("half requests keep others out", ("ROB-14",), late=crowded),
    Fault(
        "dropped streams keep their socket",
        ("ROB-15",),
        late=leaky,
        seen="sgl-project/sglang#36333",
    ),
    Fault(
        "a bad request ends the batch", ("ROB-21",), late=Breaking(), seen="ml-explore/mlx-lm#1505"
    ),
    Fault("no Retry-After", ("ERR-21",), request=full),
    Fault("a request id serves once", ("ROB-23",), reply=seen_twice()),
)

SIZE_FAULTS = (
    Fault("a cap of -1 is none", ("ERR-08",), lenient=("max_tokens",)),
    Fault("the newer cap is not checked", ("ERR-08",), lenient=("max_completion_tokens",)),
    Fault("roles are not looked at", ("ERR-09",), lenient=("role",), seen="mlx_lm.server 0.32.2"),
    Fault(
        "a null role is a user's",
        ("ERR-09",),
        request=hooks.turns(
            lambda all_: [{**m, "role": "user"} if m.get("role", "") is None else m for m in all_]
        ),
    ),
    Fault(
        "large bodies are met with silence",
        ("ERR-10",),
        lenient=("large body",),
        seen="raullenchai/Rapid-MLX#732",
    ),
    Fault("the first key wins", ("ERR-23",), decode=first_key_wins),
    Fault(
        "2.0 is a server error",
        ("ERR-24",),
        request=refuses(lambda b: isinstance(b.get("max_tokens"), float), 500),
    ),
    Fault("a half-closed client is told off", ("ROB-16",), lenient=("half close",)),
    Fault("one letter is too few", ("ROB-17",), request=refuses(lambda b: b.get("prompt") == "a")),
    Fault("an empty answer was cut", ("ROB-17",), generated=never_empty),
    Fault("the context is not checked", ("ROB-18",), lenient=("text context",)),
    Fault(
        "the context ends early",
        ("ROB-18",),
        request=refuses(lambda b: len(b.get("prompt") or "") > 1900, path=TEXT),
    ),
)

METRICS_FAULTS = (
    Fault(
        "metrics are JSON",
        ("MET-01",),
        reply=answered(lambda at, r: at == "/metrics", 200, {"requests": 1}),
    ),
    Fault("a line of metrics is broken", ("MET-01",), reply=scraped(r"^fake_latency", "fake-{")),
    Fault("refusals are not counted", ("MET-02",), reply=scraped(r'^.*status="400".*\n', "")),
    Fault(
        "counters are forgotten",
        ("MET-02",),
        reply=scraped(r"^(fake_requests_total.*) .*$", r"\1 1.0"),
    ),
    Fault(
        "tokens are not counted",
        ("MET-03",),
        reply=scraped(r"^(fake_generation_tokens_total) .*$", r"\1 7.0"),
    ),
    Fault(
        "a gauge stays up",
        ("MET-04",),
        reply=scraped(r"^(fake_num_requests_running) .*$", r"\1 3.0"),
        seen="sgl-project/sglang#36333",
    ),
    Fault("no last bucket", ("MET-05",), reply=scraped(r'^fake_latency.*le="\+Inf".*\n', "")),
    Fault(
        "buckets are not cumulative",
        ("MET-05",),
        reply=scraped(r'^(fake_latency.*le="10.0".*) .*$', r"\1 0.0"),
    ),
    Fault("a scrape waits", ("MET-06",), late=slow("/metrics", 1.1)),
)
_NAMED = Named()
NAME_FAULTS = (
    Fault("names break the metrics", ("MET-06",), request=_NAMED.request, reply=_NAMED.reply),
)

TEXT_FAULTS = (
    Fault(
        "text logprobs are null",
        ("CMP-08",),
        reply=choice(lambda c: put(c, logprobs=None), TEXT),
        seen="ggml-org/llama.cpp#11346",
    ),
    Fault("a token is missing", ("CMP-08",), reply=choice(one_short, TEXT)),
    Fault("offsets begin at 1", ("CMP-09",), reply=choice(shifted, TEXT)),
    Fault("the last offset is wrong", ("CMP-09",), reply=choice(misplaced, TEXT)),
    Fault("best_of is ignored", ("CMP-10",), lenient=("best_of",)),
    Fault("suffix is ignored", ("CMP-11",), request=drops("suffix")),
    Fault("no default cap", ("CMP-14",), lenient=("default cap",)),
    Fault("text prompts get a template", ("CMP-15",), reply=edited(TEXT, templated)),
    Fault("lists give other texts", ("CMP-16",), generated=other_in_lists),
)

FAULTS = (
    *LOAD_FAULTS, *SIZE_FAULTS, *METRICS_FAULTS, *NAME_FAULTS, *TEXT_FAULTS,
)  # fmt: skip
