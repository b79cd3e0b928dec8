"""From the command line to the MCP servers that it names."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from reference_server.diagnostics import LOOPBACK
from reference_server.toolboxes.config import ToolboxConfigError, read_servers

if TYPE_CHECKING:
    from reference_server.toolboxes.toolboxes import Toolboxes


def configured(options: argparse.Namespace) -> Toolboxes | None:
    """The MCP servers of ``--mcp-config``, not yet connected; None without it.

    Raises:
        ToolboxConfigError: their file cannot be used, the package that speaks MCP is not there, or
            everybody on the network could execute tools.
    """
    if options.mcp_config is None:
        if options.mcp_offer:
            raise ToolboxConfigError("--mcp-offer needs --mcp-config, which says what to offer.")
        return None
    if options.host not in LOOPBACK and not options.api_key:
        raise ToolboxConfigError(
            f"--mcp-config with --host {options.host} would let everybody there execute tools. "
            "Give --api-key, or listen on 127.0.0.1."
        )
    servers = read_servers(options.mcp_config)
    try:
        from reference_server.toolboxes.toolboxes import Toolboxes
    except ImportError as error:
        raise ToolboxConfigError(
            "--mcp-config needs the package mcp, 2.3 or later: "
            "pip install 'mlx-serving-harness[mcp]'."
        ) from error
    return Toolboxes(servers, offer=options.mcp_offer)
