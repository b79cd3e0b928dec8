"""Decode speed of the embedded model's variants in mlx-lm, interleaved, as ratios to float32.

``python benchmarks/embedded_decode.py [--json FILE]`` from the repository's root; about a minute.
Each round asks every variant once, for one row and for eight, in an order that turns; the figure is
the median of the rounds' ratios, with the least and the greatest.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

from reference_server.models.load import SHIPPED, LoadedModel, load_model  # isort: skip - MKL first
from mlx_lm.generate import BatchGenerator

PROMPT = "Tell me about the sea."
TOKENS = 128
ROUNDS = 7
ROWS = (1, 8)


def speed(model: LoadedModel, rows: int) -> float:
    """Tokens per second of all rows together; the prompts' own time is left out."""
    message = [{"role": "user", "content": PROMPT}]
    prompt = model.tokenizer.apply_chat_template(message, add_generation_prompt=True)
    generator = BatchGenerator(model.model, max_tokens=TOKENS)
    generator.insert([prompt] * rows)
    said, started = 0, 0.0
    while found := generator.next_generated():
        said += len(found)
        started = started or time.perf_counter()  # from the first token on
        if said >= rows * TOKENS:
            break
    generator.close()
    return (said - rows) / (time.perf_counter() - started)


def measured() -> dict[str, dict[str, object]]:
    """Of each variant and number of rows: median speed, and its ratio to float32."""
    models = {name: load_model(name) for name in SHIPPED}
    order, seen = list(models), {}
    for name in order:  # kernels are made and memory is taken
        speed(models[name], 1)
    for number in range(ROUNDS):
        turned = order[number % len(order) :] + order[: number % len(order)]
        for rows in ROWS:
            for name in turned:
                seen.setdefault((name, rows), []).append(speed(models[name], rows))
    table: dict[str, dict[str, object]] = {}
    for (name, rows), values in seen.items():
        ratios = [v / base for v, base in zip(values, seen["embedded", rows], strict=True)]
        table.setdefault(name, {})[str(rows)] = {
            "tokens_per_s": round(statistics.median(values), 1),
            "ratio": round(statistics.median(ratios), 3),
            "ratio_low": round(min(ratios), 3),
            "ratio_high": round(max(ratios), 3),
        }
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="where the figures go")
    arguments = parser.parse_args()
    text = json.dumps(measured(), indent=2) + "\n"
    print(text, end="")
    if arguments.json:
        arguments.json.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
