"""mlx_lm.server, the HTTP server that ships with mlx-lm."""

from __future__ import annotations

import sys

from harness.backends.generated import generated
from harness.backends.launch import Launch, model_folder
from harness.backends.packages import embedded_model, installed, mkl_library, version
from harness.errors import UsageError


class MlxLm:
    """Started with its defaults, so that what is measured is what its users get."""

    name = "mlx-lm"
    summary = "the server that ships with mlx-lm (python -m mlx_lm server)"

    def missing(self) -> str | None:
        """None when mlx-lm is installed beside the harness."""
        return None if installed("mlx_lm") else "needs mlx-lm: pip install mlx-lm"

    def version(self) -> str:
        """The version of mlx-lm."""
        return version("mlx-lm")

    def launch(self, model: str | None, port: int) -> Launch:
        """Requests name ``default_model``: any other id makes the server load that model.

        Raises:
            UsageError: no model was named and the embedded one is not installed, the folder that
                was named does not exist, or no generated model has the id.
        """
        made = generated(model)
        path = made.folder if made else model_folder(model) if model else embedded_model()
        if model is None and path is None:
            raise UsageError("mlx-lm has no model of its own.", remedy="Name one with --model.")
        return Launch(
            argv=(
                *(sys.executable, "-m", "mlx_lm", "server", "--model", str(path or model)),
                *("--host", "127.0.0.1", "--port", str(port)),
            ),
            base_url=f"http://127.0.0.1:{port}/v1",
            model="default_model",
            # A local model needs no hub, and a request for an unknown one must not ask it.
            env=_fast_blas() | ({"HF_HUB_OFFLINE": "1"} if path else {}),
            model_path=path,
            generated=made,
        )


def _fast_blas() -> dict[str, str]:
    # MLX's Linux wheel brings a reference BLAS. The reference server loads MKL when it is there;
    # a peer must get the same or the comparison measures two BLAS libraries.
    library = mkl_library() if sys.platform == "linux" else None
    if library is None:
        return {}
    return {"LD_PRELOAD": str(library), "MKL_THREADING_LAYER": "SEQUENTIAL"}
