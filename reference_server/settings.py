"""How one model is served: what the command line chooses and the service is built from."""

from __future__ import annotations

from dataclasses import dataclass

from reference_server.engine.policy import Batching
from reference_server.engine.runtime import Asked, RuntimeMode, settled

# Of the machine's memory, what prefixes and what the tokens of running requests may take, unless
# somebody says otherwise. The weights need the rest, and so does everything else on the machine.
CACHE_PERCENT, KV_PERCENT = 10.0, 40.0

# Tokens that a draft model proposes at a time. More are more lost when the first is wrong.
DRAFT_TOKENS = 4


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """``model`` is a folder or a Hugging Face id; None is the embedded model.

    ``max_batch`` requests run at a time and ``max_queue`` more may wait. The prefix cache may take
    ``cache_percent`` of the machine's memory, 0 turns it off; the tokens of running requests
    ``kv_percent``. ``engine.runtime`` tells how ``runtime``, ``batching`` and ``deterministic`` go
    together; the last is one seed, too, for all requests that give none. ``logits_hashes`` keeps a
    hash of the logits of every token. ``tool_call_parser`` and ``reasoning`` name the formats of
    calls and thoughts; ``tool_call_dedupe`` takes calls out of an answer that repeat an earlier one
    of it, ``max_thinking_tokens`` bounds the thoughts of each. ``scripted`` lets clients say what
    the model is to answer. ``embedding_model`` makes the embeddings; None leaves them to the served
    model. ``draft_model`` proposes ``draft_tokens`` at a time, which the model checks at once.
    ``emulate_kernels``: see ``models.kernels``.
    """

    model: str | None = None
    max_batch: int = 32
    max_queue: int = 256
    cache_percent: float = CACHE_PERCENT
    kv_percent: float = KV_PERCENT
    runtime: RuntimeMode = "auto"
    batching: Batching | None = None
    deterministic: bool = False
    logits_hashes: bool = False
    tool_call_parser: str = "auto"
    tool_call_dedupe: bool = False
    reasoning: str = "auto"
    max_thinking_tokens: int | None = None
    scripted: bool = False
    emulate_kernels: bool = False
    embedding_model: str | None = None
    draft_model: str | None = None
    draft_tokens: int = DRAFT_TOKENS

    @property
    def policy(self) -> Batching:
        """How steps are to be batched.

        Raises:
            Contradiction: two options exclude each other.
        """
        return settled(Asked(self.runtime, self.batching, self.deterministic, self.max_batch))
