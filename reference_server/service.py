"""What the HTTP side talks to: prompts from messages, generations from prompts, and the state.

One service serves one model. ``generate`` and everything about a ``Generation`` belong to the event
loop; the engine's thread is behind them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reference_server.blas import BLAS, mx
from reference_server.chat.answer import Answer, FinishReason
from reference_server.chat.bound import PromptBound
from reference_server.chat.detokenizer import detokenizer_for, token_text
from reference_server.chat.pieces import Piece, Reasoning, Text, ToolCallPiece
from reference_server.chat.reasoning import OPEN as THINK
from reference_server.chat.reasoning import ReasoningSplitter
from reference_server.chat.stops import StopMatcher
from reference_server.chat.template import ChatTemplate
from reference_server.chat.tools import ToolSplitter
from reference_server.diagnostics import Facts
from reference_server.engine.choice import DecoderChoice
from reference_server.engine.decoder import Decoder
from reference_server.engine.loop import Engine
from reference_server.engine.policy import RUN, Batching
from reference_server.engine.prefix import PrefixCache, PrefixStats
from reference_server.engine.replicas import Leader, follow, launched
from reference_server.engine.runtime import Asked, RuntimeMode, settled
from reference_server.engine.sampler import mixed
from reference_server.engine.sequence import Sampling
from reference_server.engine.speculation import Draft
from reference_server.errors import (
    BadRequest,
    ModelNotLoaded,
    OutOfMemory,
    PromptTooLong,
    ServerError,
)
from reference_server.generation import Generation
from reference_server.machine import share_of_memory, versions
from reference_server.models.load import LoadedModel
from reference_server.monitor import Action, Monitor, Report
from reference_server.options import GenerationOptions
from reference_server.plan import DRAFT_TOKENS, Built, Plan, built, check
from reference_server.several import Several
from reference_server.state import ServiceState

__all__ = [
    "FinishReason", "Generation", "GenerationOptions", "Piece", "Reasoning", "Service",
    "ServiceState", "Text", "ToolCallPiece",
]  # fmt: skip

# mlx-lm's name for the one tool format that this version reads, told from the model's template.
TOOL_FORMAT = "json_tools"

# Tokens of a block of the prefix cache. Shorter ones waste less of a prompt and are more arrays.
CACHE_BLOCK = 32

FIXED_SEED = 0  # of requests that give none, where answers are to be the same every time

# Of the machine's memory, what prefixes and what the tokens of running requests may take, unless
# somebody says otherwise. The weights need the rest, and so does everything else on the machine.
CACHE_PERCENT, KV_PERCENT = 10.0, 40.0


class Service:
    """One model behind one engine."""

    def __init__(
        self,
        engine: Engine,
        loaded: LoadedModel,
        decoder: DecoderChoice,
        cache: PrefixCache | None,
        *,
        seed: int | None,
        draft: Draft | None,
        kv_bytes: int,
        scripted: bool,
    ) -> None:
        self._engine = engine
        self._draft = draft
        self._kv_bytes = kv_bytes
        self._seed = seed
        self._decoder = decoder
        self._cache = cache
        self._monitor: Monitor | None = None
        self._tokenizer = loaded.tokenizer
        self._loaded = loaded
        self._bound = PromptBound(loaded.tokenizer, loaded.context_length)
        self._template = ChatTemplate(loaded.tokenizer, self._bound)
        self._device = str(mx.default_device().type).rpartition(".")[2]
        self._versions = versions()
        self.scripted = scripted
        self.model_id = loaded.id
        self.context_length = loaded.context_length
        self.created = int(time.time())

    @classmethod
    def load(
        cls,
        model: str | None,
        *,
        max_batch: int = 32,
        max_queue: int = 256,
        cache_percent: float = CACHE_PERCENT,
        kv_percent: float = KV_PERCENT,
        runtime: RuntimeMode = "auto",
        batching: Batching | None = None,
        deterministic: bool = False,
        logits_hashes: bool = False,
        draft_model: str | None = None,
        draft_tokens: int = DRAFT_TOKENS,
        scripted: bool = False,
    ) -> Service:
        """Load a model and start its engine; returns when it is ready.

        ``model`` is a folder or a Hugging Face id; None is the embedded model. ``max_batch``
        requests run at a time and ``max_queue`` more may wait. The prefix cache may take
        ``cache_percent`` of the machine's memory, 0 turns it off; the tokens of running requests
        ``kv_percent``. ``settled`` tells how ``runtime``, ``batching`` and ``deterministic`` go
        together; the last is one seed, too, for all requests that give none. ``logits_hashes``
        keeps a hash of the logits of every token. ``draft_model`` proposes ``draft_tokens`` at a
        time, which the model checks at once.

        Raises:
            ModelNotLoaded: the model cannot be loaded.
            Contradiction, NotSpeculative: options exclude each other.
        """
        how = settled(Asked(runtime, batching, deterministic, max_batch))
        block = RUN if how == "invariant" else CACHE_BLOCK
        kv_bytes, cache_bytes = share_of_memory(kv_percent), share_of_memory(cache_percent)
        several = launched()
        cache = None if several else PrefixCache(block, cache_bytes, str(model))
        plan = Plan(
            model, max_batch, runtime, how, kv_bytes, logits_hashes, draft_model, draft_tokens
        )
        check(plan)
        made: list[Built] = []

        def build() -> Decoder:
            made.append(built(plan, cache))
            decoder = made[0].decoder
            return Leader(decoder) if several else decoder

        rows = 1 if how == "serial" else max_batch
        engine = Engine(build, max_batch=rows, max_queue=max_queue)
        _start(engine, model)
        ((loaded, _, choice, draft),) = made
        return cls(
            engine,
            loaded,
            choice,
            cache if choice.name == "slots" else None,
            seed=FIXED_SEED if deterministic else None,
            draft=draft,
            kv_bytes=kv_bytes,
            scripted=scripted,
        )

    @staticmethod
    def follow(model: str | None, asked: Asked, draft_model: str | None = None) -> None:
        """What every process of a launch but the first does, until the first one ends.

        Raises:
            ServerError: the model cannot be loaded, or not be shared among processes.
        """
        plan = Plan(model, asked.max_batch, asked.runtime, settled(asked), draft_model=draft_model)
        check(plan)
        follow(built(plan, None).decoder)

    def state(self) -> ServiceState:
        """What is true right now."""
        engine = self._engine
        return ServiceState(
            alive=engine.alive,
            closing=engine.closing,
            running=engine.running,
            waiting=engine.waiting,
            finished=engine.finished,
            failure=engine.failure,
            device=self._device,
            dtype=self._loaded.dtype,
            blas=BLAS,
            decoder=self._decoder,
            speculation=self._draft.stats() if self._draft is not None else None,
            divergence=self._monitor.told() if self._monitor is not None else None,
            versions=self._versions,
        )

    def facts(self, host: str, *, api_key: bool) -> Facts:
        """What the diagnostics look at."""
        state = self.state()
        budget = self._cache.budget_bytes if self._cache is not None else 0
        return Facts(
            host=host,
            api_key=api_key,
            alive=state.alive,
            failure=state.failure,
            device=state.device,
            dtype=state.dtype,
            quantised=self._loaded.quantised,
            blas=state.blas,
            decoder=state.decoder.name,
            decoder_reason=state.decoder.reason,
            end_tokens=len(self._loaded.end_tokens),
            runtime=self._decoder.runtime,
            cache_budget_bytes=budget,
            active_bytes=mx.get_active_memory(),
            memory_bytes=share_of_memory(100),
        )

    def cache_stats(self) -> PrefixStats | None:
        """The prefix cache's counters; None where there is no such cache."""
        return self._cache.stats() if self._cache is not None else None

    def clear_cache(self) -> int:
        """Forget all prefixes; how many blocks that were. Blocks until the engine has done it.

        Raises:
            Unavailable: the engine is shutting down or dead.
        """
        cache = self._cache
        if cache is None:
            return 0

        def clear() -> int:
            count = len(cache)
            cache.clear()
            return count

        return self._engine.ask(clear).result()

    def chat_prompt(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]] | None,
        template_options: Mapping[str, Any],
    ) -> list[int]:
        """The tokens of a conversation up to the place where the model answers.

        Raises:
            BadRequest: the template refuses the messages, or this model's tool calls are in a
                format that cannot be read.
            PromptTooLong: the text is too long for the context, whatever its tokens are.
        """
        if tools and not self._reads_tools:
            raise BadRequest("tools", "tools: this model's tool-call format is not supported.")
        return self._template.prompt(messages, tools, template_options)

    def text_prompt(self, text: str | Sequence[int]) -> list[int]:
        """The tokens of a raw prompt, control tokens included where its text spells them.

        Raises:
            BadRequest: the text gives no token.
            PromptTooLong: the text is too long for the context, whatever its tokens are.
        """
        if isinstance(text, str):
            self._bound.check(text, "prompt")
        tokens = list(self._tokenizer.encode(text) if isinstance(text, str) else text)
        if not tokens:
            raise BadRequest("prompt", "prompt is empty, and this model needs at least one token.")
        return tokens

    def token_bytes(self, token: int) -> bytes:
        """The bytes that a token stands for, as far as this tokenizer tells them."""
        return token_text(self._tokenizer, token)

    def generate(self, prompt: Sequence[int], options: GenerationOptions) -> Generation:
        """Put a request in line; to be called in the event loop that will read it.

        ``max_tokens`` is cut to what the context has left.

        Raises:
            BadRequest: the prompt is empty or holds a number that is no token.
            PromptTooLong: the prompt leaves no room for an answer.
            OutOfMemory: its tokens might not fit, even with nobody else there.
            Overloaded: the line is full.
            Unavailable: the engine is shutting down or dead.
        """
        self._check(prompt)
        self._check_tokens("logit_bias", (token for token, _ in options.logit_bias))
        self._check_tokens("stop_token_ids", options.stop_tokens)
        room = self.context_length - len(prompt)
        most = min(options.max_tokens, room)
        needed = (len(prompt) + most) * self._decoder.token_bytes
        if needed > self._kv_bytes:
            raise OutOfMemory(needed, self._kv_bytes)
        answer = Answer(
            detokenizer_for(self._tokenizer),
            StopMatcher(options.stop),
            reasoning=self._reasoning(prompt) if options.parse else None,
            tools=ToolSplitter() if options.parse and options.tools and self._reads_tools else None,
        )
        return Generation(
            self._engine,
            answer,
            prompt=list(prompt),
            max_tokens=most,
            sampling=self._sampling(options),
        )

    def generate_several(
        self, prompt: Sequence[int], options: GenerationOptions, count: int
    ) -> Several:
        """``count`` answers to one prompt, each with a random stream of its own.

        Raises:
            ServerError: as ``generate``; then none is made.
        """
        made: list[Generation] = []
        seed = options.seed if options.seed is not None else self._seed
        try:
            for at in range(count):
                own = seed if seed is None or at == 0 else mixed(seed, at)
                made.append(self.generate(prompt, replace(options, seed=own)))
        except ServerError:
            for one in made:
                one.cancel()
            raise
        return Several(made)

    def monitor(self, threshold: float, action: Action) -> Monitor:
        """A monitor of divergence over this engine; it does nothing until it is run."""
        report = Report(threshold, action)
        self._monitor = Monitor(self._engine, self.text_prompt, self._loaded.end_tokens, report)
        return self._monitor

    def close(self, drain_s: float) -> None:
        """Let nobody in, give running requests ``drain_s`` to finish, then end them. Blocks."""
        self._engine.close(drain_s)

    @property
    def _reads_tools(self) -> bool:
        return bool(self._tokenizer.init_kwargs.get("tool_parser_type") == TOOL_FORMAT)

    def _check(self, prompt: Sequence[int]) -> None:
        if not prompt:
            raise BadRequest("prompt", "prompt is empty, and this model needs at least one token.")
        if len(prompt) >= self.context_length:
            raise PromptTooLong(len(prompt), self.context_length)
        self._check_tokens("prompt", prompt)

    def _check_tokens(self, field: str, tokens: Iterable[int]) -> None:
        for token in tokens:
            if not 0 <= token < self._loaded.vocabulary:
                top = self._loaded.vocabulary - 1
                raise BadRequest(field, f"{field} holds {token}; tokens are 0 to {top}.")

    def _reasoning(self, prompt: Sequence[int]) -> ReasoningSplitter | None:
        if self._tokenizer.think_start != THINK:
            return None
        # Templates of models that always think end the prompt with the opening mark. It takes few
        # tokens; 8 hold it with the blank space after it.
        tail = self._tokenizer.decode(list(prompt[-8:]))
        return ReasoningSplitter(open=tail.rstrip().endswith(THINK))

    def _sampling(self, options: GenerationOptions) -> Sampling:
        seed = options.seed if options.seed is not None else self._seed
        if seed is None:
            seed = secrets.randbits(64)
        return Sampling(
            temperature=options.temperature,
            top_p=options.top_p,
            top_k=options.top_k,
            min_p=options.min_p,
            seed=seed,
            presence_penalty=options.presence_penalty,
            frequency_penalty=options.frequency_penalty,
            repetition_penalty=options.repetition_penalty,
            logit_bias=options.logit_bias,
            stop_tokens=frozenset(options.stop_tokens),
            logprobs=options.logprobs,
            script=self._script(options.script),
        )

    def _script(self, text: str | None) -> tuple[int, ...] | None:
        if text is None:
            return None
        if not self.scripted:
            raise BadRequest("model", "Scripted outputs need a server started with --scripted.")
        if self._bound.least(text) > self.context_length:
            raise BadRequest("model", "The scripted output is longer than the model's context.")
        return tuple(self._tokenizer.encode(text, add_special_tokens=False))


def _start(engine: Engine, model: str | None) -> None:
    try:
        engine.start()
    except ModelNotLoaded as error:
        raise ModelNotLoaded(f"The model {model!r} cannot be loaded: {error}") from error
