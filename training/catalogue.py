"""All families of tools."""

from __future__ import annotations

from importlib import import_module

from training.family import Family

NAMES = (
    "booking", "calculator", "calendar", "clock_time", "contacts", "conversion", "device", "files",
    "light", "mail", "message", "music", "notes", "reader", "search", "stock", "thermostat",
    "timer", "tracking", "translation", "weather",
)  # fmt: skip
FAMILIES: tuple[Family, ...] = tuple(
    import_module(f"training.families.{name}").FAMILY for name in NAMES
)

# Families that could serve each other's requests: a request of one is no request "that no tool
# fits" while another of the group is offered.
GROUPS = {
    "mail": "sending", "message": "sending",
    "light": "home", "device": "home", "thermostat": "home",
    "calendar": "time", "timer": "time", "clock_time": "time", "booking": "time", "notes": "time",
    "search": "finding", "files": "finding", "reader": "finding", "contacts": "finding",
    "stock": "finding", "tracking": "finding", "weather": "finding",
    "conversion": "figures", "calculator": "figures",
}  # fmt: skip
