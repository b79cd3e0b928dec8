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
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from reference_server.arguments import parser
from reference_server.logs import configure

if TYPE_CHECKING:
    from reference_server.settings import ServiceSettings

EXIT_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop. Returns the exit code."""
    options = parser().parse_args(arguments)
    # Until the server listens, which takes seconds of imports, there is nothing to end in order.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    configure(options.log_level, options.log_format)
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
    from reference_server.errors import ServerError
    from reference_server.service import Service
    from reference_server.toolboxes.configured import configured

    settings = Settings(
        options.api_key,
        options.scripted,
        options.default_max_tokens,
        options.host,
        options.batch_divergence_threshold,
        options.batch_divergence_action,
        options.batch_divergence_interval,
        served_names=tuple(options.served_model_name),
        strict_model_id=options.strict_model_id,
        cors_origins=tuple(options.cors_origin),
        allowed_hosts=(options.host, *options.allowed_host),
        rate_limit=options.rate_limit,
        request_timeout_s=options.request_timeout,
    )
    try:
        toolboxes = configured(options)
    except ServerError as error:
        return _refuse(str(error))
    load = partial(Service, service_settings(options))
    server = Server(
        Holder(settings, toolboxes=toolboxes),
        load,
        drain_s=options.drain_seconds,
        log_level=options.log_level,
    )
    host, port = listener.getsockname()[:2]
    logging.getLogger("reference_server").info("listening on http://%s:%d", host, port)
    server.run(sockets=[listener])
    if server.failure is not None:
        return _refuse(str(server.failure))
    return 0


def _follow(options: argparse.Namespace) -> int:
    """A process of ``mlx.launch`` that computes its share and speaks to no client."""
    from reference_server.building import follow_leader
    from reference_server.errors import ServerError

    try:
        follow_leader(service_settings(options))
    except ServerError as error:
        return _refuse(str(error))
    return 0


def service_settings(options: argparse.Namespace) -> ServiceSettings:
    """What the command line says of the model and its engine."""
    from reference_server.settings import ServiceSettings

    return ServiceSettings(
        options.model,
        max_batch=options.max_batch,
        max_queue=options.max_queue,
        cache_percent=0.0 if options.cache_strategy == "off" else options.cache_memory_percent,
        kv_percent=options.kv_memory_percent,
        runtime=options.runtime_mode,
        batching=options.batching,
        deterministic=options.deterministic,
        logits_hashes=options.logits_hashes,
        tool_call_parser=options.tool_call_parser,
        tool_call_dedupe=options.tool_call_dedupe == "exact",
        reasoning=options.reasoning_parser,
        max_thinking_tokens=options.max_thinking_tokens,
        scripted=options.scripted,
        emulate_kernels=options.emulate_kernels == "metal",
        embedding_model=options.embedding_model,
        draft_model=options.draft_model,
        draft_tokens=options.num_draft_tokens,
    )


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


if __name__ == "__main__":
    sys.exit(main())
