"""Every error of a tool's execution; the HTTP side decides what a client sees of it.

ToolError
├── ToolUnknown         no server has a tool of this name
├── ToolForbidden       the configuration does not allow this tool
├── ArgumentsInvalid    the arguments do not fit the tool's schema; ``field`` names the part
├── ToolboxUnavailable  the tool's server is not connected: try again later
├── ToolTimeout         the tool took longer than its server may
├── ToolFailed          the server broke the protocol or went away while the tool ran
└── ResultTooLarge      the result is larger than this server may answer
"""

from __future__ import annotations

from reference_server.errors import ServerError


class ToolError(ServerError):
    """Base of all errors of a tool's execution."""


class ToolUnknown(ToolError):
    """No server has a tool of this name."""


class ToolForbidden(ToolError):
    """The configuration does not allow this tool."""


class ArgumentsInvalid(ToolError):
    """The arguments do not fit the tool's schema."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class ToolboxUnavailable(ToolError):
    """The tool's server is not connected; a later try can succeed."""


class ToolTimeout(ToolError):
    """The tool took longer than its server may."""


class ToolFailed(ToolError):
    """The server broke the protocol or went away while the tool ran."""


class ResultTooLarge(ToolError):
    """The result is larger than this server may answer."""
