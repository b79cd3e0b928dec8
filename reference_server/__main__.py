"""``python -m reference_server``: serve one model over HTTP.

Exit codes: 0 after SIGTERM or SIGINT, 2 when it cannot start (arguments, port, model).
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from types import FrameType
from typing import NoReturn

EXIT_USAGE = 2

# The key may come from here too: a command line can be read by every user of the machine.
KEY_VARIABLE = "REFERENCE_SERVER_API_KEY"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop. Returns the exit code."""
    options = _parser().parse_args(arguments)
    # Until the server listens, which takes seconds of imports, there is nothing to end in order.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    logging.basicConfig(
        level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s"
    )
    if os.environ.get("MLX_RANK", "0") != "0":
        return _follow(options)
    try:
        listener = _bind(options.host, options.port)
    except OSError as error:
        reason = error.strerror or str(error)
        return _refuse(
            f"Cannot listen on {options.host}:{options.port}: {reason}. "
            "Choose another --port, or stop what listens there."
        )
    with listener:
        return _serve(options, listener)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _serve(options: argparse.Namespace, listener: socket.socket) -> int:
    # Here and not above: MLX takes seconds to import, and a wrong argument should not.
    from reference_server.api.holder import Holder, Settings
    from reference_server.api.server import Server
    from reference_server.service import Service

    settings = Settings(options.api_key, options.scripted, options.default_max_tokens, options.host)
    load = partial(
        Service.load,
        options.model,
        max_batch=options.max_batch,
        max_queue=options.max_queue,
        batching=options.batching,
        deterministic=options.deterministic,
        logits_hashes=options.logits_hashes,
        cache_percent=0.0 if options.cache_strategy == "off" else options.cache_memory_percent,
        scripted=options.scripted,
    )
    server = Server(
        Holder(settings), load, drain_s=options.drain_seconds, log_level=options.log_level
    )
    host, port = listener.getsockname()[:2]
    logging.getLogger("reference_server").info("listening on http://%s:%d", host, port)
    server.run(sockets=[listener])
    if server.failure is not None:
        return _refuse(str(server.failure))
    return 0


def _follow(options: argparse.Namespace) -> int:
    """A process of ``mlx.launch`` that computes its share and speaks to no client."""
    from reference_server.errors import ServerError
    from reference_server.service import Service

    try:
        Service.follow(
            options.model,
            max_batch=options.max_batch,
            batching="invariant" if options.deterministic else options.batching,
        )
    except ServerError as error:
        return _refuse(str(error))
    return 0


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # A restart must not wait for the closed connections of the last one (TIME_WAIT).
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"reference_server: {sentence}\n")
    return EXIT_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reference_server", description="Serve one model over OpenAI's and Anthropic's API."
    )
    add = parser.add_argument
    add(
        "--model",
        help="a folder, a hub id, or random:90m; the embedded model when left out. random: is for "
        "throughput work: random weights, which speak no sense and never end an answer before "
        "max_tokens; sizes 1m, 20m, 90m, 300m, with -bf16 and @SEED as in random:90m-bf16@7",
    )
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=_port, default=8000, help="port; 0 takes a free one (default: %(default)s)")
    add(
        "--api-key",
        default=os.environ.get(KEY_VARIABLE) or None,
        help=f"the key that requests must present (default: ${KEY_VARIABLE}, or none)",
    )
    add("--scripted", action="store_true", help="accept model ids scripted:TEXT, for tests")
    add("--max-batch", type=_positive, default=32, help="rows in a batch (default: %(default)s)")
    add("--max-queue", type=_positive, default=256, help="requests waiting (default: %(default)s)")
    add(
        "--batching",
        choices=("adaptive", "invariant", "serial"),
        default="adaptive",
        help="adaptive: steps as wide as they need be. invariant: a request's logits have the same "
        "bits at any load, found by trying at the start; refused where that cannot be had. serial: "
        "one request at a time (default: %(default)s)",
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
        "--cache-strategy",
        choices=("auto", "memory-aware", "paged", "off"),
        default="auto",
        help="prefix cache: all but off keep blocks of tokens within --cache-memory-percent, for "
        "models whose layers keep plain keys and values (default: %(default)s)",
    )
    add(
        "--cache-memory-percent",
        type=_percent,
        default=10.0,
        help="share of the machine's memory that cached prefixes may take (default: %(default)s)",
    )
    add(
        "--default-max-tokens",
        type=_positive,
        default=1024,
        help="length of a chat's answer when the request sets none (default: %(default)s)",
    )
    add(
        "--drain-seconds",
        type=_seconds,
        default=10.0,
        help="time that running requests have to finish at the end (default: %(default)s)",
    )
    add("--log-level", choices=("debug", "info", "warning", "error"), default="info")
    add("--version", action="version", version=f"%(prog)s {_version()}")
    return parser


def _version() -> str:
    try:
        return version("mlx-serving-harness")
    except PackageNotFoundError:
        return "(not installed as a package)"


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
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


if __name__ == "__main__":
    sys.exit(main())
