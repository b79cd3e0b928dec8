"""The examination: ``python -m training.evaluate --model DIR --out FILE.json``.

Greedy answers of mlx-lm's own generator to held-out requests (values, function names and phrasings
that training never saw), read by the reference server's own parser, and compared as JSON values.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.statistics import wilson

from reference_server.models.load import LoadedModel, load_model  # isort: skip - loads MKL before MLX
from mlx_lm.generate import BatchGenerator

from reference_server.chat.pieces import ToolCallPiece
from reference_server.tool_formats.hermes import HERMES
from reference_server.tool_formats.splitter import ToolSplitter
from training import situations
from training.anyfunction import any_ask
from training.catalogue import FAMILIES
from training.dice import Dice
from training.family import Call, Json, Tool
from training.grammar import TALKS, talk
from training.render import Renderer
from training.sample import Sample
from training.tools import ask

# An answer that has not ended by then does not end by itself: the longest right ones have 330.
MOST_TOKENS = 600
ROWS = 32  # of one batch
WILD = Path(__file__).parent / "data" / "wild.jsonl"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said (``raw``), of that the visible text and the calls, and how it ended."""

    raw: str
    text: str
    calls: tuple[Call, ...]
    ended: bool
    tokens: int


@dataclass(frozen=True, slots=True)
class Result:
    """One sample's mark. ``right`` is None where only the end counts."""

    situation: str
    family: str
    right: bool | None
    ended: bool
    prompt: str
    said: str
    wanted: str


def parsed(text: str, *, ended: bool, tokens: int) -> Answer:
    """An answer's visible text and its calls."""
    visible = text.partition("</think>")[2] if text.startswith("<think>") else text
    splitter, said, calls = ToolSplitter(HERMES), [], []
    for piece in (*splitter.push(visible), *splitter.flush()):
        if isinstance(piece, ToolCallPiece):
            calls.append(Call(piece.name, json.loads(piece.arguments)))
        else:
            said.append(piece.text)
    return Answer(text, "".join(said).strip(), tuple(calls), ended, tokens)


def generate(model: LoadedModel, prompts: Sequence[str], most: int = MOST_TOKENS) -> list[Answer]:
    """Greedy answers to prompts that the template has written."""
    found: list[Answer | None] = [None] * len(prompts)
    order = sorted(range(len(prompts)), key=lambda at: len(prompts[at]))
    for start in range(0, len(order), ROWS):
        group = order[start : start + ROWS]
        for at, answer in zip(group, _batch(model, [prompts[i] for i in group], most), strict=True):
            found[at] = answer
    return [answer for answer in found if answer is not None]


def _batch(model: LoadedModel, prompts: Sequence[str], most: int) -> list[Answer]:
    tokenizer = model.tokenizer
    stops = [[end] for end in model.end_tokens]
    generator = BatchGenerator(model.model, max_tokens=most, stop_tokens=stops)
    rows = generator.insert([tokenizer.encode(text, add_special_tokens=False) for text in prompts])
    said: dict[int, list[int]] = {row: [] for row in rows}
    ends: dict[int, bool] = {}
    while len(ends) < len(rows):
        for response in generator.next_generated():
            if response.finish_reason != "stop":
                said[response.uid].append(response.token)
            if response.finish_reason is not None:
                ends[response.uid] = response.finish_reason == "stop"
    generator.close()
    texts = [tokenizer.decode(said[row]) for row in rows]
    return [
        parsed(text, ended=ends[row], tokens=len(said[row]))
        for row, text in zip(rows, texts, strict=True)
    ]


def same(wanted: Sequence[Call], given: Sequence[Call]) -> bool:
    """The same calls in any order: names, and arguments as JSON values of the same types."""
    return Counter(map(_key, wanted)) == Counter(map(_key, given))


def _key(call: Call) -> str:
    return call.name + " " + json.dumps(_typed(call.arguments), sort_keys=True)


def _typed(value: Json) -> Json:
    """1 and 1.0 are one number in JSON; true is none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _typed(one) for key, one in value.items()}
    return [_typed(one) for one in value] if isinstance(value, list) else value


def judged(one: Sample, answer: Answer) -> bool | None:
    """Whether the answer is right; None where any text will do."""
    if one.calls:
        return same(one.calls, answer.calls)
    if answer.calls or not answer.text:
        return False
    if one.situation in {"missing", "nofit"}:
        return True
    return None if one.key is None else one.key in answer.text


def exam(seed: str, calls: int, others: int) -> list[Sample]:
    """Held-out samples: ``calls`` single calls spread over all families, ``others`` of the rest."""
    dice = Dice(seed, "held-out")
    made = [_call_of(dice, number) for number in range(calls)]
    kinds = ("two", "missing", "nofit", "result", "chain")
    for number in range(others):
        name = kinds[number % len(kinds)]
        made.append(situations.KINDS[name][0](dice, 8))
    talks = tuple(TALKS)
    made += [talk(dice, 8, (talks[n % len(talks)],)) for n in range(others // 2)]
    return [one for one in made if not one.document]


def _call_of(dice: Dice, number: int) -> Sample:
    """A single call; families in turn, and every third is for a function nobody has written."""
    if number % 3 == 2:
        return situations.call(dice, 8, any_ask(dice))
    family = FAMILIES[(number // 3 * 2 + number % 3) % len(FAMILIES)]
    return situations.call(dice, 8, ask(dice, family))


def results(model: LoadedModel, samples: Sequence[Sample]) -> Iterator[Result]:
    """Every sample, asked and judged."""
    renderer = Renderer(None)
    prompts = [renderer.prompt(one) for one in samples]
    for one, prompt, answer in zip(samples, prompts, generate(model, prompts), strict=True):
        wanted = "; ".join(map(_key, one.calls)) or str(one.messages[-1]["content"])
        said = "; ".join(map(_key, answer.calls)) or answer.text
        yield Result(
            one.situation, one.family, judged(one, answer), answer.ended, prompt, said, wanted
        )


def rate(marks: Sequence[bool]) -> dict[str, Json]:
    """Share, interval (Wilson, 95 %) and count."""
    estimate = wilson(sum(marks), len(marks))
    return {
        "right": sum(marks),
        "n": len(marks),
        "share": round(estimate.value, 4),
        "low": round(estimate.low, 4),
        "high": round(estimate.high, 4),
    }


def table(found: Sequence[Result]) -> dict[str, Json]:
    """Rates per situation and, of single calls, per family; and how many ended by themselves."""
    situation, family = defaultdict(list), defaultdict(list)
    for one in found:
        if one.right is not None:
            situation[one.situation].append(one.right)
        if one.situation == "call" and one.right is not None:
            family[one.family].append(one.right)
    decisions = [mark for name in ("missing", "nofit") for mark in situation[name]]
    return {
        "exact_call": rate(situation["call"]),
        "decisions": rate(decisions),
        "ended": rate([one.ended for one in found]),
        "situations": {name: rate(marks) for name, marks in sorted(situation.items())},
        "families": {name: rate(marks) for name, marks in sorted(family.items())},
    }


def wild(path: Path = WILD) -> list[Sample]:
    """Hand-written requests, as samples; whoever wrote them had not seen the grammar."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_wild_sample(json.loads(line)) for line in lines]


def _wild_sample(row: dict[str, Any]) -> Sample:
    calls = tuple(Call(call["name"], call["arguments"]) for call in row["calls"])
    tools = tuple(
        Tool(one["function"]["name"], one["function"].get("description", ""),
             one["function"].get("parameters", {}))
        for one in row["tools"]
    )  # fmt: skip
    situation = {"call": "call", "calls": "two", "chat": "nofit"}.get(row["kind"], row["kind"])
    messages = (*row["messages"], {"role": "assistant", "content": ""})
    return Sample(situation, f"wild {row['kind']}", messages, tools, calls=calls)


# Of each situation the first held-out sample of a dice of its own: not chosen by what came out.
SHOWN = ("call", "two", "missing", "result", "essay")


def transcripts(model: LoadedModel) -> list[dict[str, str]]:
    """Prompts as the template writes them, and what the model said, to the last token."""
    made = [
        talk(Dice("shown", "held-out"), 3, ("essay",))
        if name == "essay"
        else situations.KINDS[name][0](Dice(f"shown {name}", "held-out"), 3)
        for name in SHOWN
    ]
    prompts = [Renderer(None).prompt(one) for one in made]
    answers = generate(model, prompts)
    return [
        {"situation": name, "prompt": prompt, "answer": answer.raw}
        for name, prompt, answer in zip(SHOWN, prompts, answers, strict=True)
    ]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--model", required=True, help="folder of the model")
    parser.add_argument("--calls", type=int, default=1260, help="single calls (default: 1260)")
    parser.add_argument("--others", type=int, default=1000, help="other samples (default: 1000)")
    parser.add_argument("--seed", default="exam 0", help="of the held-out samples")
    parser.add_argument("--wild", action="store_true", help="the hand-written requests instead")
    parser.add_argument("--out", type=Path, help="where the figures go as JSON")
    parser.add_argument("--transcripts", type=Path, help="five raw transcripts instead, as JSON")
    parser.add_argument("--failures", type=Path, help="where wrong answers go, one JSON a line")
    arguments = parser.parse_args()
    model, started = load_model(arguments.model), time.monotonic()
    if arguments.transcripts:
        text = json.dumps(transcripts(model), indent=2, ensure_ascii=False) + "\n"
        arguments.transcripts.write_text(text, encoding="utf-8")
        return
    samples = wild() if arguments.wild else exam(arguments.seed, arguments.calls, arguments.others)
    found = list(results(model, samples))
    figures = {"seed": arguments.seed, "seconds": round(time.monotonic() - started), **table(found)}
    print(json.dumps(figures, indent=2))
    if arguments.out:
        arguments.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if arguments.failures:
        with arguments.failures.open("w", encoding="utf-8") as file:
            for one in found:
                if one.right is False or not one.ended:
                    print(json.dumps(asdict(one), ensure_ascii=False), file=file)


if __name__ == "__main__":
    main()
