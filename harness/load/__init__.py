"""Load: how requests arrive, what they ask, and whether the client kept up."""

from harness.load.closed import LoadResult, closed_loop
from harness.load.selfcheck import CPU_BOUND, SelfCheck, SelfChecker
from harness.load.workload import prompts

__all__ = ["CPU_BOUND", "LoadResult", "SelfCheck", "SelfChecker", "closed_loop", "prompts"]
