"""The nouns that everything else passes around: frozen, without behaviour that does I/O.

Times ending in ``_ns`` are ``time.perf_counter_ns()`` of the measuring process; ``_s`` are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = Any  # a value that json.dumps accepts; a recursive alias buys nothing under mypy strict
Dialect = Literal["openai", "anthropic"]
Outcome = Literal["pass", "fail", "inconclusive", "skip"]
ErrorKind = Literal["connect", "reset", "timeout", "protocol", "abandoned"]
RunOutcome = Literal["complete", "interrupted", "failed"]
Profile = Literal["quick", "standard", "full"]


@dataclass(frozen=True, slots=True)
class Target:
    """A backend reached at a URL with a model and a dialect.

    ``base_url`` keeps the prefix that the server's API lives under (``http://h:p/v1``), without a
    trailing slash. ``backend`` is the name of the backend module, or ``external``.
    """

    base_url: str
    model: str
    dialect: Dialect = "openai"
    backend: str = "external"
    api_key: str | None = field(default=None, repr=False)

    @property
    def root(self) -> str:
        """The URL above a trailing ``/v1``: where health and metrics live."""
        return self.base_url.removesuffix("/v1")


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, complete. ``url`` is absolute; ``headers`` keep their order."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Body bytes as one read of the socket gave them (transfer coding removed)."""

    at_ns: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer as bytes with times.

    ``due_ns`` is when the schedule wanted the request sent, ``send_ns`` the first byte written,
    ``headers_ns`` the end of the response's head. ``error`` is None when the response ended as HTTP
    says it must; then ``end_ns`` is the time of its last byte, else the time of the failure.
    """

    request: Request
    due_ns: int
    send_ns: int
    headers_ns: int | None
    end_ns: int
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    chunks: tuple[Chunk, ...] = ()
    error: ErrorKind | None = None
    error_text: str = ""
    connect_ns: int | None = None  # duration of the TCP/TLS connect; None on a reused connection

    @property
    def body(self) -> bytes:
        """The whole response body."""
        return b"".join(chunk.data for chunk in self.chunks)

    def header(self, name: str) -> str | None:
        """The first header of that name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its parameters. ``id`` is unique among all suites."""

    id: str
    suite: str
    title: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    repeats: int = 1
    explain: str = ""  # what is asked, how it is judged, and where the rule comes from


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one repetition of a case gave: raw values, never a judgement made after the fact.

    ``error`` is set when the repetition itself failed (a bug in the suite, a dead server), with the
    reason as one sentence; ``values`` then holds what was measured before.
    """

    case_id: str
    repeat: int
    started_at: str  # UTC, ISO 8601
    duration_s: float
    values: Mapping[str, Json] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, sample size and method (``clopper-pearson``, ``bca`` …)."""

    value: float
    low: float
    high: float
    n: int
    method: str
    unit: str = ""
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement with the sentence that decided it.

    ``case_id`` is set when the verdict is about one case; verdicts without it speak for the suite.
    ``detail`` holds what a reader needs to act: expected, got, severity, finding.
    """

    name: str
    outcome: Outcome
    reason: str
    estimate: Estimate | None = None
    case_id: str | None = None
    detail: Mapping[str, Json] = field(default_factory=dict)
