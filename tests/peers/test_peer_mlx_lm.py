"""A real server that others wrote, driven by all four suites: mlx_lm.server with its defaults.

Known defects of mlx-lm 0.32 must come out; a suite that found none of them would prove nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import store
from harness.backends import BACKENDS, ServerProcess, free_port
from harness.errors import TargetUnreachable
from harness.records import Target
from harness.wire import Client, check_target

pytestmark = [
    pytest.mark.server,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        BACKENDS["mlx-lm"].missing() is not None, reason="needs mlx-lm: pip install mlx-lm"
    ),
]

# Rules that mlx_lm.server 0.32 breaks on every platform, without ending its own service.
BROKEN = {
    "CHT-23": "a stop string inside tokens cuts text out of the middle",
    "CHT-38": "n=2 gives one choice",
    "CHT-45": "null is refused where absence is accepted",
    "CHT-62": "response_format is ignored",
    "CHT-69": "an unknown role is accepted",
    "CHT-72": "user content of the wrong type is accepted",
    "CHT-77": "an empty list of messages is answered with 404",
    "ERR-02": "errors are strings",
}
# Single requests after which it serves nobody any more.
LETHAL = {
    "CHT-27": "a number as stop",
    "CMP-03": "a list of prompts",
    "CMP-05": "an empty prompt",
    "CHT-59": "logit_bias outside of the vocabulary",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("peer")


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    """The base URL of a running mlx_lm.server, which is stopped whatever happens."""
    launch = BACKENDS["mlx-lm"].launch(None, free_port())
    with ServerProcess(launch) as process:
        asyncio.run(_ready(process, Target(launch.base_url, "default_model")))
        yield launch.base_url


async def _ready(process: ServerProcess, target: Target) -> None:
    for _ in range(300):
        process.check()
        try:
            async with Client(target) as client:
                await check_target(client)
        except TargetUnreachable:
            await asyncio.sleep(0.2)
        else:
            return
    raise AssertionError(f"mlx_lm.server never became ready: {process.tail()}")


def harness(*arguments: str) -> tuple[int, dict[str, Any], str]:
    """Run the command as a user does; exit code, its JSON document, what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "harness", *arguments, "--json"],
        capture_output=True,
        text=True,
        timeout=500,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


def test_all_four_suites_drive_a_server_that_already_runs(peer: str, results: Path) -> None:
    code, told, said = harness(
        *("run", "--base-url", peer, "--model", "default_model"),
        *("--results", str(results / "all"), "--report", str(results / "all.html")),
        *("--suite", "throughput", "--suite", "divergence", "--suite", "tool_calling"),
        *("--suite", "contract"),
    )
    assert [run["suite"] for run in told["runs"]] == [
        "throughput", "divergence", "tool_calling", "contract",
    ], said  # fmt: skip
    outcomes = {run["suite"]: run["outcome"] for run in told["runs"]}
    # A request of the contract suite ends its service; a server of somebody else's stays ended.
    assert outcomes == {
        "throughput": "complete",
        "divergence": "complete",
        "tool_calling": "complete",
        "contract": "failed",
    }
    assert code == 4
    for run in told["runs"]:
        assert store.verify(Path(run["path"])) == []
    contract = told["runs"][-1]["cases"]
    assert {rule for rule in BROKEN if contract.get(rule) != "fail"} == set()
    assert (results / "all.html").stat().st_size > 10_000
    assert (results / "all.md").is_file()


def test_the_defects_that_end_its_service_are_found_when_it_can_be_restarted(
    results: Path,
) -> None:
    code, told, said = harness(
        *("run", "--backend", "mlx-lm", "--suite", "contract"),
        *("--results", str(results / "lethal"), "--report", str(results / "lethal.html")),
        *(part for rule in (*LETHAL, "MOD-01", "CHT-01", "CHT-48") for part in ("--case", rule)),
    )
    run = told["runs"][0]
    assert {rule for rule in LETHAL if run["cases"].get(rule) != "fail"} == set(), said
    # and it is not that everything fails: these it does right
    assert {run["cases"]["CHT-01"], run["cases"]["CHT-48"]} == {"pass"}
    assert run["outcome"] == "complete"
    assert code == 1
