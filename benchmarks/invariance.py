"""What invariant batching costs: against adaptive, at full occupancy and for a lone request.

``python -m benchmarks.invariance [--model embedded] [--rows 2,4,8,16] [--rounds 5] [--json F]``
from the repository's root; some two minutes for the embedded model. Interleaved in one process;
ratios of tokens per CPU-second, invariant to adaptive, of the same round, with the least and the
greatest. *full*: as many requests as rows. *alone*: one request on a decoder of so many rows.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from reference_server.models.load import load_model  # isort: skip - MKL first
from benchmarks.engine_loop import full, summarised, through
from reference_server.blas import BLAS
from reference_server.engine.slots import SlotDecoder

NAMES = ("adaptive", "invariant")


def compared(decoders: dict[str, SlotDecoder], load: int, rounds: int) -> dict[str, object]:
    """The ratio for ``load`` requests at once."""
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
    for decoder in decoders.values():  # steps are compiled
        through(decoder, full(load), load)
    for number in range(rounds):
        for name in NAMES[:: 1 if number % 2 else -1]:
            seen[name].append(through(decoders[name], full(load), load))
    return summarised(seen, "invariant", "adaptive")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.invariance", description=__doc__)
    parser.add_argument("--model", default="embedded", help="as for harness serve")
    parser.add_argument("--rows", default="2,4,8,16", help="of the decoder, with commas")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    options = parser.parse_args()
    model = load_model(options.model)
    table: dict[str, object] = {"model": options.model, "blas": BLAS, "rounds": options.rounds}
    for rows in map(int, options.rows.split(",")):
        decoders = {
            name: SlotDecoder(model.model, (), max_batch=rows, batching=name) for name in NAMES
        }
        policy = decoders["invariant"].policy
        for load in dict.fromkeys((rows, 1)):
            found = compared(decoders, load, options.rounds) | {"least_width": policy.least}
            table[f"{load} of {rows} rows"] = found
            print(f"{load:2} of {rows:2} rows: {found}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
