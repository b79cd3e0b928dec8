"""Routes that a server may lack: each is asked for once a run, with a small request of its own."""

from __future__ import annotations

from harness.records import Exchange, Json
from suites.contract.finding import Settled, unsupported
from suites.contract.probe import Probe

NO_ROUTE = frozenset({404, 405, 501})


async def served(probe: Probe, path: str, body: Json, what: str) -> Exchange:
    """The answer to the small request, which later checks share.

    Raises:
        Settled: the route is not there.
    """
    exchange = await probe.shared(f"route {path}", lambda: probe.post(path, body))
    if exchange.status in NO_ROUTE:
        told = f"POST {path} is HTTP {exchange.status}: the server does not have {what}"
        raise Settled(unsupported(told))
    return exchange
