from __future__ import annotations

import subprocess
import sys

import pytest

from reference_server import blas

# Prints the name that blas gives, and whether MKL's core library is in the process after a matrix
# product: MKL loads it when it is first called.
SCRIPT = """
{before}
from reference_server.blas import BLAS, mx
a = mx.ones((64, 64))
mx.eval(a @ a)
print(BLAS.split()[0], any("libmkl_core" in line for line in open("/proc/self/maps")))
"""

needs_mkl = pytest.mark.skipif(
    sys.platform != "linux" or blas.mkl_library() is None,
    reason="needs Linux and the mkl package: pip install 'mlx-serving-harness[linux-blas]'",
)


@needs_mkl
@pytest.mark.parametrize(
    ("before", "printed"), [("", "mkl True"), ("import mlx.core", "bundled False")]
)
def test_mlx_computes_with_mkl_when_it_is_loaded_first(before, printed):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(before=before)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == printed


def test_the_name_is_true_without_mkl(monkeypatch):
    monkeypatch.delitem(sys.modules, "mlx.core")
    monkeypatch.setattr(blas, "mkl_library", lambda: None)
    assert blas.load_blas("linux") == "bundled"
    assert blas.load_blas("darwin") == "accelerate"


def test_a_library_that_does_not_load_is_told(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "mlx.core")
    monkeypatch.setattr(blas, "mkl_library", lambda: (tmp_path / "libmkl_rt.so.3", "1.0"))
    assert blas.load_blas("linux").startswith("bundled (mkl 1.0 did not load: ")


def test_too_late_is_not_claimed(monkeypatch, tmp_path):
    monkeypatch.setattr(blas, "mkl_library", lambda: (tmp_path / "libmkl_rt.so.3", "1.0"))
    assert blas.load_blas("linux") == "bundled"
