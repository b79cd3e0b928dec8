"""Every error that a user can meet. Each carries one sentence and, where there is one, the remedy.

HarnessError                exit
├── UsageError               2   an option, suite, case, backend or file that is not there or wrong
├── TargetError              4
│   ├── TargetUnreachable    4   nothing answers at the URL, or what answers is no API
│   ├── TargetDied           4   it answered, then stopped
│   └── BackendError         4   a managed backend did not start
├── StoreError               2   results cannot be written or read
│   └── CorruptRun           2   a results file's chain, seal or schema is broken
└── NotAvailable             2   a command or option that this version does not have yet
"""

from __future__ import annotations


class HarnessError(Exception):
    """Base of all errors shown to users: one sentence, then the remedy."""

    exit_code = 2

    def __init__(self, sentence: str, *, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class UsageError(HarnessError):
    """An option, suite, case, backend or file is unknown or wrong."""


class TargetError(HarnessError):
    """The server under test cannot be measured."""

    exit_code = 4


class TargetUnreachable(TargetError):
    """Nothing answers at the URL, or what answers is not an API."""


class TargetDied(TargetError):
    """The server answered before and does not any more."""


class BackendError(TargetError):
    """A backend that the harness was to start did not come up."""


class StoreError(HarnessError):
    """Results cannot be written or read."""


class CorruptRun(StoreError):
    """A results file's chain, seal or schema is broken."""


class NotAvailable(HarnessError):
    """A part that this version does not have yet; it refuses instead of pretending."""
