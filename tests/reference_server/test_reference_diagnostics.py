"""Each rule finds what it is for, and nothing where all is well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reference_server.diagnostics import RULES, Facts, examined, verdict
from reference_server.engine.runtime import Runtime

GOOD = Facts(
    host="127.0.0.1", api_key=False, alive=True, failure=None, device="cpu", dtype="float32",
    quantised=False, blas="mkl 2026.2.0", kernels="native", decoder="slots",
    decoder_reason="plain", end_tokens=2, runtime=Runtime("batched", "as told"),
    cache_budget_bytes=10**9, active_bytes=10**8, memory_bytes=10**10,
)  # fmt: skip

BAD = {
    "engine-dead": ({"alive": False, "failure": "it broke"}, "fail"),
    "no-key": ({"host": "0.0.0.0"}, "warning"),
    "slow-blas": ({"blas": "bundled"}, "warning"),
    "slow-type": ({"dtype": "bfloat16"}, "warning"),
    "emulated-kernels": ({"kernels": "emulated as on Metal"}, "warning"),
    "no-end": ({"end_tokens": 0}, "warning"),
    "memory-pressure": ({"active_bytes": 9 * 10**9}, "warning"),
    "decoder-serial": (
        {"decoder": "serial", "runtime": Runtime("simple", "it must", warns=True)}, "warning",
    ),
    "decoder-batch": (
        {"decoder": "batch", "runtime": Runtime("batched", "as asked for", warns=True)}, "warning",
    ),
}  # fmt: skip


def codes(facts):
    return {finding.code: finding.level for finding in examined(facts)}


def test_a_good_server_is_healthy():
    assert codes(GOOD) == {"decoder-slots": "info", "cache-on": "info"}
    assert verdict(examined(GOOD)) == "healthy"


@pytest.mark.parametrize("code", BAD)
def test_what_is_wrong_is_found_with_a_remedy(code):
    change, level = BAD[code]
    found = examined(replace(GOOD, **change))
    assert code not in codes(GOOD)
    assert codes(replace(GOOD, **change))[code] == level
    assert found[0].code == code, "the worst comes first"
    assert verdict(found) == ("unhealthy" if level == "fail" else "degraded")
    if code != "decoder-serial":
        assert found[0].remedy


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"host": "0.0.0.0", "api_key": True}, "no-key"),
        ({"device": "gpu", "blas": "accelerate"}, "slow-blas"),
        ({"device": "gpu", "dtype": "bfloat16", "quantised": True}, "slow-type"),
    ],
)
def test_no_false_alarm(change, code):
    assert code not in codes(replace(GOOD, **change))


def test_a_quantised_model_is_slow_on_a_cpu():
    assert "slow-type" in codes(replace(GOOD, quantised=True))


def test_serial_batching_that_was_asked_for_is_no_warning():
    facts = replace(GOOD, decoder="serial", runtime=Runtime("simple", "as asked for"))
    assert codes(facts)["decoder-serial"] == "info"


def test_the_cache_is_told():
    assert "cache-off" in codes(replace(GOOD, cache_budget_bytes=0))
    assert len(RULES) == len({rule.__name__ for rule in RULES})
