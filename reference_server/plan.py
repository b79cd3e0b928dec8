"""How a model is to be served, and the decoder that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from reference_server.engine.choice import DecoderChoice, decoder_for
from reference_server.engine.decoder import Decoder
from reference_server.engine.hashes import hashed
from reference_server.engine.policy import Batching
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.replicas import agreed, group, launched
from reference_server.engine.runtime import RuntimeMode
from reference_server.models.load import LoadedModel, load_model


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``Service.load`` was asked for; ``kv_bytes`` None is no bound."""

    model: str | None
    max_batch: int
    runtime: RuntimeMode
    batching: Batching
    kv_bytes: int | None = None
    logits_hashes: bool = False


class Built(NamedTuple):
    """A model that is served."""

    loaded: LoadedModel
    decoder: Decoder
    choice: DecoderChoice


def built(plan: Plan, cache: PrefixCache | None) -> Built:
    """Load the model and make its decoder, on the thread that will use both.

    Raises:
        ServerError: the model cannot be loaded, or not be served in this way.
        OSError, ValueError and what else mlx-lm raises: as ``load_model``.
    """
    processes = group() if launched() else None
    loaded = load_model(plan.model, processes)
    decoder, choice = decoder_for(
        loaded.model,
        loaded.end_tokens,
        max_batch=plan.max_batch,
        cache=cache,
        batching=plan.batching,
        runtime=plan.runtime,
        watch=hashed if plan.logits_hashes else None,
        agree=agreed if processes is not None else None,
        kv_bytes=plan.kv_bytes,
    )
    return Built(loaded, decoder, choice)
