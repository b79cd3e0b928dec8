"""The context length that a server declares for its model."""

from __future__ import annotations

from suites.contract.probe import Probe
from suites.contract.reading import at, decoded, is_int

# How servers call it in a model's entry.
KEYS = ("max_model_len", "context_length", "max_context_length", "context_window")


async def declared_context(probe: Probe) -> int | None:
    """Tokens that prompt and answer may have together; None when the listing does not tell."""
    listing = await probe.shared("models", lambda: probe.get("/models"))
    entries = at(decoded(listing.body), "data")
    listed = entries if isinstance(entries, list) else []
    mine = [one for one in listed if at(one, "id") == probe.target.model]
    found = (at(one, key) for one in mine[:1] for key in KEYS)
    return next((value for value in found if is_int(value) and value > 0), None)
