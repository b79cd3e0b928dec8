"""Two processes serve one model: the tokens of one process, and both end in order.

``mlx.launch -n 2 --backend ring`` sets the same variables and starts the same command.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from reference_server.engine.replicas import launched
from reference_server.service import GenerationOptions, Service, ServiceSettings

PATIENCE_S = 60.0
PROMPTS = ["Tell me about the sea.", "Hello!", "What is the weather in Oslo? " * 12, "Say yes."]


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [one.getsockname()[1] for one in sockets]


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Base URL of a server of two processes, and the processes."""
    *ring, port = free_ports(3)
    hosts = tmp_path_factory.mktemp("ring") / "hosts.json"
    hosts.write_text(json.dumps([[f"127.0.0.1:{one}"] for one in ring]))
    command = [sys.executable, "-m", "reference_server", "--max-batch", "4", "--port", str(port)]
    processes = [
        subprocess.Popen(
            command, env={**os.environ, "MLX_RANK": str(rank), "MLX_HOSTFILE": str(hosts)}
        )
        for rank in range(2)
    ]
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S) as http:
            deadline = time.monotonic() + PATIENCE_S
            while time.monotonic() < deadline:
                with contextlib.suppress(httpx2.TransportError):
                    if http.get("/health").status_code == 200:
                        break
                time.sleep(0.1)
            yield http, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def asked(http, prompt, **more):
    body = {"model": "default", "prompt": prompt, "max_tokens": 30, "temperature": 0, **more}
    answer = http.post("/v1/completions", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["choices"][0]["text"]


def test_the_tokens_are_those_of_one_process(two):
    http, _ = two

    def alone(prompt, **more):
        async def go():
            tokens = service.text_prompt(prompt)
            options = GenerationOptions(max_tokens=30, **{"temperature": 0, **more})
            return "".join([piece.text async for piece in service.generate(tokens, options)])

        return asyncio.run(go())

    service = Service(ServiceSettings(None, max_batch=4))
    try:
        expected = [alone(prompt) for prompt in PROMPTS]
        drawn = alone(PROMPTS[0], temperature=0.8, seed=3)
    finally:
        service.close(0)
    assert [asked(http, prompt) for prompt in PROMPTS] == expected
    with ThreadPoolExecutor(len(PROMPTS)) as pool:
        assert list(pool.map(lambda prompt: asked(http, prompt), PROMPTS)) == expected
    assert asked(http, PROMPTS[0], temperature=0.8, seed=3) == drawn
    assert len(set(expected)) == len(PROMPTS)


def test_a_grammar_binds_all_processes(two):
    """The first process alone has the grammar; the others take its tokens."""
    http, _ = two
    expected = asked(http, PROMPTS[1])
    tool = {"type": "function", "function": {"name": "now", "parameters": {"maxProperties": 0}}}
    body = {"model": "default", "messages": [{"role": "user", "content": "Tell me a story."}],
            "tools": [tool], "tool_choice": "required", "max_tokens": 60}  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        beside = pool.submit(asked, http, PROMPTS[1])
        choice = http.post("/v1/chat/completions", json=body).json()["choices"][0]
        assert beside.result() == expected
    function = choice["message"]["tool_calls"][0]["function"]
    assert (function["name"], function["arguments"]) == ("now", "{}")
    assert asked(http, PROMPTS[1]) == expected


def test_a_cancelled_request_leaves_the_others_in_step(two):
    http, _ = two
    expected = asked(http, PROMPTS[1])
    body = {"model": "default", "prompt": PROMPTS[0], "max_tokens": 2000, "stream": True,
            "logit_bias": {"0": 1}, "temperature": 1.9}  # fmt: skip
    with http.stream("POST", "/v1/completions", json=body) as answer:
        next(answer.iter_lines())
    assert asked(http, PROMPTS[1]) == expected


def test_both_end_with_the_first(two):
    _, processes = two
    processes[0].send_signal(signal.SIGTERM)
    assert [process.wait(PATIENCE_S) for process in processes] == [0, 0]


def test_one_process_knows_that_it_is_alone():
    assert not launched({})
    assert launched({"MLX_RANK": "0"})
