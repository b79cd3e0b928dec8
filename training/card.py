"""The model card, written from the figures: ``python -m training.card``.

Reads ``training/results`` and the model's files, writes the card into the model's folder and the
learning curve beside the figures. A test checks that card and figures agree.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from training.settings import CONFIG, TRAINING

RESULTS = Path(__file__).parent / "results"
MODELS = Path(__file__).parents[1] / "reference_server" / "models"
VARIANTS = {"embedded": "float32", "embedded-8bit": "8 bit", "embedded-4bit": "4 bit"}
# Of the curve's points, so many are told in the card; all are in ``curve.jsonl``.
POINTS = 12

Figures = dict[str, Any]


def read(name: str) -> Figures:
    """One file of figures."""
    figures: Figures = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return figures


def curve() -> list[Figures]:
    """The points of the learning curve."""
    lines = (RESULTS / "curve.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def share(rate: Figures) -> str:
    """A rate with its interval: "95.1 % (93.7–96.2, n = 1260)"."""
    return (
        f"{100 * rate['share']:.1f} % ({100 * rate['low']:.1f}–{100 * rate['high']:.1f}, "
        f"n = {rate['n']})"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def sha256(path: Path) -> str:
    """Of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def scores() -> str:
    """The held-out figures of the three variants side by side."""
    found = {name: read(name) for name in VARIANTS}
    kinds = {"exact_call": "one call, exact", "decisions": "no call where none is right",
             "ended": "ends by itself"}  # fmt: skip
    rows = [[told, *(share(one[kind]) for one in found.values())] for kind, told in kinds.items()]
    for situation in found["embedded"]["situations"]:
        rates = [one["situations"].get(situation) for one in found.values()]
        rows.append([situation, *(share(rate) if rate else "" for rate in rates)])
    return table(["held-out", *VARIANTS.values()], rows)


def families() -> str:
    """Exact single calls per family."""
    rows = [[name, share(rate)] for name, rate in read("embedded")["families"].items()]
    return table(["family", "exact call"], rows)


def learning() -> str:
    """Some points of the learning curve."""
    points = curve()
    chosen = [points[round(i * (len(points) - 1) / (POINTS - 1))] for i in range(POINTS)]
    rows = [
        [f"{p['tokens'] / 1e6:.1f} M", f"{p['own'] / 1e6:.2f} M", f"{p['train']['loss']:.3f}",
         f"{p['held-out']['loss']:.3f}", f"{100 * p['held-out']['exact']:.0f} %"]
        for p in chosen
    ]  # fmt: skip
    head = ["tokens", "of them learned", "loss, train", "loss, held-out", "exact, held-out"]
    return table(head, rows)


def files() -> str:
    """Every file of the three folders: size and hash."""
    rows = [
        [f"{name}/{path.name}", f"{path.stat().st_size:,}", f"`{sha256(path)[:16]}…`"]
        for name in VARIANTS
        for path in sorted((MODELS / name).iterdir())
        if path.name != "README.md"
    ]
    return table(["file", "bytes", "SHA-256"], rows)


def speeds() -> str:
    """Decode speed in mlx-lm."""
    rows = [
        [VARIANTS[name], *(f"{one['tokens_per_s']:.0f} ({one['ratio']:.2f}, "
                           f"{one['ratio_low']:.2f}–{one['ratio_high']:.2f})"
                           for one in figures.values())]
        for name, figures in read("speed").items()
    ]  # fmt: skip
    return table(["variant", "one row, tok/s (ratio)", "eight rows, tok/s (ratio)"], rows)


def shown() -> str:
    """The raw transcripts."""
    parts = []
    for one in json.loads((RESULTS / "transcripts.json").read_text(encoding="utf-8")):
        parts.append(f"**{one['situation']}**\n\n```text\n{one['prompt']}{one['answer']}\n```")
    return "\n\n".join(parts)


def wild() -> str:
    """The hand-written requests."""
    found = read("wild")["situations"]
    told = {
        "call": "one call, exact",
        "two": "two calls, exact",
        "missing": "asks for what is missing",
        "nofit": "no tool fits, or small talk: no call",
    }
    return table(["hand-written", "float32"], [[told[k], share(found[k])] for k in told])


def card() -> str:
    """The whole card."""
    last = curve()[-1]
    template = (Path(__file__).parent / "card.md").read_text(encoding="utf-8")
    parameters = (MODELS / "embedded" / "model.safetensors").stat().st_size / 4 / 1e6
    told = {
        "parameters": f"{parameters:.2f}",
        "layers": str(CONFIG["num_hidden_layers"]),
        "hidden": str(CONFIG["hidden_size"]),
        "context": f"{CONFIG['max_position_embeddings']:,}",
        "tokens": f"{last['tokens'] / 1e6:.1f}",
        "own": f"{last['own'] / 1e6:.1f}",
        "steps": f"{last['step']:,}",
        "minutes": f"{last['seconds'] / 60:.0f}",
        "batch": f"{TRAINING.batch:,}",
        "scores": scores(),
        "families": families(),
        "learning": learning(),
        "files": files(),
        "speeds": speeds(),
        "wild": wild(),
        "transcripts": shown(),
    }
    for key, text in told.items():
        template = template.replace("{" + key + "}", text)
    return template


def draw(out: Path) -> None:
    """The learning curve as an SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "learning curve"
    from matplotlib import pyplot

    points = curve()
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3), layout="constrained")
    tokens = [point["tokens"] / 1e6 for point in points]
    for split, colour in (("train", "#888888"), ("held-out", "#1f5fa8")):
        left.plot(tokens, [point[split]["loss"] for point in points], color=colour, label=split)
        right.plot(tokens, [100 * point[split]["exact"] for point in points], color=colour)
    left.set(yscale="log", xlabel="million tokens", ylabel="loss per token of the calls")
    right.set(ylim=(0, 100), xlabel="million tokens", ylabel="whole turn exact, %")
    left.legend(frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(out, metadata={"Date": None})
    pyplot.close(figure)


def main() -> None:
    """The command line."""
    argparse.ArgumentParser(prog="python -m training.card", description=__doc__).parse_args()
    (MODELS / "embedded" / "README.md").write_text(card(), encoding="utf-8")
    draw(RESULTS / "curve.svg")


if __name__ == "__main__":
    main()
