"""The slot decoder against mlx-lm's BatchGenerator, without HTTP: tokens per CPU-second.

``python -m benchmarks.engine_loop [--model embedded] [--rows 1,4,8,16,32] [--rounds 5] [--json F]``
from the repository's root; some three minutes for the embedded model. In each round both run in
one process in turning order; the figure is the median of the rounds' ratios, slots to batches, with
the least and the greatest. *full*: as many requests as rows, all of 64 tokens. *churn*: 4 requests
a row of 8 to 56 tokens, a new one as soon as one ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from harness.load import prompts

from reference_server.models.load import LoadedModel, load_model  # isort: skip - MKL first
from mlx_lm.generate import BatchGenerator

from reference_server.blas import BLAS, mx
from reference_server.engine.sequence import Sampling, Sequence
from reference_server.engine.slots import SlotDecoder

PROMPT, TOKENS = 48, 64
Work = list[tuple[list[int], int]]  # prompt and number of tokens


def full(rows: int) -> Work:
    """As many requests as rows, of one length."""
    return [(prompt(at), TOKENS) for at in range(rows)]


def churn(rows: int) -> Work:
    """Four requests a row, of mixed lengths: rows join and leave all the time."""
    dice = random.Random(rows)
    sizes = [(dice.randint(8, 2 * PROMPT), dice.randint(8, 56)) for _ in range(4 * rows)]
    return [(prompt(at, length), count) for at, (length, count) in enumerate(sizes)]


def prompt(first: int, length: int = PROMPT) -> list[int]:
    """A prompt of ordinary tokens, another for each ``first``."""
    return [300 + (at * 37 + first * 11) % 600 for at in range(length)]


def by_slots(model: LoadedModel, work: Work, rows: int) -> int:
    """Do the work with slots; how many tokens that were. A server makes its decoder once."""
    return done(decoder_of(model, rows), work, rows)


def done(decoder: SlotDecoder, work: Work, rows: int) -> int:
    """Do the work, ``rows`` requests at a time; how many tokens that were."""
    loop = asyncio.new_event_loop()
    waiting = deque(Sequence(p, n, Sampling(), loop, lambda _: None) for p, n in work)
    running, said = 0, 0
    while waiting or running:
        while waiting and running < rows:
            decoder.add(waiting.popleft())
            running += 1
        outputs = decoder.step()
        said += len(outputs)
        running -= sum(output.finish is not None for output in outputs)
    loop.close()
    return said


DECODERS: dict[int, SlotDecoder] = {}


def decoder_of(model: LoadedModel, rows: int) -> SlotDecoder:
    """The one decoder of this process for so many rows."""
    if rows not in DECODERS:
        DECODERS[rows] = SlotDecoder(model.model, (), max_batch=rows)
    return DECODERS[rows]


def by_batches(model: LoadedModel, work: Work, rows: int) -> int:
    """Do the work with BatchGenerator; how many tokens that were."""
    generator = BatchGenerator(
        model.model,
        completion_batch_size=rows,
        prefill_batch_size=rows,
        stream=mx.default_stream(mx.default_device()),
    )
    waiting, running, said = deque(work), 0, 0
    while waiting or running:
        while waiting and running < rows:
            tokens, count = waiting.popleft()
            generator.insert([tokens], max_tokens=[count])
            running += 1
        found = generator.next_generated()
        said += len(found)
        running -= sum(one.finish_reason is not None for one in found)
    generator.close()
    return said


Way = Callable[[LoadedModel, Work, int], int]
WAYS: dict[str, Way] = {"slots": by_slots, "batches": by_batches}


def speed(way: Way, model: LoadedModel | None, work: Work, rows: int) -> tuple[float, float]:
    """Tokens per CPU-second and per second of wall time, prompts included."""
    cpu, wall = time.process_time(), time.perf_counter()
    said = way(model, work, rows)
    expected = sum(count for _, count in work)
    if said != expected:
        raise RuntimeError(f"{said} tokens instead of {expected}: the comparison is void.")
    return said / (time.process_time() - cpu), said / (time.perf_counter() - wall)


def through(decoder: SlotDecoder, work: Work, rows: int) -> tuple[float, float]:
    """Tokens per CPU-second and per second of wall time of one decoder."""
    return speed(lambda _, work, rows: done(decoder, work, rows), None, work, rows)


def compared(model: LoadedModel, rows: int, rounds: int, make: Callable[[int], Work]) -> dict:
    """Medians of both, and of their ratio."""
    work = make(rows)
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    for way in WAYS.values():  # kernels are made and memory is taken
        way(model, work, rows)
    for number in range(rounds):
        for name in list(WAYS)[:: 1 if number % 2 else -1]:
            seen[name].append(speed(WAYS[name], model, work, rows))
    return summarised(seen, "slots", "batches")


def summarised(seen: dict[str, list[tuple[float, float]]], above: str, below: str) -> dict:
    """Of speeds round by round: medians, and those of ``above`` over ``below`` with their range."""
    ratios = [a[0] / b[0] for a, b in zip(seen[above], seen[below], strict=True)]
    return {
        "ratio": round(statistics.median(ratios), 3),
        "ratio_low": round(min(ratios), 3),
        "ratio_high": round(max(ratios), 3),
        **{
            f"{name}_tokens_per_cpu_s": round(statistics.median(v[0] for v in values), 1)
            for name, values in seen.items()
        },
    }


def bare_levels(
    name: str, levels: list[int], waves: int, tokens: int, words: int, seed: int
) -> dict[str, dict[str, float]]:
    """What ``benchmarks.servers`` asks servers, asked of the decoder: figures per level."""
    model, found = load_model(name), {}
    for level in levels:
        texts = prompts(max(8, waves * level) + level, seed=seed + level, words=words)
        work = [
            (model.tokenizer.apply_chat_template([{"role": "user", "content": text}],
                                                 add_generation_prompt=True), tokens)
            for text in texts
        ]  # fmt: skip
        by_slots(model, work[:level], level)
        per_cpu, per_s = speed(by_slots, model, work[level:], level)
        found[str(level)] = {"per_cpu_s": per_cpu, "per_s": per_s}
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_loop", description=__doc__)
    parser.add_argument("--model", default="embedded", help="as for harness serve")
    parser.add_argument("--rows", default="1,4,8,16,32", help="numbers of rows, with commas")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    model = load_model(options.model)
    table = {"model": options.model, "dtype": model.dtype, "blas": BLAS, "rounds": options.rounds}
    for name, make in (("full", full), ("churn", churn)):
        for rows in map(int, options.rows.split(",")):
            found = compared(model, rows, options.rounds, make)
            table[f"{name} {rows}"] = found
            print(f"{name:5} {rows:2} rows: {found}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
