"""What the routes share: the service once it is loaded, and the settings of this server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote
from weakref import WeakValueDictionary

from starlette.requests import Request

from reference_server.api.errors import RETRY_AFTER_S, ApiError
from reference_server.api.hosts import ANY
from reference_server.api.meters import Meters
from reference_server.api.record import Record, Running
from reference_server.api.responses_answer import ResponseAnswer
from reference_server.api.responses_store import ResponseStore
from reference_server.diagnostics import Finding, examined
from reference_server.monitor import Action
from reference_server.service import Service
from reference_server.several import Several

if TYPE_CHECKING:  # needs an extra, which only a server with --mcp-config has to have
    from reference_server.toolboxes.toolboxes import Toolboxes

# Asked for without a number of tokens, an answer stays below this. Long enough for an answer in
# prose; a model that never ends by itself then costs seconds, not the whole context.
DEFAULT_MAX_TOKENS = 1024

# Stands for whatever model is loaded, as in other servers of one model.
ALIAS = "default"

SCRIPT = "scripted:"


@dataclass(frozen=True, slots=True)
class Settings:
    """How this server was started. ``scripted`` admits model ids of the form ``scripted:TEXT``.

    ``served_names`` are the ids that the model goes by, its own where there are none; with
    ``strict_model_id`` it does not go by ``default``. ``rate_limit`` is requests a minute.
    """

    api_key: str | None = None
    scripted: bool = False
    default_max_tokens: int = DEFAULT_MAX_TOKENS
    host: str = "127.0.0.1"
    divergence_threshold: float | None = None
    divergence_action: Action = "warn"
    divergence_interval_s: float = 60.0
    served_names: tuple[str, ...] = ()
    strict_model_id: bool = False
    cors_origins: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = (ANY,)
    rate_limit: int | None = None
    request_timeout_s: float | None = None


@dataclass(slots=True)
class Holder:
    """The service, absent until its model is loaded; ``toolboxes`` only where MCP is configured."""

    settings: Settings
    service: Service | None = None
    toolboxes: Toolboxes | None = None
    running: WeakValueDictionary[str, Running] = field(default_factory=WeakValueDictionary)
    answering: WeakValueDictionary[str, ResponseAnswer] = field(default_factory=WeakValueDictionary)
    responses: ResponseStore = field(default_factory=ResponseStore)
    meters: Meters = field(default_factory=Meters)

    def findings(self) -> list[Finding]:
        """What the diagnostics find now.

        Raises:
            ApiError: 503 while the model is being loaded.
        """
        facts = self.ready().facts(self.settings.host, api_key=self.settings.api_key is not None)
        return examined(facts)

    def track(self, request: Request, generation: Running, answer: str) -> None:
        """Make a generation findable by its answer's id and its request's id, and count it."""
        self.running[answer] = generation
        self.running[request.state.request_id] = generation
        record: Record = request.state.record
        record.asked.append(generation)
        for one in generation.each if isinstance(generation, Several) else (generation,):
            one.pace.on_gap = self.meters.gap

    @property
    def status(self) -> Literal["loading", "ok", "stopping", "dead"]:
        """Whether the server can generate now."""
        if self.service is None:
            return "loading"
        state = self.service.state()
        if not state.alive:
            return "dead"
        return "stopping" if state.closing else "ok"

    def ready(self) -> Service:
        """The service.

        Raises:
            ApiError: 503 while the model is being loaded.
        """
        if self.service is None:
            retry = {"retry-after": str(RETRY_AFTER_S)}
            raise ApiError(503, "The model is being loaded.", code="loading", headers=retry)
        return self.service

    @property
    def names(self) -> tuple[str, ...]:
        """The ids that the model goes by.

        Raises:
            ApiError: 503 while the model is being loaded.
        """
        own = self.ready().model_id
        return self.settings.served_names or (own,)

    def serves(self, model: str) -> bool:
        """Whether an id means the model that is served.

        Raises:
            ApiError: 503 while the model is being loaded.
        """
        return model in self.names or (model == ALIAS and not self.settings.strict_model_id)

    def script(self, model: str) -> str | None:
        """The output that a model id prescribes (``scripted:`` and percent-encoded text), if any.

        Raises:
            ApiError: 404 when the id is neither one of the served model's, nor a script that this
                server was started to accept.
        """
        if self.serves(model):
            return None
        if self.settings.scripted and model.startswith(SCRIPT):
            return unquote(model.removeprefix(SCRIPT))
        raise unknown_model(model)


def unknown_model(model: str) -> ApiError:
    """The 404 of a model id that this server does not serve."""
    shown = model if len(model) <= 200 else model[:200] + "…"
    sentence = f"The model {shown!r} does not exist here; GET /v1/models lists those that do."
    return ApiError(404, sentence, param="model", code="model_not_found")


def holder_of(request: Request) -> Holder:
    """The holder of the application that the request came to."""
    holder: Holder = request.app.state.holder
    return holder
