"""The command line of ``python -m reference_server``."""

from __future__ import annotations

import argparse
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from reference_server.reasoning_formats.registry import NAMES as REASONING_FORMATS
from reference_server.tool_formats.registry import AUTO, CHOICES

# The key may come from here too: a command line can be read by every user of the machine.
KEY_VARIABLE = "REFERENCE_SERVER_API_KEY"


def parser() -> argparse.ArgumentParser:
    """All options."""
    made = argparse.ArgumentParser(
        prog="reference_server", description="Serve one model over OpenAI's and Anthropic's API."
    )
    for group in (
        _network,
        _access,
        _limits,
        _reasoning,
        _tool_calls,
        _batching,
        _speculation,
        _divergence,
        _cache,
        _tools,
    ):
        group(made)
    return made


def _network(parser: argparse.ArgumentParser) -> None:
    """What is served, where, and to whom."""
    add = parser.add_argument
    add(
        "--model",
        help="a folder, a hub id, or random:90m; the embedded model when left out. random: is for "
        "throughput work: random weights, which speak no sense and never end an answer before "
        "max_tokens; sizes 1m, 20m, 90m, 300m, with -bf16 and @SEED as in random:90m-bf16@7",
    )
    add(
        "--served-model-name",
        action="append",
        default=[],
        metavar="NAME",
        help="the id that the model goes by instead of its own; may be given several times",
    )
    add(
        "--strict-model-id",
        action="store_true",
        help="answer 404 to the model id default, too, as to every other unknown one",
    )
    add(
        "--embedding-model",
        help="a folder or hub id of a model for mlx-embeddings, which then makes the embeddings; "
        "left out, they are the mean of the served model's last hidden states",
    )
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=_port, default=8000, help="port; 0 takes a free one (default: %(default)s)")
    add("--scripted", action="store_true", help="accept model ids scripted:TEXT, for tests")
    add("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    add(
        "--log-format",
        choices=("text", "json"),
        default="text",
        help="lines of text, or a JSON object a line; of a request it tells route, status, tokens "
        "and times, never the prompt (default: %(default)s)",
    )
    add("--version", action="version", version=f"%(prog)s {release()}")


def _access(parser: argparse.ArgumentParser) -> None:
    """Who is let in, and how often."""
    add = parser.add_argument
    add(
        "--api-key",
        default=os.environ.get(KEY_VARIABLE) or None,
        help=f"the key that requests must present (default: ${KEY_VARIABLE}, or none)",
    )
    add(
        "--cors-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a web page's origin that may read answers, https://app.example say, or * for all; "
        "may be given several times (default: none)",
    )
    add(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name that the Host header may have beside localhost, --host and addresses; * lets "
        "all in; may be given several times",
    )
    add(
        "--rate-limit",
        type=_per_minute,
        metavar="N/min",
        help="requests a minute for each key or address, 429 beyond (default: no limit)",
    )


def _limits(parser: argparse.ArgumentParser) -> None:
    """How much at a time, how long at most."""
    add = parser.add_argument
    add("--max-batch", type=_positive, default=32, help="rows in a batch (default: %(default)s)")
    add("--max-queue", type=_positive, default=256, help="requests waiting (default: %(default)s)")
    add(
        "--default-max-tokens",
        type=_positive,
        default=1024,
        help="length of a chat's answer when the request sets none (default: %(default)s)",
    )
    add(
        "--request-timeout",
        type=_above_zero,
        metavar="SECONDS",
        help="end requests that take longer, with 504 or a stream's error event (default: never)",
    )
    add(
        "--drain-seconds",
        type=_seconds,
        default=10.0,
        help="time that running requests have to finish at the end (default: %(default)s)",
    )


def _reasoning(parser: argparse.ArgumentParser) -> None:
    """What a model thinks before it answers."""
    add = parser.add_argument
    add(
        "--reasoning-parser",
        choices=REASONING_FORMATS,
        default="auto",
        help="how thoughts are told from answers: auto asks the chat template and the vocabulary, "
        "and /health says what was found; none leaves all text in the answer (default: "
        "%(default)s)",
    )
    add(
        "--max-thinking-tokens",
        type=_natural,
        help="tokens that a chat's answer may spend inside thoughts, after which the thought is "
        "closed and the answer goes on; requests may ask for fewer (default: no bound)",
    )


def _tool_calls(parser: argparse.ArgumentParser) -> None:
    """How calls are told from text."""
    add = parser.add_argument
    add(
        "--tool-call-parser",
        metavar="NAME",
        choices=CHOICES,
        default=AUTO,
        help="how the model writes tool calls: auto takes it from the chat template, and /health "
        "says which and why; none leaves calls in the text; or one of "
        f"{', '.join(CHOICES[2:])} (default: %(default)s)",
    )
    add(
        "--tool-call-dedupe",
        choices=("off", "exact"),
        default="off",
        help="exact takes calls out of an answer that repeat an earlier one of it, and tells them "
        "in x_removed_tool_calls (default: %(default)s)",
    )


def _batching(parser: argparse.ArgumentParser) -> None:
    """What a batch may change."""
    add = parser.add_argument
    add(
        "--runtime-mode",
        choices=("auto", "simple", "batched"),
        default="auto",
        help="simple: one request at a time, as --batching serial. batched: a batch whatever the "
        "model makes of it. auto: a batch, unless neighbours would change a request's answer; "
        "/health says what and why (default: %(default)s)",
    )
    add(
        "--batching",
        choices=("adaptive", "invariant", "serial"),
        help="adaptive: steps as wide as they need be. invariant: a request's logits have the same "
        "bits at any load, found by trying at the start; refused where that cannot be had. serial: "
        "one request at a time (default: adaptive)",
    )
    add(
        "--deterministic",
        action="store_true",
        help="invariant batching, and one fixed seed for all requests that give none",
    )
    add(
        "--logits-hashes",
        action="store_true",
        help="add the hash of every token's logits to answers that are not streamed, to compare "
        "bits from outside; slow",
    )
    add(
        "--emulate-kernels",
        choices=("none", "metal"),
        default="none",
        help="metal: sum in an order that depends on the row count as MLX's kernels on Metal do, "
        "coarsely, so that a batch changes tokens on any machine; to test judges of divergence "
        "(default: %(default)s)",
    )


def _speculation(parser: argparse.ArgumentParser) -> None:
    """A smaller model that goes before."""
    add = parser.add_argument
    add(
        "--draft-model",
        help="a smaller model with the same vocabulary, as for --model. It proposes tokens, which "
        "the served model checks several at a time; what comes out are the served model's own. "
        "/health says when it works (default: none)",
    )
    add(
        "--num-draft-tokens",
        type=_few,
        default=4,
        help="tokens that the draft model proposes at a time, 1 to 16 (default: %(default)s)",
    )


def _divergence(parser: argparse.ArgumentParser) -> None:
    """Watching what a batch does change."""
    add = parser.add_argument
    add(
        "--batch-divergence-threshold",
        type=_share,
        help="when idle, ask some prompts alone and in a batch, and act when their tokens agree to "
        "less than this share, 0.95 say (default: never ask)",
    )
    add(
        "--batch-divergence-action",
        choices=("warn", "serialize"),
        default="warn",
        help="warn in the log and in /health, or run one request at a time until it is good again "
        "(default: %(default)s)",
    )
    add(
        "--batch-divergence-interval",
        type=_seconds,
        default=60.0,
        help="seconds between two such rounds (default: %(default)s)",
    )


def _cache(parser: argparse.ArgumentParser) -> None:
    """Prefixes that are kept."""
    add = parser.add_argument
    add(
        "--cache-strategy",
        choices=("auto", "memory-aware", "paged", "off"),
        default="auto",
        help="prefix cache: all but off keep blocks of tokens within --cache-memory-percent, for "
        "models whose layers keep plain keys and values (default: %(default)s)",
    )
    add(
        "--kv-memory-percent",
        type=_percent,
        default=40.0,
        help="share of the machine's memory that the tokens of running requests may take; requests "
        "wait, or get a 503 if they could never fit (default: %(default)s)",
    )
    add(
        "--cache-memory-percent",
        type=_percent,
        default=10.0,
        help="share of the machine's memory that cached prefixes may take (default: %(default)s)",
    )


def _tools(parser: argparse.ArgumentParser) -> None:
    """Tools of MCP servers."""
    add = parser.add_argument
    add(
        "--mcp-config",
        type=Path,
        metavar="FILE",
        help='MCP servers as JSON, {"mcpServers": {NAME: {"command": …} or {"url": …}}}; of each '
        'only the tools in its "allow" can be used (default: none)',
    )
    add(
        "--mcp-offer",
        action="store_true",
        help="show those tools to the model in every chat, not only where mcp: true asks for them",
    )


def release() -> str:
    """The installed version."""
    try:
        return version("mlx-serving-harness")
    except PackageNotFoundError:
        return "(not installed as a package)"


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _few(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 16:
        raise ValueError(text)
    return number


def _natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


def _per_minute(text: str) -> int:
    number, _, unit = text.partition("/")
    if unit != "min":
        raise ValueError(text)
    return _positive(number)


def _above_zero(text: str) -> float:
    number = _seconds(text)
    if number == 0:
        raise ValueError(text)
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 < number <= 1:
        raise ValueError(text)
    return number


def _percent(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 90:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise ValueError(text)
    return number
