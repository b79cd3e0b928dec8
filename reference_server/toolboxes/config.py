"""The file of MCP servers: ``{"mcpServers": {NAME: SERVER}}`` as other MCP clients have it.

A server is a program (``command``, ``args``, ``env``, ``cwd``) or an address of streamable HTTP
(``url``, ``headers``). ``${NAME}`` in a value of ``env`` or ``headers`` is taken from this server's
environment, so that secrets need not stand in the file. Each server may have besides: ``allow``,
the tools that may be offered and executed (a list of names, or ``"*"``; none when left out),
``connect_s`` (to start, shake hands and list the tools), ``timeout_s`` of a call and
``max_result_bytes`` of a result's JSON.
"""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias
from urllib.parse import urlsplit

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from reference_server.errors import ServerError

# The name becomes the first part of the tools' names, which have 64 characters in all (OpenAI's
# specification) and whose parts two underscores keep apart.
SERVER_NAME = re.compile(r"(?=.{1,32}\Z)[a-zA-Z0-9-]+(_[a-zA-Z0-9-]+)*")

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

# Redacting anything shorter would tear words apart, and hide nothing.
SHORTEST_SECRET = 4


class ToolboxConfigError(ServerError):
    """The file of MCP servers cannot be used."""


def _expanded(value: SecretStr) -> SecretStr:
    def variable(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if found is None:
            raise ValueError(f"names the variable {match[1]}, which is not set")
        return found

    return SecretStr(VARIABLE.sub(variable, value.get_secret_value()))


Secret = Annotated[SecretStr, AfterValidator(_expanded)]


class _Server(BaseModel, ABC):
    """What both kinds of server have."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: str
    allow: Literal["*"] | list[str] = Field(default_factory=list)
    connect_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    max_result_bytes: Annotated[int, Field(ge=1, le=16 * 1024 * 1024)] = 256 * 1024

    def allows(self, tool: str) -> bool:
        """Whether a tool of this server may be offered and executed."""
        return self.allow == "*" or tool in self.allow

    def redacted(self, text: str) -> str:
        """The text without the secrets of this server's configuration."""
        for secret in self.secrets():
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "***")
        return text

    @abstractmethod
    def secrets(self) -> list[str]:
        """The values that nobody may read."""


class ProgramServer(_Server):
    """An MCP server that is started as a process and spoken to over its standard streams."""

    type: Literal["stdio"] = "stdio"
    command: Annotated[str, Field(min_length=1)]
    args: list[str] = Field(default_factory=list)
    env: dict[str, Secret] = Field(default_factory=dict)
    cwd: str | None = None

    def secrets(self) -> list[str]:
        """The values of ``env``."""
        return [value.get_secret_value() for value in self.env.values()]


class HttpServer(_Server):
    """An MCP server behind an address, spoken to over streamable HTTP."""

    type: Literal["http", "streamable-http"] = "http"
    url: str
    headers: dict[str, Secret] = Field(default_factory=dict)

    def secrets(self) -> list[str]:
        """The values of ``headers``, and the address's query, where some servers want a key."""
        query = urlsplit(self.url).query
        values = [value.get_secret_value() for value in self.headers.values()]
        # "Bearer abc" may come back as "abc".
        return [*values, *(value.split()[-1] for value in values if value.strip()), query]

    @model_validator(mode="after")
    def _address_is_safe(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("url must begin with http:// or https:// and name a host")
        if parts.username is not None:
            raise ValueError("url must not hold a password; send it in headers")
        if parts.scheme == "http" and self.headers and not _is_here(parts.hostname):
            raise ValueError("headers would travel in the clear; use https")
        return self


Server: TypeAlias = ProgramServer | HttpServer


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_servers(path: Path) -> list[Server]:
    """The servers of a file, in its order.

    Raises:
        ToolboxConfigError: it cannot be read, or an entry of it cannot be honoured.
    """
    try:
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        raise ToolboxConfigError(f"--mcp-config: cannot read {path}: {error.strerror}.") from error
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ToolboxConfigError(f"--mcp-config: {path} is not valid JSON at {place}.") from error
    servers = content.get("mcpServers") if isinstance(content, dict) else None
    if not isinstance(servers, dict) or set(content) != {"mcpServers"}:
        raise ToolboxConfigError(
            f'--mcp-config: {path} must be an object with the one key "mcpServers", an object of '
            "servers by name."
        )
    return [_server(name, entry) for name, entry in servers.items()]


def _server(name: str, entry: object) -> Server:
    place = f"--mcp-config: mcpServers.{name}"
    if not SERVER_NAME.fullmatch(name):
        raise ToolboxConfigError(
            f"{place}: a server's name has at most 32 letters, digits, hyphens and single "
            "underscores between them."
        )
    if not isinstance(entry, Mapping) or ("command" in entry) == ("url" in entry):
        raise ToolboxConfigError(f"{place} must be an object with either command or url.")
    fields: dict[str, Any] = {**entry, "name": name}
    try:
        return (HttpServer if "url" in entry else ProgramServer).model_validate(fields)
    except ValidationError as error:
        # The values stay out of the sentence: one of them may be a secret.
        fault = error.errors(include_url=False, include_input=False)[0]
        path = "".join(f".{step}" for step in fault["loc"])
        sentence = fault["msg"].removeprefix("Value error, ")
        raise ToolboxConfigError(f"{place}{path}: {sentence}.") from None
