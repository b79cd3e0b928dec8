"""The shapes of what the operator's routes answer; see ``answers``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from reference_server.api.answers import Shape


class Runtime(Shape):
    """One request at a time or a batch, and why."""

    mode: Literal["simple", "batched"]
    reason: str
    warns: bool


class Decoder(Shape):
    """How requests are decoded, and why so."""

    name: Literal["slots", "batch", "serial"]
    reason: str
    runtime: Runtime
    token_bytes: int


class Format(Shape):
    """How the model writes thoughts or calls down (null: nobody knows), and how that is known."""

    name: str | None
    reason: str


class Speculation(Shape):
    """A draft model, when it is used, and what became of its proposals."""

    draft_model: str
    tokens: int
    scope: str
    rounds: int
    proposed: int
    accepted: int


class Health(Shape):
    """Whether the server can generate; ``status`` alone while the model loads."""

    status: Literal["loading", "ok", "stopping", "dead"]
    model: str = ""
    alive: bool = False
    closing: bool = False
    running: int = 0
    waiting: int = 0
    finished: int = 0
    failure: str | None = None
    device: str = ""
    dtype: str = ""
    blas: str = ""
    kernels: str = ""
    decoder: Decoder | None = None
    divergence: dict[str, Any] | None = None
    speculation: Speculation | None = None
    reasoning: Format | None = None
    tool_calls: Format | None = None
    versions: dict[str, str] = Field(default_factory=dict)


class Finding(Shape):
    """What a rule has found."""

    level: Literal["info", "warning", "fail"]
    code: str
    sentence: str
    remedy: str


class Diagnostics(Shape):
    """All findings, the worst first."""

    status: Literal["healthy", "degraded", "unhealthy"]
    findings: list[Finding]


class Memory(Shape):
    """MLX's memory, in bytes."""

    active_bytes: int
    peak_bytes: int
    reusable_bytes: int


class RunningRequest(Shape):
    """A request that runs or waits."""

    ids: list[str]
    state: Literal["waiting", "prefill", "running"]
    age_s: float
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


class Status(Shape):
    """What is going on."""

    status: Literal["loading", "ok", "stopping", "dead"]
    running: int
    waiting: int
    finished: int
    memory: Memory
    speculation: Speculation | None
    requests: list[RunningRequest]


class Cancelled(Shape):
    """The request that was ended."""

    id: str
    cancelled: Literal[True]


class CacheStats(Shape):
    """The prefix cache; ``enabled`` alone where there is none."""

    enabled: bool
    blocks: int = 0
    bytes: int = 0
    budget_bytes: int = 0
    queries: int = 0
    hits: int = 0
    queried_tokens: int = 0
    hit_tokens: int = 0
    inserted: int = 0
    evicted: int = 0
    rejected: int = 0


class Cleared(Shape):
    """How much was forgotten."""

    cleared_blocks: int


class Modalities(Shape):
    """What goes in and comes out."""

    text: bool
    image: bool
    video: bool
    audio_input: bool
    audio_output: bool


class Features(Shape):
    """What a client may ask for."""

    streaming: bool
    tool_calling: bool
    auto_tool_choice: bool
    structured_output: bool
    reasoning: bool
    reasoning_configured: bool
    embeddings: bool
    anthropic_messages: bool
    mcp: bool
    request_diagnostics: bool
    strict_model_id: bool


class Policies(Shape):
    """What is done to answers unasked: nothing."""

    repetition: Literal["none"]


class DiagnosticLevels(Shape):
    """How deep ``/health/diagnostics`` looks."""

    levels: list[Literal["basic", "deep"]]


class Auth(Shape):
    """Whether a key is asked for, and where it may stand."""

    api_key_required: bool
    accepted_headers: list[str]


class RateLimited(Shape):
    """Requests a minute for each client; null without a limit."""

    enabled: bool
    requests_per_minute: int | None


class Limits(Shape):
    """Tokens and seconds."""

    default_max_tokens: int
    default_timeout_seconds: float | None
    max_context_tokens: int
    effective_context_tokens: int
    effective_context_source: Literal["model"]


class ModelTraits(Shape):
    """How the model is computed."""

    dtype: str
    device: str
    decoder: Literal["slots", "batch", "serial"]


class Capabilities(Shape):
    """What this server says of itself. ``declared``: said, and not measured by anybody."""

    object: Literal["capabilities"]
    declared: Literal[True]
    model_loaded: bool
    model_name: str
    model_type: Literal["llm"]
    modalities: Modalities
    features: Features
    policies: Policies
    diagnostics: DiagnosticLevels
    auth: Auth
    rate_limit: RateLimited
    limits: Limits
    model_traits: ModelTraits
