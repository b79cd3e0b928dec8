"""One model of random weights on both servers that the harness starts: comparable, and endless."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx2
import pytest

from harness import provenance
from harness.backends import BACKENDS
from harness.reach import Choice, reach

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        any(backend.missing() is not None for backend in BACKENDS.values()),
        reason="needs the server extra",
    ),
]


async def asked(backend: str) -> tuple[dict[str, object], dict[str, object]]:
    """What provenance knows of the model, and an answer."""
    async with reach(Choice(backend, model="random:1m")) as reached:
        url = f"{reached.target.base_url}/chat/completions"
        body = {
            "model": reached.target.model,
            "messages": [{"role": "user", "content": "hello"}],
            "max_tokens": 100,
            "temperature": 0,
        }
        answer = (await asyncio.to_thread(httpx2.post, url, json=body, timeout=60)).json()
        known = provenance.collect(server=reached.server, model_path=reached.model_path)
        return known["model"], answer


def test_both_servers_run_the_same_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = {backend: asyncio.run(asked(backend)) for backend in BACKENDS}
    models = [model for model, _ in found.values()]
    assert models[0] == models[-1]
    assert models[0]["dtype"] == "float32"
    assert "model.safetensors" in models[0]["files"]
    for backend, (_, answer) in found.items():
        assert answer["choices"][0]["finish_reason"] == "length", backend
        assert answer["usage"]["completion_tokens"] == 100, backend
