"""What is worth knowing about a server that runs: rules over facts, each a sentence and a remedy.

The same findings are logged at the start and told by ``/health/diagnostics``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reference_server.engine.runtime import Runtime
from reference_server.models.kernels import NATIVE

Level: TypeAlias = Literal["info", "warning", "fail"]

# Share of the machine's memory in use by MLX from which on the next long prompt may not fit.
MEMORY_PRESSURE = 0.85

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at."""

    host: str
    api_key: bool
    alive: bool
    failure: str | None
    device: str
    dtype: str
    quantised: bool
    blas: str
    kernels: str
    decoder: str
    decoder_reason: str
    end_tokens: int
    runtime: Runtime
    cache_budget_bytes: int
    active_bytes: int
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule has found."""

    level: Level
    code: str
    sentence: str
    remedy: str = ""


Rule: TypeAlias = Callable[[Facts], Finding | None]


def _dead(facts: Facts) -> Finding | None:
    if facts.alive:
        return None
    return Finding(
        "fail", "engine-dead", f"The engine has stopped: {facts.failure}.", "Restart the server."
    )


def _open_to_others(facts: Facts) -> Finding | None:
    if facts.host in LOOPBACK or facts.api_key:
        return None
    return Finding(
        "warning",
        "no-key",
        f"The server listens on {facts.host} and asks for no key: everyone there can use it.",
        "Give --api-key, or listen on 127.0.0.1.",
    )


def _slow_blas(facts: Facts) -> Finding | None:
    if facts.device != "cpu" or not facts.blas.startswith("bundled"):
        return None
    return Finding(
        "warning",
        "slow-blas",
        "MLX computes with its bundled BLAS, 7 to 47 times slower in float32 than with MKL.",
        "Install the extra linux-blas: pip install 'mlx-serving-harness[linux-blas]'.",
    )


def _slow_type(facts: Facts) -> Finding | None:
    if facts.device != "cpu" or (facts.dtype == "float32" and not facts.quantised):
        return None
    kind = "quantised" if facts.quantised else facts.dtype
    return Finding(
        "warning",
        "slow-type",
        f"The model is {kind}; on a CPU only float32 has fast kernels in MLX.",
        "Use a float32 model here.",
    )


def _emulated(facts: Facts) -> Finding | None:
    if facts.kernels == NATIVE:
        return None
    return Finding(
        "warning",
        "emulated-kernels",
        f"Products are {facts.kernels}: slow, and with the rounding of 16-bit models.",
        "Leave --emulate-kernels out unless a judge of divergence is being tested.",
    )


def _no_end(facts: Facts) -> Finding | None:
    if facts.end_tokens:
        return None
    return Finding(
        "warning",
        "no-end",
        "The model names no end-of-sequence token: every answer runs to max_tokens.",
        "Add eos_token_id to its generation_config.json.",
    )


def _memory(facts: Facts) -> Finding | None:
    share = facts.active_bytes / facts.memory_bytes
    if share < MEMORY_PRESSURE:
        return None
    return Finding(
        "warning",
        "memory-pressure",
        f"MLX holds {share:.0%} of the machine's memory.",
        "Lower --max-batch or --cache-memory-percent.",
    )


def _decoder(facts: Facts) -> Finding | None:
    told = {
        "slots": f"Requests run in slots: {facts.decoder_reason}.",
        "batch": f"Requests run in mlx-lm's batches, without prefix cache: {facts.decoder_reason}.",
        "serial": f"One request runs at a time: {facts.decoder_reason}.",
    }
    warns = facts.runtime.warns
    forced = warns and facts.runtime.mode == "batched"
    return Finding(
        "warning" if warns else "info",
        f"decoder-{facts.decoder}",
        told[facts.decoder],
        "Leave --runtime-mode batched out." if forced else "",
    )


def _cache(facts: Facts) -> Finding | None:
    if facts.decoder != "slots":
        return None
    if facts.cache_budget_bytes == 0:
        return Finding("info", "cache-off", "Prefixes are not kept.")
    return Finding(
        "info", "cache-on", f"Up to {facts.cache_budget_bytes / 1e6:.0f} MB of prefixes are kept."
    )


RULES: tuple[Rule, ...] = (
    _dead, _open_to_others, _slow_blas, _slow_type, _emulated, _no_end, _memory, _decoder, _cache,
)  # fmt: skip


def examined(facts: Facts) -> list[Finding]:
    """What the rules find, the worst first."""
    order = ("fail", "warning", "info")
    found = [finding for rule in RULES if (finding := rule(facts)) is not None]
    return sorted(found, key=lambda finding: order.index(finding.level))


def verdict(findings: list[Finding]) -> Literal["healthy", "degraded", "unhealthy"]:
    """Unhealthy with a failure, degraded with a warning."""
    levels = {finding.level for finding in findings}
    return "unhealthy" if "fail" in levels else "degraded" if "warning" in levels else "healthy"
