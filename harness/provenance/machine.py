"""The machine, read from the system. Parsers are pure; readers run one command or open one file."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

from harness.records import Json

UNKNOWN = "unknown"
CGROUP = "/sys/fs/cgroup"
NO_LIMIT_BYTES = 1 << 62  # version 1 writes "no limit" as the largest multiple of a page
COMMAND_TIMEOUT_S = 5.0  # these commands answer in milliseconds; a hanging one must not hang a run


def machine() -> dict[str, Json]:
    """Chip, cores, memory, operating system, power and thermal state."""
    system = _macos() if sys.platform == "darwin" else _linux()
    return {
        "arch": platform.machine(),
        "cores_physical": psutil.cpu_count(logical=False),
        "cores_logical": psutil.cpu_count(),
        "cores_usable": _usable_cores(),
        "memory_bytes": psutil.virtual_memory().total,
        "kernel": platform.release(),
        "load_1m": round(os.getloadavg()[0], 2),
        **system,
    }


def _usable_cores() -> int | None:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return psutil.cpu_count()


def _linux() -> dict[str, Json]:
    release = parse_os_release(_file("/etc/os-release"))
    return {
        "chip": parse_cpuinfo(_file("/proc/cpuinfo")),
        "model": _file("/sys/devices/virtual/dmi/id/product_name").strip() or UNKNOWN,
        "os": release.get("PRETTY_NAME", UNKNOWN),
        "os_build": release.get("VERSION_ID", UNKNOWN),
        "power": _linux_power(),
        "thermal": _linux_thermal(),
        "virtual": _linux_virtual(),
        "cgroup_cpu_cores": parse_cpu_limit(
            _file(f"{CGROUP}/cpu.max") or _cpu_limit_of_version_1()
        ),
        "cgroup_memory_bytes": parse_memory_limit(
            _file(f"{CGROUP}/memory.max") or _file(f"{CGROUP}/memory/memory.limit_in_bytes")
        ),
    }


def _cpu_limit_of_version_1() -> str:
    folder = f"{CGROUP}/cpu"
    return f"{_file(f'{folder}/cpu.cfs_quota_us')} {_file(f'{folder}/cpu.cfs_period_us')}"


def _linux_virtual() -> bool:
    """Whether a hypervisor runs underneath, whose other guests a measurement may feel."""
    fields = parse_colons(_file("/proc/cpuinfo"))
    return "hypervisor" in fields.get("flags", "").split() or Path("/sys/hypervisor/type").exists()


def parse_cpu_limit(text: str) -> float | None:
    """Quota and period of a cgroup (``cpu.max``, or both files of version 1) in cores."""
    parts = text.split()
    if len(parts) != 2 or not all(part.isdigit() for part in parts) or int(parts[1]) == 0:
        return None  # "max" in version 2 and -1 in version 1 are no limit
    return int(parts[0]) / int(parts[1])


def parse_memory_limit(text: str) -> int | None:
    """Bytes that a cgroup may use; None without a limit."""
    limit = text.strip()
    return int(limit) if limit.isdigit() and int(limit) < NO_LIMIT_BYTES else None


def _linux_power() -> str:
    online = [_file(str(path)).strip() for path in Path("/sys/class/power_supply").glob("*/online")]
    if not online:
        return UNKNOWN
    return "mains" if "1" in online else "battery"


def _linux_thermal() -> str:
    zones = [
        _file(str(path)).strip() for path in Path("/sys/class/thermal").glob("thermal_zone*/temp")
    ]
    celsius = [int(zone) / 1000 for zone in zones if zone.lstrip("-").isdigit()]
    return f"{max(celsius):.0f} °C" if celsius else UNKNOWN


def _macos() -> dict[str, Json]:
    # Not run on macOS yet; the parsers are tested on the commands' documented output.
    versions = parse_colons(_command("sw_vers"))
    return {
        "chip": _command("sysctl", "-n", "machdep.cpu.brand_string").strip() or UNKNOWN,
        "model": _command("sysctl", "-n", "hw.model").strip() or UNKNOWN,
        "os": f"{versions.get('ProductName', 'macOS')} {versions.get('ProductVersion', UNKNOWN)}",
        "os_build": versions.get("BuildVersion", UNKNOWN),
        "power": parse_pmset_power(_command("pmset", "-g", "batt")),
        "thermal": parse_pmset_thermal(_command("pmset", "-g", "therm")),
        "low_power_mode": parse_pmset_low_power(_command("pmset", "-g")),
        "cores_performance": parse_count(_command("sysctl", "-n", "hw.perflevel0.physicalcpu")),
        "cores_efficiency": parse_count(_command("sysctl", "-n", "hw.perflevel1.physicalcpu")),
        # A virtual machine has a paravirtual GPU: its speed says nothing about the chip's.
        "virtual": parse_count(_command("sysctl", "-n", "kern.hv_vmm_present")) == 1,
    }


def parse_count(text: str) -> int | None:
    """A whole number as ``sysctl -n`` prints it; None where the system does not know the name."""
    return int(text) if text.strip().isdigit() else None


def parse_pmset_low_power(text: str) -> bool | None:
    """``pmset -g``: whether low power mode, which lowers the clocks, is on."""
    for line in text.splitlines():
        if line.split()[:1] == ["lowpowermode"]:
            return line.split()[1:2] == ["1"]
    return None


def parse_cpuinfo(text: str) -> str:
    """The processor's name from /proc/cpuinfo (``model name`` on x86, ``Model`` on some ARM)."""
    fields = parse_colons(text)
    name = fields.get("model name") or fields.get("Model")
    if name is None and "CPU part" in fields:  # most ARM servers tell numbers only
        name = f"ARM implementer {fields.get('CPU implementer', '?')} part {fields['CPU part']}"
    return name or platform.processor() or UNKNOWN


def parse_colons(text: str) -> dict[str, str]:
    """``key: value`` lines; the first of a key wins."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            found.setdefault(key.strip(), value.strip())
    return found


def parse_os_release(text: str) -> Mapping[str, str]:
    """os-release(5): ``KEY="value"`` lines."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key: value.strip().strip("\"'") for key, _, value in pairs}


def parse_pmset_power(text: str) -> str:
    """``pmset -g batt``: what the machine draws from."""
    if "'AC Power'" in text:
        return "mains"
    return "battery" if "'Battery Power'" in text else UNKNOWN


def parse_pmset_thermal(text: str) -> str:
    """``pmset -g therm``: nominal, or the speed limit in percent."""
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and name.strip() == "CPU_Speed_Limit":
            return "nominal" if value.strip() == "100" else f"limited to {value.strip()} %"
    return "nominal" if "No thermal warning" in text else UNKNOWN


def _file(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""


def _command(*argv: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands of the operating system
            argv, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
