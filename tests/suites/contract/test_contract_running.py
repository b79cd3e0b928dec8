"""Gauges of running requests as servers write them."""

from __future__ import annotations

import pytest

from suites.contract.running import told


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("reference_server_num_requests_running 2.0", 2),
        ('vllm:num_requests_running{engine="0",model_name="m"} 3.0', 3),
        ("llamacpp:requests_processing 1", 1),
        ('sglang:num_running_reqs{model_name="m"} 0.0', 0),
        ("tgi_batch_current_size 4", 4),
    ],
)
def test_gauges_of_servers_are_known(line: str, count: float) -> None:
    assert told(f"# HELP x y\n{line}\nother_total 9\n") == count


def test_models_of_one_server_are_added() -> None:
    lines = [f'vllm:num_requests_running{{model_name="{name}"}} 1.0' for name in "ab"]
    assert told("\n".join(lines)) == 2


@pytest.mark.parametrize(
    "line", ["", "vllm:num_requests_waiting 5", "# TYPE x_num_requests_running gauge", "<html>"]
)
def test_other_lines_tell_nothing(line: str) -> None:
    assert told(line) is None
