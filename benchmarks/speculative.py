"""What a draft model saves or costs: decoding with and without one, interleaved in one process.

``python -m benchmarks.speculative [--model embedded] [--draft first:2] [--tokens 4] [--rows 1,2,4]
[--rounds 5] [--json FILE]`` from the repository's root; some two minutes for the embedded model.
Ratios of tokens per CPU-second, with to without, of the same round, with the least and the
greatest; and the share of proposals that were right. ``--draft`` is a model as for harness serve,
or ``first:N``, the served model's own first N layers. Chats of 64 tokens, which do not end before.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from harness.load import prompts

from reference_server.models.load import LoadedModel, load_model  # isort: skip - MKL first
from benchmarks.engine_loop import TOKENS, Work, summarised, through
from reference_server.blas import BLAS
from reference_server.engine.slots import SlotDecoder
from reference_server.engine.speculation import Draft, SpeculativeDecoder

NAMES = ("without", "with")
WAVES, WORDS = 4, 32  # requests for each row, and words of a prompt
FIRST = "first:"


def draft_of(served: str, name: str, tokens: int) -> Draft:
    """The draft model that ``--draft`` names."""
    if not name.startswith(FIRST):
        return Draft(name, load_model(name).model, tokens)
    model = load_model(served).model
    model.model.layers = model.model.layers[: int(name.removeprefix(FIRST))]
    return Draft(name, model, tokens)


def chats(model: LoadedModel, rows: int) -> Work:
    """Prompts as a client's, and how many tokens each is to get."""
    return [
        (
            model.tokenizer.apply_chat_template(
                [{"role": "user", "content": text}], add_generation_prompt=True
            ),
            TOKENS,
        )
        for text in prompts(WAVES * rows, seed=rows, words=WORDS)
    ]


def compared(model: LoadedModel, draft: Draft, rows: int, rounds: int) -> dict[str, Any]:
    """The ratio for ``rows`` requests at once."""
    decoders = {
        "without": SlotDecoder(model.model, (), max_batch=rows),
        "with": SpeculativeDecoder(model.model, (), draft, max_batch=rows),
    }
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
    work = chats(model, rows)
    for decoder in decoders.values():  # steps are compiled
        through(decoder, work, rows)
    before = draft.stats()
    for number in range(rounds):
        for name in NAMES[:: 1 if number % 2 else -1]:
            seen[name].append(through(decoders[name], work, rows))
    after = draft.stats()
    proposed = after.proposed - before.proposed
    return summarised(seen, "with", "without") | {
        "accepted": round((after.accepted - before.accepted) / proposed, 3) if proposed else None
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speculative", description=__doc__)
    parser.add_argument("--model", default="embedded", help="as for harness serve")
    parser.add_argument("--draft", default="first:2", help="a model, or first:N of its layers")
    parser.add_argument("--tokens", type=int, default=4, help="proposed at a time")
    parser.add_argument("--rows", default="1,2,4", help="numbers of requests, with commas")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    model = load_model(options.model)
    draft = draft_of(options.model, options.draft, options.tokens)
    table: dict[str, Any] = {
        "model": options.model, "draft": options.draft, "tokens": options.tokens,
        "blas": BLAS, "rounds": options.rounds,
    }  # fmt: skip
    for rows in map(int, options.rows.split(",")):
        table[f"{rows} rows"] = compared(model, draft, rows, options.rounds)
        print(f"{rows:2} rows: {table[f'{rows} rows']}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
