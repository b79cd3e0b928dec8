"""Runs for the tests of the store: small, with one measurement big enough for a blob."""

from __future__ import annotations

from pathlib import Path

from harness.records import Chunk, Estimate, Exchange, Measurement, Request, Verdict
from harness.store import RunLog

HEADER = {
    "suite_version": "1",
    "profile": "quick",
    "options": {},
    "plan": [{"id": "a", "repeats": 2, "parameters": {}}],
    "plan_hash": "0" * 64,
    "target": {
        "base_url": "http://127.0.0.1:1/v1",
        "model": "m",
        "dialect": "openai",
        "backend": "fake",
    },
    "provenance": {},
}


def exchange(size: int = 10, key: str = "Bearer sk-planted") -> Exchange:
    request = Request("POST", "http://127.0.0.1:1/v1/x", (("Authorization", key),), b'{"a": 1}')
    chunks = (Chunk(3, b"\xff\x00 not utf-8"), Chunk(4, "päö🎉".encode()), Chunk(5, b"x" * size))
    return Exchange(request, 1, 2, 3, 5, 200, (("Content-Type", "text/plain"),), chunks)


def measurement(repeat: int = 0, size: int = 10) -> Measurement:
    values = {"ttft_s": [0.1, 0.2], "text": "lone \ud83d surrogate", "n": repeat}
    return Measurement("a", repeat, "2026-01-01T00:00:00Z", 0.5, values, (exchange(size),))


VERDICT = Verdict("a", "pass", "it held", Estimate(1.0, 0.9, 1.0, 9, "wilson"), case_id="a")


def write_run(results: Path, *, seal: bool = True, measurements: int = 3) -> Path:
    log = RunLog.create(results, HEADER, suite="fake")
    for repeat in range(measurements):
        log.measurement(measurement(repeat, size=20_000 if repeat == 1 else 10))
    log.note("a note")
    log.verdict(VERDICT)
    if seal:
        log.seal("complete")
    else:
        log.flush()
        log.close()
    return log.path
