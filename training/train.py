"""The training loop: ``python -m training.train --out DIR``."""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from training.dice import Dice, Split
from training.grammar import sample
from training.network import Network
from training.render import Renderer
from training.sample import Sample
from training.settings import CONFIG, TRAINING, Training
from training.situations import call, missing, nofit, two
from training.stream import Batch, batches, pool, stream
from training.tokenizer import train_tokenizer


def tensors(batch: Batch) -> tuple[Tensor, Tensor]:
    """As torch wants them."""
    return torch.from_numpy(batch.tokens).long(), torch.from_numpy(batch.wanted)


def make_tokenizer(seed: int) -> Tokenizer:
    """Trained on texts of the grammar itself."""
    dice, renderer = Dice(f"tokenizer {seed}"), Renderer(None)
    return train_tokenizer(renderer.text(sample(dice)) for _ in range(TRAINING.tokenizer_samples))


def optimizers(network: Network, settings: Training) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the blocks, AdamW for the embedding and the norms."""
    matrices = [w for n, w in network.named_parameters() if w.dim() == 2 and "embed" not in n]
    others = [w for n, w in network.named_parameters() if w.dim() != 2 or "embed" in n]
    return [
        torch.optim.Muon(
            matrices, lr=settings.rate, momentum=0.95, weight_decay=settings.decay,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW(others, lr=settings.rate, betas=(0.9, 0.98), weight_decay=0.0),
    ]  # fmt: skip


def speed(progress: float, settings: Training) -> float:
    """Share of the full learning rate: warm-up, a plateau, and a straight fall to zero."""
    if progress < settings.warm:
        return progress / settings.warm
    return min(1.0, (1.0 - progress) / settings.fall)


def examine(network: Network, exam: list[Batch], mark: int) -> dict[str, float]:
    """Loss per token; shares of samples whose every own token is the likeliest one (``exact``),
    and in which the likeliest first one is ``mark``, that of a call, when the true one is
    (``first``).
    """
    losses, exact, first, rows, count = 0.0, 0, 0, 0, 0
    for batch in exam:
        tokens, wanted = tensors(batch)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            scores = functional.linear(
                network.hidden(tokens[:, :-1]), network.model.embed_tokens.weight
            )
        chosen, truth = wanted[:, 1:], tokens[:, 1:]
        right = (scores.argmax(-1) == truth) | ~chosen
        exact += int(right.all(1).sum())
        begin = torch.arange(len(tokens)), chosen.int().argmax(1)
        first += int(((scores.argmax(-1)[begin] == mark) == (truth[begin] == mark)).sum())
        rows += len(tokens)
        said = scores[chosen].float()
        losses += float(functional.cross_entropy(said, truth[chosen], reduction="sum"))
        count += int(chosen.sum())
    return {"loss": losses / count, "exact": exact / rows, "first": first / rows}


def exams(tokenizer: Tokenizer, settings: Training) -> dict[str, list[Batch]]:
    """Calls, held out and not, and held-out requests that must not be answered with a call."""

    def calls(dice: Dice, progress: float) -> Sample:
        return (two if dice.chance(0.2) else call)(dice, 8)

    def none(dice: Dice, progress: float) -> Sample:
        return (missing if dice.chance(0.5) else nofit)(dice, 8)

    def made(split: Split, make: Callable[[Dice, float], Sample]) -> list[Batch]:
        rows = pool(tokenizer, Dice("exam", split), 1.0, settings.longest, 192, make)
        return batches(rows, settings.batch)

    return {
        "train": made("train", calls),
        "held-out": made("held-out", calls),
        "no call": made("held-out", none),
    }


@dataclass(slots=True)
class State:
    """How far a training run is: tokens given, those of them the model's own, steps."""

    tokens: int = 0
    own: int = 0
    step: int = 0
    loss: float = math.nan  # moving average
    seconds: float = 0.0


def save(network: Network, opts: list[torch.optim.Optimizer], state: State, out: Path) -> None:
    """Everything to go on from; the old checkpoint stays until the new one is whole."""
    content = {
        "network": network.state_dict(),
        "optimizers": [opt.state_dict() for opt in opts],
        "state": asdict(state),
    }
    torch.save(content, out / "checkpoint.tmp")
    (out / "checkpoint.tmp").rename(out / "checkpoint.pt")


def resumed(network: Network, opts: list[torch.optim.Optimizer], out: Path) -> State:
    """Put a checkpoint's weights and optimizer states in place."""
    content = torch.load(out / "checkpoint.pt", weights_only=True)
    network.load_state_dict(content["network"])
    for opt, state in zip(opts, content["optimizers"], strict=True):
        opt.load_state_dict(state)
    return State(**content["state"])


def learn(
    out: Path, settings: Training, *, resume: bool = False, start: Path | None = None
) -> None:
    """Train, and write ``tokenizer.json``, ``curve.jsonl`` and ``checkpoint.pt`` into ``out``.

    ``resume`` goes on from the checkpoint in ``out``, with other samples than an unbroken run;
    ``start`` begins with the weights and the tokenizer of a model folder.

    Raises:
        FloatingPointError: the loss is no number any more.
    """
    torch.manual_seed(settings.seed)
    out.mkdir(parents=True, exist_ok=True)
    file = out / "tokenizer.json"
    if not resume:
        made = start / "tokenizer.json" if start else None
        tokenizer = Tokenizer.from_file(str(made)) if made else make_tokenizer(settings.seed)
        tokenizer.save(str(file))
        (out / "curve.jsonl").unlink(missing_ok=True)
    tokenizer = Tokenizer.from_file(str(file))
    network = Network({**CONFIG, "vocab_size": tokenizer.get_vocab_size()})
    if start and not resume:
        network.load_state_dict(load_file(start / "model.safetensors"))
    opts, exam = optimizers(network, settings), exams(tokenizer, settings)
    state = resumed(network, opts, out) if resume else State()
    (mark,) = tokenizer.encode("<tool_call>").ids
    source = stream(tokenizer, settings, state.tokens)
    started = time.monotonic() - state.seconds
    due = state.tokens + (settings.examine_every if resume else 0)
    with (out / "curve.jsonl").open("a") as curve:
        for batch in source:
            _step(network, opts, batch, state, settings)
            state.seconds = time.monotonic() - started
            if state.tokens >= due:
                due += settings.examine_every
                found = {name: examine(network, one, mark) for name, one in exam.items()}
                line = json.dumps({**asdict(state), "rate": opts[0].param_groups[0]["lr"], **found})
                print(line, file=curve, flush=True)
                print(line, flush=True)
                save(network, opts, state, out)
    save(network, opts, state, out)


def _step(
    network: Network, opts: list[torch.optim.Optimizer], batch: Batch, state: State,
    settings: Training,
) -> None:  # fmt: skip
    share = speed(state.tokens / settings.tokens, settings)
    for part in (part for opt in opts for part in opt.param_groups):
        part["lr"] = settings.rate * max(share, 0.0)
    tokens, wanted = tensors(batch)
    with torch.autocast("cpu", torch.bfloat16):
        loss = network.loss(tokens, wanted, settings.opening)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    for opt in opts:
        opt.step()
        opt.zero_grad(set_to_none=True)
    state.tokens += batch.tokens.size
    state.own += int(batch.wanted.sum())
    state.step += 1
    now = loss.item()
    state.loss = now if math.isnan(state.loss) else 0.98 * state.loss + 0.02 * now
    if not math.isfinite(now):
        raise FloatingPointError(f"The loss is {now} at step {state.step}.")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--tokens", type=int, default=TRAINING.tokens, help="all in all")
    parser.add_argument("--seed", type=int, default=TRAINING.seed, help="of samples and weights")
    parser.add_argument("--start", type=Path, help="a model folder whose weights to begin with")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    arguments = parser.parse_args()
    settings = Training(seed=arguments.seed, tokens=arguments.tokens)
    learn(arguments.out, settings, resume=arguments.resume, start=arguments.start)


if __name__ == "__main__":
    main()
