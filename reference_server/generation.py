"""One answer while it is being made: an asynchronous iterator of pieces."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from reference_server.chat.answer import Answer, FinishReason
from reference_server.chat.pieces import Piece
from reference_server.engine.constraint import Constraint, Grammar
from reference_server.engine.loop import Engine
from reference_server.engine.sequence import Event, Sampling, Sequence, TokenLogprobs
from reference_server.errors import Cancelled
from reference_server.pace import Pace
from reference_server.tool_formats.format import Call


class Generation:
    """The pieces of one answer, as they become certain; to be iterated once, in one task.

    ``completion_tokens`` counts the tokens that carry the answer, markup and a matched stop string
    included, the end-of-sequence token not: a finish reason of ``length`` then means that it
    equals the limit. Iterating raises GenerationFailed or Unavailable when the engine cannot go on.

    Whoever stops reading calls ``cancel``; the row is free within a step. A cancelled task and a
    generation that nobody holds any more cancel themselves.
    """

    def __init__(
        self,
        engine: Engine,
        answer: Answer,
        *,
        prompt: list[int],
        max_tokens: int,
        sampling: Sampling,
        grammar: Grammar | None = None,
    ) -> None:
        self._over = True  # until the engine has taken it
        self._engine = engine
        self._answer = answer
        self._mail: asyncio.Queue[Event | None] = asyncio.Queue()
        self._ready: deque[Piece] = deque()
        self.pace = Pace()
        loop = asyncio.get_running_loop()
        listener = _listener(self._mail, self.pace)
        self._sequence = Sequence(prompt, max_tokens, sampling, loop, listener)
        if grammar is not None:
            self._sequence.constraint = Constraint(grammar)
        self.prompt_tokens = len(prompt)
        self.completion_tokens = 0
        self.token_logprobs: list[tuple[int, TokenLogprobs]] = []
        engine.submit(self._sequence)
        self._over = False

    @property
    def started(self) -> float:
        """When the request was put in line, on the monotonic clock."""
        return self.pace.started

    @property
    def queue_s(self) -> float | None:
        """Seconds that it waited for a row; None while it waits, or if it never got one."""
        admitted = self._sequence.admitted
        return None if admitted is None else admitted - self.pace.started

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the answer ended; None while it goes on, and after ``cancel``."""
        return self._answer.finish_reason

    @property
    def cached_tokens(self) -> int:
        """Tokens of the prompt taken from the prefix cache; known with the first piece."""
        return self._sequence.cached_tokens

    @property
    def reasoning_tokens(self) -> int:
        """Those of ``completion_tokens`` that are inside thoughts, marks not counted."""
        return self._answer.reasoning_tokens

    @property
    def asks_logprobs(self) -> bool:
        """Whether ``token_logprobs`` gets an entry for each token."""
        return self._sequence.sampling.logprobs is not None

    @property
    def state(self) -> str:
        """``waiting``, ``prefill``, ``running`` or ``finished``."""
        return self._sequence.state.value

    @property
    def logits_hashes(self) -> list[str]:
        """Hashes of the logits of all tokens so far, the end included; empty if none are kept."""
        return self._sequence.logits_hashes

    @property
    def removed_calls(self) -> list[Call]:
        """Calls that repeated earlier ones and were taken out."""
        return self._answer.removed_calls

    @property
    def stop_sequence(self) -> str | None:
        """The stop string that ended the answer."""
        return self._answer.stop_sequence

    def __aiter__(self) -> Generation:
        return self

    async def __anext__(self) -> Piece:
        while not self._ready:
            if self._over:
                raise StopAsyncIteration
            try:
                event = await self._mail.get()
            except asyncio.CancelledError:
                self.cancel()
                raise
            if event is not None:
                self._read(event)
        return self._ready.popleft()

    def cancel(self) -> None:
        """Give up: the row is freed within a step and the iteration ends. Harmless at the end."""
        if not self._over:
            self._over = True
            self._engine.cancel(self._sequence)
            self._mail.put_nowait(None)

    def abort(self) -> None:
        """End it with ``Cancelled``, on behalf of somebody else than its reader."""
        if not self._over:
            self._engine.cancel(self._sequence)
            error = Cancelled("This request was cancelled.")
            self._mail.put_nowait(Event(error=error))

    async def aclose(self) -> None:
        """The same as ``cancel``, for ``contextlib.aclosing``."""
        self.cancel()

    def __del__(self) -> None:
        if not self._over:
            self._engine.cancel(self._sequence)

    def _read(self, event: Event) -> None:
        if self._over:
            return
        if event.error is not None:
            self._over = True
            raise event.error
        if event.token is not None:
            self.completion_tokens += 1
            if event.logprobs is not None:
                self.token_logprobs.append((event.token, event.logprobs))
            self._ready.extend(self._answer.push(event.token))
        if self._answer.finish_reason is not None:
            self.cancel()
        elif event.finish is not None:
            self._over = True
            self._ready.extend(self._answer.finish(truncated=event.finish == "length"))


def _listener(mail: asyncio.Queue[Event | None], pace: Pace) -> Callable[[Event], None]:
    """Holds no generation: one that is dropped can be collected."""

    def hear(event: Event) -> None:
        if event.token is not None:
            pace.token()
        mail.put_nowait(event)

    return hear
