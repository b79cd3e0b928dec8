"""From settings to an engine that runs: the model, its decoder, its prefix cache."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from reference_server.engine.choice import DecoderChoice
from reference_server.engine.decoder import Decoder
from reference_server.engine.loop import Engine
from reference_server.engine.policy import RUN
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.replicas import Leader, follow, launched
from reference_server.engine.speculation import Draft
from reference_server.errors import ModelNotLoaded, ServerError
from reference_server.machine import share_of_memory
from reference_server.models.embedding import EmbeddingModel, require_package
from reference_server.models.load import LoadedModel
from reference_server.plan import Served, check, served
from reference_server.reasoning_formats.reader import ReasoningReader
from reference_server.settings import ServiceSettings

# Tokens of a block of the prefix cache. Shorter ones waste less of a prompt and are more arrays.
CACHE_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Built:
    """A running engine and what it was made of; ``cache`` is None where prefixes are not kept.

    ``embedder`` is None where the served model makes the embeddings.
    """

    engine: Engine
    loaded: LoadedModel
    decoder: DecoderChoice
    cache: PrefixCache | None
    reasoning: ReasoningReader
    kv_bytes: int
    draft: Draft | None = None
    embedder: EmbeddingModel | None = None


def build(settings: ServiceSettings) -> Built:
    """Load the model on the engine's thread and start it; returns when it is ready.

    Raises:
        ModelNotLoaded: the model cannot be loaded, or the one for embeddings cannot.
        Contradiction, NotSpeculative: options exclude each other.
    """
    check(settings)
    if settings.embedding_model is not None:
        require_package()
    policy, several = settings.policy, launched()
    block = RUN if policy == "invariant" else CACHE_BLOCK
    kv_bytes = share_of_memory(settings.kv_percent)
    budget = share_of_memory(settings.cache_percent)
    cache = None if several else PrefixCache(block, budget, str(settings.model))
    made: list[tuple[Served, ReasoningReader]] = []

    def decoder() -> Decoder:
        one = served(settings, cache, kv_bytes)
        limit = settings.max_thinking_tokens
        made.append((one, ReasoningReader(one.loaded.tokenizer, settings.reasoning, limit)))
        return Leader(one.decoder) if several else one.decoder

    rows = 1 if policy == "serial" else settings.max_batch
    engine = Engine(decoder, max_batch=rows, max_queue=settings.max_queue)
    try:
        engine.start()
    except ModelNotLoaded as error:
        sentence = f"The model {settings.model!r} cannot be loaded: {error}"
        raise ModelNotLoaded(sentence) from error
    (((loaded, _, choice, draft), reader),) = made
    kept = cache if choice.name == "slots" else None
    embedder = _embedder(engine, settings)
    return Built(engine, loaded, choice, kept, reader, kv_bytes, draft, embedder)


def _embedder(engine: Engine, settings: ServiceSettings) -> EmbeddingModel | None:
    if settings.embedding_model is None:
        return None
    try:
        return engine.ask(partial(EmbeddingModel, settings.embedding_model)).result()
    except ServerError:
        engine.close(0.0)
        raise


def follow_leader(settings: ServiceSettings) -> None:
    """What every process of a launch but the first does, until the first one ends.

    Raises:
        ServerError: the model cannot be loaded, or not be shared among processes.
    """
    check(settings)
    follow(served(settings, None, None).decoder)
