"""Is there a server, does it speak our dialect, and does it have the model?"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass

from harness.errors import TargetUnreachable
from harness.records import Dialect, Exchange
from harness.wire import anthropic, openai
from harness.wire.ask import Ask, DialectModule
from harness.wire.client import Client
from harness.wire.http import origin_of
from harness.wire.problem import looks_like_html, server_message, transport_problem
from harness.wire.reading import parse_json

# A first request may load the weights; large models take minutes from a cold disk.
READY_TIMEOUT_S = 300.0
# Listing models is metadata; a server that needs longer is not going to answer.
LIST_TIMEOUT_S = 15.0
# More ids than this are no help in an error message.
_LISTED = 8


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What a first look at a target showed.

    ``latency_s`` is the duration of the one-token completion that proved readiness; ``models`` is
    empty when the server lists none.
    """

    server: str | None
    models: tuple[str, ...]
    model: str
    latency_s: float


def _dialect(name: Dialect) -> DialectModule:
    return anthropic if name == "anthropic" else openai


async def check_target(client: Client, *, timeout_s: float = READY_TIMEOUT_S) -> TargetFacts:
    """Ask for the models and for one token.

    Raises:
        TargetUnreachable: with one sentence that says which of the many ways it failed, and what to
            type.
    """
    target, dialect = client.target, _dialect(client.target.dialect)
    await _resolve(client)
    listing = await client.send(client.get(dialect.models_url(client)), timeout_s=LIST_TIMEOUT_S)
    _refuse_transport(client, listing)
    _refuse_key(client, listing)
    models = listed_models(listing)
    if looks_like_html(listing.body) or (listing.status == 404 and not models):
        await _suggest_v1(client)
    model = target.model or (models[0] if len(models) == 1 else "")
    if not model:
        raise TargetUnreachable(
            f"No model is named, and {target.base_url} does not offer exactly one.",
            remedy=f"Name one with --model. {_offer(models)}",
        )
    question = Ask(messages=({"role": "user", "content": "Hi"},), max_tokens=1, stream=False)
    exchange = await client.send(dialect.request(client, question, model), timeout_s=timeout_s)
    _refuse_transport(client, exchange)
    _refuse_key(client, exchange)
    problem = dialect.read(exchange).problem
    if problem is not None:
        raise _not_ready(client, exchange, model, models, problem)
    latency_s = (exchange.end_ns - exchange.send_ns) / 1e9
    return TargetFacts(exchange.header("server"), models, model, latency_s)


def listed_models(exchange: Exchange) -> tuple[str, ...]:
    """The ids in a models listing; empty when it is none."""
    if exchange.error is not None or exchange.status != 200:
        return ()
    try:
        value = parse_json(exchange.body)
    except ValueError:
        return ()
    data = value.get("data") if isinstance(value, dict) else None
    entries = data if isinstance(data, list) else []
    ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
    return tuple(one for one in ids if isinstance(one, str))


def _offer(models: tuple[str, ...]) -> str:
    if not models:
        return "The server lists no models."
    shown = ", ".join(models[:_LISTED])
    more = f" and {len(models) - _LISTED} more" if len(models) > _LISTED else ""
    return f"The server lists: {shown}{more}."


async def _resolve(client: Client) -> None:
    """Tell a host that does not exist from a port where nothing listens."""
    _, host, port = origin_of(client.target.base_url)
    try:
        await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise TargetUnreachable(
            f"The host name {host!r} in {client.target.base_url} cannot be resolved.",
            remedy="Check the spelling of --base-url, or use the server's IP address.",
        ) from error


def _refuse_transport(client: Client, exchange: Exchange) -> None:
    if exchange.error is None:
        return
    _, host, port = origin_of(client.target.base_url)
    if exchange.error == "connect":
        raise TargetUnreachable(
            f"Nothing accepts connections at {host}:{port} ({exchange.error_text}).",
            remedy="Start the server, or correct the host and port in --base-url.",
        )
    if exchange.error == "timeout":
        raise TargetUnreachable(
            f"{exchange.request.url} accepted the connection but did not answer in time.",
            remedy="Wait until the server has loaded its model, then look at its log.",
        )
    problem = (transport_problem(exchange) or "").rstrip(".")
    raise TargetUnreachable(
        f"What answers at {host}:{port} does not speak HTTP as an API should ({problem}).",
        remedy="Check the port, and http:// against https://, in --base-url.",
    )


def _refuse_key(client: Client, exchange: Exchange) -> None:
    if exchange.status not in {401, 403}:
        return
    said = server_message(exchange.body)
    if client.target.api_key:
        remedy = "Check that the variable given to --api-key-env holds a valid key."
        sentence = f"{client.target.base_url} refuses the API key (HTTP {exchange.status}: {said})."
    else:
        remedy = "Put the key into an environment variable and name it with --api-key-env."
        sentence = f"{client.target.base_url} wants an API key (HTTP {exchange.status}: {said})."
    raise TargetUnreachable(sentence, remedy=remedy)


async def _suggest_v1(client: Client) -> None:
    """A base URL without its ``/v1`` is the commonest slip: look whether that cures it."""
    base_url = client.target.base_url.rstrip("/")
    if base_url.endswith("/v1") or client.target.dialect == "anthropic":
        return
    listing = await client.send(client.get(f"{base_url}/v1/models"), timeout_s=LIST_TIMEOUT_S)
    if listed_models(listing):
        raise TargetUnreachable(
            f"There is no API at {base_url}, but there is one at {base_url}/v1.",
            remedy=f"Use --base-url {base_url}/v1.",
        )


def _not_ready(
    client: Client, exchange: Exchange, model: str, models: tuple[str, ...], problem: str
) -> TargetUnreachable:
    url, problem = exchange.request.url, problem.rstrip(".")
    if looks_like_html(exchange.body):
        return TargetUnreachable(
            f"{url} answers with an HTML page (HTTP {exchange.status}), not with an API.",
            remedy="Check the port and the path (most servers want /v1) in --base-url.",
        )
    if exchange.status in {400, 404, 422} and models and model not in models:
        example = f" For example: --model {models[0]}."
        return TargetUnreachable(
            f"The server at {client.target.base_url} has no model {model!r} ({problem}).",
            remedy=_offer(models) + example,
        )
    if exchange.status == 404:
        return TargetUnreachable(
            f"{url} does not exist, or has no model {model!r} ({problem}).",
            remedy=f"Check --base-url, --dialect and --model. {_offer(models)}",
        )
    return TargetUnreachable(
        f"{url} does not answer a one-token request for {model!r}: {problem}.",
        remedy="Look at the server's log; it must answer this before it can be measured.",
    )
