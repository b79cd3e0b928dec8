"""The decoder that serves a model as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from reference_server.engine.choice import DecoderChoice, decoder_for
from reference_server.engine.decoder import Decoder
from reference_server.engine.hashes import hashed
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.replicas import agreed, group, launched
from reference_server.engine.speculation import Draft, NotSpeculative
from reference_server.errors import ModelNotLoaded
from reference_server.models.load import LoadedModel, load_model
from reference_server.settings import ServiceSettings


class Served(NamedTuple):
    """A model that is served."""

    loaded: LoadedModel
    decoder: Decoder
    choice: DecoderChoice
    draft: Draft | None


# What goes with no draft model, by name, and why.
AGAINST_DRAFTS: tuple[tuple[Callable[[ServiceSettings], bool], str], ...] = (
    (
        lambda settings: settings.policy == "invariant",
        "invariant batching: a step that checks several tokens rounds as no step of one does",
    ),
    (lambda settings: settings.logits_hashes, "--logits-hashes: they are of steps of one token"),
    (lambda _: launched(), "several processes"),
)


def served(settings: ServiceSettings, cache: PrefixCache | None, kv_bytes: int | None) -> Served:
    """Load the model and make its decoder, on the thread that will use both.

    Raises:
        ServerError: the model cannot be loaded, or not be served in this way.
        OSError, ValueError and what else mlx-lm raises: as ``load_model``.
    """
    processes = group() if launched() else None
    loaded = load_model(settings.model, processes, emulate_kernels=settings.emulate_kernels)
    draft = None
    if settings.draft_model is not None:
        draft = _draft(settings.draft_model, settings.draft_tokens, loaded)
    decoder, choice = decoder_for(
        loaded.model,
        loaded.end_tokens,
        max_batch=settings.max_batch,
        cache=cache,
        batching=settings.policy,
        runtime=settings.runtime,
        watch=hashed if settings.logits_hashes else None,
        agree=agreed if processes is not None else None,
        kv_bytes=kv_bytes,
        draft=draft,
    )
    return Served(loaded, decoder, choice, draft)


def check(settings: ServiceSettings) -> None:
    """See that what is asked for goes together.

    Raises:
        Contradiction: two options exclude each other.
        NotSpeculative: something does not go with a draft model.
    """
    _ = settings.policy
    for holds, what in AGAINST_DRAFTS:
        if settings.draft_model is not None and holds(settings):
            raise NotSpeculative(f"--draft-model does not go with {what}. Leave one of them out.")


def _draft(name: str, tokens: int, target: LoadedModel) -> Draft:
    """The draft model, which must have the served one's tokens.

    Raises:
        NotSpeculative: there is no such model, or it has others, or no plain keys and values.
    """
    try:
        found = load_model(name)
    except ModelNotLoaded as error:
        raise NotSpeculative(f"--draft-model {name} cannot be loaded: {error}") from error
    same = found.tokenizer.get_vocab() == target.tokenizer.get_vocab()
    if not same or found.vocabulary != target.vocabulary:
        raise NotSpeculative(
            f"--draft-model {name} has another vocabulary than {target.id}: {found.vocabulary} "
            f"tokens and {target.vocabulary}, {'the same' if same else 'not the same'} texts. "
            "Choose a smaller model of the same family."
        )
    return Draft(name, found.model, tokens)
