"""TTFT of a long prompt whose beginning is known, against the same prompt when it is not.

``python -m benchmarks.prefix [--model random:90m] [--words 400] [--rounds 5] [--json FILE]`` from
the repository's root; about a minute. In each round the cache is emptied, a prompt is asked (cold),
and then another one with the same beginning and an end of its own (warm). Ratios are of one round.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.servers import OURS, launch, ready
from harness.backends import ServerProcess, free_port
from harness.backends.generated import generated
from harness.load import closed_loop, prompts
from harness.wire import Ask, Client, dialect_for
from suites.throughput.sample import sample

TOKENS = 8


async def ttft(client: Client, text: str) -> tuple[float, int]:
    """Seconds to the first token of an answer, and the prompt's tokens."""
    dialect = dialect_for("openai")
    ask = Ask(messages=({"role": "user", "content": text},), max_tokens=TOKENS)
    request = dialect.request(client, ask)
    load = await closed_loop(client, lambda _: request, concurrency=1, count=1, timeout_s=120)
    found = sample(load, dialect)
    return found["ttft_s"][0], found["prompt_tokens"][0]


def emptied(url: str) -> None:
    """Forget all prefixes."""
    with urllib.request.urlopen(urllib.request.Request(url, method="DELETE")) as answer:
        answer.read()


async def measured(model: str, words: int, rounds: int) -> dict[str, Any]:
    """Cold and warm TTFT of each round."""
    start = launch(OURS, model, free_port())
    cold, warm, lengths = [], [], []
    with ServerProcess(start) as process:
        target = await ready(process, start, OURS)
        async with Client(target) as client:
            await ttft(client, "Hello.")
            for number in range(rounds):
                await asyncio.to_thread(emptied, f"{target.root}/v1/cache")
                [beginning] = prompts(1, seed=number, words=words)
                seconds, length = await ttft(client, beginning + " Answer briefly.")
                cold.append(seconds)
                warm.append((await ttft(client, beginning + " Take your time."))[0])
                lengths.append(length)
    ratios = [before / after for before, after in zip(cold, warm, strict=True)]
    return {
        "model": model,
        "prompt_tokens": lengths,
        "cold_ms": round(1e3 * statistics.median(cold), 1),
        "warm_ms": round(1e3 * statistics.median(warm), 1),
        "cold_to_warm": [round(f(ratios), 2) for f in (statistics.median, min, max)],
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prefix", description=__doc__)
    parser.add_argument("--model", default="random:90m", help="as for harness serve")
    parser.add_argument("--words", type=int, default=400, help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    if made := generated(options.model):
        made.write()
    found = asyncio.run(measured(options.model, options.words, options.rounds))
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
