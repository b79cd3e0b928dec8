"""Runs to render, recorded through the store as a session records them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.records import Estimate, Measurement, Outcome, Verdict
from harness.store import Run, RunLog, read

STARTED = "2026-11-20T09:{minute:02d}:00.000+00:00"
PROVENANCE: dict[str, Any] = {
    "machine": {
        "chip": "Apple M4 Max",
        "cores_logical": 16,
        "memory_bytes": 68719476736,
        "os": "macOS 26.1",
        "os_build": "25B78",
        "power": "AC",
        "thermal": "nominal",
        "load_1m": 0.31,
    },
    "python": {"version": "3.12.8"},
    "packages": {"mlx-serving-harness": "0.1.0", "mlx": "0.32.0"},
    "server": {
        "name": "reference",
        "version": "0.1.0",
        "command": "python -m reference_server --port 8000",
        "url": "http://127.0.0.1:8000/v1",
    },
    "clock": {"name": "mach_absolute_time()", "resolution_s": 1e-9},
    "model": {"path": None, "files": {"model.safetensors": "3b" * 32, "config.json": "9c" * 32}},
}
LENGTH = 160  # characters of every sample answer


@dataclass(frozen=True)
class Content:
    """What one run holds, before it is written."""

    suite: str
    measurements: Sequence[Measurement] = ()
    verdicts: Sequence[Verdict] = ()
    notes: Sequence[str] = ()
    header: Mapping[str, Any] = field(default_factory=dict)
    sealed: bool = True


def record(results: Path, content: Content, server: str = "reference", **changes: Any) -> Run:
    """The content as a run on disk, read back. ``changes`` replace fields of the machine."""
    provenance = PROVENANCE | {
        "server": PROVENANCE["server"] | {"name": server},
        "machine": PROVENANCE["machine"] | changes,
    }
    header = {
        # The reference server is the first column, also when two runs begin in the same second.
        "started_at": STARTED.format(minute=0) if server == "reference" else "2026-11-20T10",
        "suite_version": "1",
        "profile": "quick",
        "options": {},
        "plan": [],
        "plan_hash": f"plan of {content.suite}",
        "command": f"harness run --backend {server}",
        "target": {
            "base_url": "http://127.0.0.1:8000/v1",
            "model": "embedded",
            "dialect": "openai",
            "backend": server,
        },
        "provenance": provenance,
        **content.header,
    }
    log = RunLog.create(results, header, suite=content.suite)
    for measurement in content.measurements:
        log.measurement(measurement)
    for note in content.notes:
        log.note(note)
    for verdict in content.verdicts:
        log.verdict(verdict)
    if content.sealed:
        log.seal("complete")
    else:
        log.close()
    return read(log.path)


def measured(case_id: str, repeat: int = 0, minute: int = 0, **values: Any) -> Measurement:
    return Measurement(case_id, repeat, STARTED.format(minute=minute), 1.5, values)


def throughput(speed: float = 1.0, seed: int = 1) -> Content:
    """Three levels of three repeats, with invented but plausible waiting times."""
    rng = random.Random(seed)
    measurements, verdicts = [], []
    for concurrency in (1, 4, 8):
        rates = []
        waits: list[float] = []
        gaps: list[float] = []
        for repeat in range(3):
            ttft = [rng.lognormvariate(-3.2, 0.3) * concurrency**0.6 / speed for _ in range(8)]
            itl = [rng.lognormvariate(-4.7, 0.15) * concurrency**0.25 / speed for _ in range(60)]
            waits += ttft
            gaps += itl
            rates.append(110 * speed * concurrency**0.7 * rng.uniform(0.97, 1.03))
            case = f"closed-{concurrency}"
            measurements.append(measured(case, repeat, concurrency, ttft_s=ttft, itl_s=itl))
        waits.sort()
        gaps.sort()
        mean = sum(rates) / 3
        rate = {"value": mean, "low": mean * 0.94, "high": mean * 1.06, "n": 3, "method": "t"}
        detail = {
            "concurrency": concurrency,
            "tok_s": rate,
            "ttft_p50_s": waits[12],
            "ttft_p90_s": waits[21],
            "itl_p50_s": gaps[90],
            "itl_p90_s": gaps[162],
            "itl_p99_s": gaps[178],
            "failures": {},
        }
        verdicts.append(
            Verdict(
                f"closed-{concurrency}",
                "pass",
                "every request finished with its tokens",
                Estimate(mean, mean * 0.94, mean * 1.06, 3, "t", "tok/s"),
                f"closed-{concurrency}",
                detail,
            )
        )
    verdicts.append(Verdict("throughput", "pass", "8 in flight give 4.1 times the tokens of 1"))
    return Content("throughput", measurements, verdicts)


def divergence(differing: int = 9, control: int = 0, prompts: int = 72) -> Content:
    """A server whose answers differ under load for some prompts."""
    rng = random.Random(differing)
    firsts = [rng.randrange(5, LENGTH) if i < differing else None for i in range(prompts)]
    idle = [rng.randrange(5, LENGTH) if i < control else None for i in range(prompts)]
    share = 1 - differing / prompts
    detail = {
        "exact": _share(share, prompts),
        "control": _share(1 - control / prompts, prompts),
        "excess": {**_share(1 - share, prompts), "method": "bca"},
        "first_divergence": {"concurrent": firsts, "control": idle, "length": [LENGTH] * prompts},
        "unit": "characters",
    }
    outcome: Outcome = "pass" if not differing else "inconclusive" if control else "fail"
    reason = f"{prompts - differing} of {prompts} answers were identical under load"
    cases = [
        Verdict(f"diverge-{i:02d}", "pass", "all 8 answers are identical", None, f"diverge-{i:02d}")
        for i in range(9)
    ]
    return Content(
        "divergence",
        [measured(f"diverge-{i:02d}", minute=20 + i) for i in range(9)],
        [*cases, Verdict("divergence", outcome, reason, None, None, detail)],
    )


def _share(value: float, n: int) -> dict[str, Any]:
    low, high = max(0.0, value - 0.07), min(1.0, value + 0.05)
    return {"value": value, "low": low, "high": high, "n": n, "method": "clopper-pearson"}


def contract(failing: Iterable[str] = ()) -> Content:
    """Sixty rules, of which the named ones fail."""
    severities = ("MUST", "MUST", "SHOULD", "MUST", "MAY")
    bad = set(failing)
    verdicts = []
    for i in range(60):
        rule = f"{('MOD', 'CHT', 'STR', 'ANT', 'ERR')[i // 12]}-{i % 12 + 1:02d}"
        outcome: Outcome = "fail" if rule in bad else "skip" if i % 11 == 7 else "pass"
        detail: dict[str, Any] = {
            "severity": severities[i % 5],
            "rule": "The answer to a request with an unknown field keeps its shape and its status."
            if i % 3
            else "A list is a list.",
            "source": "OpenAI API specification, CreateChatCompletionRequest",
            "finding": {"skip": "unsupported"}.get(outcome, outcome),
        }
        if outcome == "fail":
            detail |= {
                "expected": "status 400 with an error object that names the field",
                "got": 'status 200\n{"id": "chatcmpl-1", "choices": []}',
                "curl": "curl -s http://127.0.0.1:8000/v1/chat/completions -d '{\"n\": -1}'",
            }
        reason = "the request was accepted" if outcome == "fail" else "as the rule says"
        verdicts.append(Verdict(rule, outcome, reason, None, rule, detail))
    must = [v for v in verdicts if v.outcome == "fail" and v.detail["severity"] == "MUST"]
    said = f"{len(must)} of 36 MUST rules are not kept"
    verdicts.append(Verdict("contract MUST", "fail" if must else "pass", said))
    verdicts.append(Verdict("contract SHOULD", "pass", "12 rules, of which 1 is unsupported"))
    return Content("contract", [measured("CHT-01", minute=40)], verdicts)


def tools(failing: Iterable[str] = ()) -> Content:
    """Wire and behaviour probes, of which the named ones fail."""
    bad = set(failing)
    verdicts = []
    for layer, probes in (
        ("L1", ("one-call", "two-calls", "unicode", "malformed", "stream", "anthropic")),
        ("L2", ("weather", "no-call", "enum")),
    ):
        for probe in probes:
            case_id = f"tool-{'wire' if layer == 'L1' else 'behave'}-{probe}"
            outcome: Outcome = "fail" if case_id in bad else "pass"
            n = 2 if layer == "L1" else 3
            k = n if outcome == "pass" else n - 1
            verdicts.append(
                Verdict(
                    case_id,
                    outcome,
                    f"{k} of {n} deliveries were exact",
                    Estimate(k / n, 0.2, 1.0, n, "wilson"),
                    case_id,
                    {"probe": case_id, "layer": layer, "passed": k, "n": n},
                )
            )
    wire = "fail" if any(b.startswith("tool-wire") for b in bad) else "pass"
    verdicts.append(Verdict("tool wire", wire, "exact calls in 6 probes"))
    verdicts.append(
        Verdict("tool behaviour", "inconclusive", "the model made no tool call in 9 requests")
    )
    return Content("tool_calling", [measured("tool-wire-one-call", minute=50)], verdicts)


def two_targets(results: Path) -> list[Run]:
    """A clean server beside one with faults: four suites each."""
    good = (throughput(), divergence(0), contract(), tools())
    bad = (
        throughput(0.7, seed=2),
        divergence(9, 2),
        contract(["CHT-03", "STR-07", "ERR-05", "ANT-08"]),
        tools(["tool-wire-two-calls"]),
    )
    runs = [record(results, content) for content in good]
    return runs + [record(results, content, "mlx-lm", os_build="25C1") for content in bad]
