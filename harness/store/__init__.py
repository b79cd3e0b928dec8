"""Runs on disk: the only package that knows the file format."""

from harness.store.find import find_runs
from harness.store.log import RunLog
from harness.store.reader import Run, read
from harness.store.table import frame
from harness.store.verify import Fault, verify

__all__ = ["Fault", "Run", "RunLog", "find_runs", "frame", "read", "verify"]
