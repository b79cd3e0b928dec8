"""Under what conditions a run was measured: machine, versions, server, model files."""

from harness.provenance.collect import collect, require
from harness.provenance.identity import hashed, identity, model_files

__all__ = ["collect", "hashed", "identity", "model_files", "require"]
