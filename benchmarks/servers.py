"""Servers side by side in one run: tokens per CPU-second and per second, TTFT, memory.

``python -m benchmarks.servers [--peers mlx-lm,vllm-mlx] [--models embedded,random:90m]
[--concurrency 1,4,8,16,32] [--rounds 3] [--json FILE]`` from the repository's root.

In each round every server is started fresh, warmed up, and asked at each concurrency, in an order
that turns from round to round; so is the bare slot decoder without HTTP, in a process of its own.
Ratios are of the same round. A peer other than mlx-lm lives in an environment of its own:
``python -m venv .peers/vllm-mlx && .peers/vllm-mlx/bin/pip install vllm-mlx``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from harness.backends import Launch, ServerProcess, find_backend, free_port
from harness.backends.generated import generated
from harness.backends.mlx_lm import MlxLm
from harness.errors import BackendError, TargetUnreachable
from harness.load import closed_loop, prompts
from harness.records import Target
from harness.wire import Ask, Client, check_target, dialect_for
from suites.throughput.sample import sample

PEERS = Path(".peers")
OURS = "reference"
BARE = "bare loop"
TOKENS, WORDS = 64, 24
# Of all requests of a level: three rounds of the slots, so that joins and leaves are measured too.
WAVES = 3
POLL_S = 0.2  # 5 Hz, as the memory samples of the harness
TIMEOUT_S = 300.0


def launch(name: str, model: str, port: int) -> Launch:
    """How a server is started on a model."""
    if name == OURS:
        return find_backend("reference").launch(model, port)
    base = MlxLm().launch(model, port)
    if name == "mlx-lm":
        return base
    python = PEERS / name / "bin" / "python"
    if not python.exists():
        sys.exit(f"{name} is not installed. Type: python -m venv {PEERS / name} && "
                 f"{python.with_name('pip')} install {name}")  # fmt: skip
    folder, place = str(base.model_path), ("--host", "127.0.0.1", "--port", str(port))
    program = str(python.with_name("vllm-mlx"))
    argv = {
        "vllm-mlx": (program, "serve", folder, "--continuous-batching", *place),
        "mlx-vlm": (str(python), "-m", "mlx_vlm.server", "--model", folder, *place),
    }[name]
    return replace(base, argv=argv, model=folder)


class Watch:
    """CPU seconds and the peak of resident memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.peak_mb = 0.0
        self._thread.start()

    def cpu_s(self) -> float:
        """User and system time so far."""
        times = [one.cpu_times() for one in self._tree()]
        return sum(one.user + one.system for one in times)

    def stop(self) -> None:
        """No more samples."""
        self._over.set()
        self._thread.join()

    def _tree(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def _sample(self) -> None:
        while not self._over.wait(POLL_S):
            try:
                used = sum(one.memory_full_info().pss for one in self._tree())
            except psutil.Error:
                return
            self.peak_mb = max(self.peak_mb, used / 1e6)


async def ready(process: ServerProcess, start: Launch, name: str) -> Target:
    """Wait until the server answers."""
    target = Target(start.base_url, start.model or "", "openai", name)
    deadline = time.monotonic() + TIMEOUT_S
    while True:
        process.check()
        try:
            async with Client(target) as client:
                return replace(target, model=(await check_target(client)).model)
        except TargetUnreachable:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(POLL_S)


async def asked(client: Client, concurrency: int, count: int, seed: int) -> dict[str, Any]:
    """One window of load."""
    dialect = dialect_for("openai")
    texts = prompts(count, seed=seed, words=WORDS)

    def make(index: int) -> Any:  # noqa: ANN401 - the wire's request
        message = {"role": "user", "content": texts[index]}
        return dialect.request(client, Ask(messages=(message,), max_tokens=TOKENS))

    load = await closed_loop(
        client, make, concurrency=concurrency, count=count, timeout_s=TIMEOUT_S
    )
    return sample(load, dialect)


async def served(name: str, model: str, levels: Sequence[int], seed: int) -> dict[str, Any]:
    """A fresh server at all levels."""
    start, found = launch(name, model, free_port()), {}
    with ServerProcess(start) as process:
        target = await ready(process, start, name)
        watch = Watch(process.pid or 0)
        async with Client(target) as client:
            for level in levels:
                await asked(client, level, level, seed + 500 + level)  # warm at this concurrency
                cpu = watch.cpu_s()
                got = await asked(client, level, max(8, WAVES * level), seed + level)
                tokens = sum(got["tokens"])
                ttft = sorted(got["ttft_s"])
                found[str(level)] = {
                    "tokens": tokens,
                    "failures": got["failures"],
                    "per_cpu_s": tokens / (watch.cpu_s() - cpu),
                    "per_s": got["output_tok_s"],
                    "ttft_p50_ms": 1e3 * statistics.median(ttft),
                    "ttft_worst_ms": 1e3 * ttft[-1],
                    "peak_mb": watch.peak_mb,
                    "client_limited": got["client"]["limited"],
                }
        watch.stop()
    return found


def bare(model: str, levels: Sequence[int], seed: int) -> dict[str, Any]:
    """The slot decoder alone, in a process of its own."""
    code = (
        "import sys, json; from benchmarks.engine_loop import bare_levels; "
        "print(json.dumps(bare_levels(*json.loads(sys.argv[1]))))"
    )
    asked_for = json.dumps([model, list(levels), WAVES, TOKENS, WORDS, seed])
    ran = subprocess.run(
        [sys.executable, "-c", code, asked_for], capture_output=True, text=True, check=True
    )
    return dict(json.loads(ran.stdout))


def table(rounds: list[dict[str, Any]], names: Sequence[str], levels: Sequence[int]) -> dict:
    """Per server and level: medians, and ratios to each other server of the same round."""
    made: dict[str, Any] = {}
    for name in names:
        for level in map(str, levels):
            rows = [one[name][level] for one in rounds]
            figures = {
                key: round(statistics.median(row[key] for row in rows), 2)
                for key in rows[0]
                if isinstance(rows[0][key], (int, float))
            }
            for other in names:
                if name == OURS and other != OURS:
                    shared = [k for k in ("per_cpu_s", "per_s", "ttft_p50_ms", "ttft_worst_ms")
                              if k in rounds[0][other][level]]  # fmt: skip
                    figures[f"to {other}"] = {key: ratio(rounds, other, level, key)
                                              for key in shared}  # fmt: skip
            made[f"{name} at {level}"] = figures
    return made


def ratio(rounds: list[dict[str, Any]], other: str, level: str, key: str) -> list[float]:
    """Median, least and greatest of the rounds' ratios."""
    ratios = [one[OURS][level][key] / one[other][level][key] for one in rounds]
    return [round(f(ratios), 3) for f in (statistics.median, min, max)]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.servers", description=__doc__)
    parser.add_argument("--peers", default="mlx-lm", help="with commas (default: %(default)s)")
    parser.add_argument("--models", default="embedded", help="with commas (default: %(default)s)")
    parser.add_argument("--concurrency", default="1,4,8,16,32", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="write all figures here")
    options = parser.parse_args()
    levels = [int(level) for level in options.concurrency.split(",")]
    names = [OURS, BARE, *options.peers.split(",")]
    report: dict[str, Any] = {"tokens": TOKENS, "words": WORDS, "rounds": options.rounds}
    for model in options.models.split(","):
        if made := generated(model):
            made.write()
        rounds: list[dict[str, Any]] = []
        for number in range(options.rounds):
            turned = names[number % len(names) :] + names[: number % len(names)]
            seen: dict[str, Any] = {}
            for name in turned:
                print(f"{model}, round {number + 1} of {options.rounds}: {name}", flush=True)
                seed = 1000 * number
                try:
                    seen[name] = (
                        bare(model, levels, seed)
                        if name == BARE
                        else asyncio.run(served(name, model, levels, seed))
                    )
                except BackendError as error:
                    sys.exit(f"{name}: {error}")
            rounds.append(seen)
        report[model] = {"summary": table(rounds, names, levels), "rounds": rounds}
        print(json.dumps(report[model]["summary"], indent=1))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
