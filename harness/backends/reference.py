"""The reference server of this project: one backend among equals."""

from __future__ import annotations

import sys

from harness.backends.generated import generated
from harness.backends.launch import Launch, model_folder
from harness.backends.packages import embedded_model, installed, version


class Reference:
    """MLX with continuous batching; serves the embedded model when none is named."""

    name = "reference"
    summary = "this project's MLX server with continuous batching (python -m reference_server)"

    def missing(self) -> str | None:
        """None when MLX and the server's packages are installed."""
        lacking = [m for m in ("mlx_lm", "starlette", "uvicorn", "orjson") if not installed(m)]
        if not lacking:
            return None
        return f"needs {', '.join(lacking)}: pip install 'mlx-serving-harness[server]'"

    def version(self) -> str:
        """The version of this distribution: server and harness ship together."""
        return version("mlx-serving-harness")

    def launch(self, model: str | None, port: int) -> Launch:
        """``--scripted`` lets suites ask for exact outputs; it changes nothing else.

        A generated model is made in memory, the same as in the folder that provenance reads.

        Raises:
            UsageError: the folder that was named does not exist, or no generated model has the id.
        """
        chosen = ("--model", model) if model else ()
        made = generated(model)
        path = model_folder(model) if model else embedded_model()
        return Launch(
            argv=(
                *(sys.executable, "-m", "reference_server"),
                *("--host", "127.0.0.1", "--port", str(port), "--scripted", *chosen),
            ),
            base_url=f"http://127.0.0.1:{port}/v1",
            model=None,
            model_path=made.folder if made else path,
            generated=made,
        )
