"""Load: how requests arrive, what they ask, and whether the client kept up."""

from harness.load.closed import LoadResult, closed_loop
from harness.load.selfcheck import SelfCheck, SelfChecker
from harness.load.workload import prompts

__all__ = ["LoadResult", "SelfCheck", "SelfChecker", "closed_loop", "prompts"]
