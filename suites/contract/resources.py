"""What a server's process holds, where it runs on this machine and may be looked at."""

from __future__ import annotations

from ipaddress import ip_address

import psutil

from harness.wire.http import origin_of
from suites.contract.probe import Probe


def is_local(probe: Probe) -> bool:
    """Whether the target's address is this machine's loopback."""
    host = origin_of(probe.target.base_url)[1]
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def server_process(probe: Probe) -> psutil.Process | None:
    """The process that listens on the target's port; None when it cannot be known.

    macOS tells the owner of a socket to root alone.
    """
    if not is_local(probe):
        return None
    port = origin_of(probe.target.base_url)[2]
    try:
        found = psutil.net_connections(kind="tcp")
        # laddr is (address, port), or () for a socket without one
        pids = {c.pid for c in found if c.status == psutil.CONN_LISTEN and port in c.laddr}
        pid = next((one for one in pids if one), None)
        return psutil.Process(pid) if pid else None
    except psutil.Error:
        return None


def descriptors(process: psutil.Process) -> int | None:
    """How many files and sockets it holds; None when that is not told."""
    try:
        return process.num_fds()
    except psutil.Error:
        return None


def resident_bytes(process: psutil.Process) -> int | None:
    """Its memory, with that of its children; None when that is not told."""
    try:
        family = [process, *process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family)
    except psutil.Error:
        return None
