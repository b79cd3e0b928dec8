"""How a model is to be served, and the decoder that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from reference_server.engine.choice import DecoderChoice, decoder_for
from reference_server.engine.decoder import Decoder
from reference_server.engine.hashes import hashed
from reference_server.engine.policy import Batching
from reference_server.engine.prefix import PrefixCache
from reference_server.engine.replicas import agreed, group, launched
from reference_server.engine.runtime import RuntimeMode
from reference_server.engine.speculation import Draft, NotSpeculative
from reference_server.errors import ModelNotLoaded
from reference_server.models.load import LoadedModel, load_model

# Tokens that a draft model proposes at a time. More are more lost when the first is wrong.
DRAFT_TOKENS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``Service.load`` was asked for; ``kv_bytes`` None is no bound."""

    model: str | None
    max_batch: int
    runtime: RuntimeMode
    batching: Batching
    kv_bytes: int | None = None
    logits_hashes: bool = False
    draft_model: str | None = None
    draft_tokens: int = DRAFT_TOKENS


class Built(NamedTuple):
    """A model that is served."""

    loaded: LoadedModel
    decoder: Decoder
    choice: DecoderChoice
    draft: Draft | None


# What goes with no draft model, by name, and why.
AGAINST_DRAFTS: tuple[tuple[Callable[[Plan], bool], str], ...] = (
    (
        lambda plan: plan.batching == "invariant",
        "invariant batching: a step that checks several tokens rounds as no step of one does",
    ),
    (lambda plan: plan.logits_hashes, "--logits-hashes: they are of steps of one token"),
    (lambda _: launched(), "several processes"),
)


def built(plan: Plan, cache: PrefixCache | None) -> Built:
    """Load the model and make its decoder, on the thread that will use both.

    Raises:
        ServerError: the model cannot be loaded, or not be served in this way.
        OSError, ValueError and what else mlx-lm raises: as ``load_model``.
    """
    processes = group() if launched() else None
    loaded = load_model(plan.model, processes)
    draft = _draft(plan.draft_model, plan.draft_tokens, loaded) if plan.draft_model else None
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
        draft=draft,
    )
    return Built(loaded, decoder, choice, draft)


def check(plan: Plan) -> None:
    """See that what is asked for goes together.

    Raises:
        NotSpeculative: something does not go with a draft model.
    """
    for holds, what in AGAINST_DRAFTS:
        if plan.draft_model is not None and holds(plan):
            raise NotSpeculative(f"--draft-model does not go with {what}. Leave one of them out.")


def _draft(name: str, tokens: int, served: LoadedModel) -> Draft:
    """The draft model, which must have the served one's tokens.

    Raises:
        NotSpeculative: there is no such model, or it has others, or no plain keys and values.
    """
    try:
        found = load_model(name)
    except ModelNotLoaded as error:
        raise NotSpeculative(f"--draft-model {name} cannot be loaded: {error}") from error
    same = found.tokenizer.get_vocab() == served.tokenizer.get_vocab()
    if not same or found.vocabulary != served.vocabulary:
        raise NotSpeculative(
            f"--draft-model {name} has another vocabulary than {served.id}: {found.vocabulary} "
            f"tokens and {served.vocabulary}, {'the same' if same else 'not the same'} texts. "
            "Choose a smaller model of the same family."
        )
    return Draft(name, found.model, tokens)
