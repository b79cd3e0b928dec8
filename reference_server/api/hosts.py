"""The Host check: a web page must not reach this server through a name of its own (DNS rebinding).

A page of http://evil.example whose name is made to point at 127.0.0.1 is of the same origin as this
server, for a browser; what gives it away is the name in the Host header. An address in its place is
always let in: no page can be of an address's origin without coming from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from reference_server.api.errors import ApiError, response

ANY = "*"


class HostCheck:
    """ASGI middleware that answers 403 when the Host header names somebody else.

    ``names`` are let in beside localhost and all addresses; with ``*`` among them nothing is
    checked. Browsers always send the header: without it a request is let in.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app = app
        self.names = {"localhost"} | {name.lower().rstrip(".") for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or ANY in self.names or self._admits(scope):
            await self.app(scope, receive, send)
            return
        error = ApiError(
            403,
            "This server does not go by the name in the Host header; "
            "it is started with --allowed-host NAME for each further name.",
            code="host_not_allowed",
        )
        await response(error, scope)(scope, receive, send)

    def _admits(self, scope: Scope) -> bool:
        values = [value for name, value in scope["headers"] if name == b"host"]
        return all(self._known(name_in(value.decode("latin-1"))) for value in values)

    def _known(self, name: str) -> bool:
        return name in self.names or is_address(name)


def name_in(host: str) -> str:
    """The name of a Host header's value, in lower case, without port and brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def is_address(name: str) -> bool:
    """Whether it is an IP address and no name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
