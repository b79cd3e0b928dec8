"""From settings to an engine that runs: the model, its decoder, its prefix cache."""

from __future__ import annotations

from dataclasses import dataclass

from reference_server.engine.choice import DecoderChoice, decoder_for
from reference_server.engine.decoder import Decoder
from reference_server.engine.hashes import hashed
from reference_server.engine.loop import Engine
from reference_server.engine.policy import RUN
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.replicas import Leader, agreed, follow, group, launched
from reference_server.errors import ModelNotLoaded
from reference_server.machine import share_of_memory
from reference_server.models.load import LoadedModel, load_model
from reference_server.reasoning_formats.reader import ReasoningReader
from reference_server.settings import ServiceSettings

# Tokens of a block of the prefix cache. Shorter ones waste less of a prompt and are more arrays.
CACHE_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Built:
    """A running engine and what it was made of; ``cache`` is None where prefixes are not kept."""

    engine: Engine
    loaded: LoadedModel
    decoder: DecoderChoice
    cache: PrefixCache | None
    reasoning: ReasoningReader
    kv_bytes: int


def build(settings: ServiceSettings) -> Built:
    """Load the model on the engine's thread and start it; returns when it is ready.

    Raises:
        ModelNotLoaded: the model cannot be loaded.
    """
    policy = settings.policy
    block = RUN if policy == "invariant" else CACHE_BLOCK
    kv_bytes = share_of_memory(settings.kv_percent)
    processes = group() if launched() else None
    cache = None
    if processes is None:
        cache = PrefixCache(block, share_of_memory(settings.cache_percent), str(settings.model))
    made: list[tuple[LoadedModel, DecoderChoice, ReasoningReader]] = []

    def decoder() -> Decoder:
        loaded = load_model(settings.model, processes, emulate_kernels=settings.emulate_kernels)
        reader = ReasoningReader(loaded.tokenizer, settings.reasoning, settings.max_thinking_tokens)
        chosen, choice = decoder_for(
            loaded.model,
            loaded.end_tokens,
            max_batch=settings.max_batch,
            cache=cache,
            batching=policy,
            watch=hashed if settings.logits_hashes else None,
            agree=agreed if processes is not None else None,
            kv_bytes=kv_bytes,
        )
        made.append((loaded, choice, reader))
        return Leader(chosen) if processes is not None else chosen

    rows = 1 if policy == "serial" else settings.max_batch
    engine = Engine(decoder, max_batch=rows, max_queue=settings.max_queue)
    try:
        engine.start()
    except ModelNotLoaded as error:
        sentence = f"The model {settings.model!r} cannot be loaded: {error}"
        raise ModelNotLoaded(sentence) from error
    ((loaded, choice, reader),) = made
    kept = cache if choice.name == "slots" else None
    return Built(engine, loaded, choice, kept, reader, kv_bytes)


def follow_leader(settings: ServiceSettings) -> None:
    """What every process of a launch but the first does, until the first one ends.

    Raises:
        ServerError: the model cannot be loaded, or not be shared among processes.
    """
    loaded = load_model(settings.model, group(), emulate_kernels=settings.emulate_kernels)
    decoder, _ = decoder_for(
        loaded.model,
        loaded.end_tokens,
        max_batch=settings.max_batch,
        batching=settings.policy,
        agree=agreed,
    )
    follow(decoder)
