"""Under what conditions a run was measured: machine, versions, server, model files."""

from harness.provenance.collect import collect, require
from harness.provenance.identity import identity, model_files

__all__ = ["collect", "identity", "model_files", "require"]
