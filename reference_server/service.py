"""What the HTTP side talks to: prompts from messages, generations from prompts, and the state.

One service serves one model. ``generate`` and everything about a ``Generation`` belong to the event
loop; the engine's thread is behind them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from reference_server.blas import BLAS, mx
from reference_server.building import build
from reference_server.chat.answer import Answer, FinishReason
from reference_server.chat.bound import PromptBound
from reference_server.chat.detokenizer import detokenizer_for
from reference_server.chat.pieces import Piece, Reasoning, Text, ToolCallPiece
from reference_server.chat.stops import StopMatcher
from reference_server.chat.template import ChatTemplate
from reference_server.chat.tokens import Tokens
from reference_server.diagnostics import Facts
from reference_server.engine.prefix import PrefixStats
from reference_server.engine.sampler import mixed
from reference_server.engine.sequence import Sampling
from reference_server.engine.thinking import ThinkingBudget
from reference_server.errors import (
    BadRequest,
    OutOfMemory,
    PromptTooLong,
    ServerError,
)
from reference_server.generation import Generation
from reference_server.grammar.compiler import Compiler
from reference_server.machine import share_of_memory, versions
from reference_server.monitor import Action, Monitor, Report
from reference_server.options import GenerationOptions
from reference_server.reading import Reader
from reference_server.settings import ServiceSettings
from reference_server.several import Several
from reference_server.state import ServiceState
from reference_server.tool_formats.registry import chosen
from reference_server.tool_formats.splitter import ToolSplitter

__all__ = [
    "FinishReason", "Generation", "GenerationOptions", "Piece", "Reasoning", "Service",
    "ServiceSettings", "ServiceState", "Text", "ToolCallPiece",
]  # fmt: skip

FIXED_SEED = 0  # of requests that give none, where answers are to be the same every time


class Service:
    """One model behind one engine."""

    def __init__(self, settings: ServiceSettings) -> None:
        """Load the model and start the engine; returns when it is ready.

        Raises:
            ModelNotLoaded: the model cannot be loaded.
            Contradiction, NotSpeculative: options exclude each other.
        """
        built = build(settings)
        loaded = built.loaded
        self._engine, self._loaded = built.engine, loaded
        self._decoder, self._cache, self._kv_bytes = built.decoder, built.cache, built.kv_bytes
        self._reasoning = built.reasoning
        self._draft = built.draft
        self._seed = FIXED_SEED if settings.deterministic else None
        self._monitor: Monitor | None = None
        self._tokenizer = loaded.tokenizer
        self._bound = PromptBound(loaded.tokenizer, loaded.context_length)
        self._template = ChatTemplate(loaded.tokenizer, self._bound)
        self._parser = chosen(settings.tool_call_parser, loaded.tokenizer)
        self._dedupe = settings.tool_call_dedupe
        self.grammars = Compiler(
            loaded.tokenizer,
            loaded.vocabulary,
            loaded.end_tokens,
            self._reasoning,
            self._parser.name,
        )
        self.tokens = Tokens(loaded.tokenizer, self._bound, loaded.vocabulary)
        self.reader = Reader(built)
        self._device = str(mx.default_device().type).rpartition(".")[2]
        self._versions = versions()
        self.scripted = settings.scripted
        self.model_id = loaded.id
        self.places = built.engine.places
        self.context_length = loaded.context_length
        self.created = int(time.time())
        what = (self.model_id, self._versions, BLAS, settings.policy, built.decoder.name)
        self.fingerprint = f"fp_{blake2b(repr(what).encode(), digest_size=6).hexdigest()}"

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
            kernels=self._loaded.kernels,
            decoder=self._decoder,
            speculation=self._draft.stats() if self._draft is not None else None,
            reasoning=self._reasoning.choice,
            tool_calls=self._parser,
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
            kernels=state.kernels,
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
        if tools:
            self._parser.require()
        return self._template.prompt(messages, tools, template_options)

    def text_prompt(self, text: str | Sequence[int]) -> list[int]:
        """The tokens of a raw prompt, control tokens included where its text spells them.

        Raises:
            BadRequest: the text gives no token, or a number is none.
            PromptTooLong: the text is too long for the context, whatever its tokens are.
        """
        return self.tokens.prompt(text)

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
        self.check(prompt)
        self.tokens.check("logit_bias", (token for token, _ in options.logit_bias))
        self.tokens.check("stop_token_ids", options.stop_tokens)
        room = self.context_length - len(prompt)
        most = min(options.max_tokens, room)
        needed = (len(prompt) + most) * self._decoder.token_bytes
        if needed > self._kv_bytes:
            raise OutOfMemory(needed, self._kv_bytes)
        form = self._parser.format if options.parse and options.tools is not None else None
        shown = [*self._reasoning.shown] if options.parse else []
        shown += form.controls if form is not None else ()
        answer = Answer(
            detokenizer_for(self._tokenizer, shown),
            StopMatcher(options.stop),
            reasoning=self._reasoning.splitter(prompt) if options.parse else None,
            tools=ToolSplitter(form, options.tools or (), dedupe=self._dedupe) if form else None,
        )
        return Generation(
            self._engine,
            answer,
            prompt=list(prompt),
            max_tokens=most,
            sampling=self._sampling(prompt, options),
            grammar=options.grammar,
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

    def check(self, prompt: Sequence[int]) -> None:
        """Let a prompt pass that ``generate`` would answer.

        Raises:
            BadRequest: the prompt is empty or holds a number that is no token.
            PromptTooLong: the prompt leaves no room for an answer.
        """
        if not prompt:
            raise BadRequest("prompt", "prompt is empty, and this model needs at least one token.")
        if len(prompt) >= self.context_length:
            raise PromptTooLong(len(prompt), self.context_length)
        self.tokens.check("prompt", prompt)

    def _sampling(self, prompt: Sequence[int], options: GenerationOptions) -> Sampling:
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
            thinking=self._budget(prompt, options),
        )

    def _budget(self, prompt: Sequence[int], options: GenerationOptions) -> ThinkingBudget | None:
        """A grammar bounds the thought before it by itself."""
        if not options.parse or options.grammar is not None:
            return None
        return self._reasoning.budget(prompt, options.max_thinking_tokens)

    def _script(self, text: str | None) -> tuple[int, ...] | None:
        if text is None:
            return None
        if not self.scripted:
            raise BadRequest("model", "Scripted outputs need a server started with --scripted.")
        if self._bound.least(text) > self.context_length:
            raise BadRequest("model", "The scripted output is longer than the model's context.")
        return tuple(self._tokenizer.encode(text, add_special_tokens=False))
